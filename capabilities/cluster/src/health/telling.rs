//! `/clusters/{cluster}/health/{partner}`: one partner says what it thinks of the others in a quarter; for another nobody speaks without naming who said so.

use axum::extract::Query;
use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::PartnerSeen;
use hiec_kernel::clock::london_date;
use hiec_kernel::{OrganisationId, Problem, Scope};
use hiec_store::{AuditEvent, Unit};
use hiec_web::components::{Button, Select, SelectItem};
use hiec_web::{Answer, Done, Errors, Fields, Loaded, Loading, Page, Resource};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rules::{LEVELS, Question, Told, View};
use super::store;
use crate::clusters::store::{self as clusters, Cluster, PartnerRole};
use crate::desk::{AtDesk, heading, line_field, page_of, summary};
use crate::money::quarters::Quarter;

/// A partner that speaks.
#[derive(Clone, Debug)]
pub struct TieDesk {
    cluster: Cluster,
    partners: Vec<PartnerSeen>,
    speaker: PartnerSeen,
}

impl AtDesk for TieDesk {
    fn cluster(&self) -> &Cluster {
        &self.cluster
    }
}

impl Resource for TieDesk {
    const KIND: &'static str = "tie";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(key), Some(partner)) = (loading.text("cluster"), loading.id("partner")) else {
            return Ok(None);
        };
        let Some(cluster) = clusters::by_key(&loading.database, key).await? else {
            return Ok(None);
        };
        let partners = clusters::partners(&loading.database, cluster.id).await?;
        let today = london_date(loading.now);
        let speaker = partners
            .iter()
            .find(|one| one.organisation.id.0 == partner && one.is_partner_on(today))
            .or_else(|| partners.iter().find(|one| one.organisation.id.0 == partner));
        let Some(speaker) = speaker.cloned() else {
            return Ok(None);
        };
        let target = cluster.target(Self::KIND).scope(Scope::Organisation(partner));
        Ok(Some((Self { cluster, partners, speaker }, target)))
    }
}

/// A partner said what it thinks of another.
#[derive(Serialize)]
struct ViewTold {
    quarter: String,
    from: OrganisationId,
    about: OrganisationId,
    before: Option<View>,
    after: View,
    /// Who at the partner said so, where somebody else wrote it down.
    word_of: String,
}

impl AuditEvent for ViewTold {
    const KIND: &'static str = "health.view_told";
}

/// Keeps what a partner says in a quarter; what it had said already and says again leaves no trace.
pub(crate) async fn tell(
    unit: &mut Unit,
    cluster: &Cluster,
    quarter: Quarter,
    views: Vec<Told>,
    word_of: &str,
) -> Result<(), Problem> {
    let stood = store::told(unit, cluster.id).await?;
    for told in views {
        let before = stood
            .iter()
            .find(|(then, one)| *then == quarter && one.from == told.from && one.about == told.about)
            .map(|(_, one)| one.view.clone());
        if before.as_ref().unwrap_or(&View::default()) == &told.view {
            continue;
        }
        store::tell(unit, cluster.id, quarter, &told, word_of).await?;
        let event = ViewTold {
            quarter: quarter.key(),
            from: told.from,
            about: told.about,
            before,
            after: told.view,
            word_of: word_of.to_owned(),
        };
        unit.audit(cluster.stream(), format!("partner:{}", told.from), &event)?;
    }
    Ok(())
}

/// The quarter, and per other partner `tie-ID` (0 to 5) and `QUESTION-ID` (1 to 5); what is left open is unknown.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "names the fields for the OpenAPI document; the form is read field by field")]
pub struct Form {
    /// The quarter's first day.
    #[serde(default)]
    quarter: String,
    /// Who at the partner said so, where somebody else writes it down.
    #[serde(default)]
    word_of: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    quarter: String,
}

/// The quarters that can be spoken of: those of the term that have begun, the latest first.
pub(super) fn quarters(cluster: &Cluster, today: NaiveDate) -> Vec<Quarter> {
    let mut quarters = Quarter::between(cluster.starts_on, today.min(cluster.ends_on));
    quarters.reverse();
    quarters
}

/// The partners asked about a quarter: those of its last day (or of today, while it runs), each once, by name. Associates only look on.
pub(crate) fn asked_in(partners: &[PartnerSeen], quarter: Quarter, today: NaiveDate) -> Vec<&PartnerSeen> {
    let day = quarter.last_day().min(today);
    let is_asked = |one: &&PartnerSeen| one.is_partner_on(day) && one.role != PartnerRole::Associate.label();
    let mut present: Vec<&PartnerSeen> = partners.iter().filter(is_asked).collect();
    present.dedup_by_key(|one| one.organisation.id);
    present
}

pub async fn get(desk: Loaded<TieDesk>, Query(asked): Query<Asked>) -> Answer {
    let quarters = quarters(&desk.cluster, london_date(desk.now()));
    let chosen = Quarter::from_key(&asked.quarter).filter(|quarter| quarters.contains(quarter));
    let quarter = chosen.or_else(|| quarters.first().copied()).ok_or_else(Problem::not_found)?;
    Ok(page(&desk, quarter, None, &Errors::none()).await?.into())
}

