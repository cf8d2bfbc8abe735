-- What was done with a claim, step by step: a later step takes nothing away of an earlier one.
CREATE TABLE education_claim_step (
  claim_id {uuid} NOT NULL REFERENCES education_claim (id),
  -- Counted within the claim, from 1.
  nth {int} NOT NULL,
  act text NOT NULL,
  -- The reason, the question, the finding; empty where none is asked for.
  words text NOT NULL,
  -- Pence that were asked back.
  amount {int},
  done_by {uuid} NOT NULL REFERENCES base_person (id),
  done_at {time} NOT NULL,
  PRIMARY KEY (claim_id, nth)
);
-- A status list is read whole by what stands against badges: without the place in the index every badge of the list was looked at.
DROP INDEX education_credential_standing;
CREATE INDEX education_credential_standing ON education_credential (list_id, standing, list_index);
