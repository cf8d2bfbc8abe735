//! The principle check: for each principle of a call, whether a forming partnership meets it, why, and what would mend it; it advises and never scores.
//!
//! Only partners who said yes count as present. What an invited partner would add makes a verdict *unclear*, not *met*: a bid may
//! not rest on a partner who has not answered. A principle with several parts is met when all are shown, not met when one that
//! decides is missing, and unclear in between.

use std::collections::BTreeMap;

use hiec_forms::{Answer, Answers, Kind, Question, Visibilities, display};
use hiec_kernel::organisations::{Organisation, Sector, Setting};
use serde::{Deserialize, Serialize};

use super::written::{Measured, measured, says_something};
use crate::calls::design::{
    CallDesign, Citation, LegalForm, LegalStanding, Principle, PrincipleRule,
};

/// The partnership as it stands, with what the bid says so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Snapshot {
    pub partners: Vec<Partner>,
    /// Key of one of the call's legal forms, once chosen.
    pub legal_form: Option<String>,
    /// Whether the region wants legally binding contracts with the cluster.
    pub region_wants_binding_contracts: bool,
    /// Answers in words by question key; a table as its cells, one line per row; several choices one per line.
    pub answers: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Partner {
    pub organisation: Organisation,
    pub presence: Presence,
}

/// Whether a partner counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// Accepted or signed.
    Member,
    /// Invited, not answered.
    Invited,
    /// Declined or withdrawn.
    Gone,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Met,
    NotMet,
    Unclear,
}

/// What the check says about one principle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    pub principle: String,
    pub name: String,
    pub verdict: Verdict,
    /// Met by a plan rather than by what is there already.
    pub by_plan: bool,
    /// Whole sentences.
    pub why: String,
    /// What would mend it; empty when nothing needs mending.
    pub mend: Vec<String>,
    pub citation: Citation,
}

/// Why an organisation may not be a partner.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "{organisation} cannot be a partner: it commissions education, and a cluster that provides education has no member that commissions it. {next}"
)]
pub struct Refusal {
    pub organisation: String,
    pub next: String,
}

impl Verdict {
    pub fn label(self) -> &'static str {
        match self {
            Self::Met => "Met",
            Self::NotMet => "Not met",
            Self::Unclear => "Unclear",
        }
    }
}

/// The commissioner/provider split, judged by what an organisation does and never by its name.
/// Source: prospectus of 7 May 2009, principles, "support the commissioner/provider split".
pub fn may_join(organisation: &Organisation) -> Result<(), Refusal> {
    if !organisation.commissions_education() {
        return Ok(());
    }
    Err(Refusal {
        organisation: organisation.name.clone(),
        next: "Work with it as your commissioner instead; if its functions are recorded wrongly, ask the programme office to put them right.".into(),
    })
}

/// One finding for each principle of the call, in the call's order.
pub fn check(design: &CallDesign, snapshot: &Snapshot) -> Vec<Finding> {
    design
        .principles
        .iter()
        .map(|principle| {
            let outcome = match &principle.rule {
                PrincipleRule::Settings => settings(snapshot, &design.eligibility.required_settings),
                PrincipleRule::Sectors { statement } => sectors(
                    snapshot,
                    &design.eligibility.required_sectors,
                    statement.as_deref(),
                ),
                PrincipleRule::Professions { list, plan } => professions(snapshot, list, plan),
                PrincipleRule::Measured { questions } => measurable(snapshot, questions),
                PrincipleRule::Split { plan } => split(snapshot, plan),
                PrincipleRule::Accountability {
                    governance,
                    links,
                    quality_control,
                    ..
                } => accountability(
                    snapshot,
                    &design.eligibility.legal_forms,
                    governance,
                    &[
                        (links, "how the cluster links to the innovation bodies around it (AHSC, CLAHRC, BRC, innovation hub)"),
                        (quality_control, "how quality is managed and controlled, and the regulators' assurance met"),
                    ],
                ),
                PrincipleRule::Answered { questions } => answered(snapshot, questions),
            };
            outcome.about(principle)
        })
        .collect()
}

/// A verdict before it is tied to its principle.
struct Outcome {
    verdict: Verdict,
    by_plan: bool,
    why: String,
    mend: Vec<String>,
}

impl Outcome {
    fn met(why: impl Into<String>) -> Self {
        Self::new(Verdict::Met, why, Vec::new())
    }

    fn not_met(why: impl Into<String>, mend: Vec<String>) -> Self {
        Self::new(Verdict::NotMet, why, mend)
    }