async fn page(
    desk: &Loaded<TieDesk>,
    quarter: Quarter,
    typed: Option<&Fields>,
    errors: &Errors,
) -> Result<Page, Problem> {
    let told = store::told(&desk.database(), desk.cluster.id).await?;
    let speaker = &desk.speaker.organisation;
    let others: Vec<&PartnerSeen> = asked_in(&desk.partners, quarter, london_date(desk.now()))
        .into_iter()
        .filter(|one| one.organisation.id != speaker.id)
        .collect();
    let own: Vec<&Told> =
        told.iter().filter(|(then, one)| *then == quarter && one.from == speaker.id).map(|(_, one)| one).collect();
    let value = |name: &str, stored: Option<u8>| match typed {
        Some(fields) => fields.get(name).unwrap_or_default().to_owned(),
        None => stored.map(|answer| answer.to_string()).unwrap_or_default(),
    };
    let is_own = desk.may("tie.own");
    let path = format!("{}/health", desk.cluster.path());
    let view = html! {
        (summary(errors))
        (heading(desk, &format!("What {} says", speaker.name)))
        p { "Of " (quarter.label()) ". Leave open what you do not know: it counts as unknown, and never as no." }
        p { "What you say of ties is seen by all partners. What you say of trust and value is only ever shown as a mean of at least three partners." }
        (others_list(desk, quarter, &path))
        form method="post" novalidate {
            input type="hidden" name="quarter" value=(quarter.key());
            @for other in &others {
                @let id = other.organisation.id;
                @let stored = own.iter().find(|one| one.about == id).map(|one| one.view.clone()).unwrap_or_default();
                h2 { (other.organisation.name) }
                (scale(&format!("tie-{id}"), "How we work together", levels(), &value(&format!("tie-{id}"), stored.tie), errors))
                @for question in Question::ALL {
                    @let name = format!("{}-{id}", question.key());
                    (scale(&name, question.label(), ones_to_fives(), &value(&name, stored.answers.get(question).copied()), errors))
                }
            }
            @if others.is_empty() { p { "There is no other partner to speak of." } }
            @else {
                @if !is_own { (line_field("word_of", "Who at the partner said so", typed.and_then(|fields| fields.get("word_of")).unwrap_or_default(), errors)) }
                (Button::new("Say it"))
            }
        }
    };
    let data: Vec<&Told> = own;
    page_of(&desk.cluster, format!("What {} says", speaker.name), view).under(path, "Partnership health").data(&data)
}

fn others_list(desk: &Loaded<TieDesk>, now: Quarter, path: &str) -> Markup {
    let earlier: Vec<Quarter> =
        quarters(&desk.cluster, london_date(desk.now())).into_iter().filter(|one| *one != now).collect();
    html! {
        @if !earlier.is_empty() {
            p {
                "Another quarter: "
                @for (nth, one) in earlier.iter().enumerate() {
                    @if nth > 0 { ", " }
                    a href={ (path) "/" (desk.speaker.organisation.id) "?quarter=" (one.key()) } { (one.short_label()) }
                }
                "."
            }
        }
    }
}

fn levels() -> Vec<(String, String)> {
    LEVELS.iter().enumerate().map(|(nth, words)| (nth.to_string(), (*words).to_owned())).collect()
}

fn ones_to_fives() -> Vec<(String, String)> {
    ["1: not at all", "2", "3", "4", "5: fully"]
        .iter()
        .zip(1..)
        .map(|(words, nth): (_, u8)| (nth.to_string(), (*words).to_owned()))
        .collect()
}

fn scale(name: &str, label: &str, items: Vec<(String, String)>, typed: &str, errors: &Errors) -> Select {
    let open = std::iter::once(SelectItem::new("", "Not known"));
    Select::new(name, label)
        .items(open.chain(items.into_iter().map(|(key, words)| SelectItem::new(key, words))))
        .value(typed)
        .error_message(errors.of(name).unwrap_or_default())
}

pub async fn post(desk: Loaded<TieDesk>, fields: Fields) -> Answer {
    let quarters = quarters(&desk.cluster, london_date(desk.now()));
    let Some(quarter) =
        Quarter::from_key(fields.get("quarter").unwrap_or_default()).filter(|one| quarters.contains(one))
    else {
        return Err(Problem::invalid(
            "This is no quarter of the cluster’s term that has begun",
            "Go back to the page of the partnership’s health and choose a quarter there.",
        )
        .into());
    };
    let mut errors = Errors::none();
    let speaker = desk.speaker.organisation.id;
    let mut answer = |name: String, least: u8| -> Option<u8> {
        let typed = fields.get(&name).unwrap_or_default().trim();
        if typed.is_empty() {
            return None;
        }
        let answer = typed.parse::<u8>().ok().filter(|answer| (least..=5).contains(answer));
        if answer.is_none() {
            errors.add(name, format!("Choose {least} to 5, or leave it open"));
        }
        answer
    };
    let views: Vec<Told> = asked_in(&desk.partners, quarter, london_date(desk.now()))
        .into_iter()
        .map(|one| one.organisation.id)
        .filter(|id| *id != speaker)
        .map(|id| {
            let tie = answer(format!("tie-{id}"), 0);
            let answers = Question::ALL
                .iter()
                .filter_map(|question| Some((*question, answer(format!("{}-{id}", question.key()), 1)?)))
                .collect();
            Told { from: speaker, about: id, view: View { tie, answers } }
        })
        .collect();
    let word_of = if desk.may("tie.own") {
        Some(String::new())
    } else {
        errors.text("word_of", "who at the partner said so", fields.get("word_of").unwrap_or_default(), 200)
    };
    let (Some(word_of), true) = (word_of, errors.is_empty()) else {
        return Ok(page(&desk, quarter, Some(&fields), &errors).await?.with_errors(&errors).into());
    };
    let mut unit = desk.begin().await?;
    tell(&mut unit, &desk.cluster, quarter, views, &word_of).await?;
    unit.commit().await?;
    let path = format!("{}/health?quarter={}", desk.cluster.path(), quarter.key());
    Ok(Done::to(path).saying("It was noted. Thank you.").into())
}
