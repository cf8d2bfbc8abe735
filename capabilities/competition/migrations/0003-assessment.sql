-- Who may judge what: the pool, declared interests, conflicts, assignments, reviews, moderation.
CREATE TABLE competition_pool (
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  -- invited, joined, declined.
  state_name text NOT NULL,
  -- Subjects in the assessor's own words.
  expertise {json} NOT NULL,
  -- Bids the assessor has time for at most; the call's rule may be lower.
  max_load {int} NOT NULL,
  note text NOT NULL,
  invited_at {time} NOT NULL,
  invited_by {uuid} NOT NULL,
  answered_at {time},
  PRIMARY KEY (call_id, person_id)
);
-- Declarations of interest: a new one stands beside the old ones.
CREATE TABLE competition_declaration (
  id {uuid} PRIMARY KEY,
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  declared_on {day} NOT NULL,
  interests {json} NOT NULL,
  -- People worked with in the last three years, by account.
  associates {json} NOT NULL,
  declared_at {time} NOT NULL
);
CREATE INDEX competition_declaration_person ON competition_declaration (person_id, declared_at);
CREATE TABLE competition_undertaking (
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  -- The words that were given.
  text text NOT NULL,
  given_at {time} NOT NULL,
  PRIMARY KEY (call_id, person_id)
);
CREATE TABLE competition_conflict (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  kind text NOT NULL,
  -- hard: no sight and no judgement; soft: no judgement until dismissed.
  hardness text NOT NULL,
  -- declared by the person, or detected from what is known.
  origin text NOT NULL,
  why text NOT NULL,
  -- The state machine whole, with its reasons.
  state {json} NOT NULL,
  found_at {time} NOT NULL,
  found_by text NOT NULL,
  -- When it ceased to stand (dismissed, or taken back and confirmed); empty while it stands.
  dismissed_at {time},
  dismissed_by {uuid},
  dismissal_reason text
);
CREATE INDEX competition_conflict_bid ON competition_conflict (bid_id, person_id);
CREATE INDEX competition_conflict_call ON competition_conflict (call_id, person_id);
-- An act of assigning: everything it gave, so that it can be undone as one.
CREATE TABLE competition_assignment (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  -- engine: the greatest weight, proven; manual: one pair by hand.
  kind text NOT NULL,
  -- What was asked and what came out: pairs with weights, loads, total.
  content {json} NOT NULL,
  made_at {time} NOT NULL,
  made_by {uuid} NOT NULL,
  undone_at {time},
  undone_by {uuid},
  undone_reason text
);
CREATE INDEX competition_assignment_call ON competition_assignment (call_id, made_at);
CREATE TABLE competition_review (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  assessor_id {uuid} NOT NULL REFERENCES base_person (id),
  -- Which act of assigning made it, so that the act can be undone.
  assignment_id {uuid} NOT NULL,
  state_name text NOT NULL,
  state {json} NOT NULL,
  -- As typed, kept whatever becomes of it.
  draft {json} NOT NULL,
  draft_at {time},
  assigned_at {time} NOT NULL,
  accepted_at {time},
  submitted_at {time},
  -- A later end than the call's, given when the review was reopened.
  closes_at {time},
  version {int} NOT NULL
);
CREATE INDEX competition_review_bid ON competition_review (bid_id, assessor_id);
CREATE INDEX competition_review_assessor ON competition_review (call_id, assessor_id);
CREATE INDEX competition_review_person ON competition_review (assessor_id, assigned_at);
-- Settled scores: every one ever settled; for each part the last counts.
CREATE TABLE competition_moderation (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  moderated {json} NOT NULL,
  settled_at {time} NOT NULL,
  settled_by {uuid} NOT NULL
);
CREATE INDEX competition_moderation_bid ON competition_moderation (bid_id, settled_at);
CREATE INDEX competition_moderation_call ON competition_moderation (call_id, bid_id);
