-- Innovations, how far sites are with them, what hinders them, and practices others copy. What a site said stays as it was said: a
-- correction is a row of its own that names the one it replaces.
CREATE TABLE delivery_innovation (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  project_id {uuid} REFERENCES delivery_project (id),
  key text NOT NULL,
  name text NOT NULL,
  what text NOT NULL,
  source text NOT NULL,
  sustained_after_days {int} NOT NULL,
  began_on {day} NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, key)
);
CREATE TABLE delivery_innovation_evidence (
  id {uuid} PRIMARY KEY,
  innovation_id {uuid} NOT NULL REFERENCES delivery_innovation (id),
  words text NOT NULL,
  link text NOT NULL,
  said_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_innovation_evidence_innovation ON delivery_innovation_evidence (innovation_id, said_at);
CREATE TABLE delivery_innovation_site (
  id {uuid} PRIMARY KEY,
  innovation_id {uuid} NOT NULL REFERENCES delivery_innovation (id),
  site_id {uuid} NOT NULL REFERENCES base_organisation (id),
  since {day} NOT NULL,
  UNIQUE (innovation_id, site_id)
);
CREATE TABLE delivery_adoption_step (
  id {uuid} PRIMARY KEY,
  innovation_id {uuid} NOT NULL REFERENCES delivery_innovation (id),
  site_id {uuid} NOT NULL REFERENCES base_organisation (id),
  stage text NOT NULL,
  on_day {day} NOT NULL,
  evidence text NOT NULL,
  replaces_id {uuid},
  reason text NOT NULL,
  said_by {uuid},
  said_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_adoption_step_site ON delivery_adoption_step (innovation_id, site_id, on_day);
CREATE TABLE delivery_adoption_plan (
  id {uuid} PRIMARY KEY,
  innovation_id {uuid} NOT NULL REFERENCES delivery_innovation (id),
  targets {json} NOT NULL,
  reason text NOT NULL,
  said_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_adoption_plan_innovation ON delivery_adoption_plan (innovation_id, said_at);
CREATE TABLE delivery_barrier (
  id {uuid} PRIMARY KEY,
  innovation_id {uuid} NOT NULL REFERENCES delivery_innovation (id),
  site_id {uuid} NOT NULL REFERENCES base_organisation (id),
  domain text NOT NULL,
  level text NOT NULL,
  note text NOT NULL,
  said_by {uuid},
  said_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_barrier_site ON delivery_barrier (innovation_id, site_id, said_at);
CREATE TABLE delivery_practice (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  innovation_id {uuid} REFERENCES delivery_innovation (id),
  site_id {uuid} REFERENCES base_organisation (id),
  measure_id {uuid},
  key text NOT NULL,
  title text NOT NULL,
  where_found text NOT NULL,
  what text NOT NULL,
  how text NOT NULL,
  result text NOT NULL,
  source text NOT NULL,
  written_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, key)
);
CREATE TABLE delivery_practice_copy (
  id {uuid} PRIMARY KEY,
  practice_id {uuid} NOT NULL REFERENCES delivery_practice (id),
  site_id {uuid} NOT NULL REFERENCES base_organisation (id),
  tried_on {day} NOT NULL,
  adapted text NOT NULL,
  result text NOT NULL,
  said_by {uuid},
  said_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_practice_copy_practice ON delivery_practice_copy (practice_id, tried_on);
