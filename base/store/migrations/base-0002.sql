-- Access: where a session is, what one-time links are called, why a role ended, who closed an account.
-- Sessions end with this migration: each now has an id by which its owner can end it. What is posted is known to be ours by
-- where it comes from (hiec-web, security), so the secret that stood here for it goes.
DELETE FROM base_session;
ALTER TABLE base_session ADD COLUMN id {uuid};
ALTER TABLE base_session ADD COLUMN browser text;
ALTER TABLE base_session ADD COLUMN client text;
ALTER TABLE base_session DROP COLUMN csrf;
ALTER TABLE base_link ADD COLUMN id {uuid};
CREATE INDEX base_link_person ON base_link (person_id, purpose);
CREATE INDEX base_link_ends ON base_link (purpose, ends_at);
ALTER TABLE base_grant ADD COLUMN ended_reason text;
ALTER TABLE base_identity ADD COLUMN used_at {time};
CREATE INDEX base_identity_person ON base_identity (person_id);
CREATE INDEX base_passkey_person ON base_passkey (person_id);
CREATE INDEX base_person_name ON base_person (name);
CREATE TABLE base_closure (
  id {uuid} PRIMARY KEY,
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  closed_at {time} NOT NULL,
  closed_by text NOT NULL,
  reason text NOT NULL,
  reopened_at {time},
  reopened_by text,
  reopened_reason text
);
CREATE INDEX base_closure_person ON base_closure (person_id, closed_at);
