//! The rule of each principle: one function each, from a snapshot to a verdict with its reason; none knows how it is shown.

use hiec_kernel::organisations::{Organisation, Sector, Setting};

use crate::check::{Finding, Partner, Presence, Snapshot, Verdict};
use crate::rules::{LegalForm, LegalStanding, Principle, PrincipleRule, Rules};
use crate::written::{Measured, measured};

/// Judges one principle by its rule.
pub(crate) fn of(rules: &Rules, principle: &Principle, snapshot: &Snapshot) -> Finding {
    let outcome = match &principle.rule {
        PrincipleRule::Settings => settings(snapshot, &rules.required_settings),
        PrincipleRule::Sectors { statement } => sectors(snapshot, &rules.required_sectors, statement.as_deref()),
        PrincipleRule::Professions { list, plan } => professions(snapshot, list, plan),
        PrincipleRule::Measured { questions } => measurable(snapshot, questions),
        PrincipleRule::Split { plan } => split(snapshot, plan),
        PrincipleRule::Accountability { governance, links, quality_control, .. } => accountability(
            snapshot,
            &rules.legal_forms,
            governance,
            &[
                (links, "how the cluster links to the innovation bodies around it (AHSC, CLAHRC, BRC, innovation hub)"),
                (quality_control, "how quality is managed and controlled, and the regulators' assurance met"),
            ],
        ),
        PrincipleRule::Answered { questions } => answered(snapshot, questions),
    };
    outcome.about(principle)
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
        Self { verdict, by_plan: false, why: why.into(), mend }
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

fn settings(snapshot: &Snapshot, required: &[Setting]) -> Outcome {
    let gives = |partner: &Partner, setting| partner.organisation.settings.contains(&setting);
    let outcome = presence(snapshot, required, Setting::label, gives, |label| {
        format!("Bring in a provider of {}.", label.to_lowercase())
    });
    let providers =
        snapshot.members().filter(|organisation| required.iter().any(|s| organisation.settings.contains(s))).count();
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
        format!("Bring in a partner from this sector: {}.", sector_in_words(label))
    });
    if let Some(question) = statement
        && !snapshot.says(question)
    {
        outcome.mend.push("Say how the partnership works with the NIHR Clinical Research Network, so that industry can run more major trials here.".into());
        if outcome.verdict == Verdict::Met {
            outcome.verdict = Verdict::Unclear;
            outcome.why.push_str(" How it works with the Clinical Research Network is not written yet.");
        }
    }
    outcome
}

fn sector_in_words(label: &str) -> String {
    // "NHS" keeps its capitals; the others stand inside a sentence.
    if label.chars().nth(1).is_some_and(char::is_uppercase) { label.to_owned() } else { label.to_lowercase() }
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
    let present = if here.is_empty() { String::new() } else { format!(" Present: {}.", here.join(", ")) };
    let waits = pending.iter().map(|(_, name)| format!("{name} is invited and has not accepted: ask it to answer."));
    if !missing.is_empty() {
        let why = format!("Missing: {}.{present}", missing.join(", "));
        return Outcome::not_met(why, missing.iter().map(|label| mend(label)).chain(waits).collect());
    }
    if !pending.is_empty() {
        let labels: Vec<&str> = pending.iter().map(|(label, _)| *label).collect();
        let why = format!("It rests on an invitation that is not accepted yet: {}.{present}", labels.join(", "));
        return Outcome::unclear(why, waits.collect());
    }
    Outcome::met(present.trim_start())
}

fn professions(snapshot: &Snapshot, list: &str, plan: &str) -> Outcome {
    let named = snapshot.lines(list);
    if named.len() >= 2 {
        return Outcome::met(format!("{} professions from the start: {}.", named.len(), named.join(", ")));
    }
    let start = match named.first() {
        Some(only) => format!("Only one profession from the start ({only})"),
        None => "No professions are named".to_owned(),
    };
    if snapshot.says(plan) {
        return Outcome { by_plan: true, ..Outcome::met(format!("{start}, with a plan to widen.")) };
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
                .map(|name| format!("Take {name} out of the partnership and work with it as your commissioner."))
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
            format!("It is not recorded what this body does: {}.", unknown.join("; ")),
            vec!["Ask the programme office to record its functions.".into()],
        );
    }
    if snapshot.members().next().is_none() {
        return Outcome::unclear("There is no partner yet.", vec!["Bring partners together first.".into()]);
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

fn accountability(snapshot: &Snapshot, forms: &[LegalForm], governance: &str, others: &[(&String, &str)]) -> Outcome {
    let chosen = snapshot.legal_form.as_deref().filter(|key| !key.trim().is_empty());
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
        return Outcome::not_met("The legal form or the governance does not hold yet.", lacking);
    }
    let name = form.map(|form| form.name.as_str()).unwrap_or_default();
    if !doubts.is_empty() {
        return Outcome::unclear(
            format!("The legal form ({name}) and the governance are there; not everything else is."),
            doubts,
        );
    }
    Outcome::met(format!("Legal form ({name}), governance, links and quality control are described."))
}

fn answered(snapshot: &Snapshot, questions: &[String]) -> Outcome {
    let open = questions.iter().filter(|q| !snapshot.says(q)).count();
    if open == 0 {
        Outcome::met("Answered.")
    } else if open == questions.len() {
        Outcome::not_met("Nothing is written yet.", vec!["Answer the questions on this principle.".into()])
    } else {
        Outcome::unclear(
            format!("{open} of {} questions on this principle are open.", questions.len()),
            vec!["Answer the open questions on this principle.".into()],
        )
    }
}
