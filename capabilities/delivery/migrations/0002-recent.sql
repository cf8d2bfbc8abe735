-- The sums of a series' last year, so that sites can be held beside each other over more than one period.
ALTER TABLE delivery_judgement ADD COLUMN recent text NOT NULL DEFAULT '';
