-- A bid is a forming partnership with its answers; what is sealed at submission is kept whole.
CREATE TABLE competition_bid (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  title text NOT NULL,
  -- The region it lies in; a bid that spans several lists the others.
  region_code text NOT NULL,
  other_regions {json} NOT NULL,
  lead_organisation_id {uuid} NOT NULL REFERENCES base_organisation (id),
  legal_form text,
  -- The bid's state machine: name for lists, the whole for the rules.
  state_name text NOT NULL,
  state {json} NOT NULL,
  -- The pre-qualification questionnaire's state machine, the same way.
  pqq_state_name text NOT NULL,
  pqq_state {json} NOT NULL,
  is_illustrative {bool} NOT NULL,
  created_at {time} NOT NULL,
  created_by {uuid} NOT NULL REFERENCES base_person (id),
  version {int} NOT NULL
);
CREATE INDEX competition_bid_call ON competition_bid (call_id, title);
CREATE TABLE competition_partner (
  id {uuid} PRIMARY KEY,
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  organisation_id {uuid} NOT NULL REFERENCES base_organisation (id),
  -- lead, founding, member, associate.
  part text NOT NULL,
  state_name text NOT NULL,
  state {json} NOT NULL,
  invited_email text,
  invited_at {time} NOT NULL,
  -- Who signs for the organisation: the person who accepted for it.
  signatory_id {uuid} REFERENCES base_person (id),
  -- What it promises, once written.
  commitment {json},
  UNIQUE (bid_id, organisation_id)
);
CREATE TABLE competition_answer (
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  -- pqq or bid: which question set it answers.
  form text NOT NULL,
  question text NOT NULL,
  answer {json} NOT NULL,
  version {int} NOT NULL,
  answered_at {time} NOT NULL,
  answered_by {uuid} NOT NULL,
  PRIMARY KEY (bid_id, form, question)
);
-- Every earlier answer, so that nothing typed is lost.
CREATE TABLE competition_answer_history (
  id {uuid} PRIMARY KEY,
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  form text NOT NULL,
  question text NOT NULL,
  answer {json} NOT NULL,
  -- kept: it became the answer; conflict: somebody else was faster and this text waits beside it;
  -- late: typed after the deadline; unreadable: could not be read as an answer of its kind.
  outcome text NOT NULL,
  changed_at {time} NOT NULL,
  changed_by {uuid} NOT NULL
);
CREATE INDEX competition_answer_history_bid ON competition_answer_history (bid_id, form, question, changed_at);
-- One row per submission ever made: what was sealed, its receipt, and what became of it.
CREATE TABLE competition_submission (
  id {uuid} PRIMARY KEY,
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  form text NOT NULL,
  receipt_number text NOT NULL UNIQUE,
  receipt {json} NOT NULL,
  content {json} NOT NULL,
  fingerprint text NOT NULL,
  submitted_at {time} NOT NULL,
  submitted_by {uuid} NOT NULL
);
CREATE INDEX competition_submission_bid ON competition_submission (bid_id, form, submitted_at);
-- Who has a section open for writing. A courtesy, not a guard: that is the version of each answer.
CREATE TABLE competition_section_lock (
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  form text NOT NULL,
  section text NOT NULL,
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  taken_at {time} NOT NULL,
  seen_at {time} NOT NULL,
  PRIMARY KEY (bid_id, form, section)
);
CREATE TABLE competition_comment (
  id {uuid} PRIMARY KEY,
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  form text NOT NULL,
  section text NOT NULL,
  body text NOT NULL,
  written_at {time} NOT NULL,
  written_by {uuid} NOT NULL REFERENCES base_person (id)
);
CREATE INDEX competition_comment_bid ON competition_comment (bid_id, form, section, written_at);
-- Openings of a call's bids, each by two officers. A bid admitted late needs one of its own.
CREATE TABLE competition_opening (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  state_name text NOT NULL,
  state {json} NOT NULL,
  begun_at {time} NOT NULL
);
CREATE INDEX competition_opening_call ON competition_opening (call_id, begun_at);
-- Which reminder went out for which bid, so that none goes twice.
CREATE TABLE competition_reminder (
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  form text NOT NULL,
  days {int} NOT NULL,
  sent_at {time} NOT NULL,
  PRIMARY KEY (bid_id, form, days)
);
