-- The bodies of a cluster, their meetings, papers as they stood, minutes, decisions, actions, interests, and what patients said.
CREATE TABLE cluster_body (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  kind text NOT NULL,
  name text NOT NULL,
  terms text NOT NULL,
  quorum {int} NOT NULL,
  opened_at {time} NOT NULL,
  UNIQUE (cluster_id, name)
);
CREATE TABLE cluster_body_member (
  id {uuid} PRIMARY KEY,
  body_id {uuid} NOT NULL REFERENCES cluster_body (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  capacity text NOT NULL,
  since {day} NOT NULL,
  until {day},
  UNIQUE (body_id, person_id, since)
);
CREATE TABLE cluster_meeting (
  id {uuid} PRIMARY KEY,
  body_id {uuid} NOT NULL REFERENCES cluster_body (id),
  number {int} NOT NULL,
  starts_at {time} NOT NULL,
  ends_at {time} NOT NULL,
  place text NOT NULL,
  plain_summary text NOT NULL,
  papers {json},
  minutes {json},
  state_name text NOT NULL,
  state {json} NOT NULL,
  planned_at {time} NOT NULL,
  version {int} NOT NULL,
  UNIQUE (body_id, number)
);
CREATE INDEX cluster_meeting_start ON cluster_meeting (body_id, starts_at);
CREATE TABLE cluster_agenda_item (
  id {uuid} PRIMARY KEY,
  meeting_id {uuid} NOT NULL REFERENCES cluster_meeting (id),
  place {int} NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  presenter text NOT NULL,
  paper text NOT NULL,
  touches {json} NOT NULL,
  minutes text NOT NULL,
  UNIQUE (meeting_id, place)
);
CREATE TABLE cluster_meeting_reminder (
  meeting_id {uuid} NOT NULL REFERENCES cluster_meeting (id),
  days {int} NOT NULL,
  sent_at {time} NOT NULL,
  PRIMARY KEY (meeting_id, days)
);
CREATE TABLE cluster_interest (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  organisation_id {uuid} REFERENCES base_organisation (id),
  about_person_id {uuid} REFERENCES base_person (id),
  what text NOT NULL,
  declared_at {time} NOT NULL,
  ended_at {time}
);
CREATE INDEX cluster_interest_cluster ON cluster_interest (cluster_id, person_id);
CREATE TABLE cluster_decision (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  number {int} NOT NULL,
  meeting_id {uuid} NOT NULL REFERENCES cluster_meeting (id),
  item_id {uuid} REFERENCES cluster_agenda_item (id),
  record {json} NOT NULL,
  review_on {day} NOT NULL,
  reviewed_at {time},
  review {json},
  decided_at {time} NOT NULL,
  UNIQUE (cluster_id, number)
);
CREATE TABLE cluster_action (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  number {int} NOT NULL,
  meeting_id {uuid} NOT NULL REFERENCES cluster_meeting (id),
  what text NOT NULL,
  owner_id {uuid} NOT NULL REFERENCES base_person (id),
  due_on {day} NOT NULL,
  given_at {time} NOT NULL,
  done_at {time},
  done_note text,
  UNIQUE (cluster_id, number)
);
CREATE TABLE cluster_said (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL REFERENCES cluster_cluster (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  said text NOT NULL,
  said_at {time} NOT NULL,
  did text,
  decision_number {int},
  did_at {time},
  did_by {uuid} REFERENCES base_person (id)
);
CREATE INDEX cluster_said_cluster ON cluster_said (cluster_id, said_at);