    fn unclear(why: impl Into<String>, mend: Vec<String>) -> Self {
        Self::new(Verdict::Unclear, why, mend)
    }

    fn new(verdict: Verdict, why: impl Into<String>, mend: Vec<String>) -> Self {
        Self {
            verdict,
            by_plan: false,
            why: why.into(),
            mend,
        }
    }

    fn about(self, principle: &Principle) -> Finding {
        Finding {
            principle: principle.key.clone(),
            name: principle.name.clone(),
            verdict: self.verdict,
            by_plan: self.by_plan,
            why: self.why,
            mend: self.mend,
            citation: principle.citation.clone(),
        }
    }
}

/// Several choices stand one to a line, so that they can be counted; the rest as a page shows it.
fn in_lines(question: &Question, answer: &Answer) -> String {
    match (&question.kind, answer) {
        (Kind::Choice { options, .. }, Answer::Choices(chosen)) => options
            .iter()
            .filter(|option| chosen.contains(&option.key))
            .map(|option| option.label.as_str())
            .collect::<Vec<_>>()
            .join("\n"),
        _ => display(question, answer),
    }
}

fn settings(snapshot: &Snapshot, required: &[Setting]) -> Outcome {
    let gives = |partner: &Partner, setting| partner.organisation.settings.contains(&setting);
    let outcome = presence(snapshot, required, Setting::label, gives, |label| {
        format!("Bring in a provider of {}.", label.to_lowercase())
    });
    let providers = snapshot
        .members()
        .filter(|organisation| required.iter().any(|s| organisation.settings.contains(s)))
        .count();
    if outcome.verdict == Verdict::Met && providers < 2 {
        return Outcome::unclear(
            "One organisation alone gives all the settings; a cluster brings several providers together.",
            vec!["Bring in another provider of care.".into()],
        );
    }
    outcome
}

fn sectors(snapshot: &Snapshot, required: &[Sector], statement: Option<&str>) -> Outcome {
    let is_in = |partner: &Partner, sector| partner.organisation.sector == sector;
    let mut outcome = presence(snapshot, required, Sector::label, is_in, |label| {
        format!(
            "Bring in a partner from this sector: {}.",
            sector_in_words(label)
        )
    });
    if let Some(question) = statement
        && !snapshot.says(question)
    {
        outcome.mend.push("Say how the partnership works with the NIHR Clinical Research Network, so that industry can run more major trials here.".into());
        if outcome.verdict == Verdict::Met {
            outcome.verdict = Verdict::Unclear;
            outcome
                .why
                .push_str(" How it works with the Clinical Research Network is not written yet.");
        }
    }
    outcome
}

fn sector_in_words(label: &str) -> String {
    // "NHS" keeps its capitals; the others stand inside a sentence.
    if label.chars().nth(1).is_some_and(char::is_uppercase) {
        label.to_owned()
    } else {
        label.to_lowercase()
    }
}

/// Whether every required kind is there, by members, or would be with those invited.
fn presence<K: Copy>(
    snapshot: &Snapshot,
    required: &[K],
    label: fn(K) -> &'static str,
    has: impl Fn(&Partner, K) -> bool,
    mend: impl Fn(&str) -> String,
) -> Outcome {
    let mut here = Vec::new();
    let mut pending = Vec::new();
    let mut missing = Vec::new();
    for kind in required {
        let partner = |presence| {
            snapshot
                .partners
                .iter()
                .find(|p| p.presence == presence && has(p, *kind))
                .map(|p| p.organisation.name.as_str())
        };
        match (partner(Presence::Member), partner(Presence::Invited)) {
            (Some(name), _) => here.push(format!("{} ({name})", label(*kind))),
            (None, Some(name)) => pending.push((label(*kind), name)),
            (None, None) => missing.push(label(*kind)),
        }
    }
    let present = if here.is_empty() {
        String::new()
    } else {
        format!(" Present: {}.", here.join(", "))
    };
    let waits = pending
        .iter()
        .map(|(_, name)| format!("{name} is invited and has not accepted: ask it to answer."));
    if !missing.is_empty() {
        let why = format!("Missing: {}.{present}", missing.join(", "));
        return Outcome::not_met(
            why,
            missing
                .iter()
                .map(|label| mend(label))
                .chain(waits)
                .collect(),
        );
    }
    if !pending.is_empty() {
        let labels: Vec<&str> = pending.iter().map(|(label, _)| *label).collect();
        let why = format!(
            "It rests on an invitation that is not accepted yet: {}.{present}",
            labels.join(", ")
        );
        return Outcome::unclear(why, waits.collect());
    }
    Outcome::met(present.trim_start())
}

