//! The formats: constraints, refusals in words, certificates and what changing one does.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hiec_placement::command::{Asked, check, compare, solve};
use hiec_placement::{Lists, NONE, Priority, Question, Reserve, Rule, Sealed, amended, personal_of};
use proptest::prelude::*;
use serde_json::{Value, json};

fn answered(instance: &Value) -> Value {
    let solved = solve(instance.to_string().as_bytes(), None, None).unwrap();
    serde_json::from_str(&solved.answer).unwrap()
}

fn refused(instance: &Value) -> Vec<String> {
    solve(instance.to_string().as_bytes(), None, None).unwrap_err()
}

fn small() -> Value {
    json!({
        "kind": "hospital-residents",
        "residents": {"R1": ["H1", "H2"], "R2": ["H1", "H2"], "R3": ["H1"]},
        "hospitals": {"H1": {"capacity": 1, "preferences": ["R3", "R2", "R1"]},
                      "H2": {"capacity": 2, "preferences": ["R1", "R2"]}}
    })
}

#[test]
fn everything_wrong_is_said_at_once() {
    let problems = refused(&json!({
        "kind": "hospital-residents",
        "residents": {"R1": ["H1", "H9", "H1"], "R2": "H1", "R3": [1]},
        "hospitals": {"H1": {"capacity": -1, "preferences": ["R1", "R1", "R7"]}, "H2": {"capacity": 1.5}, "H3": 4}
    }));
    for expected in [
        "resident R1: choice 2 is H9, which is no hospital of this instance",
        "resident R1 lists H1 twice; list each once",
        "resident R2: the list is \"H1\"; it should be a list of hospitals, best first",
        "resident R3: choice 1 is 1: it should be the name of a hospital, as text",
        "hospital H1: \"capacity\" is -1: it cannot be negative",
        "hospital H1 lists R1 twice; list each once",
        "hospital H1: choice 3 is R7, which is no resident of this instance",
        "hospital H2: \"capacity\" is 1.5: it should be a whole number",
        "hospital H2 has no \"preferences\"",
        "hospital H3 is 4: it should be",
    ] {
        assert!(problems.iter().any(|problem| problem.starts_with(expected)), "{expected}: {problems:#?}");
    }
}

#[test]
fn couples_and_allocations_are_refused_in_words() {
    let problems = refused(&json!({
        "singles": {"S1": ["H1"]},
        "couples": [
            {"id": "C1", "members": ["A", "B"], "preferences": [["H1", null], ["H1", null], ["H1"]]},
            {"id": "C2", "members": ["B", "C"], "preferences": []},
            {"id": "C3", "members": ["S1", "D"], "preferences": []},
            {"id": "C4", "members": ["E", "E"], "preferences": []}
        ],
        "hospitals": {"H1": {"capacity": 1, "preferences": ["S1", "A"]}}
    }));
    for expected in [
        "couple C1: choice 2 stands in the list twice",
        "couple C1: choice 3 is a list; it should be a pair",
        "couple C2: B is already a single or a member of another couple",
        "couple C3: S1 is already a single",
        "couple C4: both members are E",
    ] {
        assert!(problems.iter().any(|problem| problem.starts_with(expected)), "{expected}: {problems:#?}");
    }
    let problems = refused(&json!({
        "schools": {"F1": {"places": 1}},
        "applicants": {"A1": {"rank": 1, "preferences": ["F1"]}, "A2": {"rank": 1, "preferences": ["F1"]}, "A3": {"rank": 0, "preferences": []}},
        "links": [["A1", "A1"], ["A1", "A9"]],
        "preallocated": ["A1", "A2", "A2"]
    }));
    for expected in [
        "applicants A1 and A2 both have rank 1",
        "applicant A3: \"rank\" is 0",
        "applicant A3 lists no school",
        "\"links\": A1 is linked with themselves",
        "\"links\": entry 2 is A9, which is no applicant",
        "\"preallocated\" names A2 twice",
        "school F1: 2 applicants are pre-allocated, but it has 1 places",
    ] {
        assert!(problems.iter().any(|problem| problem.starts_with(expected)), "{expected}: {problems:#?}");
    }
    assert!(
        solve(b"{\"residents\": {}, \"residents\": {}, \"hospitals\": {}}", None, None).unwrap_err()[0]
            .contains("stands twice")
    );
    assert!(solve(small().to_string().as_bytes(), Some(Asked::Pia), None).unwrap_err()[0].contains("one order"));
}

