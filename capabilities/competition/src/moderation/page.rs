//! `/bids/{bid}/moderation`: every score side by side, what was settled and why, who spoke and who left; originals are shown and never changed.

use std::collections::BTreeMap;

use hiec_access::people;
use hiec_kernel::clock::on_page;
use hiec_kernel::{PersonId, Problem};
use hiec_web::components::{
    Button, Cell, CheckboxItem, Checkboxes, Column, Input as TextInput, Select, SelectItem, Table, Tag, TagColour,
    Textarea,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions;
use super::rules::{Attendance, Leaving, Moderated, REASON_WORDS, Settlement};
use super::store::{self, BidInModeration};
use crate::assessment::scores;
use crate::assessment::signals::{OutlierRule, outliers};
use crate::assessment::store::{self as reviews, StoredReview};
use crate::calls::registration::summary;
use crate::ranking::exact::Exact;
use crate::ranking::totals::{BidScores, PartKey};

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// Key of the criterion.
    #[serde(default)]
    criterion: String,
    #[serde(default)]
    score: String,
    #[serde(default)]
    reason: String,
    /// Ids of people who were there, those who left included.
    #[serde(default)]
    present: Vec<String>,
    #[serde(default)]
    spoke: Vec<String>,
    /// Ids of people who left the room for this bid.
    #[serde(default)]
    left: Vec<String>,
    /// Why they left.
    #[serde(default)]
    left_why: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    scores: &'a BidScores,
    settled: &'a [Moderated],
    awaited: usize,
}

pub async fn get(bid: Loaded<BidInModeration>) -> Answer {
    Ok(page(&bid, &Form::default(), &Errors::none()).await?.into())
}

async fn page(bid: &Loaded<BidInModeration>, typed: &Form, errors: &Errors) -> Result<Page, Problem> {
    let database = bid.database();
    let reviews: Vec<StoredReview> = reviews::of_bid(&database, bid.bid.id).await?;
    let me = bid.subject.person.as_ref().map(|person| person.id);
    if reviews.iter().any(|one| Some(one.assessor) == me && one.review.is_awaited()) {
        return Err(Problem::forbidden(
            "You have not submitted your own review of this bid",
            "Submit it first: nobody sees another’s scores before.",
        ));
    }
    let settled = store::of_bid(&database, bid.bid.id).await?;
    let scores = scores::of_reviews(&reviews, &settled);
    let awaited = reviews.iter().filter(|one| one.review.is_awaited()).count();
    let names = names(bid, &reviews, &settled).await?;
    let content = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (bid.bid.title) } "Moderation" }
        @if bid.bid.is_illustrative { p { (Tag::new("illustrative").colour(TagColour::Grey)) } }
        @if awaited > 0 { div.nhsuk-inset-text { p { @if awaited == 1 { "1 review is" } @else { (awaited) " reviews are" } " not submitted yet. Scores are settled when all are in, so that everybody scored alone." } } }
        (side_by_side(bid, &reviews, &scores)?)
        (justifications(bid, &reviews))
        (history(bid, &settled, &names))
        @if bid.may("moderation.settle") && awaited == 0 && !scores.given.is_empty() { (form(bid, &reviews, &names, typed, errors)) }
    };
    let shown = Shown { scores: &scores, settled: &settled, awaited };
    let call = &bid.bid.call;
    Ok(Page::new("Moderation", content)
        .data(&shown)?
        .under("/calls", "Calls")
        .under(call.path(), call.title.clone())
        .under(format!("{}/reviews", call.path()), "Reviews")
        .wide())
}

async fn names(
    bid: &Loaded<BidInModeration>,
    reviews: &[StoredReview],
    settled: &[Moderated],
) -> Result<BTreeMap<PersonId, String>, Problem> {
    let mut names: BTreeMap<PersonId, String> =
        reviews.iter().filter(|one| one.is_live()).map(|one| (one.assessor, one.assessor_name.clone())).collect();
    if let Some(person) = &bid.subject.person {
        names.insert(person.id, person.name.clone());
    }
    let mut recorded: Vec<PersonId> = Vec::new();
    for one in settled {
        recorded.push(one.by);
        recorded.extend(&one.attendance.present);
        recorded.extend(one.attendance.left.iter().map(|leaving| leaving.person));
    }
    for person in recorded {
        if let std::collections::btree_map::Entry::Vacant(place) = names.entry(person)
            && let Some(found) = people::by_id(&bid.database(), person).await?
        {
            place.insert(found.name);
        }
    }
    Ok(names)
}

