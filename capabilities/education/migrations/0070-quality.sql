-- Quality of education: the framework in versions, what hosts say of themselves, what the region finds and asks for, what weighs on money, and what trainees say.
-- A version is never changed: the newest is in force, and what was begun under an older one ends under it.
CREATE TABLE education_framework (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  version {int} NOT NULL,
  name text NOT NULL,
  note text NOT NULL,
  content {json} NOT NULL,
  reason text NOT NULL,
  made_by {uuid},
  made_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, version)
);
CREATE TABLE education_assessment (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  host_id {uuid} NOT NULL REFERENCES base_organisation (id),
  framework_id {uuid} NOT NULL REFERENCES education_framework (id),
  -- The academic year it is about: 2010/11.
  period text NOT NULL,
  begun_at {time} NOT NULL,
  submitted_by {uuid},
  submitted_at {time},
  -- In hundredths of a percent, once submitted.
  score {int},
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, host_id, period)
);
CREATE TABLE education_assessment_answer (
  assessment_id {uuid} NOT NULL REFERENCES education_assessment (id),
  standard text NOT NULL,
  level text NOT NULL,
  evidence text NOT NULL,
  link text NOT NULL,
  file_id {uuid} REFERENCES base_file (id),
  said_by {uuid},
  said_at {time} NOT NULL,
  PRIMARY KEY (assessment_id, standard)
);
CREATE TABLE education_visit (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  host_id {uuid} NOT NULL REFERENCES base_organisation (id),
  kind text NOT NULL,
  on_day {day} NOT NULL,
  reason text NOT NULL,
  led_by text NOT NULL,
  -- What was found in all; with it the visit is reported.
  summary text,
  reported_at {time},
  is_illustrative {bool} NOT NULL
);
CREATE INDEX education_visit_cluster ON education_visit (cluster_id, on_day);
CREATE TABLE education_finding (
  id {uuid} PRIMARY KEY,
  visit_id {uuid} NOT NULL REFERENCES education_visit (id),
  kind text NOT NULL,
  domain text NOT NULL,
  words text NOT NULL,
  said_at {time} NOT NULL
);
CREATE INDEX education_finding_visit ON education_finding (visit_id);
CREATE TABLE education_requirement (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  host_id {uuid} NOT NULL REFERENCES base_organisation (id),
  -- Nothing where the cluster set it for its own delivery.
  visit_id {uuid} REFERENCES education_visit (id),
  kind text NOT NULL,
  words text NOT NULL,
  owner text NOT NULL,
  set_on {day} NOT NULL,
  due_on {day} NOT NULL,
  is_illustrative {bool} NOT NULL
);
CREATE INDEX education_requirement_host ON education_requirement (cluster_id, host_id);
-- In the order of nth, whatever the clock said.
CREATE TABLE education_requirement_step (
  requirement_id {uuid} NOT NULL REFERENCES education_requirement (id),
  nth {int} NOT NULL,
  step {json} NOT NULL,
  said_by {uuid},
  said_at {time} NOT NULL,
  PRIMARY KEY (requirement_id, nth)
);
CREATE TABLE education_requirement_reminder (
  requirement_id {uuid} NOT NULL REFERENCES education_requirement (id),
  kind text NOT NULL,
  due_on {day} NOT NULL,
  sent_at {time} NOT NULL,
  PRIMARY KEY (requirement_id, kind, due_on)
);
CREATE TABLE education_escalation (
  cluster_id {uuid} NOT NULL,
  host_id {uuid} NOT NULL REFERENCES base_organisation (id),
  nth {int} NOT NULL,
  level text NOT NULL,
  reason text NOT NULL,
  decided_by {uuid},
  decided_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL,
  PRIMARY KEY (cluster_id, host_id, nth)
);
-- A rule's words never change; it is simulated, then published, then used from a day on.
CREATE TABLE education_quality_rule (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  version {int} NOT NULL,
  rule {json} NOT NULL,
  reason text NOT NULL,
  made_by {uuid},
  made_at {time} NOT NULL,
  simulation {json},
  simulated_by {uuid},
  simulated_at {time},
  published_by {uuid},
  published_at {time},
  from_day {day},
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, version)
);
CREATE TABLE education_survey (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  key text NOT NULL,
  title text NOT NULL,
  questions {json} NOT NULL,
  opens_on {day} NOT NULL,
  -- The last day, counted.
  closes_on {day} NOT NULL,
  made_by {uuid},
  made_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, key)
);
-- Who answered stands apart from what was answered: in sorted lists without a time, so that no order joins the two.
CREATE TABLE education_survey_answered (
  survey_id {uuid} NOT NULL REFERENCES education_survey (id),
  bucket {int} NOT NULL,
  people {json} NOT NULL,
  PRIMARY KEY (survey_id, bucket)
);
CREATE TABLE education_survey_answer (
  id {uuid} PRIMARY KEY,
  survey_id {uuid} NOT NULL REFERENCES education_survey (id),
  host_id {uuid} NOT NULL REFERENCES base_organisation (id),
  profession text NOT NULL,
  answers {json} NOT NULL
);
CREATE INDEX education_survey_answer_survey ON education_survey_answer (survey_id);
