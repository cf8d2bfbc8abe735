//! `/clusters/{cluster}/education/rounds/{round}/result`: a trainee's own result, why each choice they preferred went elsewhere, proven before their eyes, and the way to appeal. To be printed as it is.

use hiec_kernel::Problem;
use hiec_kernel::clock::on_page;
use hiec_placement::Rule;
use hiec_reports::Reports;
use hiec_web::components::own::Downloads;
use hiec_web::components::{Button, InsetText, Tag};
use hiec_web::{Answer, Errors, Loaded, Page};
use maud::{Markup, html};
use serde_json::json;

use super::access::{OwnEntry, own_target};
use super::appeals;
use super::certificate::Own;
use super::states::RoundState;
use super::store::{self, Appeal, AppealState};
use crate::ground;
use crate::home;

pub async fn get(own: Loaded<OwnEntry>) -> Answer {
    Ok(page(&own, &own.thing, &appeals::Form::default(), &Errors::none()).await?.into())
}

pub(super) async fn page<R>(
    loaded: &Loaded<R>,
    own: &OwnEntry,
    form: &appeals::Form,
    errors: &Errors,
) -> Result<Page, Problem> {
    let reads = loaded.database();
    let (here, entrant) = (&own.here, own.entrant()?);
    let round = &here.round;
    let result = Own::load(&reads, own).await?;
    let (seal, checked, host) = (&result.seal, &result.checked, &result.host);
    let theirs: Vec<Appeal> =
        store::appeals(&reads, round.id).await?.into_iter().filter(|one| one.trainee == entrant.trainee_id).collect();
    let may_appeal = round.state == RoundState::Published
        && theirs.iter().all(|one| one.state != AppealState::Open)
        && loaded.may_with("appeal.make", &own_target(here, "appeal", true));
    let reasons = result.reasons();
    let kept = result.kept();
    let prints = loaded.app.optional::<Reports>().is_some_and(Reports::is_available);
    let rule = Rule::of_code(&round.rule).map_or("a rule", Rule::words);
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (round.name) } "Your result" }
        p.nhsuk-lede-text {
            @match host {
                Some(host) => { strong { (host) } },
                None => { strong { "No place in this round" } },
            }
            ": " (entrant.number) @if result.outcome.is_changed { ", changed on appeal." } @else { ", by " (rule) "." }
        }
        @if let Some(change) = result.change() { (InsetText::new(change)) }
        @if !result.outcome.note.is_empty() { p { "The placement itself is still to be planned: " (result.outcome.note) } }
        h2 { "Why not a choice you preferred" }
        @if reasons.is_empty() {
            @if result.sealed_host.is_some() { p { "There is none you preferred: the run gave you your first choice." } } @else { p { "You ranked no host." } }
        } @else { ul { @for line in &reasons { li { (line) } } } }
        @if !kept.is_empty() {
            h3 { "Places that were kept for groups" }
            ul { @for line in &kept { li { (line) } } }
        }
        @if !checked.left_open.is_empty() {
            h3 { "What this certificate cannot prove" }
            ul { @for line in &checked.left_open { li { (capital(line)) } } }
        }
        (InsetText::new(html! {
            @if checked.holds() {
                p { (Tag::new("Checked")) " Each reason above was worked out again from your certificate and the ranks all hosts admitted." }
            } @else {
                p { strong { "This certificate does not hold." } " Tell the education lead of the cluster: " (checked.false_claims.join("; ")) }
            }
            p { "Published " (on_page(seal.published_at)) " under the root " span.app-fingerprint { (seal.root) } ". Check it yourself, without us: " code { (result.command) } }
        }))
        (Downloads::new(files(&here.path(), prints)))
        (appeal_part(&theirs, may_appeal, &here.path(), form, errors))
    };
    let data = json!({
        "number": entrant.number,
        "host": host,
        "rule": round.rule,
        "reasons": reasons,
        "kept_for_groups": kept,
        "change": result.change(),
        "command": result.command,
        "left_open": checked.left_open,
        "holds": checked.holds(),
        "root": seal.root,
        "appeals": theirs,
    });
    let page = Page::new("Your result", view).data(&data)?;
    Ok(home::under(page, &here.cluster).under(here.path(), round.name.clone()))
}

/// The one to print only where the program that draws is there.
fn files(path: &str, prints: bool) -> Vec<(String, String)> {
    let print = ("Your certificate to print (PDF)".to_owned(), format!("{path}/result/certificate.pdf"));
    let json = ("Your certificate (JSON)".to_owned(), format!("{path}/result/certificate.json"));
    prints.then_some(print).into_iter().chain([json]).collect()
}

fn appeal_part(theirs: &[Appeal], may_appeal: bool, path: &str, form: &appeals::Form, errors: &Errors) -> Markup {
    html! {
        @if !theirs.is_empty() || may_appeal { h2 { "Appeal" } }
        @for appeal in theirs {
            p { strong { (appeal.state.label()) } ". You wrote, " (on_page(appeal.made_at)) ": " (appeal.reason) }
            @if !appeal.decision.is_empty() { p { "Decided: " (appeal.decision) } }
        }
        @if may_appeal {
            p { "If something in it is wrong, such as a place you should have been given before the run, say what. Somebody else than who published it decides." }
            form method="post" action={ (path) "/appeals" } novalidate {
                (ground::lines_field("reason", "What is wrong", &form.reason, errors))
                (Button::new("Appeal").secondary())
            }
        }
    }
}

pub(super) fn capital(line: &str) -> String {
    let mut letters = line.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