fn side_by_side(
    bid: &Loaded<BidInModeration>,
    reviews: &[StoredReview],
    scores: &BidScores,
) -> Result<Markup, Problem> {
    let outliers = outliers(OutlierRule::default(), &scores.given).map_err(Problem::internal)?;
    let counted: Vec<&StoredReview> = reviews.iter().filter(|one| one.review.is_submitted()).collect();
    let head = std::iter::once(Column::new("Criterion"))
        .chain(counted.iter().map(|one| Column::new(one.assessor_name.as_str())))
        .chain([Column::new("Mean"), Column::new("Settled")]);
    let mut rows = Vec::new();
    for criterion in &bid.bid.call.design().criteria {
        let given: Vec<Exact> = scores
            .given
            .iter()
            .filter(|score| score.part.criterion == criterion.key)
            .map(|score| score.value)
            .collect();
        let mean = if given.is_empty() {
            String::new()
        } else {
            Exact::mean(&given).and_then(|mean| mean.half_up(2)).map_err(Problem::internal)?.to_string()
        };
        let mut row = vec![Cell::new(format!("{} ({}%)", criterion.name, criterion.weight))];
        for one in &counted {
            let assessor = one.assessor.to_string();
            let score =
                scores.given.iter().find(|score| score.assessor == assessor && score.part.criterion == criterion.key);
            let is_out = outliers.iter().any(|out| out.assessor == assessor && out.part.criterion == criterion.key);
            row.push(Cell::new(html! {
                @if let Some(score) = score { (score.value) }
                @if is_out { " " (Tag::new("outlier").colour(TagColour::Orange)) }
            }));
        }
        row.push(Cell::new(mean));
        row.push(Cell::new(
            scores.moderated.get(&PartKey(criterion.key.clone())).map(ToString::to_string).unwrap_or_default(),
        ));
        rows.push(row);
    }
    Ok(html! {
        @if counted.is_empty() {
            p { "No review is submitted yet." }
        } @else {
            (Table::new("Scores as given, and as settled")
                .head(head)
                .first_cell_is_header(true)
                .rows(rows))
            p.app-source { "A settled score counts instead of the mean; the originals stay. " (OutlierRule::default().statement()) }
        }
    })
}

