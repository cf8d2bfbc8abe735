-- The agreement between the partners: every version as it was put to them, and who signed which. Nothing here is ever changed.
CREATE TABLE cluster_agreement (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  number {int} NOT NULL,
  clauses {json} NOT NULL,
  reason text NOT NULL,
  fingerprint text NOT NULL,
  put_at {time} NOT NULL,
  put_by {uuid} NOT NULL REFERENCES base_person (id),
  UNIQUE (cluster_id, number)
);
CREATE TABLE cluster_signature (
  agreement_id {uuid} NOT NULL REFERENCES cluster_agreement (id),
  organisation_id {uuid} NOT NULL REFERENCES base_organisation (id),
  signed_by {uuid} NOT NULL REFERENCES base_person (id),
  post text NOT NULL,
  signed_at {time} NOT NULL,
  fingerprint text NOT NULL,
  PRIMARY KEY (agreement_id, organisation_id)
);
