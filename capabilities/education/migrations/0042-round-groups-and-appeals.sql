-- Places of a host kept in a round for those who have something stated in common.
CREATE TABLE education_round_reserve (
  id {uuid} PRIMARY KEY,
  round_id {uuid} NOT NULL REFERENCES education_round (id),
  host_id {uuid} NOT NULL REFERENCES base_organisation (id),
  -- pattern, profession, programme, start_year
  attribute text NOT NULL,
  -- As the attribute has it: a key or a year.
  value text NOT NULL,
  -- In words, as the ledger and the reasons tell it.
  label text NOT NULL,
  places {int} NOT NULL,
  -- Whether others may have what they leave.
  is_released {bool} NOT NULL,
  reason text NOT NULL,
  made_at {time} NOT NULL
);
CREATE INDEX education_round_reserve_round ON education_round_reserve (round_id);
-- What an upheld appeal changed of where somebody goes, once an appeal; what the run gave stays as it was sealed.
CREATE TABLE education_round_change (
  id {uuid} PRIMARY KEY,
  round_id {uuid} NOT NULL REFERENCES education_round (id),
  appeal_id {uuid} NOT NULL UNIQUE REFERENCES education_round_appeal (id),
  trainee_id {uuid} NOT NULL REFERENCES education_trainee (id),
  -- False where the decision changes nothing about where they go.
  is_moved {bool} NOT NULL,
  host_id {uuid} REFERENCES base_organisation (id),
  placement_id {uuid} REFERENCES education_placement (id),
  -- Why a place is given where there was no room; empty otherwise.
  exception text NOT NULL,
  reason text NOT NULL,
  made_at {time} NOT NULL,
  made_by {uuid}
);
CREATE INDEX education_round_change_round ON education_round_change (round_id, made_at);
