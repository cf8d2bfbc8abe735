//! Tests: questions, answers and who stays unnamed; they use nothing but made-up organisations and people.

use std::collections::BTreeSet;

use hiec_kernel::clock::from_london;
use hiec_kernel::organisations::Sector;
use uuid::Uuid;

use super::*;
use crate::partnerships::principles::tests::organisation;

fn at(typed: &str) -> Timestamp {
    from_london(typed).unwrap()
}

fn closes() -> Deadline {
    Deadline(at("2009-10-09 17:00"))
}

fn asked() -> Asked {
    ask(" May a charity lead? ", person(1), OrganisationId(Uuid::from_u128(10)), closes(), at("2009-06-01 10:00"))
        .unwrap()
}

fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

fn officer() -> Answerer {
    Answerer { person: person(2), employer: None }
}

#[test]
fn every_move_of_the_diagram_happens() {
    let now = at("2009-06-02 10:00");
    let mut walked = BTreeSet::new();
    let mut walk = |from: QuestionState, act, to: QuestionState| {
        walked.insert(Move(from.name(), act, to.name()));
    };
    use QuestionState as S;
    let to_all = || asked().answer_to_all("May a charity lead?", "Yes.", officer(), now).unwrap();
    let quiet = || asked().answer_in_confidence("Trade secret", "Yes.", officer(), now).unwrap();
    walk(S::Asked(asked()), "answer to all", S::AnsweredToAll(to_all()));
    walk(S::Asked(asked()), "answer in confidence", S::AnsweredInConfidence(quiet()));
    walk(S::Asked(asked()), "withdraw", S::Withdrawn(asked().withdraw(now)));
    let more = to_all().add("Since June.", officer(), now).unwrap();
    assert_eq!(more.answers.len(), 2);
    walk(S::AnsweredToAll(to_all()), "add to the answer", S::AnsweredToAll(more));
    let more = quiet().add("Since June.", officer(), now).unwrap();
    walk(S::AnsweredInConfidence(quiet()), "add to the answer", S::AnsweredInConfidence(more));
    let opened = quiet().open_to_all("May a charity lead?", "Yes.", officer(), now).unwrap();
    walk(S::AnsweredInConfidence(quiet()), "open to all", S::AnsweredToAll(opened));
    assert_eq!(walked, DIAGRAM.moves.iter().copied().collect());
}

#[test]
fn questions_close_by_the_clock_and_answers_do_not() {
    let late = ask("Too late?", person(1), OrganisationId(Uuid::nil()), closes(), closes().0);
    assert!(matches!(late, Err(DialogueRefusal::QuestionsClosed { .. })));
    let after = closes().0 + chrono::Duration::days(1);
    assert!(asked().answer_to_all("Q", "A", officer(), after).is_ok());
}

#[test]
fn what_bidders_read_has_no_asker_in_it() {
    let state = QuestionState::AnsweredToAll(
        asked().answer_to_all("May a charity lead?", "Yes.", officer(), at("2009-06-02 10:00")).unwrap(),
    );
    let json = serde_json::to_string(&state.public().unwrap()).unwrap();
    for id in [person(1).to_string(), person(2).to_string(), asked().organisation.to_string()] {
        assert!(!json.contains(&id), "{json}");
    }
    assert_eq!(QuestionState::Asked(asked()).public(), None);
}

#[test]
fn blanks_reasons_and_own_questions_are_refused() {
    let now = at("2009-06-02 10:00");
    assert_eq!(asked().answer_in_confidence("  ", "A", officer(), now), Err(DialogueRefusal::NoReason));
    assert_eq!(asked().answer_to_all("Q", "\n", officer(), now), Err(DialogueRefusal::NoAnswer));
    let colleague = Answerer { person: person(3), employer: Some(asked().organisation) };
    assert_eq!(asked().answer_to_all("Q", "A", colleague, now), Err(DialogueRefusal::OwnQuestion));
    let long = "x".repeat(MAX_LENGTH + 1);
    assert_eq!(
        asked().answer_to_all(&long, "A", officer(), now),
        Err(DialogueRefusal::TooLong { length: MAX_LENGTH + 1 })
    );
}

#[test]
fn dialogue_is_noted_until_it_closes() {
    let note = |when: &str, text: &str| DialogueNote {
        region: "LON".into(),
        by: person(2),
        at: at(when),
        present: "Ada Example".into(),
        text: text.into(),
        led_to: Some(" ".into()),
    };
    let closes = Deadline(at("2009-09-01 17:00"));
    assert_eq!(note_dialogue(note("2009-08-31 10:00", "Stroke first"), closes).unwrap().led_to, None);
    assert_eq!(note_dialogue(note("2009-08-31 10:00", " "), closes), Err(DialogueRefusal::NoNote));
    assert!(matches!(
        note_dialogue(note("2009-09-01 17:00", "Stroke"), closes),
        Err(DialogueRefusal::DialogueClosed { .. })
    ));
}

#[test]
fn names_endings_initials_and_codes_tell_the_asker() {
    let mut trust = organisation("St. Example's and Mockton NHS Foundation Trust", Sector::Nhs, &[], &[]);
    trust.ods_code = Some("RX9".into());
    let university = organisation("The University of Examplia", Sector::HigherEducation, &[], &[]);
    let askers = [&trust, &university];
    for (text, tells) in [
        ("We at St Examples & Mockton\nwonder", true),
        ("st. example’s and mockton nhs foundation trust asks", true),
        ("Is RX9 eligible?", true),
        ("UNIVERSITY OF EXAMPLIA staff", true),
        ("May a trust and a university bid together?", false),
        ("May rx9000 be used?", false),
        ("A university of examples", false),
    ] {
        assert_eq!(!tells_the_asker(&[text], &askers).is_empty(), tells, "{text}");
    }
    let initials = organisation("Queen Anne University of Examplia", Sector::HigherEducation, &[], &[]);
    assert_eq!(tells_the_asker(&["", "As QAUE we ask"], &[&initials]), ["QAUE"]);
}

proptest::proptest! {
    #[test]
    fn a_name_anywhere_in_a_text_is_found(before in "[a-z .,]{0,30}", after in "[a-z .,]{0,30}") {
        let trust = organisation("Mockton General NHS Trust", Sector::Nhs, &[], &[]);
        let text = format!("{before} Mockton General NHS Trust {after}");
        proptest::prop_assert!(!tells_the_asker(&[&text], &[&trust]).is_empty());
    }
}
