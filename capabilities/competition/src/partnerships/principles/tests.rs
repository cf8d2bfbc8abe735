//! Tests: the principle check, with the worked cases; they use nothing but made-up organisations and people.

use hiec_kernel::OrganisationId;
use hiec_kernel::organisations::{Function, Organisation, Sector, Setting};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::calls::facts::call_2009;

pub fn organisation(name: &str, sector: Sector, settings: &[Setting], functions: &[Function]) -> Organisation {
    Organisation {
        id: OrganisationId(Uuid::nil()),
        ods_code: None,
        name: name.into(),
        sector,
        settings: settings.to_vec(),
        functions: functions.to_vec(),
        region: None,
        postcode: None,
        is_illustrative: true,
    }
}

fn member(organisation: Organisation) -> Partner {
    Partner { organisation, presence: Presence::Member }
}

fn trust(name: &str, setting: Setting) -> Partner {
    member(organisation(name, Sector::Nhs, &[setting], &[Function::ProvidesCare]))
}

fn university() -> Partner {
    member(organisation("Example University", Sector::HigherEducation, &[], &[Function::ProvidesEducation]))
}

fn company() -> Partner {
    member(organisation("Example Devices Ltd", Sector::Industry, &[], &[]))
}

fn deanery() -> Partner {
    member(organisation("Example SHA Deanery", Sector::Nhs, &[], &[Function::CommissionsEducation]))
}

/// The partnership of the worked case: two trusts and a university.
fn two_trusts_and_a_university() -> Vec<Partner> {
    vec![
        trust("Example General NHS Trust", Setting::Secondary),
        trust("Example Specialist NHS Trust", Setting::Tertiary),
        university(),
    ]
}

fn whole() -> Vec<Partner> {
    let mut partners = two_trusts_and_a_university();
    partners.extend([trust("Example Surgery", Setting::Primary), company()]);
    partners
}

fn everything_written() -> Snapshot {
    let answers = [
        ("research_network", "The network opens trials at every site."),
        ("professions", "Doctors\nNurses"),
        ("professions_plan", "Pharmacists join in the second year."),
        ("impact", "Adoption at 40 sites."),
        ("quality", "Trainee surveys against a baseline."),
        ("separation", "The region commissions, we provide."),
        ("governance", "A board answers to the partners."),
        ("innovation_links", "The AHSC sits on the board."),
        ("quality_control", "Internal review each year."),
    ];
    Snapshot {
        partners: whole(),
        legal_form: Some("cic_guarantee".into()),
        region_wants_binding_contracts: true,
        answers: answers.map(|(key, text)| (key.to_owned(), text.to_owned())).into(),
    }
}

fn finding(snapshot: &Snapshot, principle: &str) -> Finding {
    check(call_2009().unwrap(), snapshot).into_iter().find(|f| f.principle == principle).unwrap()
}

fn verdict(snapshot: &Snapshot, principle: &str) -> Verdict {
    finding(snapshot, principle).verdict
}

#[test]
fn a_whole_bid_meets_all_seven() {
    for found in check(call_2009().unwrap(), &everything_written()) {
        assert_eq!(found.verdict, Verdict::Met, "{found:?}");
        assert!(found.mend.is_empty(), "{found:?}");
        assert!(found.citation.source.contains("Prospectus"));
    }
}

#[test]
fn an_empty_bid_meets_none_and_always_says_what_to_do() {
    for found in check(call_2009().unwrap(), &Snapshot::default()) {
        assert_ne!(found.verdict, Verdict::Met, "{found:?}");
        assert!(!found.mend.is_empty() && !found.why.is_empty(), "{found:?}");
    }
}

