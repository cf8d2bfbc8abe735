-- Indicators of the contract between a cluster and its region, and the quarter's return. What was signed is kept as it was signed.
CREATE TABLE delivery_kpi (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  name text NOT NULL,
  -- The measure it is read from.
  measure_id {uuid} NOT NULL,
  better text NOT NULL,
  -- Exact decimals, as typed.
  baseline text,
  target text NOT NULL,
  weight {int} NOT NULL,
  starts_on {day} NOT NULL,
  ends_on {day} NOT NULL,
  state_name text NOT NULL,
  state {json} NOT NULL,
  proposed_at {time} NOT NULL,
  version {int} NOT NULL
);
CREATE INDEX delivery_kpi_cluster ON delivery_kpi (cluster_id, starts_on);
CREATE TABLE delivery_return (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  -- `2010-Q2`: July to September 2010.
  quarter text NOT NULL,
  due_on {day} NOT NULL,
  -- What people wrote: in all, and on each indicator.
  narratives {json} NOT NULL,
  state_name text NOT NULL,
  state {json} NOT NULL,
  begun_at {time} NOT NULL,
  changed_at {time} NOT NULL,
  version {int} NOT NULL,
  UNIQUE (cluster_id, quarter)
);
-- Every signing: a return that is sent back and signed again has two.
CREATE TABLE delivery_return_signed (
  return_id {uuid} NOT NULL REFERENCES delivery_return (id),
  number {int} NOT NULL,
  content {json} NOT NULL,
  fingerprint text NOT NULL,
  signed_at {time} NOT NULL,
  signed_by {uuid} NOT NULL REFERENCES base_person (id),
  PRIMARY KEY (return_id, number)
);
-- What the region asks, line by line, and what the cluster answers.
CREATE TABLE delivery_return_query (
  id {uuid} PRIMARY KEY,
  return_id {uuid} NOT NULL REFERENCES delivery_return (id),
  -- The signing it asks about.
  number {int} NOT NULL,
  line text NOT NULL,
  question text NOT NULL,
  asked_at {time} NOT NULL,
  asked_by {uuid} NOT NULL REFERENCES base_person (id),
  answer text,
  answered_at {time},
  answered_by {uuid} REFERENCES base_person (id)
);
CREATE INDEX delivery_return_query_return ON delivery_return_query (return_id, asked_at);
-- Reminders that went out, so that none goes out twice.
CREATE TABLE delivery_return_reminder (
  cluster_id {uuid} NOT NULL,
  quarter text NOT NULL,
  kind text NOT NULL,
  sent_at {time} NOT NULL,
  PRIMARY KEY (cluster_id, quarter, kind)
);
-- When the returns of a cluster are looked at next; one watch for each cluster.
CREATE TABLE delivery_return_watch (
  cluster_id {uuid} PRIMARY KEY,
  next_at {time} NOT NULL
);
