-- Workforce models of a cluster. Versions and runs stay as they were, so that any run can be made again.
CREATE TABLE education_workforce_model (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, key)
);
CREATE TABLE education_workforce_version (
  model_id {uuid} NOT NULL REFERENCES education_workforce_model (id),
  number {int} NOT NULL,
  -- The model as JSON, as it was written.
  model text NOT NULL,
  why text NOT NULL,
  made_at {time} NOT NULL,
  made_by {uuid},
  PRIMARY KEY (model_id, number)
);
CREATE TABLE education_workforce_run (
  id {uuid} PRIMARY KEY,
  model_id {uuid} NOT NULL REFERENCES education_workforce_model (id),
  -- Counted within the model, from 1.
  number {int} NOT NULL,
  version {int} NOT NULL,
  -- Of every input and the engine, and the engine's version.
  inputs_sha256 text NOT NULL,
  engine text NOT NULL,
  -- The model that was run, its what-ifs with it.
  model text NOT NULL,
  answer {json} NOT NULL,
  ran_at {time} NOT NULL,
  ran_by {uuid},
  UNIQUE (model_id, number)
);
