-- What all of education rests on: programmes and who learns in them, posts with their hosts, money and capacity over time, and placements.
CREATE TABLE education_programme (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  profession text NOT NULL,
  level text NOT NULL,
  -- As posts name theirs; a post that names its programmes is for those instead.
  specialty text NOT NULL,
  -- The body that owns its curriculum; a cluster never changes one itself.
  curriculum_owner_id {uuid} REFERENCES base_organisation (id),
  months {int} NOT NULL,
  starts_on {day} NOT NULL,
  ends_on {day},
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, key)
);
-- Somebody who learns, in one programme at a time; with an account only where they have one.
CREATE TABLE education_trainee (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  programme_id {uuid} NOT NULL REFERENCES education_programme (id),
  person_id {uuid} REFERENCES base_person (id),
  number text NOT NULL,
  name text NOT NULL,
  grade text NOT NULL,
  -- Hundredths of a whole-time equivalent.
  wte {int} NOT NULL,
  starts_on {day} NOT NULL,
  -- The last day as first planned; the expected one is worked out.
  ends_on {day} NOT NULL,
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, number)
);
CREATE INDEX education_trainee_person ON education_trainee (person_id);
CREATE INDEX education_trainee_programme ON education_trainee (programme_id);
-- A funded training job at a host.
CREATE TABLE education_post (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  number text NOT NULL,
  host_id {uuid} NOT NULL REFERENCES base_organisation (id),
  site text NOT NULL,
  -- In millionths of a degree; nothing where it is not known.
  latitude {int},
  longitude {int},
  profession text NOT NULL,
  specialty text NOT NULL,
  grade text NOT NULL,
  -- Primary, community, secondary, tertiary, mental health: the setting it gives experience of.
  setting text NOT NULL,
  starts_on {day} NOT NULL,
  ends_on {day},
  is_illustrative {bool} NOT NULL,
  UNIQUE (cluster_id, number)
);
CREATE INDEX education_post_host ON education_post (host_id);
-- How much a post holds from a day on, in hundredths of a whole-time equivalent, until the next row's day.
CREATE TABLE education_post_capacity (
  post_id {uuid} NOT NULL REFERENCES education_post (id),
  from_day {day} NOT NULL,
  wte {int} NOT NULL,
  PRIMARY KEY (post_id, from_day)
);
-- Which programmes a post trains for; none named, any of its profession and specialty.
CREATE TABLE education_post_programme (
  post_id {uuid} NOT NULL REFERENCES education_post (id),
  programme_id {uuid} NOT NULL REFERENCES education_programme (id),
  PRIMARY KEY (post_id, programme_id)
);
CREATE INDEX education_post_programme_programme ON education_post_programme (programme_id);
CREATE TABLE education_post_funding (
  id {uuid} PRIMARY KEY,
  post_id {uuid} NOT NULL REFERENCES education_post (id),
  -- tariff, non_tariff, host, academic, supernumerary
  kind text NOT NULL,
  body text NOT NULL,
  from_day {day} NOT NULL,
  to_day {day},
  is_illustrative {bool} NOT NULL
);
CREATE INDEX education_post_funding_post ON education_post_funding (post_id, from_day);
-- A trainee in a post, or out of it for a time (then without a post).
CREATE TABLE education_placement (
  id {uuid} PRIMARY KEY,
  cluster_id {uuid} NOT NULL,
  trainee_id {uuid} NOT NULL REFERENCES education_trainee (id),
  post_id {uuid} REFERENCES education_post (id),
  -- in_post, in_post_extension, oop_career, oop_experience, oop_research, oop_training, parental_leave, sick_leave
  kind text NOT NULL,
  starts_on {day} NOT NULL,
  -- The last day, counted.
  ends_on {day} NOT NULL,
  wte {int} NOT NULL,
  supervisor_id {uuid} REFERENCES base_person (id),
  -- Approved time out of programme that counts towards the end.
  is_counted {bool} NOT NULL,
  -- planned, approved, cancelled
  state text NOT NULL,
  -- What made it: a person's own entry, an import, or a placement round.
  source text NOT NULL,
  -- Why it was last changed or cancelled; empty while it stands as made.
  reason text NOT NULL,
  is_illustrative {bool} NOT NULL,
  version {int} NOT NULL
);
CREATE INDEX education_placement_trainee ON education_placement (trainee_id, starts_on);
CREATE INDEX education_placement_post ON education_placement (post_id, starts_on);
CREATE INDEX education_placement_cluster ON education_placement (cluster_id, starts_on);