/// Written by hand: a JSON object of a library would drop the first of two.
#[test]
fn a_name_or_a_field_that_stands_twice_is_refused() {
    for (instance, expected) in [
        (
            r#"{"residents":{"A":["Y"],"A":[]},"hospitals":{"Y":{"capacity":1,"preferences":["A"]}}}"#,
            "resident A stands",
        ),
        (
            r#"{"residents":{"A":["Y"]},"hospitals":{"Y":{"capacity":1,"preferences":["A"]},"Y":{"capacity":1,"preferences":["A"]}}}"#,
            "hospital Y stands",
        ),
        (
            r#"{"residents":{"A":["Y"]},"hospitals":{"Y":{"capacity":1,"capacity":5,"preferences":["A"]}}}"#,
            "\"capacity\" stands twice in hospital Y",
        ),
        (
            r#"{"singles":{"A":["Y"],"A":["Y"]},"couples":[{"members":["B","C"],"preferences":[["Y","Y"]]}],"hospitals":{"Y":{"capacity":1,"preferences":["A","B","C"]}}}"#,
            "resident A stands",
        ),
        (
            r#"{"singles":{"A":["Y"]},"couples":[{"members":["A","C"],"preferences":[["Y","Y"]]}],"hospitals":{"Y":{"capacity":1,"preferences":["A","C"]}}}"#,
            "couple 1: A is already a single",
        ),
        (
            r#"{"schools":{"Y":{"places":1},"Y":{"places":2}},"applicants":{"A":{"rank":1,"preferences":["Y"]}}}"#,
            "school Y stands",
        ),
        (
            r#"{"schools":{"Y":{"places":1}},"applicants":{"A":{"rank":1,"rank":2,"preferences":["Y"]},"A":{"rank":2,"preferences":["Y"]}}}"#,
            "\"rank\" stands twice in applicant A",
        ),
    ] {
        let problems = solve(instance.as_bytes(), None, None).unwrap_err();
        assert!(problems.iter().any(|problem| problem.starts_with(expected)), "{expected}: {problems:#?}");
        assert!(compare(instance.as_bytes()).is_err());
    }
}

#[test]
fn travel_reserved_and_given_places() {
    let mut instance = small();
    // R3 lives too far from H1, a degree of longitude at the equator.
    instance["constraints"] =
        json!({"travel": {"limits_km": {"R3": 111}, "residents": {"R3": [0, 0]}, "hospitals": {"H1": [0, 1]}}});
    assert_eq!(answered(&instance)["resident_optimal"]["by_resident"], json!({"R1": "H2", "R2": "H1", "R3": null}));
    instance["constraints"]["travel"]["limits_km"]["R3"] = json!(112);
    assert_eq!(answered(&instance)["resident_optimal"]["by_resident"]["R3"], "H1");

    let mut instance = small();
    instance["constraints"] = json!({"reserved": [{"hospital": "H1", "places": 1, "for": ["R1"]}]});
    assert_eq!(answered(&instance)["resident_optimal"]["by_resident"], json!({"R1": "H1", "R2": "H2", "R3": null}));
    // Nobody of those it is kept for asks: released, the place goes to the next; kept, it stays empty.
    instance["residents"]["R1"] = json!(["H2"]);
    assert_eq!(answered(&instance)["resident_optimal"]["by_resident"]["R3"], "H1");
    instance["constraints"]["reserved"][0]["released"] = json!(false);
    assert_eq!(answered(&instance)["resident_optimal"]["by_hospital"]["H1"], json!([]));

    let mut instance = small();
    instance["constraints"] = json!({"preallocated": [["R1", "H1"]]});
    assert_eq!(answered(&instance)["resident_optimal"]["by_resident"], json!({"R1": "H1", "R2": "H2", "R3": null}));
    instance["constraints"] = json!({"preallocated": [["R1", "H1"], ["R2", "H1"]], "travle": {}});
    let problems = refused(&instance);
    assert!(
        problems[0].contains("\"travle\", which is not known") && problems[1].contains("more are pre-allocated"),
        "{problems:?}"
    );
}

