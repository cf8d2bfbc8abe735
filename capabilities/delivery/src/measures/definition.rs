//! `/clusters/{cluster}/measures/{measure}/definition`: what is counted, in which words, every version with what it changed, and the decision of a second person.

use axum::extract::Path;
use hiec_kernel::ProblemKind;
use hiec_kernel::clock::{day_on_page, on_page};
use hiec_web::components::own::{Diff, DiffLine, diff_lines};
use hiec_web::components::{Button, RadioItem, Radios, SummaryList, SummaryRow, Tag, TagColour, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::access::AtAllSites;
use super::defining;
use super::people::who;
use super::pieces::{illustrative, summary};
use super::states::{Decision, VersionState};
use super::store::{self, Version};

/// What a second person decides.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct DecisionForm {
    /// `in_force` or `refuse`.
    decision: String,
    reason: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    key: &'a str,
    title: &'a str,
    in_force: i64,
    versions: &'a [Version],
    errors: &'a Errors,
}

pub async fn get(at: Loaded<AtAllSites>) -> Answer {
    Ok(page(&at, &DecisionForm::default(), &Errors::none()).await?.into())
}

async fn page(at: &Loaded<AtAllSites>, form: &DecisionForm, errors: &Errors) -> Result<Page, hiec_kernel::Problem> {
    let versions = store::versions(&at.database(), at.measure.id).await?;
    // Those who only see public figures see what is in force, not who proposed what.
    let versions: Vec<Version> = match at.viewer.is_team || at.viewer.is_peer {
        true => versions,
        false => versions.into_iter().filter(|version| version.state == VersionState::InForce).collect(),
    };
    let mut cards = Vec::with_capacity(versions.len());
    for (place, version) in versions.iter().enumerate() {
        let before = versions.get(place + 1);
        cards.push(card(at, version, before, form, errors).await?);
    }
    let view = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (at.cluster.short_name) } (at.measure.title) (illustrative(at.measure.is_illustrative)) }
        p { a href=(at.path()) { "Its figures" } }
        @if !at.measure.is_in_force() {
            p { (Tag::new("Proposed").colour(TagColour::Yellow)) " No figures can be sent until somebody puts it in force." }
        }
        h2 { @if at.measure.is_in_force() { "Definition in force" } @else { "Definition proposed" } }
        (definition(at))
        @if at.may("measure.propose") { (Button::link("Propose a new version", format!("{}/versions/new", at.path())).secondary()) }
        h2 { "Versions" }
        @for card in cards { (card) }
    };
    let shown = Shown {
        key: &at.measure.key,
        title: &at.measure.title,
        in_force: at.measure.in_force,
        versions: &versions,
        errors,
    };
    Ok(Page::new(format!("{}: definition", at.measure.title), view)
        .data(&shown)?
        .under("/clusters", "Clusters")
        .under(at.cluster.path(), at.cluster.short_name.clone())
        .under(format!("{}/measures", at.cluster.path()), "Measures")
        .under(at.path(), at.measure.title.clone()))
}

fn definition(at: &AtAllSites) -> SummaryList {
    let text = at.definition().lines();
    SummaryList::new(
        text.lines().filter_map(|line| line.split_once(": ")).map(|(name, words)| SummaryRow::new(name, words)),
    )
}

async fn card(
    at: &Loaded<AtAllSites>,
    version: &Version,
    before: Option<&Version>,
    form: &DecisionForm,
    errors: &Errors,
) -> Result<Markup, hiec_kernel::Problem> {
    let database = at.database();
    let by = who(&database, &version.proposed_by).await?;
    let decided_by = match &version.decided_by {
        Some(actor) => Some(who(&database, actor).await?),
        None => None,
    };
    let colour = match version.state {
        VersionState::Proposed => TagColour::Yellow,
        VersionState::InForce => TagColour::Green,
        VersionState::Superseded | VersionState::Refused => TagColour::Grey,
    };
    let changes = before.map(|before| changed(&before.definition.lines(), &version.definition.lines()));
    Ok(html! {
        section aria-labelledby={ "version-" (version.number) } {
            h3 id={ "version-" (version.number) } { "Version " (version.number) " " (Tag::new(version.state.label()).colour(colour)) }
            p { "Proposed by " (by) " on " (on_page(version.proposed_at)) ": " (version.why) }
            @if let Some((by, moment)) = decided_by.zip(version.decided_at) {
                p {
                    @if version.state == VersionState::Refused { "Refused by " } @else { "Put in force by " }
                    (by) " on " (on_page(moment))
                    @if let Some(reason) = version.reason.as_deref().filter(|reason| !reason.is_empty()) { ": " (reason) }
                }
            }
            @if let Some((old, new)) = changes {
                @if old.is_empty() && new.is_empty() { p { "Nothing but the reason differs from the version before." } }
                @else { (Diff::new(format!("Version {} and the one before", version.number), old, new)) }
            }
            @if version.state == VersionState::Proposed && at.may("measure.decide") { (decision(at, version, form, errors)) }
        }
    })
}

/// The lines of two texts that differ.
fn changed(old: &str, new: &str) -> (String, String) {
    let (mut removed, mut added) = (String::new(), String::new());
    for line in diff_lines(old, new) {
        match line {
            DiffLine::Same(_) => {}
            DiffLine::Removed(line) => removed.push_str(&format!("{line}\n")),
            DiffLine::Added(line) => added.push_str(&format!("{line}\n")),
        }
    }
    (removed, added)
}

fn decision(at: &Loaded<AtAllSites>, version: &Version, form: &DecisionForm, errors: &Errors) -> Markup {
    let is_own =
        at.person().is_ok_and(|person| version.proposed_by == hiec_kernel::people::Actor::Person(person.id).key());
    html! {
        @if is_own {
            p { "You proposed it: somebody else decides." }
        } @else {
            form method="post" action={ (at.path()) "/versions/" (version.number) "/decision" } novalidate {
                (Radios::new("decision", "Your decision")
                    .items([RadioItem::new("in_force", "Put it in force"), RadioItem::new("refuse", "Refuse it")])
                    .value(form.decision.as_str())
                    .error_message(errors.of("decision")))
                (Textarea::new("reason", "Reason").hint("Needed for a refusal").value(form.reason.as_str()).rows(Some(3)).error_message(errors.of("reason")))
                (Button::new("Decide"))
            }
        }
    }
}

pub async fn decide(
    at: Loaded<AtAllSites>,
    Path((_, _, number)): Path<(String, String, i64)>,
    Input(form): Input<DecisionForm>,
) -> Answer {
    let mut errors = Errors::none();
    let decision = match form.decision.as_str() {
        "in_force" => Some(Decision::PutInForce),
        "refuse" => Some(Decision::Refuse),
        _ => {
            errors.add("decision", "Choose what you decide");
            None
        }
    };
    let Some(decision) = decision else {
        return Ok(page(&at, &form, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = at.begin().await?;
    let state = match defining::decide(&mut unit, &at.measure, number, decision, &form.reason).await {
        Ok(state) => state,
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("reason", problem.title);
            return Ok(page(&at, &form, &errors).await?.with_errors(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    };
    unit.commit().await?;
    let word = match state {
        VersionState::InForce => {
            format!("Version {number} is in force from today, {}.", day_on_page(super::access::today(&at)))
        }
        _ => format!("Version {number} is refused."),
    };
    Ok(Done::to(format!("{}/definition", at.path())).saying(word).into())
}