fn professions(snapshot: &Snapshot, list: &str, plan: &str) -> Outcome {
    let named = snapshot.lines(list);
    if named.len() >= 2 {
        return Outcome::met(format!(
            "{} professions from the start: {}.",
            named.len(),
            named.join(", ")
        ));
    }
    let start = match named.first() {
        Some(only) => format!("Only one profession from the start ({only})"),
        None => "No professions are named".to_owned(),
    };
    if snapshot.says(plan) {
        return Outcome {
            by_plan: true,
            ..Outcome::met(format!("{start}, with a plan to widen."))
        };
    }
    Outcome::not_met(
        format!("{start}, and there is no plan to widen."),
        vec!["Name the professions the cluster covers from the start, two or more, or write the plan to widen them over time.".into()],
    )
}

fn measurable(snapshot: &Snapshot, questions: &[String]) -> Outcome {
    let text = snapshot.joined(questions);
    match measured(&text) {
        Measured::Nothing => Outcome::not_met(
            "Nothing is written yet.",
            vec!["Say what will improve and how that will be measured.".into()],
        ),
        Measured::Not => Outcome::unclear(
            "It is written what will be done, but not how it will be measured.",
            vec!["Add the measure: what is counted, from which baseline, to which target and by when.".into()],
        ),
        Measured::By(evidence) => Outcome::met(format!("It says how it is measured: “{evidence}”.")),
    }
}

fn split(snapshot: &Snapshot, plan: &str) -> Outcome {
    let offenders: Vec<&str> = snapshot
        .here_or_invited()
        .filter(|organisation| organisation.commissions_education())
        .map(|organisation| organisation.name.as_str())
        .collect();
    if !offenders.is_empty() {
        return Outcome::not_met(
            format!("{} commissions education.", offenders.join("; ")),
            offenders
                .iter()
                .map(|name| {
                    format!(
                        "Take {name} out of the partnership and work with it as your commissioner."
                    )
                })
                .collect(),
        );
    }
    let unknown: Vec<&str> = snapshot
        .here_or_invited()
        .filter(|organisation| is_function_unknown(organisation))
        .map(|organisation| organisation.name.as_str())
        .collect();
    if !unknown.is_empty() {
        return Outcome::unclear(
            format!(
                "It is not recorded what this body does: {}.",
                unknown.join("; ")
            ),
            vec!["Ask the programme office to record its functions.".into()],
        );
    }
    if snapshot.members().next().is_none() {
        return Outcome::unclear(
            "There is no partner yet.",
            vec!["Bring partners together first.".into()],
        );
    }
    if snapshot.says(plan) {
        return Outcome::met(
            "No member commissions education, and there is a plan to keep commissioning and provision apart.",
        );
    }
    Outcome::unclear(
        "No member commissions education, but the plan is not written yet.",
        vec!["Write how commissioning and provision stay apart, and how education will answer the needs of the local commissioner.".into()],
    )
}

/// Only public bodies commission education, so only theirs must be known.
fn is_function_unknown(organisation: &Organisation) -> bool {
    organisation.functions.is_empty()
        && organisation.settings.is_empty()
        && matches!(organisation.sector, Sector::Nhs | Sector::OtherPublic)
}

fn accountability(
    snapshot: &Snapshot,
    forms: &[LegalForm],
    governance: &str,
    others: &[(&String, &str)],
) -> Outcome {
    let chosen = snapshot
        .legal_form
        .as_deref()
        .filter(|key| !key.trim().is_empty());
    let form = chosen.and_then(|key| forms.iter().find(|form| form.key == key));
    let mut lacking = Vec::new();
    let mut doubts = Vec::new();
    match (chosen, form) {
        (None, _) => lacking.push("Choose the legal form.".to_owned()),
        (Some(_), None) => lacking.push("Choose a legal form the call allows.".to_owned()),
        (Some(_), Some(form)) if snapshot.region_wants_binding_contracts => match form.standing {
            LegalStanding::Corporate => {}
            LegalStanding::NotCorporate => lacking.push(format!(
                "Choose a corporate form: the region wants legally binding contracts, and “{}” cannot enter into them as a body of its own.",
                form.name
            )),
            LegalStanding::Depends => doubts.push(format!(
                "Say whether your “{}” is incorporated: the region wants legally binding contracts.",
                form.name
            )),
        },
        (Some(_), Some(_)) => {}
    }
    if !snapshot.says(governance) {
        lacking.push("Describe the governance: who decides, who answers to whom, who is liable for education.".into());
    }
    for (question, what) in others {
        if !snapshot.says(question) {
            doubts.push(format!("Say {what}."));
        }
    }
    if !lacking.is_empty() {
        lacking.append(&mut doubts);
        return Outcome::not_met(
            "The legal form or the governance does not hold yet.",
            lacking,
        );
    }
    let name = form.map(|form| form.name.as_str()).unwrap_or_default();
    if !doubts.is_empty() {
        return Outcome::unclear(
            format!(
                "The legal form ({name}) and the governance are there; not everything else is."
            ),
            doubts,
        );
    }
    Outcome::met(format!(
        "Legal form ({name}), governance, links and quality control are described."
    ))
}

