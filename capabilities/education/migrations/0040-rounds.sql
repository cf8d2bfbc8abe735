-- Placement rounds: what hosts offer, what trainees ask for, what was tried, where each went, and appeals.
CREATE TABLE education_round (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  programme_id {uuid} NOT NULL REFERENCES education_programme (id),
  -- The first round, of which this places who and what was left.
  after_id {uuid} REFERENCES education_round (id),
  -- The days of the placements.
  starts_on {day} NOT NULL,
  ends_on {day} NOT NULL,
  -- The last day on which rankings are taken.
  ranks_by {day} NOT NULL,
  -- Drawn once; with it anybody can draw the order of trainees again.
  seed {int} NOT NULL,
  -- Positions ahead at a host whose setting a trainee's record lacks.
  breadth {int} NOT NULL,
  state text NOT NULL,
  -- The rule it was published under; empty before.
  rule text NOT NULL,
  is_illustrative {bool} NOT NULL,
  version {int} NOT NULL,
  UNIQUE (cluster_id, key)
);
-- Every step, with who and when.
CREATE TABLE education_round_step (
  id {uuid} PRIMARY KEY,
  round_id {uuid} NOT NULL REFERENCES education_round (id),
  act text NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  taken_at {time} NOT NULL,
  taken_by {uuid}
);
CREATE INDEX education_round_step_round ON education_round_step (round_id, taken_at);
-- What a host offers, and why not more.
CREATE TABLE education_round_appetite (
  round_id {uuid} NOT NULL REFERENCES education_round (id),
  host_id {uuid} NOT NULL REFERENCES base_organisation (id),
  places {int} NOT NULL,
  -- Fewer than so many and it takes nobody; 0 for any.
  least {int} NOT NULL,
  reason text NOT NULL,
  answered_at {time} NOT NULL,
  answered_by {uuid},
  PRIMARY KEY (round_id, host_id)
);
-- Who takes part, in which place of the drawn order, and how far they can travel.
CREATE TABLE education_round_entrant (
  round_id {uuid} NOT NULL REFERENCES education_round (id),
  trainee_id {uuid} NOT NULL REFERENCES education_trainee (id),
  position {int} NOT NULL,
  -- The host they live near, and kilometres from it; nothing for no limit.
  near_id {uuid} REFERENCES base_organisation (id),
  limit_km {int},
  ranked_at {time},
  PRIMARY KEY (round_id, trainee_id)
);
CREATE TABLE education_round_choice (
  round_id {uuid} NOT NULL REFERENCES education_round (id),
  trainee_id {uuid} NOT NULL REFERENCES education_trainee (id),
  -- From 1.
  place {int} NOT NULL,
  host_id {uuid} NOT NULL REFERENCES base_organisation (id),
  PRIMARY KEY (round_id, trainee_id, place)
);
-- What is settled before any rule runs: reserved (places for a trainee among others), given (decided before), linked (with another).
CREATE TABLE education_round_constraint (
  id {uuid} PRIMARY KEY,
  round_id {uuid} NOT NULL REFERENCES education_round (id),
  kind text NOT NULL,
  trainee_id {uuid} NOT NULL REFERENCES education_trainee (id),
  other_id {uuid} REFERENCES education_trainee (id),
  host_id {uuid} REFERENCES base_organisation (id),
  reason text NOT NULL,
  made_at {time} NOT NULL
);
CREATE INDEX education_round_constraint_round ON education_round_constraint (round_id);
-- A dry run under every rule, or the one that was published.
CREATE TABLE education_round_run (
  id {uuid} PRIMARY KEY,
  round_id {uuid} NOT NULL REFERENCES education_round (id),
  asked_at {time} NOT NULL,
  asked_by {uuid},
  finished_at {time},
  -- How far it is, in words and parts.
  step text NOT NULL,
  done {int} NOT NULL,
  total {int} NOT NULL,
  figures {json} NOT NULL
);
CREATE INDEX education_round_run_round ON education_round_run (round_id, asked_at);
-- The seal of the published run: the secret stays here, the ledger is for everybody.
CREATE TABLE education_round_seal (
  round_id {uuid} PRIMARY KEY REFERENCES education_round (id),
  secret text NOT NULL,
  root text NOT NULL,
  ledger text NOT NULL,
  published_at {time} NOT NULL,
  published_by {uuid}
);
CREATE TABLE education_round_outcome (
  round_id {uuid} NOT NULL REFERENCES education_round (id),
  trainee_id {uuid} NOT NULL REFERENCES education_trainee (id),
  host_id {uuid} REFERENCES base_organisation (id),
  placement_id {uuid} REFERENCES education_placement (id),
  -- Why no placement could be made though a host was found; empty otherwise.
  note text NOT NULL,
  -- Their own certificate, as sealed.
  certificate text NOT NULL,
  PRIMARY KEY (round_id, trainee_id)
);
CREATE TABLE education_round_appeal (
  id {uuid} PRIMARY KEY,
  round_id {uuid} NOT NULL REFERENCES education_round (id),
  trainee_id {uuid} NOT NULL REFERENCES education_trainee (id),
  reason text NOT NULL,
  made_at {time} NOT NULL,
  -- open, upheld, dismissed
  state text NOT NULL,
  decision text NOT NULL,
  decided_at {time},
  decided_by {uuid}
);
CREATE INDEX education_round_appeal_round ON education_round_appeal (round_id, made_at);
