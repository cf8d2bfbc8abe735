-- Risks of a cluster with every judgement of them, and who does what in it.
CREATE TABLE cluster_risk (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  number {int} NOT NULL,
  cause text NOT NULL,
  event text NOT NULL,
  effect text NOT NULL,
  owner_id {uuid} NOT NULL REFERENCES base_person (id),
  opened_at {time} NOT NULL,
  closed_at {time},
  closed_reason text,
  UNIQUE (cluster_id, number)
);
CREATE TABLE cluster_risk_judgement (
  id {uuid} PRIMARY KEY,
  risk_id {uuid} NOT NULL REFERENCES cluster_risk (id),
  nth {int} NOT NULL,
  before_likelihood {int} NOT NULL,
  before_impact {int} NOT NULL,
  after_likelihood {int} NOT NULL,
  after_impact {int} NOT NULL,
  done text NOT NULL,
  owner_id {uuid} NOT NULL REFERENCES base_person (id),
  look_again_on {day} NOT NULL,
  judged_by {uuid} REFERENCES base_person (id),
  judged_at {time} NOT NULL,
  UNIQUE (risk_id, nth)
);
CREATE TABLE cluster_responsibility (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  what text NOT NULL,
  parts {json} NOT NULL,
  set_at {time} NOT NULL,
  version {int} NOT NULL,
  UNIQUE (cluster_id, what)
);
