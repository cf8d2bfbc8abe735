-- From ranking to announcement. Rankings, letters and the announcement are kept as they were first written.
CREATE TABLE competition_ranking (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  -- Counted from 1; the last one counts.
  number {int} NOT NULL,
  -- What it was computed from, so that anybody can compute it again.
  scores {json} NOT NULL,
  ranking {json} NOT NULL,
  -- Of scores and ranking together.
  fingerprint text NOT NULL,
  made_at {time} NOT NULL,
  made_by {uuid} NOT NULL REFERENCES base_person (id),
  UNIQUE (call_id, number)
);
-- What each region says to one ranking: the state machine whole, its name for lists.
CREATE TABLE competition_ranking_response (
  ranking_id {uuid} NOT NULL REFERENCES competition_ranking (id),
  region_code text NOT NULL,
  state_name text NOT NULL,
  state {json} NOT NULL,
  changed_at {time} NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (ranking_id, region_code)
);
-- The panel's meetings, each with its agenda.
CREATE TABLE competition_meeting (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  title text NOT NULL,
  place text NOT NULL,
  planned_for {time} NOT NULL,
  members {json} NOT NULL,
  state_name text NOT NULL,
  state {json} NOT NULL,
  -- As signed; empty until then.
  minutes {json},
  created_at {time} NOT NULL,
  version {int} NOT NULL
);
CREATE INDEX competition_meeting_call ON competition_meeting (call_id, created_at);
CREATE TABLE competition_agenda_item (
  meeting_id {uuid} NOT NULL REFERENCES competition_meeting (id),
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  place {int} NOT NULL,
  state_name text NOT NULL,
  item {json} NOT NULL,
  -- Members who said at the meeting that they leave for this item.
  own_wish {json} NOT NULL,
  discussion text NOT NULL,
  version {int} NOT NULL,
  PRIMARY KEY (meeting_id, bid_id)
);
-- One letter for each bid, as sent.
CREATE TABLE competition_letter (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  bid_id {uuid} NOT NULL UNIQUE REFERENCES competition_bid (id),
  letter {json} NOT NULL,
  fingerprint text NOT NULL,
  sent_at {time} NOT NULL,
  sent_by {uuid} NOT NULL REFERENCES base_person (id)
);
CREATE INDEX competition_letter_call ON competition_letter (call_id);
CREATE TABLE competition_complaint (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  state_name text NOT NULL,
  state {json} NOT NULL,
  made_at {time} NOT NULL,
  made_by {uuid} NOT NULL REFERENCES base_person (id),
  version {int} NOT NULL
);
CREATE INDEX competition_complaint_call ON competition_complaint (call_id, made_at);
CREATE TABLE competition_award (
  bid_id {uuid} PRIMARY KEY REFERENCES competition_bid (id),
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  amount {int} NOT NULL,
  -- The state machine of the award, from the standstill on.
  state_name text NOT NULL,
  state {json} NOT NULL,
  changed_at {time} NOT NULL,
  version {int} NOT NULL
);
CREATE INDEX competition_award_call ON competition_award (call_id);
-- What was announced, whole, so that it reads the same for ever.
CREATE TABLE competition_announcement (
  call_id {uuid} PRIMARY KEY REFERENCES competition_call (id),
  announcement {json} NOT NULL,
  fingerprint text NOT NULL,
  announced_at {time} NOT NULL,
  announced_by {uuid} NOT NULL REFERENCES base_person (id)
);