#[test]
fn least_fill_links_and_breadth() {
    let mut instance = small();
    instance["constraints"] = json!({"minimum_fill": {"H2": 3}});
    let answer = answered(&instance);
    assert_eq!(answer["closed_below_minimum"], json!(["H2"]));
    assert_eq!(answer["unplaced"], json!(["R1", "R2"]));

    let mut instance = small();
    instance["constraints"] = json!({"linked": [["R1", "R2"]]});
    let answer = answered(&instance);
    assert_eq!(answer["resident_optimal"]["by_resident"], json!({"R1": "H2", "R2": "H2", "R3": "H1"}));
    assert_eq!(answer["links_broken"], json!([]));
    instance["hospitals"]["H2"]["capacity"] = json!(1);
    let answer = answered(&instance);
    assert_eq!(answer["links_broken"][0]["link"], json!(["R1", "R2"]));
    assert_eq!(answer["resident_optimal"]["by_resident"], json!({"R1": "H2", "R2": null, "R3": "H1"}));

    let instance = json!({
        "residents": {"R1": ["H1"], "R2": ["H1"], "R3": ["H1"]},
        "hospitals": {"H1": {"capacity": 1}},
        "priority": {"order": ["R1", "R2", "R3"]},
        "breadth": {"weight": 2, "settings": {"H1": "primary"}, "lacking": {"R3": ["primary", "tertiary"]}}
    });
    // Two positions ahead of the third is the first's own; the one who stood there before keeps it.
    assert_eq!(answered(&instance)["resident_optimal"]["by_resident"]["R1"], "H1");
    let mut heavier = instance.clone();
    heavier["breadth"]["weight"] = json!(3);
    assert_eq!(answered(&heavier)["resident_optimal"]["by_resident"]["R3"], "H1");
    // The same seed draws the same order.
    let mut drawn = instance;
    drawn["priority"] = json!({"seed": 2009});
    assert_eq!(answered(&drawn), answered(&drawn));
}

#[test]
fn a_large_market_with_couples_is_searched_and_never_called_impossible() {
    let hosts = 20;
    let mut instance = json!({"singles": {}, "couples": [], "hospitals": {}});
    let names: Vec<String> = (0..hosts).map(|n| format!("H{n}")).collect();
    let mut everybody: Vec<String> = Vec::new();
    for n in 0..200_usize {
        let list: Vec<&String> = (0..5).map(|k| &names[(n * 7 + k * 3) % hosts]).collect();
        instance["singles"][format!("S{n}")] = json!(list);
        everybody.push(format!("S{n}"));
    }
    let mut couples = Vec::new();
    for n in 0..12_usize {
        let pairs: Vec<[&String; 2]> =
            (0..10).map(|k| [&names[(n + k * 3) % hosts], &names[(n * 5 + k) % hosts]]).collect();
        couples.push(
            json!({"id": format!("C{n}"), "members": [format!("C{n}a"), format!("C{n}b")], "preferences": pairs}),
        );
        everybody.extend([format!("C{n}a"), format!("C{n}b")]);
    }
    instance["couples"] = json!(couples);
    for (n, name) in names.iter().enumerate() {
        everybody.rotate_left(17 + n);
        instance["hospitals"][name] = json!({"capacity": 12, "preferences": everybody});
    }
    let solved = solve(instance.to_string().as_bytes(), None, Some(&[1; 32])).unwrap();
    let answer: Value = serde_json::from_str(&solved.answer).unwrap();
    assert_eq!(answer["count"], Value::Null);
    assert_eq!(answer["stable_matchings"].as_array().unwrap().len(), 1, "{}", answer["remark"]);
    // The certificate's check has its own look at it.
    assert!(check(solved.certificate.unwrap().as_bytes()).unwrap().0);
}

fn sealed() -> (Question, Sealed) {
    let rows = |rows: &[&[u32]]| {
        let mut lists = Lists::default();
        rows.iter().for_each(|row| lists.push(row.iter().copied()));
        lists
    };
    let question = Question {
        applicants: ["Ada", "Bea", "Cyd", "Dee"].map(str::to_owned).to_vec(),
        hosts: ["North", "South"].map(str::to_owned).to_vec(),
        capacity: vec![1, 2],
        choices: rows(&[&[0, 1], &[0, 1], &[0, 1], &[0, 1]]),
        priority: Priority::ByHost(rows(&[&[2, 0, 1, 3], &[0, 1, 3]])),
        ..Question::default()
    };
    let run = question.run(Rule::Deferred).unwrap();
    let sealed = Sealed::new(&question, &run, &[9; 32]);
    (question, sealed)
}

