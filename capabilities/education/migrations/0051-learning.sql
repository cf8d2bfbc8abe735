-- What a learning tool may do beside being opened: take scores, list who learns, have material picked; and what packaged content keeps.
-- The public keys a tool signs with, as a JSON web key set; without one it may do none of it.
ALTER TABLE education_lti_tool ADD COLUMN key_set {json};
-- Where it lets material be picked; empty where it does not.
ALTER TABLE education_lti_tool ADD COLUMN choosing_url text NOT NULL DEFAULT '';
-- Whether the cluster's agreement with whoever keeps it lets it know names.
ALTER TABLE education_lti_tool ADD COLUMN tells_names {bool} NOT NULL DEFAULT false;
-- Tokens given out to tools, each good for an hour.
CREATE TABLE education_lti_token (
  token_hash text PRIMARY KEY,
  tool_id {uuid} NOT NULL REFERENCES education_lti_tool (id),
  scopes {json} NOT NULL,
  ends_at {time} NOT NULL
);
-- What a tool signed to get a token: good once.
CREATE TABLE education_lti_assertion (
  tool_id {uuid} NOT NULL REFERENCES education_lti_tool (id),
  word_hash text NOT NULL,
  ends_at {time} NOT NULL,
  PRIMARY KEY (tool_id, word_hash)
);
-- Whom a tool was told of: who opened its material in a course.
CREATE TABLE education_lti_learner (
  course_id {uuid} NOT NULL REFERENCES education_course (id),
  tool_id {uuid} NOT NULL REFERENCES education_lti_tool (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  is_instructor {bool} NOT NULL,
  first_at {time} NOT NULL,
  PRIMARY KEY (course_id, tool_id, person_id)
);
-- What is scored. A part's own line has the part's id and decides whether the part is done; the tool may add others.
CREATE TABLE education_lti_line_item (
  id {uuid} PRIMARY KEY,
  course_id {uuid} NOT NULL REFERENCES education_course (id),
  tool_id {uuid} NOT NULL REFERENCES education_lti_tool (id),
  part_id {uuid} REFERENCES education_course_part (id),
  label text NOT NULL,
  resource_id text NOT NULL,
  tag text NOT NULL,
  -- A decimal, as it came.
  maximum text NOT NULL,
  starts_at {time},
  ends_at {time},
  made_at {time} NOT NULL,
  removed_at {time}
);
CREATE INDEX education_lti_line_item_course ON education_lti_line_item (course_id, tool_id);
INSERT INTO education_lti_line_item (id, course_id, tool_id, part_id, label, resource_id, tag, maximum, made_at)
  SELECT p.id, p.course_id, p.tool_id, p.id, p.title, '', '', '100', t.made_at
  FROM education_course_part p JOIN education_lti_tool t ON t.id = p.tool_id WHERE p.kind = 'material';
-- Scores stay as they came, later ones beside them.
CREATE TABLE education_lti_score (
  id {uuid} PRIMARY KEY,
  line_item_id {uuid} NOT NULL REFERENCES education_lti_line_item (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  -- The order in which they came.
  nth {int} NOT NULL,
  -- Decimals, as they came.
  given text,
  maximum text,
  -- Initialized, Started, InProgress, Submitted, Completed
  activity text NOT NULL,
  -- NotReady, Failed, Pending, PendingManual, FullyGraded
  grading text NOT NULL,
  comment text NOT NULL,
  -- By the tool's clock, which alone says which of two scores is later.
  scored_at {time} NOT NULL,
  taken_at {time} NOT NULL,
  UNIQUE (line_item_id, person_id, nth)
);
CREATE INDEX education_lti_score_person ON education_lti_score (person_id);
-- What a tool wants to be told again at every launch of a part that was picked in it.
CREATE TABLE education_lti_link (
  part_id {uuid} PRIMARY KEY REFERENCES education_course_part (id),
  custom {json} NOT NULL
);
-- Somebody picks material in a tool: begun, brought back by the browser, answered by the tool, taken into the course.
CREATE TABLE education_lti_choice (
  id {uuid} PRIMARY KEY,
  hint_hash text NOT NULL UNIQUE,
  course_id {uuid} NOT NULL REFERENCES education_course (id),
  tool_id {uuid} NOT NULL REFERENCES education_lti_tool (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  made_at {time} NOT NULL,
  used_at {time},
  -- What the tool must bring back with its answer.
  word_hash text UNIQUE,
  answered_at {time},
  items {json},
  -- What the tool says to whoever picked.
  message text NOT NULL,
  taken_at {time}
);
-- Documents of xAPI: where somebody stands in an activity, and what is known of an activity or of somebody.
CREATE TABLE education_xapi_document (
  -- Of provider, kind and all that names it.
  place_hash text PRIMARY KEY,
  provider_id {uuid} NOT NULL REFERENCES education_xapi_provider (id),
  -- state, activity_profile, agent_profile
  kind text NOT NULL,
  activity text NOT NULL,
  agent text NOT NULL,
  registration text NOT NULL,
  name text NOT NULL,
  content_type text NOT NULL,
  content {bytes} NOT NULL,
  -- Of the content: what a later change must name.
  tag text NOT NULL,
  updated_at {time} NOT NULL
);
CREATE INDEX education_xapi_document_provider ON education_xapi_document (provider_id, kind, updated_at);
-- Attachments of statements; the content lies in the file store under its key.
CREATE TABLE education_xapi_attachment (
  provider_id {uuid} NOT NULL REFERENCES education_xapi_provider (id),
  -- Of the content, in hexadecimal.
  sha2 text NOT NULL,
  file_key {uuid} NOT NULL,
  content_type text NOT NULL,
  bytes {int} NOT NULL,
  stored_at {time} NOT NULL,
  PRIMARY KEY (provider_id, sha2)
);
-- The registration a statement belongs to; empty where it names none.
ALTER TABLE education_xapi_statement ADD COLUMN registration text NOT NULL DEFAULT '';
-- Whom and what a statement names beside its actor and its activity, for those who ask for what is related.
CREATE TABLE education_xapi_mention (
  statement_id {uuid} NOT NULL REFERENCES education_xapi_statement (id),
  -- object_agent, agent, activity
  kind text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (statement_id, kind, name)
);
CREATE INDEX education_xapi_mention_name ON education_xapi_mention (name, kind);
