-- Who may judge what: the pool, declared interests, conflicts, reviews.
CREATE TABLE competition_conflict (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  kind text NOT NULL,
  -- hard: no sight and no judgement; soft: shown, and weighed at assignment.
  hardness text NOT NULL,
  -- declared by the person, or detected from what is known.
  origin text NOT NULL,
  why text NOT NULL,
  found_at {time} NOT NULL,
  found_by text NOT NULL,
  dismissed_at {time},
  dismissed_by {uuid},
  dismissal_reason text
);
CREATE INDEX competition_conflict_bid ON competition_conflict (bid_id, person_id);
CREATE INDEX competition_conflict_call ON competition_conflict (call_id, person_id);
CREATE TABLE competition_review (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  assessor_id {uuid} NOT NULL REFERENCES base_person (id),
  -- Which act of assigning made it, so that the act can be undone.
  assignment_id {uuid} NOT NULL,
  state_name text NOT NULL,
  state {json} NOT NULL,
  assigned_at {time} NOT NULL,
  submitted_at {time},
  version {int} NOT NULL
);
CREATE INDEX competition_review_bid ON competition_review (bid_id, assessor_id);
CREATE INDEX competition_review_assessor ON competition_review (call_id, assessor_id);
