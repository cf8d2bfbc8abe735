-- A cluster's money: what it may spend, what partners and funders bring, what was spent. Amounts are pence.
CREATE TABLE cluster_budget_line (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  year {int} NOT NULL,
  pathway text NOT NULL,
  amount {int} NOT NULL,
  source text NOT NULL,
  set_at {time} NOT NULL,
  UNIQUE (cluster_id, year, pathway)
);
CREATE TABLE cluster_commitment (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  organisation_id {uuid} NOT NULL REFERENCES base_organisation (id),
  kind text NOT NULL,
  what text NOT NULL,
  amount {int} NOT NULL,
  from_day {day} NOT NULL,
  until_day {day} NOT NULL,
  project_id {uuid},
  project_name text,
  promised_at {time} NOT NULL
);
CREATE INDEX cluster_commitment_cluster ON cluster_commitment (cluster_id);
CREATE TABLE cluster_commitment_receipt (
  id {uuid} PRIMARY KEY,
  commitment_id {uuid} NOT NULL REFERENCES cluster_commitment (id),
  amount {int} NOT NULL,
  on_day {day} NOT NULL,
  note text NOT NULL,
  noted_at {time} NOT NULL
);
CREATE INDEX cluster_commitment_receipt_commitment ON cluster_commitment_receipt (commitment_id);
CREATE TABLE cluster_actual (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  reference text NOT NULL,
  on_day {day} NOT NULL,
  pathway text NOT NULL,
  what text NOT NULL,
  amount {int} NOT NULL,
  project_id {uuid},
  project_name text,
  file_sha256 text NOT NULL,
  imported_at {time} NOT NULL,
  UNIQUE (cluster_id, reference)
);
CREATE INDEX cluster_actual_day ON cluster_actual (cluster_id, on_day);
CREATE TABLE cluster_forecast (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  quarter {day} NOT NULL,
  amount {int} NOT NULL,
  reason text NOT NULL,
  set_at {time} NOT NULL,
  UNIQUE (cluster_id, quarter)
);
CREATE TABLE cluster_tranche (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  number {int} NOT NULL,
  amount {int} NOT NULL,
  due_on {day} NOT NULL,
  hangs_on text NOT NULL,
  paid_on {day},
  paid_amount {int},
  UNIQUE (cluster_id, number)
);
-- Bids of a consortium to outside funders, from an idea to won or lost.
CREATE TABLE cluster_funding_bid (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  title text NOT NULL,
  funder text NOT NULL,
  asked {int} NOT NULL,
  project_id {uuid},
  project_name text,
  consortium {json} NOT NULL,
  source text NOT NULL,
  host_id {uuid} REFERENCES base_organisation (id),
  ends_on {day},
  state_name text NOT NULL,
  state {json} NOT NULL,
  opened_at {time} NOT NULL,
  version {int} NOT NULL
);
CREATE INDEX cluster_funding_bid_cluster ON cluster_funding_bid (cluster_id);