fn answered(snapshot: &Snapshot, questions: &[String]) -> Outcome {
    let open = questions.iter().filter(|q| !snapshot.says(q)).count();
    if open == 0 {
        Outcome::met("Answered.")
    } else if open == questions.len() {
        Outcome::not_met(
            "Nothing is written yet.",
            vec!["Answer the questions on this principle.".into()],
        )
    } else {
        Outcome::unclear(
            format!(
                "{open} of {} questions on this principle are open.",
                questions.len()
            ),
            vec!["Answer the open questions on this principle.".into()],
        )
    }
}

impl Snapshot {
    /// The snapshot of a partnership whose bid has these answers; answers to questions that are not asked do not count.
    pub fn of(design: &CallDesign, partners: Vec<Partner>, answers: &Answers) -> Self {
        let set = &design.bid_questions;
        let visibilities = Visibilities::of(set, answers);
        let asked = |key: &str| answers.get(key).filter(|_| visibilities.is_visible(key));
        let mut snapshot = Self {
            partners,
            ..Self::default()
        };
        for (_, question) in set.questions() {
            if let Some(answer) = asked(&question.key) {
                snapshot
                    .answers
                    .insert(question.key.clone(), in_lines(question, answer));
            }
        }
        for principle in &design.principles {
            if let PrincipleRule::Accountability {
                legal_form,
                binding_contracts,
                ..
            } = &principle.rule
            {
                if let Some(Answer::Choice(form)) = asked(legal_form) {
                    snapshot.legal_form = Some(form.clone());
                }
                let wants = binding_contracts.as_deref().and_then(asked);
                snapshot.region_wants_binding_contracts =
                    wants == Some(&Answer::Choice("yes".into()));
            }
        }
        snapshot
    }

    fn members(&self) -> impl Iterator<Item = &Organisation> {
        self.partners
            .iter()
            .filter(|partner| partner.presence == Presence::Member)
            .map(|partner| &partner.organisation)
    }

    fn here_or_invited(&self) -> impl Iterator<Item = &Organisation> {
        self.partners
            .iter()
            .filter(|partner| partner.presence != Presence::Gone)
            .map(|partner| &partner.organisation)
    }

    fn says(&self, question: &str) -> bool {
        self.answers
            .get(question)
            .is_some_and(|text| says_something(text))
    }

