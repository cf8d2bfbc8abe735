-- Badges as they were signed before, by a key that was disowned since: what replaced one has its id, and stands in its place.
CREATE TABLE education_credential_former (
  id {uuid} PRIMARY KEY,
  credential_id {uuid} NOT NULL REFERENCES education_credential (id),
  key_id {uuid} NOT NULL REFERENCES education_issuing_key (id),
  list_id {uuid} NOT NULL REFERENCES education_status_list (id),
  list_index {int} NOT NULL,
  token text NOT NULL,
  signed text NOT NULL,
  replaced_at {time} NOT NULL
);
CREATE INDEX education_credential_former_key ON education_credential_former (key_id);
CREATE INDEX education_credential_former_credential ON education_credential_former (credential_id, replaced_at);
CREATE INDEX education_credential_key ON education_credential (key_id);
