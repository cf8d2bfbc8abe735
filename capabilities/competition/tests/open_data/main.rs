//! Open data as outsiders will judge it: by the standards' schemas, to the penny, in both directions, whatever people typed.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod judges;
mod rounds;

use std::collections::{BTreeMap, BTreeSet};

use hiec_competition::open_data::*;
use hiec_kernel::{Fingerprint, Money, clock};
use judges::{ocds_errors, three_sixty_errors};
use proptest::prelude::*;
use rounds::{any_round, of_2009};
use serde_json::Value;

const NONE: Vec<String> = Vec::new();

/// The sum of these JSON amounts, in pence, through their decimal spelling and never a float.
fn pence<'a>(amounts: impl Iterator<Item = &'a Value>) -> i64 {
    amounts.map(|amount| Money::parse(&amount.to_string()).unwrap().0).sum()
}

#[test]
fn the_round_of_2009_passes_both_standards_to_the_penny() {
    let round = of_2009();
    let awarded = round.awarded().unwrap().0;
    let giving = three_sixty_giving(&round).unwrap();
    assert_eq!(three_sixty_errors(&giving), NONE);
    let grants = giving["grants"].as_array().unwrap();
    assert_eq!(grants.len(), 17);
    assert_eq!(pence(grants.iter().map(|grant| &grant["amountAwarded"])), awarded);

    let releases = ocds(&round);
    assert_eq!(ocds_errors(&releases), NONE);
    let awards: Vec<&Value> = releases["releases"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|release| release["awards"].as_array())
        .flatten()
        .collect();
    assert_eq!(awards.len(), 17);
    assert_eq!(pence(awards.iter().map(|award| &award["value"]["amount"])), awarded);
}

#[test]
fn a_grant_says_what_the_standard_asks_and_what_was_made_up() {
    let giving = three_sixty_giving(&of_2009()).unwrap();
    let grant = &giving["grants"][0];
    let expected = serde_json::json!({
        "id": "360G-hiec-HIEC-2009-AWARD-01",
        "title": "East Midlands HIEC",
        "description": "Health Innovation and Education Clusters: East Midlands regional priorities; acute care transformation; stroke; COPD; leadership development (Illustrative: The amount and the dates were made up for demonstration.)",
        "currency": "GBP",
        "amountAppliedFor": 700000,
        "amountAwarded": 600000,
        "awardDate": "2009-12-01",
        "plannedDates": [{ "startDate": "2010-04-01", "endDate": "2012-03-31", "duration": 24 }],
        "recipientOrganization": [{ "id": "360G-hiec-ORG:partner-1", "name": "University of Leicester" }],
        "fundingOrganization": [{ "id": "GB-GOR-D12", "name": "Department of Health" }],
        "grantProgramme": [{ "code": "HIEC-2009", "title": "Health Innovation and Education Clusters" }],
        "beneficiaryLocation": [{ "name": "NHS East Midlands", "countryCode": "GB" }],
        "fromOpenCall": "Yes",
        "locationScope": "GLS040",
        "classifications": [{ "vocabulary": "HIEC data status", "code": "illustrative" }],
        "dateModified": "2009-12-01T09:00:00.000Z",
        "dataSource": "https://hiec.example/open-data/",
    });
    assert_eq!(grant, &expected);
}

#[test]
fn events_follow_each_other_as_releases_of_one_process() {
    let package = ocds(&of_2009());
    let releases = package["releases"].as_array().unwrap();
    let said: Vec<(&str, &str)> =
        releases.iter().map(|release| (release["id"].as_str().unwrap(), release["tag"][0].as_str().unwrap())).collect();
    assert_eq!(
        said,
        [
            ("HIEC-2009-planning", "planning"),
            ("HIEC-2009-tender", "tender"),
            ("HIEC-2009-amendment-1", "tenderAmendment"),
            ("HIEC-2009-answer-1", "tenderUpdate"),
            ("HIEC-2009-shortlist", "tenderUpdate"),
            ("HIEC-2009-award-20091201T090000000Z", "award"),
        ]
    );
    assert!(releases.iter().all(|release| release["ocid"] == "ocds-hiec00-HIEC-2009"));
    assert_eq!(releases[0]["parties"][0]["roles"], serde_json::json!(["buyer", "procuringEntity", "funder"]));
    let award = &releases[5]["awards"][0];
    assert!(award["description"].as_str().unwrap().contains("Illustrative: The amount"));
    assert_eq!(award["documents"][0]["url"], "https://hiec.example/open-data/scores-per-criterion.csv");
}

