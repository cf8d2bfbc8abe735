-- Courses of several parts, their sessions with places shared between partners, who booked and came, what they thought; partners' material and what it reports.
CREATE TABLE education_course (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  about text NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, key)
);
-- Somebody's learning tool, which we launch by LTI 1.3 as its platform.
CREATE TABLE education_lti_tool (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  name text NOT NULL,
  client_id text NOT NULL,
  deployment_id text NOT NULL,
  login_url text NOT NULL,
  redirect_urls {json} NOT NULL,
  made_by {uuid},
  made_at {time} NOT NULL,
  retired_at {time},
  is_illustrative {bool} NOT NULL,
  UNIQUE (client_id)
);
-- The pair of keys launches are signed with. A retired one is still published until what it signed is long over.
CREATE TABLE education_lti_key (
  id {uuid} PRIMARY KEY,
  private_key {bytes} NOT NULL,
  public_jwk {json} NOT NULL,
  made_at {time} NOT NULL
);
-- A part of a course: sessions to come to, material to open, or what another system reports.
CREATE TABLE education_course_part (
  id {uuid} PRIMARY KEY,
  course_id {uuid} NOT NULL REFERENCES education_course (id),
  position {int} NOT NULL,
  -- session, material, reported
  kind text NOT NULL,
  title text NOT NULL,
  minutes {int} NOT NULL,
  -- Whether its hours count for the tariff.
  is_eligible {bool} NOT NULL,
  tool_id {uuid} REFERENCES education_lti_tool (id),
  target_url text NOT NULL,
  -- The id of the activity other systems report on.
  activity text NOT NULL,
  UNIQUE (course_id, position)
);
CREATE TABLE education_session (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  part_id {uuid} NOT NULL REFERENCES education_course_part (id),
  place text NOT NULL,
  starts_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  capacity {int} NOT NULL,
  -- From this day on places kept for partners are open to all.
  release_on {day} NOT NULL,
  -- What those who came type in.
  code text NOT NULL,
  called_off_at {time},
  called_off_reason text,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX education_session_cluster ON education_session (cluster_id, starts_at);
CREATE INDEX education_session_part ON education_session (part_id);
CREATE TABLE education_session_share (
  session_id {uuid} NOT NULL REFERENCES education_session (id),
  organisation_id {uuid} NOT NULL REFERENCES base_organisation (id),
  places {int} NOT NULL,
  PRIMARY KEY (session_id, organisation_id)
);
-- One row each time somebody asks for a place; where it stands is in its days.
CREATE TABLE education_booking (
  id {uuid} PRIMARY KEY,
  session_id {uuid} NOT NULL REFERENCES education_session (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  organisation_id {uuid} REFERENCES base_organisation (id),
  asked_at {time} NOT NULL,
  -- The order of asking, whatever the clock said.
  nth {int} NOT NULL,
  -- When a place was found; nothing while it waits.
  booked_at {time},
  cancelled_at {time},
  attended_at {time},
  -- code or register
  attended_by text,
  wrong_codes {int} NOT NULL,
  has_fed_back {bool} NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (session_id, nth)
);
CREATE INDEX education_booking_person ON education_booking (person_id);
-- What somebody thought, without who.
CREATE TABLE education_session_feedback (
  id {uuid} PRIMARY KEY,
  session_id {uuid} NOT NULL REFERENCES education_session (id),
  score {int} NOT NULL,
  words text NOT NULL
);
CREATE INDEX education_session_feedback_session ON education_session_feedback (session_id);
CREATE TABLE education_session_reminder (
  session_id {uuid} NOT NULL REFERENCES education_session (id),
  person_id {uuid} NOT NULL,
  sent_at {time} NOT NULL,
  PRIMARY KEY (session_id, person_id)
);
-- A launch on its way: what a tool must bring back, once and soon.
CREATE TABLE education_lti_launch (
  hint_hash text PRIMARY KEY,
  part_id {uuid} NOT NULL REFERENCES education_course_part (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  made_at {time} NOT NULL,
  used_at {time}
);
-- Who may report what was learnt, with a secret of its own.
CREATE TABLE education_xapi_provider (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  name text NOT NULL,
  secret_hash text NOT NULL,
  made_by {uuid},
  made_at {time} NOT NULL,
  retired_at {time},
  is_illustrative {bool} NOT NULL
);
CREATE TABLE education_xapi_statement (
  id {uuid} PRIMARY KEY,
  provider_id {uuid} NOT NULL REFERENCES education_xapi_provider (id),
  verb text NOT NULL,
  activity text NOT NULL,
  -- Who learnt, in one spelling: mbox:…, account:…
  agent text NOT NULL,
  is_completion {bool} NOT NULL,
  -- The statement this one takes back, whether it came before or is still to come.
  voids {uuid},
  -- Of what was sent, so that the same may come twice and another may not.
  digest text NOT NULL,
  statement {json} NOT NULL,
  stored_at {time} NOT NULL
);
CREATE INDEX education_xapi_statement_provider ON education_xapi_statement (provider_id, stored_at);
CREATE INDEX education_xapi_statement_voids ON education_xapi_statement (voids);
CREATE INDEX education_xapi_statement_done ON education_xapi_statement (activity, agent);
