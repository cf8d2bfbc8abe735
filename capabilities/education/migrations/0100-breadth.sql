-- Courses and skills that give experience of a pathway step, besides placements; what a trainee came to or was awarded then counts.
CREATE TABLE education_step_lesson (
  step_id {uuid} NOT NULL REFERENCES education_step (id),
  -- course, skill
  kind text NOT NULL,
  lesson_id {uuid} NOT NULL,
  named_at {time} NOT NULL,
  is_illustrative {bool} NOT NULL,
  PRIMARY KEY (step_id, kind, lesson_id)
);
CREATE INDEX education_step_lesson_lesson ON education_step_lesson (kind, lesson_id);