    fn lines(&self, question: &str) -> Vec<&str> {
        let mut lines = Vec::new();
        let text = self
            .answers
            .get(question)
            .map(String::as_str)
            .unwrap_or_default();
        for line in text
            .lines()
            .map(str::trim)
            .filter(|line| says_something(line))
        {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    fn joined(&self, questions: &[String]) -> String {
        questions
            .iter()
            .filter_map(|question| self.answers.get(question))
            .filter(|text| says_something(text))
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use hiec_kernel::OrganisationId;
    use hiec_kernel::organisations::Function;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::calls::facts::call_2009;

    pub fn organisation(
        name: &str,
        sector: Sector,
        settings: &[Setting],
        functions: &[Function],
    ) -> Organisation {
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
        Partner {
            organisation,
            presence: Presence::Member,
        }
    }

    fn trust(name: &str, setting: Setting) -> Partner {
        member(organisation(
            name,
            Sector::Nhs,
            &[setting],
            &[Function::ProvidesCare],
        ))
    }

    fn university() -> Partner {
        member(organisation(
            "Example University",
            Sector::HigherEducation,
            &[],
            &[Function::ProvidesEducation],
        ))
    }

    fn company() -> Partner {
        member(organisation(
            "Example Devices Ltd",
            Sector::Industry,
            &[],
            &[],
        ))
    }

    fn deanery() -> Partner {
        member(organisation(
            "Example SHA Deanery",
            Sector::Nhs,
            &[],
            &[Function::CommissionsEducation],
        ))
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
            (
                "research_network",
                "The network opens trials at every site.",
            ),
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
            answers: answers
                .map(|(key, text)| (key.to_owned(), text.to_owned()))
                .into(),
        }
    }

    fn finding(snapshot: &Snapshot, principle: &str) -> Finding {
        check(call_2009().unwrap(), snapshot)
            .into_iter()
            .find(|f| f.principle == principle)
            .unwrap()
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
        let snapshot = Snapshot {
            partners: two_trusts_and_a_university(),
            ..everything_written()
        };
        let settings = finding(&snapshot, "settings");
        assert_eq!(settings.verdict, Verdict::NotMet);
        assert!(
            settings.why.starts_with("Missing: Primary care."),
            "{}",
            settings.why
        );
        assert_eq!(settings.mend, ["Bring in a provider of primary care."]);
        let sectors = finding(&snapshot, "sectors");
        assert_eq!(sectors.verdict, Verdict::NotMet);
        assert_eq!(
            sectors.mend,
            ["Bring in a partner from this sector: industry."]
        );
    }

    #[test]
    fn a_deanery_fails_the_split_by_name_even_when_only_invited() {
        for presence in [Presence::Member, Presence::Invited] {
            let mut snapshot = everything_written();
            snapshot.partners.push(Partner {
                presence,
                ..deanery()
            });
            let split = finding(&snapshot, "split");
            assert_eq!(split.verdict, Verdict::NotMet);
            assert!(
                split
                    .why
                    .contains("Example SHA Deanery commissions education"),
                "{}",
                split.why
            );
        }
        let mut left = everything_written();
        left.partners.push(Partner {
            presence: Presence::Gone,
            ..deanery()
        });
        assert_eq!(verdict(&left, "split"), Verdict::Met);
        let refusal = may_join(&deanery().organisation).unwrap_err().to_string();
        assert!(
            refusal.contains("Example SHA Deanery") && refusal.contains("commissions education")
        );
        let only_named_so = organisation("A Company Called Deanery", Sector::Industry, &[], &[]);
        assert_eq!(
            may_join(&only_named_so),
            Ok(()),
            "judged by what it does, not by its name"
        );
    }

    #[test]
    fn an_invited_partner_makes_it_unclear_and_one_who_declined_does_not_count() {
        for (presence, expected) in [
            (Presence::Member, Verdict::Met),
            (Presence::Invited, Verdict::Unclear),
            (Presence::Gone, Verdict::NotMet),
        ] {
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
            partners: vec![member(organisation(
                "Example Care Trust",
                Sector::Nhs,
                &all,
                &[Function::ProvidesCare],
            ))],
            ..Snapshot::default()
        };
        assert_eq!(verdict(&snapshot, "settings"), Verdict::Unclear);
    }

    #[test]
    fn professions_may_be_a_plan() {
        let said = |list: &str, plan: &str| {
            let mut snapshot = everything_written();
            snapshot.answers.insert("professions".into(), list.into());
            snapshot
                .answers
                .insert("professions_plan".into(), plan.into());
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
                assert_eq!(
                    verdict(&snapshot, principle),
                    expected,
                    "{principle}: {text}"
                );
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
            assert_eq!(
                verdict(&snapshot, "accountability"),
                expected,
                "{form:?} {binding}"
            );
        }
    }

    #[test]
    fn a_body_whose_functions_are_not_recorded_leaves_the_split_unclear() {
        let mut snapshot = everything_written();
        snapshot.partners.push(member(organisation(
            "Example Authority",
            Sector::Nhs,
            &[],
            &[],
        )));
        assert_eq!(verdict(&snapshot, "split"), Verdict::Unclear);
    }

    #[test]
    fn answers_are_read_as_the_bid_asks_them() {
        let mut answers = Answers::new();
        answers.set(
            "professions",
            Some(Answer::Choices(vec!["nurses".into(), "doctors".into()])),
        );
        answers.set("legal_form", Some(Answer::Choice("charity".into())));
        answers.set("binding_contracts", Some(Answer::Choice("yes".into())));
        // Asked only of an amount above a million, which is not given.
        answers.set("large_sum_reason", Some(Answer::Text("Hidden".into())));
        let snapshot = Snapshot::of(call_2009().unwrap(), whole(), &answers);
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
}
