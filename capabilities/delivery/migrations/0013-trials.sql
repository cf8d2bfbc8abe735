-- Trials that industry asks for, what sites answer, and whether each was opened there. Answers and decisions stay as they were given.
CREATE TABLE delivery_trial (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  pathway_id {uuid} REFERENCES delivery_pathway (id),
  key text NOT NULL,
  title text NOT NULL,
  company text NOT NULL,
  question text NOT NULL,
  wanted {int} NOT NULL,
  asked_on {day} NOT NULL,
  answer_by {day} NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, key)
);
CREATE TABLE delivery_trial_answer (
  id {uuid} PRIMARY KEY,
  trial_id {uuid} NOT NULL REFERENCES delivery_trial (id),
  site_id {uuid} NOT NULL REFERENCES base_organisation (id),
  answer {json} NOT NULL,
  said_by {uuid},
  said_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_trial_answer_trial ON delivery_trial_answer (trial_id, said_at);
CREATE TABLE delivery_trial_decision (
  id {uuid} PRIMARY KEY,
  trial_id {uuid} NOT NULL REFERENCES delivery_trial (id),
  site_id {uuid} NOT NULL REFERENCES base_organisation (id),
  is_opened {bool} NOT NULL,
  on_day {day} NOT NULL,
  reason text NOT NULL,
  said_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_trial_decision_trial ON delivery_trial_decision (trial_id, said_at);
