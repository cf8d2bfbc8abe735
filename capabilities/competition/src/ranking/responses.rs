//! What regions say to a ranking and what the steering group answers: forms and list. Nothing here can touch a score.

use std::str::FromStr;

use hiec_kernel::clock::on_page;
use hiec_kernel::{BidId, Problem, Role, Scope, Timestamp};
use hiec_store::Reads;
use hiec_web::components::{Button, Cell, Column, RadioItem, Radios, Select, SelectItem, Table, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, WantsData};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::{self, Word};
use super::page;
use super::states::{GROUNDS_WORDS, Ground, Outcome, RegionResponse, Remedy};
use super::store::{self, BidLine, RankingDesk, StoredRanking};

/// A region's response; fields not needed by the response chosen stay empty.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// The region's code.
    #[serde(default)]
    pub region: String,
    /// `confirm`, `challenge` or `take_back`.
    #[serde(default)]
    pub response: String,
    /// The bid challenged; empty for the ranking as a whole.
    #[serde(default)]
    pub bid: String,
    #[serde(default)]
    pub ground: String,
    #[serde(default)]
    pub detail: String,
}

/// The steering group's answer to a challenge.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct AnswerForm {
    #[serde(default)]
    region: String,
    /// `not_upheld`, or what follows when it is upheld: `reopen_reviews`, `moderate_again`, `tell_the_panel`.
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    reason: String,
}

/// A response as the page and programs show it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Shown {
    pub region: String,
    pub state: RegionResponse,
    pub bid_title: Option<String>,
    pub changed_at: Timestamp,
}

pub(crate) async fn shown(
    reads: &impl Reads,
    latest: Option<&StoredRanking>,
    bids: &[BidLine],
) -> Result<Vec<Shown>, Problem> {
    let Some(latest) = latest else {
        return Ok(Vec::new());
    };
    Ok(store::responses(reads, latest.id)
        .await?
        .into_iter()
        .map(|response| {
            let bid = match &response.state {
                RegionResponse::Challenged(challenge)
                | RegionResponse::Answered { challenge, .. }
                | RegionResponse::TakenBack { challenge, .. } => challenge.bid,
                _ => None,
            };
            Shown {
                bid_title: bid.and_then(|bid| bids.iter().find(|line| line.id == bid).map(|line| line.title.clone())),
                region: response.region,
                state: response.state,
                changed_at: response.changed_at,
            }
        })
        .collect())
}

/// The responses, and the forms this person may use.
pub(crate) fn section(
    desk: &Loaded<RankingDesk>,
    responses: &[Shown],
    bids: &[BidLine],
    form: &Form,
    errors: &Errors,
) -> Markup {
    let is_open = desk.call.acts.ranking_final.is_none();
    let own: Vec<&Shown> = responses.iter().filter(|response| acts_for(desk, &response.region)).collect();
    let rows = responses.iter().map(|response| {
        vec![
            Cell::new(region_name(desk, &response.region)),
            Cell::new(in_words(response)),
            Cell::new(match response.state {
                RegionResponse::Awaited => String::new(),
                _ => on_page(response.changed_at),
            }),
        ]
    });
    html! {
        h2 { "What the regions say" }
        p { "Each region confirms the ranking or challenges it with grounds. A challenge is answered on the record; it cannot change a score." }
        (Table::new("Responses of the regions")
            .head([Column::new("Region"), Column::new("Response"), Column::new("When")])
            .rows(rows))
        @if is_open && desk.may("ranking.respond") {
            @for response in own.iter().filter(|one| matches!(one.state, RegionResponse::Awaited)) {
                (respond_form(desk, response, bids, form, errors))
            }
            @for response in own.iter().filter(|one| matches!(one.state, RegionResponse::Challenged(_))) {
                (take_back_form(desk, response))
            }
        }
        @if is_open && desk.may("ranking.answer") {
            @for response in responses.iter().filter(|one| matches!(one.state, RegionResponse::Challenged(_))) {
                (answer_form(desk, response))
            }
        }
    }
}