#[test]
fn what_happens_later_never_changes_a_release() {
    let whole = of_2009();
    let mut early = whole.clone();
    early.awards.clear();
    early.shortlist = None;
    early.questions.clear();
    early.amendments.clear();
    early.milestones.iter_mut().for_each(|milestone| milestone.met = None);
    early.statistics = Statistics::default();
    early.modified = early.call.advert;
    assert_eq!(three_sixty_giving(&early), None);
    let (early, whole) = (ocds(&early), ocds(&whole));
    assert_eq!(ocds_errors(&early), NONE);
    let by_id = |package: &Value| -> BTreeMap<String, Value> {
        package["releases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|release| (release["id"].to_string(), release.clone()))
            .collect()
    };
    let later = by_id(&whole);
    assert_eq!(by_id(&early).len(), 2);
    for (id, release) in by_id(&early) {
        assert_eq!(later[&id], release, "{id}");
    }
}

#[test]
fn the_bundle_is_whole_and_its_index_true() {
    let round = of_2009();
    let files = bundle(&round).unwrap();
    assert_eq!(files, bundle(&round).unwrap());
    let index: Value = serde_json::from_slice(&files.last().unwrap().content).unwrap();
    let resources = index["resources"].as_array().unwrap();
    assert_eq!(resources.len(), files.len() - 1);
    for (file, resource) in files.iter().zip(resources) {
        assert_eq!(resource["path"], file.path);
        assert_eq!(resource["bytes"], file.content.len());
        assert_eq!(resource["hash"], format!("sha256:{}", Fingerprint::of_bytes(&file.content)));
    }
    assert_eq!(index["licenses"][0]["path"], LICENCE);
    // For scripts/validate-open-data, the outside judge.
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("open-data");
    std::fs::create_dir_all(&folder).unwrap();
    for file in &files {
        std::fs::write(folder.join(&file.path), &file.content).unwrap();
    }
}

#[test]
fn tables_show_the_empty_region_and_both_sources_of_the_money() {
    let tables: BTreeMap<String, String> =
        tables(&of_2009()).iter().map(|table| (table.name().to_owned(), table.to_csv())).collect();
    let regions = &tables["regions"];
    assert_eq!(regions.lines().count(), 11);
    assert!(
        regions.contains(
            "SEC,NHS South East Coast,,0,No bid reached the floor.,The reason was made up for demonstration."
        ),
        "{regions}"
    );
    assert!(regions.contains("LON,NHS London,,3,"), "{regions}");
    assert!(tables["budget"].contains("over £11 million across 17 clusters") && tables["budget"].contains("10000000"));
    let statistics = &tables["statistics"];
    assert!(statistics.contains("lowest funded score,,,62.25,Bids and scores were made up"), "{statistics}");
    assert!(statistics.contains("bids in this band of scores,50.00,75.00,30,"), "{statistics}");
    assert!(statistics.contains("awards,,,17,\r\n"), "{statistics}");
    assert!(tables["scores-per-criterion"].contains("vision,Clearly articulated vision,,38,66.11,66.50,"));
}

#[test]
fn a_bad_csv_of_grants_is_refused_by_line() {
    let csv = grants_to_csv(&grants(&of_2009())).replace(",600000,", ",six hundred thousand,");
    let said = grants_from_csv(&csv).unwrap_err().to_string();
    assert!(said.contains("Line 2, Amount Awarded: Enter an amount in pounds"), "{said}");
}

#[test]
fn months_are_whole_and_the_last_day_counts() {
    let mut round = of_2009();
    let mut duration = |starts: &str, ends: &str| {
        round.awards[0].starts = Some(starts.parse().unwrap());
        round.awards[0].ends = Some(ends.parse().unwrap());
        three_sixty_giving(&round).unwrap()["grants"][0]["plannedDates"][0]["duration"].clone()
    };
    assert_eq!(duration("2010-04-01", "2012-03-31"), 24);
    assert_eq!(duration("2010-04-15", "2010-05-13"), 0);
    assert_eq!(duration("2010-04-15", "2010-05-14"), 1);
    assert_eq!(duration("2010-05-01", "2010-04-01"), Value::Null);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_round_is_valid_in_both_standards(round in any_round()) {
        let package = ocds(&round);
        prop_assert_eq!(ocds_errors(&package), NONE);
        let releases = package["releases"].as_array().unwrap();
        let ids: BTreeSet<String> = releases.iter().map(|release| release["id"].to_string()).collect();
        prop_assert_eq!(ids.len(), releases.len());
        match three_sixty_giving(&round) {
            None => prop_assert!(round.awards.is_empty()),
            Some(package) => {
                prop_assert_eq!(three_sixty_errors(&package), NONE);
                let amounts = package["grants"].as_array().unwrap().iter().map(|grant| &grant["amountAwarded"]);
                prop_assert_eq!(pence(amounts), round.awarded().unwrap().0);
            }
        }
    }

    #[test]
    fn grants_come_back_from_csv_identical(round in any_round()) {
        let before = grants(&round);
        if !before.is_empty() {
            let after = grants_from_csv(&grants_to_csv(&before)).unwrap();
            prop_assert_eq!(package(&round, &after), three_sixty_giving(&round));
            prop_assert_eq!(after, before);
        }
    }

    #[test]
    fn any_round_makes_a_bundle(round in any_round()) {
        let files = bundle(&round).unwrap();
        let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        prop_assert_eq!(paths.len(), files.len());
        for wanted in ["ocds.json", "awards.csv", "scores-per-criterion.csv", "statistics.csv", "regions.csv", "milestones.csv", "questions.csv", "round.xlsx", "datapackage.json"] {
            prop_assert!(paths.contains(wanted));
        }
        prop_assert!(clock::iso(round.modified).ends_with('Z'));
    }
}
