-- The register: regions, organisations, people and what they are where.
CREATE TABLE base_region (
  id {uuid} PRIMARY KEY,
  code text NOT NULL UNIQUE,
  name text NOT NULL,
  website text,
  organisation_id {uuid}
);
CREATE TABLE base_organisation (
  id {uuid} PRIMARY KEY,
  ods_code text UNIQUE,
  name text NOT NULL,
  sector text NOT NULL,
  settings {json} NOT NULL,
  functions {json} NOT NULL,
  region_code text,
  postcode text,
  is_illustrative {bool} NOT NULL,
  created_at {time} NOT NULL
);
CREATE INDEX base_organisation_name ON base_organisation (name);
CREATE TABLE base_person (
  id {uuid} PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  employer_id {uuid} REFERENCES base_organisation (id),
  password_hash text,
  is_illustrative {bool} NOT NULL,
  is_disabled {bool} NOT NULL,
  created_at {time} NOT NULL
);
CREATE TABLE base_grant (
  id {uuid} PRIMARY KEY,
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  role text NOT NULL,
  scope_kind text NOT NULL,
  scope_id {uuid} NOT NULL,
  within_id {uuid},
  granted_at {time} NOT NULL,
  granted_by text NOT NULL,
  ended_at {time},
  ended_by text
);
CREATE INDEX base_grant_person ON base_grant (person_id);
CREATE INDEX base_grant_scope ON base_grant (scope_kind, scope_id);
-- Sign-in: sessions, one-time links, tokens for programs.
CREATE TABLE base_session (
  token_hash text PRIMARY KEY,
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  csrf text NOT NULL,
  created_at {time} NOT NULL,
  seen_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  method text NOT NULL
);
CREATE INDEX base_session_person ON base_session (person_id);
CREATE TABLE base_link (
  token_hash text PRIMARY KEY,
  purpose text NOT NULL,
  person_id {uuid} REFERENCES base_person (id),
  email text NOT NULL,
  payload {json} NOT NULL,
  created_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  used_at {time}
);
CREATE TABLE base_token (
  id {uuid} PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  name text NOT NULL,
  scopes {json} NOT NULL,
  created_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  used_at {time},
  revoked_at {time}
);
CREATE TABLE base_passkey (
  id {uuid} PRIMARY KEY,
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  credential_id text NOT NULL UNIQUE,
  name text NOT NULL,
  credential {json} NOT NULL,
  created_at {time} NOT NULL,
  used_at {time}
);
CREATE TABLE base_identity (
  issuer text NOT NULL,
  subject text NOT NULL,
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  created_at {time} NOT NULL,
  PRIMARY KEY (issuer, subject)
);
-- The trail: entries never change, heads say where each chain ends.
CREATE TABLE base_audit (
  stream text NOT NULL,
  seq {int} NOT NULL,
  at text NOT NULL,
  actor text NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  reason text,
  body text NOT NULL,
  prev text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (stream, seq)
);
CREATE INDEX base_audit_subject ON base_audit (stream, subject);
CREATE TABLE base_audit_head (
  stream text PRIMARY KEY,
  seq {int} NOT NULL,
  hash text NOT NULL
);
-- What follows a change.
CREATE TABLE base_job (
  id {uuid} PRIMARY KEY,
  kind text NOT NULL,
  payload {json} NOT NULL,
  created_at {time} NOT NULL,
  not_before {time} NOT NULL,
  attempts {int} NOT NULL,
  last_error text,
  done_at {time}
);
CREATE INDEX base_job_due ON base_job (done_at, not_before);
CREATE TABLE base_mail (
  id {uuid} PRIMARY KEY,
  recipient text NOT NULL,
  person_id {uuid},
  subject text NOT NULL,
  body text NOT NULL,
  about text,
  created_at {time} NOT NULL,
  not_before {time} NOT NULL,
  sent_at {time},
  attempts {int} NOT NULL,
  last_error text
);
CREATE INDEX base_mail_due ON base_mail (sent_at, not_before);
CREATE INDEX base_mail_person ON base_mail (person_id, created_at);
-- Documents: what is in the object store, and for whom.
CREATE TABLE base_file (
  id {uuid} PRIMARY KEY,
  name text NOT NULL,
  content_type text NOT NULL,
  bytes {int} NOT NULL,
  sha256 text NOT NULL,
  object_key text NOT NULL UNIQUE,
  owner text NOT NULL,
  uploaded_by {uuid} NOT NULL,
  uploaded_at {time} NOT NULL,
  removed_at {time}
);
CREATE INDEX base_file_owner ON base_file (owner);
