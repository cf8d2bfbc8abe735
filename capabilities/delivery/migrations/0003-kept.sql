-- How many charts of a measure say what, kept with its judgements; nothing where nobody has counted yet.
ALTER TABLE delivery_measure ADD COLUMN tallies {json};
-- The sites of a cluster that have figures of some measure.
CREATE TABLE delivery_reporting (
  cluster_id {uuid} NOT NULL,
  site_id {uuid} NOT NULL,
  PRIMARY KEY (cluster_id, site_id)
);
INSERT INTO delivery_reporting (cluster_id, site_id)
  SELECT DISTINCT m.cluster_id, j.site_id FROM delivery_judgement j JOIN delivery_measure m ON m.id = j.measure_id;
