-- What is learnt and where on the clinical pathways: outcomes, steps, who teaches which, and changes proposed to whoever owns the curriculum.
CREATE TABLE education_outcome (
  id {uuid} PRIMARY KEY,
  programme_id {uuid} NOT NULL REFERENCES education_programme (id),
  code text NOT NULL,
  name text NOT NULL,
  -- Of the programme, counted from 1.
  year {int} NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (programme_id, code)
);
-- A step of a clinical pathway; the pathway itself is delivery's, known by its key.
CREATE TABLE education_step (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  pathway text NOT NULL,
  name text NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, pathway, name)
);
-- A step comes after another of the same pathway; never in a circle.
CREATE TABLE education_step_order (
  step_id {uuid} NOT NULL REFERENCES education_step (id),
  after_id {uuid} NOT NULL REFERENCES education_step (id),
  PRIMARY KEY (step_id, after_id)
);
-- An outcome is learnt at a step.
CREATE TABLE education_outcome_step (
  outcome_id {uuid} NOT NULL REFERENCES education_outcome (id),
  step_id {uuid} NOT NULL REFERENCES education_step (id),
  PRIMARY KEY (outcome_id, step_id)
);
CREATE INDEX education_outcome_step_step ON education_outcome_step (step_id);
-- A host can teach an outcome at a step.
CREATE TABLE education_teaching (
  outcome_id {uuid} NOT NULL,
  step_id {uuid} NOT NULL,
  host_id {uuid} NOT NULL REFERENCES base_organisation (id),
  is_illustrative {bool} NOT NULL,
  PRIMARY KEY (outcome_id, step_id, host_id),
  FOREIGN KEY (outcome_id, step_id) REFERENCES education_outcome_step (outcome_id, step_id) ON DELETE CASCADE
);
CREATE INDEX education_teaching_host ON education_teaching (host_id);
-- A change to an owned curriculum, as proposed to its owner.
CREATE TABLE education_proposal (
  id {uuid} PRIMARY KEY,
  programme_id {uuid} NOT NULL REFERENCES education_programme (id),
  number {int} NOT NULL,
  -- What is to change; see programmes/states.rs.
  change {json} NOT NULL,
  why text NOT NULL,
  state {json} NOT NULL,
  proposed_by {uuid},
  proposed_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL,
  version {int} NOT NULL,
  UNIQUE (programme_id, number)
);
-- Calendars that are read by whoever holds their secret address.
CREATE TABLE education_feed (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  -- trainee, post, host
  kind text NOT NULL,
  subject_id {uuid} NOT NULL,
  -- SHA-256 of the secret; the secret itself is shown once and kept nowhere.
  secret_sha256 text NOT NULL UNIQUE,
  made_by {uuid},
  made_at {time} NOT NULL,
  ended_at {time}
);
CREATE INDEX education_feed_subject ON education_feed (kind, subject_id);
