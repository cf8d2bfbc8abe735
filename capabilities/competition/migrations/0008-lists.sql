-- What lists of a thousand bids read, without the rows themselves: those are long, and most of each is a state kept whole.
DROP INDEX competition_bid_call;
CREATE INDEX competition_bid_title ON competition_bid (call_id, title, id);
CREATE INDEX competition_bid_line ON competition_bid
  (call_id, state_name, title, id, region_code, other_regions, lead_organisation_id, is_illustrative);
CREATE INDEX competition_bid_region ON competition_bid (call_id, region_code, title, id, other_regions);
DROP INDEX competition_review_assessor;
CREATE INDEX competition_review_of_assessor ON competition_review (call_id, assessor_id, state_name);
CREATE INDEX competition_review_of_bid ON competition_review (call_id, bid_id, state_name);
