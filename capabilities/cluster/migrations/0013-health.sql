-- What each partner says of each other one, quarter by quarter. What nobody said is no row, or nothing in it, and never nought.
CREATE TABLE cluster_partner_view (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  quarter {day} NOT NULL,
  from_id {uuid} NOT NULL REFERENCES base_organisation (id),
  about_id {uuid} NOT NULL REFERENCES base_organisation (id),
  tie {int},
  answers {json} NOT NULL,
  word_of text NOT NULL,
  told_by {uuid} REFERENCES base_person (id),
  told_at {time} NOT NULL,
  UNIQUE (cluster_id, quarter, from_id, about_id)
);
