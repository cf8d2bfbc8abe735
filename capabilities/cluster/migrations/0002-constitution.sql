-- What a cluster is by law and by its own words: rules it is held to, statements, contract with the region, financing.
CREATE TABLE cluster_constitution (
  cluster_id {uuid} PRIMARY KEY REFERENCES cluster_cluster (id),
  rules {json} NOT NULL,
  statements {json} NOT NULL,
  terms {json} NOT NULL,
  changed_at {time} NOT NULL,
  version {int} NOT NULL
);
-- How each principle stood when it was last looked at, so that everyone is told of a change once.
CREATE TABLE cluster_principle (
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  principle text NOT NULL,
  verdict text NOT NULL,
  why text NOT NULL,
  since {time} NOT NULL,
  PRIMARY KEY (cluster_id, principle)
);
ALTER TABLE cluster_partner ADD COLUMN professions {json};
-- Bodies of the innovation landscape a cluster is linked to. An ended link keeps its row.
CREATE TABLE cluster_link (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  kind text NOT NULL,
  name text NOT NULL,
  purpose text NOT NULL,
  owner text NOT NULL,
  since {day} NOT NULL,
  until {day},
  ended_reason text
);
CREATE INDEX cluster_link_cluster ON cluster_link (cluster_id);