#[test]
fn two_trusts_and_a_university_fail_on_settings_and_on_sectors() {
    let snapshot = Snapshot { partners: two_trusts_and_a_university(), ..everything_written() };
    let settings = finding(&snapshot, "settings");
    assert_eq!(settings.verdict, Verdict::NotMet);
    assert!(settings.why.starts_with("Missing: Primary care."), "{}", settings.why);
    assert_eq!(settings.mend, ["Bring in a provider of primary care."]);
    let sectors = finding(&snapshot, "sectors");
    assert_eq!(sectors.verdict, Verdict::NotMet);
    assert_eq!(sectors.mend, ["Bring in a partner from this sector: industry."]);
}

#[test]
fn a_deanery_fails_the_split_by_name_even_when_only_invited() {
    for presence in [Presence::Member, Presence::Invited] {
        let mut snapshot = everything_written();
        snapshot.partners.push(Partner { presence, ..deanery() });
        let split = finding(&snapshot, "split");
        assert_eq!(split.verdict, Verdict::NotMet);
        assert!(split.why.contains("Example SHA Deanery commissions education"), "{}", split.why);
    }
    let mut left = everything_written();
    left.partners.push(Partner { presence: Presence::Gone, ..deanery() });
    assert_eq!(verdict(&left, "split"), Verdict::Met);
    let refusal = may_join(&deanery().organisation).unwrap_err().to_string();
    assert!(refusal.contains("Example SHA Deanery") && refusal.contains("commissions education"));
    let only_named_so = organisation("A Company Called Deanery", Sector::Industry, &[], &[]);
    assert_eq!(may_join(&only_named_so), Ok(()), "judged by what it does, not by its name");
}

#[test]
fn an_invited_partner_makes_it_unclear_and_one_who_declined_does_not_count() {
    for (presence, expected) in
        [(Presence::Member, Verdict::Met), (Presence::Invited, Verdict::Unclear), (Presence::Gone, Verdict::NotMet)]
    {
        let mut snapshot = everything_written();
        for partner in &mut snapshot.partners {
            if partner.organisation.settings.contains(&Setting::Primary)
                || partner.organisation.sector == Sector::Industry
            {
                partner.presence = presence;
            }
        }
        assert_eq!(verdict(&snapshot, "settings"), expected, "{presence:?}");
        assert_eq!(verdict(&snapshot, "sectors"), expected, "{presence:?}");
    }
}

#[test]
fn one_provider_for_all_settings_is_no_partnership_of_providers() {
    let all = [Setting::Primary, Setting::Secondary, Setting::Tertiary];
    let snapshot = Snapshot {
        partners: vec![member(organisation("Example Care Trust", Sector::Nhs, &all, &[Function::ProvidesCare]))],
        ..Snapshot::default()
    };
    assert_eq!(verdict(&snapshot, "settings"), Verdict::Unclear);
}

#[test]
fn professions_may_be_a_plan() {
    let said = |list: &str, plan: &str| {
        let mut snapshot = everything_written();
        snapshot.answers.insert("professions".into(), list.into());
        snapshot.answers.insert("professions_plan".into(), plan.into());
        finding(&snapshot, "professions")
    };
    let by_plan = said("Doctors", "Nurses from 2010.");
    assert_eq!((by_plan.verdict, by_plan.by_plan), (Verdict::Met, true));
    let planned = said("", "Nurses from 2010.");
    assert_eq!((planned.verdict, planned.by_plan), (Verdict::Met, true));
    let at_once = said("Doctors\nNurses", "");
    assert_eq!((at_once.verdict, at_once.by_plan), (Verdict::Met, false));
    assert_eq!(said("Doctors", "TBC").verdict, Verdict::NotMet);
    assert_eq!(said("Doctors\nDoctors", "").verdict, Verdict::NotMet);
}

#[test]
fn impact_and_quality_need_a_measure() {
    for (principle, question) in [("impact", "impact"), ("quality", "quality")] {
        for (text, expected) in [
            ("Readmissions fall by 10%.", Verdict::Met),
            ("We will do better.", Verdict::Unclear),
            ("", Verdict::NotMet),
            ("to follow", Verdict::NotMet),
        ] {
            let mut snapshot = everything_written();
            snapshot.answers.insert(question.into(), text.into());
            assert_eq!(verdict(&snapshot, principle), expected, "{principle}: {text}");
        }
    }
}

