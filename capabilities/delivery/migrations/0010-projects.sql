-- Pathways, projects and what happens in them. A project's earlier standings stay as they were given.
CREATE TABLE delivery_pathway (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  category text NOT NULL,
  lead text NOT NULL,
  starts_on {day} NOT NULL,
  source text NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, key)
);
CREATE TABLE delivery_project (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  pathway_id {uuid} NOT NULL REFERENCES delivery_pathway (id),
  key text NOT NULL,
  name text NOT NULL,
  what text NOT NULL,
  partners {json} NOT NULL,
  starts_on {day} NOT NULL,
  source text NOT NULL,
  standing {json} NOT NULL,
  is_illustrative {bool} NOT NULL,
  version {int} NOT NULL,
  UNIQUE (cluster_id, key)
);
CREATE INDEX delivery_project_pathway ON delivery_project (pathway_id);
CREATE TABLE delivery_project_standing (
  id {uuid} PRIMARY KEY,
  project_id {uuid} NOT NULL REFERENCES delivery_project (id),
  standing {json} NOT NULL,
  said_by {uuid},
  said_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_project_standing_project ON delivery_project_standing (project_id, said_at);
CREATE TABLE delivery_milestone (
  id {uuid} PRIMARY KEY,
  project_id {uuid} NOT NULL REFERENCES delivery_project (id),
  title text NOT NULL,
  first_due_on {day} NOT NULL,
  due_on {day} NOT NULL,
  done_on {day},
  moved_because text NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_milestone_project ON delivery_milestone (project_id, due_on);
CREATE TABLE delivery_product (
  id {uuid} PRIMARY KEY,
  project_id {uuid} NOT NULL REFERENCES delivery_project (id),
  name text NOT NULL,
  owner text NOT NULL,
  licence text NOT NULL,
  link text NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX delivery_product_project ON delivery_product (project_id, name);
CREATE TABLE delivery_cycle (
  id {uuid} PRIMARY KEY,
  project_id {uuid} NOT NULL REFERENCES delivery_project (id),
  title text NOT NULL,
  measure_id {uuid},
  site_id {uuid} REFERENCES base_organisation (id),
  state {json} NOT NULL,
  planned_on {day} NOT NULL,
  is_illustrative {bool} NOT NULL,
  version {int} NOT NULL
);
CREATE INDEX delivery_cycle_project ON delivery_cycle (project_id, planned_on);
