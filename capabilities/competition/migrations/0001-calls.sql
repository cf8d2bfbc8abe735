-- Calls and what was ever published of them; dialogue comes with its own migration.
CREATE TABLE competition_programme (
  id {uuid} PRIMARY KEY,
  name text NOT NULL,
  funder text NOT NULL,
  created_at {time} NOT NULL
);
CREATE TABLE competition_call (
  id {uuid} PRIMARY KEY,
  programme_id {uuid} NOT NULL REFERENCES competition_programme (id),
  -- Short and stable, for addresses: hiec-2009.
  key text NOT NULL UNIQUE,
  title text NOT NULL,
  -- The design in force, and its whole life (published, amendments) as the state machine writes it.
  state_name text NOT NULL,
  state {json} NOT NULL,
  -- Of the whole state, so that a parsed one can be kept in memory under it.
  fingerprint text NOT NULL,
  -- When the acts of the round were done; empty until then.
  published_at {time},
  shortlist_final_at {time},
  ranking_final_at {time},
  decisions_told_at {time},
  announced_at {time},
  created_at {time} NOT NULL,
  -- Counts every stored change, so that nobody overwrites a change not seen.
  version {int} NOT NULL
);
-- Who wants to hear of changes: amendments and answers go to everyone registered.
CREATE TABLE competition_registration (
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  person_id {uuid} NOT NULL REFERENCES base_person (id),
  organisation_id {uuid} NOT NULL REFERENCES base_organisation (id),
  registered_at {time} NOT NULL,
  PRIMARY KEY (call_id, person_id)
);