#[test]
fn parts_that_are_not_written_make_it_unclear() {
    for (principle, question) in [
        ("split", "separation"),
        ("sectors", "research_network"),
        ("accountability", "innovation_links"),
        ("accountability", "quality_control"),
    ] {
        let mut snapshot = everything_written();
        snapshot.answers.remove(question);
        let found = finding(&snapshot, principle);
        assert_eq!(found.verdict, Verdict::Unclear, "{question}");
        assert_eq!(found.mend.len(), 1, "{found:?}");
    }
}

#[test]
fn binding_contracts_need_a_corporate_form() {
    for (form, binding, expected) in [
        (Some("joint_venture_partnership"), true, Verdict::NotMet),
        (Some("joint_venture_partnership"), false, Verdict::Met),
        (Some("cic_shares"), true, Verdict::Met),
        (Some("charity"), true, Verdict::Unclear),
        (Some("informal_consortium"), false, Verdict::NotMet),
        (None, false, Verdict::NotMet),
    ] {
        let snapshot = Snapshot {
            legal_form: form.map(str::to_owned),
            region_wants_binding_contracts: binding,
            ..everything_written()
        };
        assert_eq!(verdict(&snapshot, "accountability"), expected, "{form:?} {binding}");
    }
}

#[test]
fn a_body_whose_functions_are_not_recorded_leaves_the_split_unclear() {
    let mut snapshot = everything_written();
    snapshot.partners.push(member(organisation("Example Authority", Sector::Nhs, &[], &[])));
    assert_eq!(verdict(&snapshot, "split"), Verdict::Unclear);
}

#[test]
fn answers_are_read_as_the_bid_asks_them() {
    let mut answers = Answers::new();
    answers.set("professions", Some(Answer::Choices(vec!["nurses".into(), "doctors".into()])));
    answers.set("legal_form", Some(Answer::Choice("charity".into())));
    answers.set("binding_contracts", Some(Answer::Choice("yes".into())));
    // Asked only of an amount above a million, which is not given.
    answers.set("large_sum_reason", Some(Answer::Text("Hidden".into())));
    let snapshot = snapshot_of(call_2009().unwrap(), whole(), &answers);
    assert_eq!(snapshot.answers["professions"], "Doctors\nNurses");
    assert_eq!(snapshot.legal_form.as_deref(), Some("charity"));
    assert!(snapshot.region_wants_binding_contracts);
    assert!(!snapshot.answers.contains_key("large_sum_reason"));
}

proptest! {
    /// More partners never lose a setting or a sector, unless they commission education.
    #[test]
    fn another_member_never_makes_settings_or_sectors_worse(kept in prop::collection::vec(any::<bool>(), 5), extra in 0_usize..5) {
        let all = whole();
        let mut partners: Vec<Partner> = all.iter().zip(&kept).filter(|(_, keep)| **keep).map(|(p, _)| p.clone()).collect();
        let rank = |verdict| match verdict { Verdict::NotMet => 0, Verdict::Unclear => 1, Verdict::Met => 2 };
        let ranks = |partners: &[Partner]| {
            let snapshot = Snapshot { partners: partners.to_vec(), ..everything_written() };
            [rank(verdict(&snapshot, "settings")), rank(verdict(&snapshot, "sectors"))]
        };
        let before = ranks(&partners);
        partners.push(all[extra].clone());
        let after = ranks(&partners);
        prop_assert!(before[0] <= after[0] && before[1] <= after[1]);
    }

    #[test]
    fn a_commissioner_anywhere_always_fails_the_split(place in 0_usize..6) {
        let mut snapshot = everything_written();
        snapshot.partners.insert(place, deanery());
        prop_assert_eq!(verdict(&snapshot, "split"), Verdict::NotMet);
    }
}
