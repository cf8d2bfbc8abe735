-- What a claim holds beside the tariff's lines: what quality adds by the published rule, and what the limits to losses and gains change.
ALTER TABLE education_claim ADD COLUMN by_quality {int} NOT NULL DEFAULT 0;
ALTER TABLE education_claim ADD COLUMN by_limits {int} NOT NULL DEFAULT 0;
ALTER TABLE education_claim ADD COLUMN weighed {json} NOT NULL DEFAULT '[]';
ALTER TABLE education_claim ADD COLUMN limited {json};
