-- People who work for a cluster, by post: secondment or contract, induction, and who takes over. An ended post keeps its row.
CREATE TABLE cluster_post (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  post text NOT NULL,
  basis text NOT NULL,
  employer text NOT NULL,
  pathway text NOT NULL,
  since {day} NOT NULL,
  until {day} NOT NULL,
  half_days {int} NOT NULL,
  cost {int} NOT NULL,
  successor text NOT NULL,
  handover text NOT NULL,
  ended_on {day},
  ended_reason text,
  version {int} NOT NULL
);
CREATE INDEX cluster_post_cluster ON cluster_post (cluster_id);
CREATE TABLE cluster_induction (
  post_id {uuid} NOT NULL REFERENCES cluster_post (id),
  step text NOT NULL,
  done_at {time} NOT NULL,
  done_by {uuid} NOT NULL REFERENCES base_person (id),
  PRIMARY KEY (post_id, step)
);