fn acts_for(desk: &Loaded<RankingDesk>, code: &str) -> bool {
    desk.call
        .regions
        .iter()
        .filter(|region| region.code == code)
        .any(|region| desk.subject.holds_in(Role::RegionOfficer, Scope::Region(region.id)))
}

fn region_name(desk: &Loaded<RankingDesk>, code: &str) -> String {
    desk.call
        .regions
        .iter()
        .find(|region| region.code == code)
        .map_or_else(|| code.to_owned(), |region| region.name.clone())
}

fn in_words(response: &Shown) -> Markup {
    let about = response.bid_title.as_deref().unwrap_or("the ranking as a whole");
    html! {
        @match &response.state {
            RegionResponse::Awaited => "Awaited",
            RegionResponse::Confirmed { .. } => "Confirmed",
            RegionResponse::Lapsed => "No response in time",
            RegionResponse::Challenged(challenge) => {
                strong { "Challenges " (about) } ": " (challenge.ground.label()) ". " (challenge.detail)
            }
            RegionResponse::Answered { challenge, outcome, reason, .. } => {
                strong { "Challenged " (about) } ": " (challenge.ground.label()) ". " (challenge.detail)
                br;
                strong {
                    @match outcome {
                        Outcome::Upheld { remedy } => { "Upheld: " (remedy.label()) }
                        Outcome::NotUpheld => "Not upheld",
                    }
                }
                ": " (reason)
            }
            RegionResponse::TakenBack { challenge, reason } => {
                "Challenged " (about) " (" (challenge.ground.label()) ") and took it back: " (reason)
            }
        }
    }
}

fn respond_form(
    desk: &Loaded<RankingDesk>,
    response: &Shown,
    bids: &[BidLine],
    form: &Form,
    errors: &Errors,
) -> Markup {
    let regional: Vec<SelectItem> = std::iter::once(SelectItem::new("", "The ranking as a whole"))
        .chain(
            bids.iter()
                .filter(|bid| bid.regions().contains(&response.region))
                .map(|bid| SelectItem::new(bid.id.to_string(), bid.title.clone())),
        )
        .collect();
    let grounds = Ground::ALL.iter().map(|ground| RadioItem::new(ground.key(), ground.label()));
    html! {
        h3 { "Respond for " (region_name(desk, &response.region)) }
        form method="post" action={ (desk.call.path()) "/ranking-responses" } novalidate {
            input type="hidden" name="region" value=(response.region);
            (Radios::new("response", "Your region’s response")
                .items([RadioItem::new("confirm", "We confirm the ranking"), RadioItem::new("challenge", "We challenge it")])
                .value(form.response.as_str())
                .error_message(errors.of("response").unwrap_or_default()))
            (Select::new("bid", "For a challenge: what it is about").items(regional).value(form.bid.as_str()))
            (Radios::new("ground", "For a challenge: the ground").items(grounds).value(form.ground.as_str())
                .error_message(errors.of("ground").unwrap_or_default()))
            (Textarea::new("detail", "For a challenge: what happened")
                .hint(format!("At least {GROUNDS_WORDS} words. That you would have scored otherwise is no ground."))
                .value(form.detail.as_str())
                .error_message(errors.of("detail").unwrap_or_default()))
            (Button::new("Send the response"))
        }
    }
}

fn take_back_form(desk: &Loaded<RankingDesk>, response: &Shown) -> Markup {
    html! {
        h3 { "Take the challenge of " (region_name(desk, &response.region)) " back" }
        form method="post" action={ (desk.call.path()) "/ranking-responses" } novalidate {
            input type="hidden" name="region" value=(response.region);
            input type="hidden" name="response" value="take_back";
            (Textarea::new("detail", "Why").id(format!("take-back-{}", response.region)).rows(2_u16))
            (Button::new("Take it back and confirm the ranking").secondary())
        }
    }
}

