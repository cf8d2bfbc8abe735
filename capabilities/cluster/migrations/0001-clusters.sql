-- Clusters and who belongs to them. A partner that leaves keeps its row: who belonged when is never lost.
CREATE TABLE cluster_cluster (
  id {uuid} PRIMARY KEY,
  key text NOT NULL UNIQUE,
  name text NOT NULL,
  short_name text NOT NULL,
  region_id {uuid} REFERENCES base_region (id),
  programme_id {uuid},
  award_bid_id {uuid} UNIQUE,
  award_amount {int},
  lead_id {uuid} NOT NULL REFERENCES base_organisation (id),
  legal_form text NOT NULL,
  starts_on {day} NOT NULL,
  ends_on {day} NOT NULL,
  facts {json} NOT NULL,
  is_illustrative {bool} NOT NULL,
  founded_at {time} NOT NULL,
  version {int} NOT NULL
);
CREATE INDEX cluster_cluster_name ON cluster_cluster (name);
CREATE TABLE cluster_partner (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  organisation_id {uuid} NOT NULL REFERENCES base_organisation (id),
  role text NOT NULL,
  since {day} NOT NULL,
  until {day},
  left_reason text,
  UNIQUE (cluster_id, organisation_id, since)
);
CREATE INDEX cluster_partner_organisation ON cluster_partner (organisation_id);
