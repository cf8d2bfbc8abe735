//! `/credentials/{credential}`: a badge as its holder shows it, checked as it is looked at; and the badge itself, to keep.

use axum::response::IntoResponse;
use hiec_credentials::{Options, Outcome, Report, bake, verify};
use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_reports::Reports;
use hiec_web::components::own::Downloads;
use hiec_web::components::{Button, InsetText, RadioItem, Radios, SummaryList, SummaryRow, WarningCallout};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page, Reply};
use http::header::CONTENT_TYPE;
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::actions::{self, Change};
use super::store::BadgeHere;
use super::{check, keys, lists, picture};
use crate::ground::{self, LINES, made_up};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct PublicationForm {
    /// `yes` or `no`.
    published: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct StandingForm {
    /// `suspend`, `reinstate` or `revoke`.
    change: String,
    reason: String,
}

pub async fn get(here: Loaded<BadgeHere>) -> Answer {
    Ok(page(&here, &StandingForm::default(), &Errors::none()).await?.into())
}

/// The badge judged as anybody's verifier would, with what this installation publishes.
async fn judged(here: &Loaded<BadgeHere>) -> Result<Report, Problem> {
    let key_documents = keys::documents(&here.database()).await?;
    // Without the secret no list can be signed; the standing on record is shown all the same.
    let status_lists = if keys::is_ready(&here.app) { lists::every(&here.app).await? } else { Vec::new() };
    let options = Options { key_documents: &key_documents, status_lists: &status_lists, ..Options::at(here.now()) };
    verify(here.badge.token.as_bytes(), &options).map_err(|problem| Problem::internal(problem.0))
}

async fn page(here: &Loaded<BadgeHere>, form: &StandingForm, errors: &Errors) -> Result<Page, Problem> {
    let (badge, skill) = (&here.badge, &here.skill);
    let report = judged(here).await?;
    let until = badge.valid_until.map_or_else(|| "No end".to_owned(), |until| day_on_page(london_date(until)));
    let holder =
        report.badge.recipient.clone().unwrap_or_else(|| "Named by a hash only, as the holder wished".to_owned());
    let path = badge.path();
    let unchecked =
        report.checks.iter().find(|check| check.outcome == Outcome::NotChecked).map(|check| &check.sentence);
    let is_standing = report.accepted && badge.standing == "good";
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { "Open Badge" } (skill.name) (made_up(badge.is_illustrative)) }
        @if is_standing {
            (InsetText::new(html! { p { "This badge is genuine and good." @if let Some(words) = &unchecked { " Only: " (words) } } }))
        } @else {
            (WarningCallout::new("This badge does not count now", html! { p { (report.sentence) } }))
        }
        (SummaryList::new([
            SummaryRow::new("Holder", holder),
            SummaryRow::new("Issued by", here.cluster.name.as_str()),
            SummaryRow::new("What it says", skill.description.as_str()),
            SummaryRow::new("What had to be done", skill.criteria.as_str()),
            SummaryRow::new("Awarded", day_on_page(london_date(badge.valid_from))),
            SummaryRow::new("Good until", until),
        ]))
        @if here.may("badge.export") { (downloads(here, &path)) }
        @if here.may("badge.publish") { (who_sees_it(here, &path)) }
        @if here.may("badge.revoke") && badge.standing != "revoked" { (standing_form(here, form, errors)) }
        h2 { "The check, step by step" }
        (check::steps(&report))
        p { a.nhsuk-link href="/credentials/check" { "Check any badge" } }
    };
    let data = json!({ "skill": skill.name, "issuer": here.cluster.name, "holder": report.badge.recipient, "valid_from": badge.valid_from,
        "valid_until": badge.valid_until, "standing": badge.standing, "report": report });
    Ok(Page::new(skill.name.clone(), view).data(&data)?.under("/credentials/check", "Badges"))
}

fn downloads(here: &Loaded<BadgeHere>, path: &str) -> Markup {
    let mut files = vec![
        ("Signed token (JWT), for wallets".to_owned(), format!("{path}/badge.jwt")),
        ("JSON-LD with its proof, for wallets".to_owned(), format!("{path}/badge.json")),
        ("Picture with the badge in it (SVG)".to_owned(), format!("{path}/badge.svg")),
    ];
    if pictures(here).is_some() {
        files.push(("Picture with the badge in it (PNG)".to_owned(), format!("{path}/badge.png")));
        files.push(("Certificate to print (PDF)".to_owned(), format!("{path}/certificate.pdf")));
    }
    html! { h2 { "Yours to keep" } (Downloads::new(files)) }
}

