-- An outcome told to the bidders may be set aside after a complaint; then every bidder gets a second letter.
CREATE TABLE competition_outcome_letter (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  bid_id {uuid} NOT NULL REFERENCES competition_bid (id),
  -- Counted from 1 for each bid; the last one counts.
  number {int} NOT NULL,
  letter {json} NOT NULL,
  fingerprint text NOT NULL,
  sent_at {time} NOT NULL,
  sent_by {uuid} NOT NULL REFERENCES base_person (id),
  UNIQUE (bid_id, number)
);
CREATE INDEX competition_outcome_letter_call ON competition_outcome_letter (call_id, sent_at);
INSERT INTO competition_outcome_letter (id, call_id, bid_id, number, letter, fingerprint, sent_at, sent_by)
  SELECT id, call_id, bid_id, 1, letter, fingerprint, sent_at, sent_by FROM competition_letter;
DROP TABLE competition_letter;
-- Each time an outcome was set aside: which bids are decided anew, where the round went back to, and why.
CREATE TABLE competition_setting_aside (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  complaint_id {uuid} NOT NULL REFERENCES competition_complaint (id),
  -- Counted from 1 for the call.
  number {int} NOT NULL,
  -- panel or assessment.
  back_to text NOT NULL,
  bids {json} NOT NULL,
  reason text NOT NULL,
  -- When the bidders had been told what is now set aside.
  told_at {time} NOT NULL,
  -- Until when the regions may respond to a new ranking; empty where the ranking stands.
  regions_until {time},
  set_aside_at {time} NOT NULL,
  set_aside_by {uuid} NOT NULL REFERENCES base_person (id),
  UNIQUE (call_id, number)
);
