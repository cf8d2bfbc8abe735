-- Skills as a tree, one skill for many professions; evidence, assessment by a named assessor, award; the issuer's keys and status lists.
CREATE TABLE education_skill (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  -- The group it belongs to; nothing at the top.
  parent_id {uuid} REFERENCES education_skill (id),
  key text NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  -- What has to be done; empty for a group, which nobody can be awarded.
  criteria text NOT NULL,
  is_group {bool} NOT NULL,
  -- How long an award is good for; nothing where it has no end.
  months {int},
  added_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, key)
);
-- Who may be awarded it; none named, everybody.
CREATE TABLE education_skill_profession (
  skill_id {uuid} NOT NULL REFERENCES education_skill (id),
  profession text NOT NULL,
  PRIMARY KEY (skill_id, profession)
);
-- Who may assess it, and for how long they might.
CREATE TABLE education_skill_assessor (
  id {uuid} PRIMARY KEY,
  skill_id {uuid} NOT NULL REFERENCES education_skill (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  named_at {time} NOT NULL,
  ended_at {time}
);
CREATE INDEX education_skill_assessor_skill ON education_skill_assessor (skill_id, person_id);
CREATE INDEX education_skill_assessor_person ON education_skill_assessor (person_id);
-- Somebody's way to one skill, from the first evidence to the award and after.
CREATE TABLE education_skill_claim (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  skill_id {uuid} NOT NULL REFERENCES education_skill (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  profession text NOT NULL,
  -- The state with all it holds; its name again beside it, for lists.
  standing {json} NOT NULL,
  state text NOT NULL,
  begun_at {time} NOT NULL,
  version {int} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX education_skill_claim_person ON education_skill_claim (person_id);
CREATE INDEX education_skill_claim_cluster ON education_skill_claim (cluster_id, begun_at);
CREATE TABLE education_skill_evidence (
  id {uuid} PRIMARY KEY,
  claim_id {uuid} NOT NULL REFERENCES education_skill_claim (id),
  -- text, link, file
  kind text NOT NULL,
  words text NOT NULL,
  -- Of a link.
  address text NOT NULL,
  file_id {uuid} REFERENCES base_file (id),
  given_at {time} NOT NULL
);
CREATE INDEX education_skill_evidence_claim ON education_skill_evidence (claim_id, given_at);
CREATE TABLE education_skill_assessment (
  id {uuid} PRIMARY KEY,
  claim_id {uuid} NOT NULL REFERENCES education_skill_claim (id),
  assessor_id {uuid} NOT NULL REFERENCES base_person (id),
  is_met {bool} NOT NULL,
  words text NOT NULL,
  said_at {time} NOT NULL
);
CREATE INDEX education_skill_assessment_claim ON education_skill_assessment (claim_id, said_at);
-- The public halves only: the secret ones are worked out from the installation's setting and stored nowhere.
CREATE TABLE education_issuing_key (
  id {uuid} PRIMARY KEY,
  -- did:web of the installation, or did:key where it has no https.
  issuer text NOT NULL,
  -- The whole name: did:web:hiec.example#key-1.
  name text NOT NULL UNIQUE,
  public_key text NOT NULL,
  created_at {time} NOT NULL,
  -- What it signed before stays good.
  retired_at {time},
  -- What it signed counts no more.
  revoked_at {time}
);
-- One bit an award for revocation and one for suspension, at the same place.
CREATE TABLE education_status_list (
  id {uuid} PRIMARY KEY,
  number {int} NOT NULL UNIQUE,
  issuer text NOT NULL,
  -- Where it stands, but for the purpose at its end; badges name it for good.
  address text NOT NULL,
  used {int} NOT NULL,
  -- Counted up with every change, so that the list is signed anew only then.
  changes {int} NOT NULL,
  changed_at {time} NOT NULL
);
CREATE TABLE education_credential (
  id {uuid} PRIMARY KEY,
  claim_id {uuid} NOT NULL UNIQUE REFERENCES education_skill_claim (id),
  cluster_id {uuid} NOT NULL,
  key_id {uuid} NOT NULL REFERENCES education_issuing_key (id),
  list_id {uuid} NOT NULL REFERENCES education_status_list (id),
  list_index {int} NOT NULL,
  -- The badge as it was signed, both ways.
  token text NOT NULL,
  signed text NOT NULL,
  valid_from {time} NOT NULL,
  valid_until {time},
  -- good, suspended, revoked
  standing text NOT NULL,
  -- The holder's choice.
  is_published {bool} NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (list_id, list_index)
);
CREATE INDEX education_credential_standing ON education_credential (list_id, standing);
CREATE TABLE education_credential_change (
  id {uuid} PRIMARY KEY,
  credential_id {uuid} NOT NULL REFERENCES education_credential (id),
  standing text NOT NULL,
  reason text NOT NULL,
  said_at {time} NOT NULL
);
CREATE INDEX education_credential_change_credential ON education_credential_change (credential_id, said_at);
