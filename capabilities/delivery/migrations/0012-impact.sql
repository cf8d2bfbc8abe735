-- What would have happened anyway: plans, and everything about them that may never change. A draft is the only thing here that does.
CREATE TABLE delivery_impact_plan (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  key text NOT NULL,
  draft {json} NOT NULL,
  written_on {day} NOT NULL,
  is_illustrative {bool} NOT NULL,
  version {int} NOT NULL,
  UNIQUE (cluster_id, key)
);
CREATE TABLE delivery_impact_frozen (
  id {uuid} PRIMARY KEY,
  plan_id {uuid} NOT NULL UNIQUE REFERENCES delivery_impact_plan (id),
  draft {json} NOT NULL,
  fingerprint text NOT NULL,
  frozen_on {day} NOT NULL,
  frozen_at {time} NOT NULL,
  frozen_by {uuid}
);
CREATE TABLE delivery_impact_amendment (
  id {uuid} PRIMARY KEY,
  plan_id {uuid} NOT NULL REFERENCES delivery_impact_plan (id),
  words text NOT NULL,
  reason text NOT NULL,
  said_at {time} NOT NULL
);
CREATE INDEX delivery_impact_amendment_plan ON delivery_impact_amendment (plan_id, said_at);
CREATE TABLE delivery_impact_result (
  id {uuid} PRIMARY KEY,
  plan_id {uuid} NOT NULL REFERENCES delivery_impact_plan (id),
  result {json} NOT NULL,
  figures text NOT NULL,
  found_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_impact_result_plan ON delivery_impact_result (plan_id, found_at);
CREATE TABLE delivery_impact_value (
  id {uuid} PRIMARY KEY,
  plan_id {uuid} NOT NULL REFERENCES delivery_impact_plan (id),
  lines {json} NOT NULL,
  said_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_impact_value_plan ON delivery_impact_value (plan_id, said_at);
