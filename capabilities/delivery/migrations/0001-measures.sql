-- A measure: what is counted, in which words, by whom. What is in force is one of its versions; no version is ever changed.
CREATE TABLE delivery_measure (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  key text NOT NULL,
  title text NOT NULL,
  definition {json},
  in_force {int} NOT NULL,
  is_illustrative {bool} NOT NULL,
  -- The figures of all sites together, packed as those of a series.
  points text NOT NULL,
  created_at {time} NOT NULL,
  UNIQUE (cluster_id, key)
);
CREATE TABLE delivery_measure_version (
  id {uuid} PRIMARY KEY,
  measure_id {uuid} NOT NULL REFERENCES delivery_measure (id),
  number {int} NOT NULL,
  definition {json} NOT NULL,
  why text NOT NULL,
  proposed_by text NOT NULL,
  proposed_at {time} NOT NULL,
  state text NOT NULL,
  decided_by text,
  decided_at {time},
  reason text,
  UNIQUE (measure_id, number)
);
-- One row a cluster: the number of its last entry. Whoever writes figures holds it, so that writers follow one another.
CREATE TABLE delivery_figures (
  cluster_id {uuid} PRIMARY KEY,
  entries {int} NOT NULL,
  digest_quarter text
);
-- An act by which figures came: a form, a file, a program. Every figure names its entry.
CREATE TABLE delivery_entry (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  number {int} NOT NULL,
  kind text NOT NULL,
  actor text NOT NULL,
  at {time} NOT NULL,
  source text NOT NULL,
  sha256 text,
  added {int} NOT NULL,
  changed {int} NOT NULL,
  reason text NOT NULL,
  UNIQUE (cluster_id, number)
);
-- A measure at a site, with all its figures in one row: a line each of period, numerator, denominator and number of the entry.
CREATE TABLE delivery_series (
  id {uuid} PRIMARY KEY,
  measure_id {uuid} NOT NULL REFERENCES delivery_measure (id),
  site_id {uuid} NOT NULL REFERENCES base_organisation (id),
  changed_at {time} NOT NULL,
  points text NOT NULL,
  UNIQUE (measure_id, site_id)
);
-- What the chart of a series says, kept so that a table of thousands of icons reads one row for each.
CREATE TABLE delivery_judgement (
  series_id {uuid} PRIMARY KEY REFERENCES delivery_series (id),
  measure_id {uuid} NOT NULL REFERENCES delivery_measure (id),
  site_id {uuid} NOT NULL,
  points {int} NOT NULL,
  last text NOT NULL,
  variation text,
  assurance text,
  why text NOT NULL,
  judged_at {time} NOT NULL
);
CREATE INDEX delivery_judgement_site ON delivery_judgement (site_id);
CREATE INDEX delivery_judgement_measure ON delivery_judgement (measure_id);
-- A figure that another took the place of.
CREATE TABLE delivery_revision (
  id {uuid} PRIMARY KEY,
  series_id {uuid} NOT NULL REFERENCES delivery_series (id),
  period {day} NOT NULL,
  before text NOT NULL,
  after text NOT NULL,
  reason text NOT NULL,
  actor text NOT NULL,
  at {time} NOT NULL
);
CREATE INDEX delivery_revision_series ON delivery_revision (series_id, period);
-- New limits that were proposed, and what a person decided. Without a site they are of all sites together.
CREATE TABLE delivery_rebase (
  id {uuid} PRIMARY KEY,
  measure_id {uuid} NOT NULL REFERENCES delivery_measure (id),
  site_id {uuid},
  starts_on {day} NOT NULL,
  is_accepted {bool} NOT NULL,
  proposal text NOT NULL,
  reason text NOT NULL,
  decided_by text NOT NULL,
  decided_at {time} NOT NULL
);
CREATE INDEX delivery_rebase_measure ON delivery_rebase (measure_id, site_id);
-- What a site lets its peers see of its figures.
CREATE TABLE delivery_sharing (
  id {uuid} PRIMARY KEY,
  measure_id {uuid} NOT NULL REFERENCES delivery_measure (id),
  site_id {uuid} NOT NULL,
  level text NOT NULL,
  chosen_by text NOT NULL,
  chosen_at {time} NOT NULL,
  UNIQUE (measure_id, site_id)
);
-- Something that happened and may explain a chart. Without a site it is of all, without a measure of every measure.
CREATE TABLE delivery_event (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  site_id {uuid},
  measure_id {uuid},
  happened_on {day} NOT NULL,
  label text NOT NULL,
  link text,
  added_by text NOT NULL,
  added_at {time} NOT NULL
);
CREATE INDEX delivery_event_cluster ON delivery_event (cluster_id, happened_on);
-- A special cause the facilitators were told of; each is told once.
CREATE TABLE delivery_signal (
  id {uuid} PRIMARY KEY,
  series_id {uuid} NOT NULL REFERENCES delivery_series (id),
  period {day} NOT NULL,
  variation text NOT NULL,
  found_at {time} NOT NULL,
  UNIQUE (series_id, period)
);
