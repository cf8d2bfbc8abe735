//! The plain text of every kind of document, in full.

use hiec_reports::Document;

use crate::samples;

#[test]
fn minutes() {
    insta::assert_snapshot!(samples::minutes().to_text());
}

#[test]
fn letter() {
    insta::assert_snapshot!(samples::letter().to_text());
}

#[test]
fn receipt() {
    insta::assert_snapshot!(samples::receipt().to_text());
}

#[test]
fn report() {
    insta::assert_snapshot!(samples::report().to_text());
}

#[test]
fn approved_minutes_are_no_draft() {
    let mut minutes = samples::minutes();
    assert!(minutes.to_text().contains("[Draft]"));
    minutes.approval = Some(hiec_reports::Approval {
        by: "Dame Edith Example".into(),
        at: hiec_kernel::clock::from_london("2009-11-26T10:00").unwrap(),
    });
    let text = minutes.to_text().replace('\n', " ");
    assert!(!text.contains("[Draft]"));
    assert!(text.contains("Approved as a true record by Dame Edith Example, 26 November 2009 at 10:00am."), "{text}");
}

#[test]
fn a_quorum_that_was_missed_says_so() {
    let mut minutes = samples::minutes();
    minutes.items[1].quorum = Some(hiec_reports::Quorum { present: 2, needed: 3 });
    assert!(minutes.to_text().contains("Not met: 2 members"));
}

#[test]
fn documents_can_be_kept_as_json_and_come_back_the_same() {
    let letter = samples::letter();
    let kept = serde_json::to_string(&letter).unwrap();
    assert_eq!(serde_json::from_str::<hiec_reports::Letter>(&kept).unwrap(), letter);
    let minutes = samples::minutes();
    let kept = serde_json::to_string(&minutes).unwrap();
    assert_eq!(serde_json::from_str::<hiec_reports::Minutes>(&kept).unwrap(), minutes);
}
