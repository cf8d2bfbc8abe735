-- What outlives a cluster: each product, service and partnership with owner, funding, licence and record after the last day.
CREATE TABLE cluster_legacy (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  kind text NOT NULL,
  name text NOT NULL,
  project_id {uuid},
  owner text NOT NULL,
  funding text NOT NULL,
  licence text NOT NULL,
  record text NOT NULL,
  is_illustrative {bool} NOT NULL,
  changed_at {time} NOT NULL,
  version {int} NOT NULL
);
CREATE INDEX cluster_legacy_cluster ON cluster_legacy (cluster_id);
