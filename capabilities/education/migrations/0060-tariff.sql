-- The education tariff: dated lists as they were loaded, and hosts' claims.
-- A line of a list: prices, factors, salaries, costs or incomes, in the words of the list's columns.
CREATE TABLE education_tariff_entry (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  list text NOT NULL,
  key text NOT NULL,
  -- The host a line is about, where its list names one; the cells say it in words.
  host_id {uuid} REFERENCES base_organisation (id),
  cells {json} NOT NULL,
  loaded_at {time} NOT NULL,
  loaded_by {uuid},
  -- Of the file it came from.
  file_sha256 text NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, list, key)
);
CREATE INDEX education_tariff_entry_host ON education_tariff_entry (host_id);
-- What a host claims for some days. The lines stay as they were drawn up.
CREATE TABLE education_claim (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  number text NOT NULL,
  host_id {uuid} NOT NULL REFERENCES base_organisation (id),
  from_day {day} NOT NULL,
  to_day {day} NOT NULL,
  -- Pence.
  amount {int} NOT NULL,
  lines {json} NOT NULL,
  -- Of the lines.
  fingerprint text NOT NULL,
  drawn_at {time} NOT NULL,
  state_name text NOT NULL,
  state {json} NOT NULL,
  is_illustrative {bool} NOT NULL,
  version {int} NOT NULL,
  UNIQUE (cluster_id, number)
);
CREATE INDEX education_claim_host ON education_claim (host_id, from_day);
CREATE INDEX education_claim_state ON education_claim (cluster_id, state_name);