/// The program that draws, where there is one.
pub(super) fn pictures(here: &Loaded<BadgeHere>) -> Option<Reports> {
    here.app.optional::<Reports>().filter(|reports| reports.is_available()).cloned()
}

fn who_sees_it(here: &Loaded<BadgeHere>, path: &str) -> Markup {
    let (value, words, button) = match here.badge.is_published {
        true => ("no", "Everybody who has this page's address can see it.", "Show it to nobody"),
        false => ("yes", "Only you, and those who award, can see this page.", "Publish this page"),
    };
    html! {
        h2 { "Who sees it" }
        p { (words) }
        form method="post" action={ (path) "/publication" } {
            input type="hidden" name="published" value=(value);
            (Button::new(button).secondary())
        }
    }
}

fn standing_form(here: &Loaded<BadgeHere>, form: &StandingForm, errors: &Errors) -> Markup {
    let mut items = vec![];
    match here.badge.standing.as_str() {
        "suspended" => items.push(RadioItem::new("reinstate", "Reinstate it")),
        _ => items.push(RadioItem::new("suspend", "Suspend it for now")),
    }
    items.push(RadioItem::new("revoke", "Revoke it for good"));
    html! {
        h2 { "Take it back" }
        form method="post" action={ (here.badge.path()) "/standing" } novalidate {
            (Radios::new("change", "What is to be done?").items(items).value(form.change.as_str()).error_message(errors.of("change").unwrap_or_default()))
            (ground::lines_field("reason", "Why: the holder is told", &form.reason, errors))
            (Button::new("Do it").warning())
        }
    }
}

pub async fn publication(here: Loaded<BadgeHere>, Input(form): Input<PublicationForm>) -> Answer {
    let is_published = match form.published.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Problem::invalid("It was not said whether to publish", "Send published as yes or no.").into()),
    };
    let mut unit = here.begin().await?;
    actions::publish(&mut unit, &here.skill, &here.claim, &here.badge, is_published).await?;
    unit.commit().await?;
    let word = match is_published {
        true => "Everybody who has the address can see this page now.",
        false => "Nobody else sees this page now.",
    };
    Ok(Done::to(here.badge.path()).saying(word).into())
}

pub async fn standing(here: Loaded<BadgeHere>, Input(form): Input<StandingForm>) -> Answer {
    let mut errors = Errors::none();
    let change = match form.change.as_str() {
        "suspend" => Some(Change::Suspend),
        "reinstate" => Some(Change::Reinstate),
        "revoke" => Some(Change::Revoke),
        _ => None,
    };
    let change = ground::one_of(&mut errors, "change", "what is to be done", change);
    let reason = errors.text("reason", "why", &form.reason, LINES);
    let (Some(change), Some(reason)) = (change, reason) else {
        return Ok(page(&here, &form, &errors).await?.with_errors(&errors).into());
    };
    let mut unit = here.begin().await?;
    actions::change(&mut unit, &here.cluster, &here.skill, &here.claim, &here.badge, (change, &reason)).await?;
    unit.commit().await?;
    Ok(Done::to(here.badge.path()).saying("It is done; the status list says so from now on.").into())
}

pub async fn token(here: Loaded<BadgeHere>) -> Answer {
    Ok(Reply::download("badge.jwt", "application/jwt", here.badge.token.clone().into_bytes()))
}

pub async fn json(here: Loaded<BadgeHere>) -> Answer {
    Ok(([(CONTENT_TYPE, "application/ld+json")], here.badge.signed.clone()).into_response().into())
}

pub async fn svg(here: Loaded<BadgeHere>) -> Answer {
    let picture = picture::draw(&here.skill.name, &here.cluster.short_name);
    let baked = bake(picture.as_bytes(), &here.badge.token).map_err(|problem| Problem::internal(problem.0))?;
    Ok(Reply::download("badge.svg", "image/svg+xml", baked))
}

pub async fn png(here: Loaded<BadgeHere>) -> Answer {
    let picture = picture::draw(&here.skill.name, &here.cluster.short_name);
    let drawn = here.app.service::<Reports>()?.png(&picture, picture::WIDTH).await.map_err(Problem::from)?;
    let baked = bake(&drawn, &here.badge.token).map_err(|problem| Problem::internal(problem.0))?;
    Ok(Reply::download("badge.png", "image/png", baked))
}
