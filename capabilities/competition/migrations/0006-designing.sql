-- A published call is changed on a proposal of its own, until the amendment that makes it count.
CREATE TABLE competition_proposal (
  call_id {uuid} PRIMARY KEY REFERENCES competition_call (id),
  design {json} NOT NULL,
  changed_at {time} NOT NULL,
  changed_by {uuid} NOT NULL,
  version {int} NOT NULL
);
