-- A post that goes on from a day on as another one, at another host or for other programmes.
ALTER TABLE education_post ADD COLUMN follows_id {uuid} REFERENCES education_post (id);
CREATE INDEX education_post_follows ON education_post (follows_id);