#[test]
fn one_applicants_own_certificate_and_the_ledger() {
    let (question, sealed) = sealed();
    for (applicant, name) in (0_u32..).zip(&question.applicants) {
        let own = sealed.personal(applicant, name);
        let (holds, said) = check(own.as_bytes()).unwrap();
        assert!(holds, "{said}");
        let others = question.applicants.iter().filter(|other| *other != name);
        assert!(others.into_iter().all(|other| !own.contains(other.as_str())));
        assert!(!check(own.replace(name, "Eve").as_bytes()).unwrap().0);
    }
    let (_, said) = check(sealed.personal(3, "Dee").as_bytes()).unwrap();
    assert!(said.contains("proven: choice 1, North: its one place went to somebody ranked above"), "{said}");
    assert!(said.contains("proven: choice 2, South: all 2 places went to applicants ranked above"), "{said}");
    let public = sealed.public();
    assert!(check(public.as_bytes()).unwrap().0);
    // The ledger tells no choice of anybody.
    assert!(!public.contains("choices") && !public.contains("applicants"));
}

#[test]
fn a_changed_certificate_does_not_hold() {
    let (_, sealed) = sealed();
    for whole in [sealed.whole(), sealed.personal(3, "Dee"), sealed.public()] {
        let document: Value = serde_json::from_str(&whole).unwrap();
        let mut tried = 0;
        for path in leaves(&document, String::new()) {
            let mut changed = document.clone();
            let leaf = changed.pointer_mut(&path).unwrap();
            *leaf = match leaf.take() {
                Value::Number(number) => json!(number.as_u64().unwrap() + 1),
                Value::Bool(flag) => json!(!flag),
                Value::String(text) => json!(format!("{text}0")),
                _ => json!(0),
            };
            let held = check(changed.to_string().as_bytes()).is_ok_and(|(holds, _)| holds);
            assert!(!held, "{path} can be changed: {changed}");
            tried += 1;
        }
        assert!(tried > 15);
    }
}

/// What was added afterwards was committed to by nobody, and looks as if it had been.
#[test]
fn a_field_added_to_a_certificate_is_refused() {
    let (_, sealed) = sealed();
    for whole in [sealed.whole(), sealed.personal(3, "Dee"), sealed.public()] {
        let document: Value = serde_json::from_str(&whole).unwrap();
        let mut tried = 0;
        for path in objects(&document, String::new()) {
            let mut changed = document.clone();
            changed.pointer_mut(&path).unwrap()["won"] = json!("by merit");
            let held = check(changed.to_string().as_bytes()).is_ok_and(|(holds, _)| holds);
            assert!(!held, "{path} can be added to: {changed}");
            tried += 1;
        }
        assert!(tried > 2);
    }
}

fn objects(value: &Value, path: String) -> Vec<String> {
    let within: Vec<String> = match value {
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, value)| objects(value, format!("{path}/{name}"))).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(n, value)| objects(value, format!("{path}/{n}"))).collect()
        }
        _ => Vec::new(),
    };
    value.is_object().then_some(path).into_iter().chain(within).collect()
}

fn leaves(value: &Value, path: String) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, value)| leaves(value, format!("{path}/{name}"))).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(n, value)| leaves(value, format!("{path}/{n}"))).collect()
        }
        _ => vec![path],
    }
}

/// What was changed on appeal is said beside the run, without a name, and the number cannot be changed alone.
#[test]
fn a_ledger_tells_how_many_outcomes_were_changed_on_appeal() {
    let (_, sealed) = sealed();
    let public = amended(&sealed.public(), 1).unwrap();
    let (holds, said) = check(public.as_bytes()).unwrap();
    assert!(holds, "{said}");
    assert!(said.contains("left open: which: 1 outcome was changed on appeal after the run was sealed"), "{said}");
    // A personal certificate is put together from it as from the ledger.
    let (holds, said) = check(personal_of(&public, &sealed.mine(3, "Dee")).unwrap().as_bytes()).unwrap();
    assert!(holds, "{said}");
    for path in leaves(&serde_json::from_str(&public).unwrap(), String::new()) {
        let mut changed: Value = serde_json::from_str(&public).unwrap();
        let leaf = changed.pointer_mut(&path).unwrap();
        *leaf = match leaf.take() {
            Value::Number(number) => json!(number.as_u64().unwrap() + 1),
            Value::Bool(flag) => json!(!flag),
            Value::String(text) => json!(format!("{text}0")),
            _ => json!(0),
        };
        assert!(!check(changed.to_string().as_bytes()).is_ok_and(|(holds, _)| holds), "{path} can be changed");
    }
    for refused in [amended(&public, 1), amended(&sealed.public(), 0), amended(&sealed.public(), 5), amended("{}", 1)] {
        assert_eq!(refused, None);
    }
}