fn answer_form(desk: &Loaded<RankingDesk>, response: &Shown) -> Markup {
    let code = &response.region;
    let outcomes = std::iter::once(RadioItem::new("not_upheld", "Not upheld")).chain(
        Remedy::ALL.iter().map(|remedy| RadioItem::new(remedy_key(*remedy), format!("Upheld: {}", remedy.label()))),
    );
    html! {
        h3 { "Answer " (region_name(desk, code)) }
        form method="post" action={ (desk.call.path()) "/ranking-answers" } novalidate {
            input type="hidden" name="region" value=(code);
            (Radios::new("outcome", "The steering group’s answer").id_prefix(format!("outcome-{code}")).items(outcomes))
            (Textarea::new("reason", "Reasons")
                .id(format!("reason-{code}"))
                .hint(format!("At least {GROUNDS_WORDS} words, kept on the record")))
            (Button::new("Answer the challenge"))
        }
    }
}

fn remedy_key(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::ReopenReviews => "reopen_reviews",
        Remedy::ModerateAgain => "moderate_again",
        Remedy::TellThePanel => "tell_the_panel",
    }
}

pub async fn post(desk: Loaded<RankingDesk>, wants: WantsData, Input(form): Input<Form>) -> Answer {
    let mut errors = Errors::none();
    let word = match form.response.as_str() {
        "confirm" => Some(Word::Confirm),
        "take_back" => Some(Word::TakeBack { reason: form.detail.clone() }),
        "challenge" => {
            let ground = Ground::from_key(&form.ground);
            if ground.is_none() {
                errors.add("ground", "Choose the ground of the challenge");
            }
            let bid = match form.bid.trim() {
                "" => Some(None),
                typed => match BidId::from_str(typed) {
                    Ok(bid) => Some(Some(bid)),
                    Err(_) => {
                        errors.add("bid", "Choose a bid of your region, or the ranking as a whole");
                        None
                    }
                },
            };
            let detail = errors.text("detail", "what happened", &form.detail, 10_000);
            match (ground, bid, detail) {
                (Some(ground), Some(bid), Some(detail)) => Some(Word::Challenge { bid, ground, detail }),
                _ => None,
            }
        }
        _ => {
            errors.add("response", "Choose whether your region confirms or challenges");
            None
        }
    };
    let Some(word) = word else {
        return Ok(page::page(&desk, page::Look::first(wants), &form, &errors).await?.with_errors(&errors).into());
    };
    let person = desk.person()?.clone();
    let mut unit = desk.begin().await?;
    match actions::respond_to_ranking(&mut unit, &desk.call, &person, form.region.trim(), word).await {
        Ok(()) => unit.commit().await?,
        // What was typed stays on the page beside what stands in the way.
        Err(problem) if !form.detail.trim().is_empty() && problem.kind == hiec_kernel::ProblemKind::Conflict => {
            drop(unit);
            errors.add("detail", problem.to_string());
            return Ok(page::page(&desk, page::Look::first(wants), &form, &errors).await?.with_errors(&errors).into());
        }
        Err(problem) => return Err(problem.into()),
    }
    Ok(Done::to(format!("{}/ranking", desk.call.path())).saying("Your region’s response is on the record.").into())
}

pub async fn answer(desk: Loaded<RankingDesk>, Input(form): Input<AnswerForm>) -> Answer {
    let outcome = if form.outcome == "not_upheld" {
        Some(Outcome::NotUpheld)
    } else {
        Remedy::ALL
            .iter()
            .copied()
            .find(|remedy| remedy_key(*remedy) == form.outcome)
            .map(|remedy| Outcome::Upheld { remedy })
    };
    let outcome = outcome.ok_or_else(|| {
        Problem::invalid("Choose whether the challenge is upheld", "Go back: what you typed is still there.")
    })?;
    let person = desk.person()?.clone();
    let mut unit = desk.begin().await?;
    actions::answer_challenge(&mut unit, &desk.call, &person, form.region.trim(), outcome, &form.reason).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/ranking", desk.call.path())).saying("The answer is on the record.").into())
}
