-- Written questions and informal dialogue. A question's state machine is kept whole; the name is for lists.
CREATE TABLE competition_question (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  asker_id {uuid} NOT NULL REFERENCES base_person (id),
  state_name text NOT NULL,
  state {json} NOT NULL,
  asked_at {time} NOT NULL,
  answered_at {time},
  version {int} NOT NULL
);
CREATE INDEX competition_question_call ON competition_question (call_id, asked_at);
CREATE TABLE competition_dialogue_note (
  id {uuid} PRIMARY KEY,
  call_id {uuid} NOT NULL REFERENCES competition_call (id),
  region_code text NOT NULL,
  note {json} NOT NULL,
  noted_at {time} NOT NULL
);
CREATE INDEX competition_dialogue_note_call ON competition_dialogue_note (call_id, noted_at);