/// Places kept for a group are named in the ledger and in the reasons of those outside it.
#[test]
fn places_kept_for_a_group_are_named() {
    let reserve =
        |is_released, label: &str| Reserve { host: 1, places: 1, members: vec![3], is_released, label: label.into() };
    let (question, _) = sealed();
    let question = Question { reserves: vec![reserve(true, "less than full time")], ..question };
    let run = question.run(Rule::Deferred).unwrap();
    let sealed = Sealed::new(&question, &run, &[9; 32]);
    assert!(check(sealed.whole().as_bytes()).unwrap().0);
    assert!(sealed.public().contains("\"reserved_for\":\"less than full time\""));
    let unplaced = (0..4_u32).find(|one| run.held[*one as usize] == NONE).unwrap();
    assert_ne!(unplaced, 3, "the place was kept for them");
    let (holds, said) = check(sealed.personal(unplaced, &question.applicants[unplaced as usize]).as_bytes()).unwrap();
    assert!(
        holds
            && said
                .contains("South (places kept for: less than full time): its one place went to somebody ranked above"),
        "{said}"
    );
    // Another label is another run; none leaves the root as it always was.
    let root = |label: &str| {
        Sealed::new(&Question { reserves: vec![reserve(true, label)], ..question.clone() }, &run, &[9; 32]).root()
    };
    assert_ne!(root("less than full time"), root("full time"));
    assert_ne!(root("less than full time"), root(""));
    assert!(!check(sealed.public().replace("less than full time", "full time").as_bytes()).unwrap().0);
}

/// A matching that is sealed honestly but is not what the rule gives is found out.
#[test]
fn another_matching_is_found_out() {
    let (question, _) = sealed();
    for rule in [Rule::Deferred, Rule::LeastCost, Rule::DeferredByHosts] {
        let mut run = question.run(rule).unwrap();
        let secret = [9; 32];
        assert!(check(Sealed::new(&question, &run, &secret).whole().as_bytes()).unwrap().0);
        // Who holds the one place at North gives it to Bea and goes without.
        let north = run.market.range(1).start;
        let loser =
            (0..4_usize).find(|applicant| run.held[*applicant] == run.market.range(*applicant as u32).start).unwrap();
        run.held[loser] = hiec_placement::NONE;
        run.held[1] = north;
        let (holds, said) = check(Sealed::new(&question, &run, &secret).whole().as_bytes()).unwrap();
        assert!(!holds, "{}: {said}", rule.words());
    }
}

proptest! {
    /// Rubbish near an instance is answered or refused in words, never worse.
    #[test]
    fn rubbish_is_refused_in_words(seed in any::<u64>(), cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6)) {
        let (_, sealed) = sealed();
        let sources = [
            small().to_string(),
            include_str!("gold/couples_02_several.json").to_owned(),
            include_str!("gold/pia_02_linked.json").to_owned(),
            sealed.whole(),
            sealed.personal(1, "Bea"),
        ];
        let mut bytes = sources[(seed % 5) as usize].clone().into_bytes();
        for (place, byte) in cuts {
            let at = place.index(bytes.len());
            match byte % 4 {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                2 => bytes.insert(at, b"0123456789\",:[]{}-"[usize::from(byte) % 18]),
                _ => { let other = usize::from(byte) % bytes.len(); bytes.swap(at, other) }
            }
        }
        for problems in [solve(&bytes, None, Some(&[0; 32])).err(), compare(&bytes).err(), check(&bytes).err()].into_iter().flatten() {
            prop_assert!(!problems.is_empty() && problems.iter().all(|problem| !problem.is_empty()));
        }
    }
}
