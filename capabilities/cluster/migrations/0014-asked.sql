-- When partners that had not spoken of a quarter were written to, by a person or by time.
CREATE TABLE cluster_health_asked (
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  quarter {day} NOT NULL,
  asked_on {day} NOT NULL,
  PRIMARY KEY (cluster_id, quarter, asked_on)
);