fn justifications(bid: &Loaded<BidInModeration>, reviews: &[StoredReview]) -> Markup {
    html! {
        @for criterion in &bid.bid.call.design().criteria {
            details.nhsuk-details {
                summary.nhsuk-details__summary { span.nhsuk-details__summary-text { "Justifications: " (criterion.name) } }
                div.nhsuk-details__text {
                    @for one in reviews {
                        @for edition in &one.review.editions {
                            @for score in edition.scores.iter().filter(|score| score.part.criterion == criterion.key) {
                                p {
                                    strong { (one.assessor_name) ", " (score.value) }
                                    @if one.review.editions.len() > 1 || !one.review.is_submitted() {
                                        " (edition " (edition.number) @if one.review.counts() != Some(edition) { ", does not count" } ")"
                                    }
                                    ": " (score.justification)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn history(bid: &Loaded<BidInModeration>, settled: &[Moderated], names: &BTreeMap<PersonId, String>) -> Markup {
    let name = |person: &PersonId| names.get(person).map_or("Somebody", String::as_str);
    let list = |people: &[PersonId]| people.iter().map(name).collect::<Vec<_>>().join(", ");
    html! {
        h2 { "Settled scores" }
        @if settled.is_empty() { p { "Nothing was settled: the means count." } }
        @for one in settled {
            div.nhsuk-inset-text {
                h3.nhsuk-heading-s {
                    (bid.bid.call.design().criterion(&one.part.criterion).map_or(one.part.criterion.as_str(), |found| found.name.as_str()))
                    ": " (one.value)
                    @if one.edition > 1 { " (settled again, " (one.edition) ")" }
                }
                p { (one.reason) }
                p.app-source {
                    (name(&one.by)) ", " (on_page(one.at)) ". Present: " (list(&one.attendance.present)) "."
                    @if !one.attendance.spoke.is_empty() { " Spoke: " (list(&one.attendance.spoke)) "." }
                    @for leaving in &one.attendance.left { " " (name(&leaving.person)) " left: " (leaving.why) "." }
                }
            }
        }
    }
}

fn form(
    bid: &Loaded<BidInModeration>,
    reviews: &[StoredReview],
    names: &BTreeMap<PersonId, String>,
    typed: &Form,
    errors: &Errors,
) -> Markup {
    let people: Vec<(PersonId, &str)> = reviews
        .iter()
        .filter(|one| one.is_live())
        .map(|one| (one.assessor, one.assessor_name.as_str()))
        .chain(bid.subject.person.iter().filter_map(|person| Some((person.id, names.get(&person.id)?.as_str()))))
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .collect();
    let items = || people.iter().map(|(id, name)| CheckboxItem::new(id.to_string(), *name));
    html! {
        h2 { "Settle a score" }
        form method="post" action={ (bid.bid.path()) "/moderation" } novalidate {
            (Select::new("criterion", "Criterion")
                .items(std::iter::once(SelectItem::new("", "Choose a criterion")).chain(bid.bid.call.design().criteria.iter().map(|one| SelectItem::new(one.key.as_str(), one.name.as_str()))))
                .value(typed.criterion.as_str())
                .error_message(errors.of("criterion").unwrap_or_default()))
            (TextInput::new("score", "Settled score").width(4).value(typed.score.as_str()).error_message(errors.of("score").unwrap_or_default()))
            (Textarea::new("reason", "Reason")
                .hint(format!("At least {REASON_WORDS} words: what was talked about and why this score. The originals stay beside it."))
                .value(typed.reason.as_str())
                .error_message(errors.of("reason").unwrap_or_default()))
            (Checkboxes::new("present", "Who was there").small(true).items(items()).values(typed.present.clone()).error_message(errors.of("present").unwrap_or_default()))
            (Checkboxes::new("spoke", "Who spoke").small(true).items(items()).values(typed.spoke.clone()).error_message(errors.of("spoke").unwrap_or_default()))
            (Checkboxes::new("left", "Who left the room for this bid").small(true).items(items()).values(typed.left.clone()))
            (TextInput::new("left_why", "Why they left").value(typed.left_why.as_str()).error_message(errors.of("left_why").unwrap_or_default()))
            (Button::new("Settle this score"))
        }
    }
}

pub async fn post(bid: Loaded<BidInModeration>, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    if bid.bid.call.design().criterion(&form.criterion).is_none() {
        errors.add("criterion", "Choose a criterion");
    }
    let value: Option<Exact> =
        errors.take("score", form.score.trim().parse::<Exact>().map_err(|_| "Enter the score as a number"));
    let reason = errors.text("reason", "the reason", &form.reason, 10_000);
    let people = (read(&form.present), read(&form.spoke), read(&form.left));
    let (Some(present), Some(spoke), Some(left)) = people else {
        return Err(Problem::invalid("The people sent cannot be read", "Reload the page and choose them again.").into());
    };
    if present.is_empty() {
        errors.add("present", "Say who was there");
    }
    let (true, Some(value), Some(reason)) = (errors.is_empty(), value, reason) else {
        return Ok(page(&bid, &form, &errors).await?.with_errors(&errors).into());
    };
    let by = bid.person()?.id;
    let settlement = Settlement {
        value,
        reason,
        by,
        attendance: Attendance {
            present,
            spoke,
            left: left.into_iter().map(|person| Leaving { person, why: form.left_why.trim().to_owned() }).collect(),
        },
    };
    let mut unit = bid.begin().await?;
    if let Err(refusals) = actions::moderate(&mut unit, &bid.bid, &form.criterion, settlement).await? {
        drop(unit);
        for refusal in refusals {
            errors.add("criterion", refusal.to_string());
        }
        return Ok(page(&bid, &form, &errors).await?.with_errors(&errors).into());
    }
    unit.commit().await?;
    Ok(Done::to(format!("{}/moderation", bid.bid.path()))
        .saying("The score is settled. The originals stay beside it.")
        .into())
}

fn read(ids: &[String]) -> Option<Vec<PersonId>> {
    ids.iter().filter(|id| !id.trim().is_empty()).map(|id| id.trim().parse::<Uuid>().ok().map(PersonId)).collect()
}
