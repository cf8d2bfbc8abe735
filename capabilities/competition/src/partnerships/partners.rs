//! `/bids/{bid}/partners`: who is in the partnership and how each stands; inviting further organisations. It never signs for anybody.

use axum::extract::Query;
use hiec_kernel::clock::date_on_page;
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::{Button, Input as TextInput, RadioItem, Radios, SummaryList, SummaryRow, TagColour};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::commitments::{PartnerState, SignOff};
use super::form::organisation;
use super::inviting::invite;
use super::joining;
use super::organisation_search::{self, Found};
use super::store::{Part, Partner, PartnerOfBid};
use crate::bids::completeness::{Standing, standing};
use crate::bids::papers::Paper;
use crate::bids::pieces::{amount, error_summary, illustrative, tag};
use crate::bids::store::Bid;

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    /// Id of the organisation in the register.
    #[serde(default)]
    pub organisation: String,
    /// Who answers for it.
    #[serde(default)]
    pub email: String,
    /// `founding`, `member` or `associate`.
    #[serde(default)]
    pub part: String,
    #[serde(default)]
    pub find: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Leaving {
    #[serde(default)]
    pub reason: String,
}

/// A partner in the page's data.
#[derive(Serialize)]
struct Line {
    id: uuid::Uuid,
    organisation: String,
    part: Part,
    state: &'static str,
    sign_off: String,
    cash_pence: Option<i64>,
    in_kind_pence: Option<i64>,
}

pub async fn get(bid: Loaded<Bid>, Query(form): Query<Form>) -> Answer {
    page(&bid, &form, &Errors::none()).await
}

pub async fn post(bid: Loaded<Bid>, Input(form): Input<Form>) -> Answer {
    let person = bid.person()?.clone();
    let mut errors = Errors::none();
    let chosen = organisation(&bid.database(), &form.organisation).await?;
    if chosen.is_none() {
        errors.add("find", "Find the organisation and choose it");
    }
    let email = errors.take("email", address(&form.email));
    let part = Part::from_key(&form.part).filter(|part| *part != Part::Lead);
    if part.is_none() {
        errors.add("part", "Choose what it will be in the partnership");
    }
    let (Some(chosen), Some(email), Some(part)) = (chosen, email, part) else {
        return page(&bid, &form, &errors).await;
    };
    let base = bid.app.site().link("/");
    let mut unit = bid.begin().await?;
    let sent = invite(&mut unit, &bid, &person, &chosen, part, &email, base.trim_end_matches('/')).await;
    match sent {
        Ok(_) => {
            unit.commit().await?;
            Ok(Done::to(format!("{}/partners", bid.path()))
                .saying(format!("{} is invited. The letter went to {email}.", chosen.name))
                .into())
        }
        Err(problem) if problem.kind == ProblemKind::Conflict => {
            drop(unit);
            errors.add("find", format!("{}. {}", problem.title.trim_end_matches('.'), problem.next));
            page(&bid, &form, &errors).await
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Takes an invitation back or a partner out.
pub async fn withdraw(this: Loaded<PartnerOfBid>, Input(form): Input<Leaving>) -> Answer {
    let person = this.person()?.clone();
    let mut unit = this.begin().await?;
    joining::withdraw_partner(&mut unit, &this.bid, this.partner.id, &person, &form.reason).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/partners", this.bid.path()))
        .saying(format!("{} is not in the partnership any more.", this.partner.organisation.name))
        .into())
}

/// An e-mail address as far as one can judge it without sending.
pub(super) fn address(typed: &str) -> Result<String, &'static str> {
    let typed = typed.trim();
    let is_plain = typed.chars().count() <= 254
        && !typed.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';'));
    match typed.split_once('@') {
        Some((local, domain))
            if is_plain
                && !local.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.') =>
        {
            Ok(typed.to_lowercase())
        }
        _ => Err("Enter an e-mail address, for example name@example.org"),
    }
}

async fn page(bid: &Loaded<Bid>, form: &Form, errors: &Errors) -> Answer {
    let reads = bid.database();
    let standing = standing(&reads, bid, Paper::Bid).await?;
    let found = organisation_search::find(&reads, &form.find).await?;
    let data = serde_json::json!({
        "partners": lines(&standing), "found": found.organisations, "errors": errors,
    });
    let page = Page::new("Partners", view(bid, &standing, form, &found, errors))
        .under("/bids", "My bids")
        .under(bid.path(), bid.title.clone())
        .data(&data)?;
    Ok(if errors.is_empty() { page.into() } else { page.with_errors(errors).into() })
}

fn lines(standing: &Standing) -> Vec<Line> {
    standing
        .partners
        .iter()
        .zip(&standing.sign_offs)
        .map(|(partner, sign_off)| Line {
            id: partner.id,
            organisation: partner.organisation.name.clone(),
            part: partner.part,
            state: partner.state.name(),
            sign_off: sign_off.sign_off.in_words(),
            cash_pence: partner.commitment.as_ref().map(|c| c.cash.0),
            in_kind_pence: partner.commitment.as_ref().map(|c| c.in_kind.0),
        })
        .collect()
}

fn view(bid: &Loaded<Bid>, standing: &Standing, form: &Form, found: &Found, errors: &Errors) -> Markup {
    let is_open = Paper::Bid.is_open(bid, bid.now());
    html! {
        (error_summary(errors))
        h1 { "Partners" }
        p { "Every partner must accept and sign before the bid is submitted. " (Paper::Bid.countdown(bid, bid.now())) "." }
        @for (partner, sign_off) in standing.partners.iter().zip(&standing.sign_offs) {
            (one(bid, partner, &sign_off.sign_off, is_open))
        }
        @if is_open && bid.may("bid.invite") {
            h2 { "Invite a partner" }
            (organisation_search::box_for(&format!("{}/partners", bid.path()), "Find an organisation", &form.find, errors.of("find"), &[("email", &form.email), ("part", &form.part)]))
            @if !form.find.trim().is_empty() {
                form method="post" action={ (bid.path()) "/partners" } {
                    input type="hidden" name="find" value=(form.find);
                    (organisation_search::choice("organisation", "Organisation", &form.organisation, found, &super::forming::citation(bid.call.design())))
                    (Radios::new("part", "What it will be").items([Part::Founding, Part::Member, Part::Associate].map(|part| RadioItem::new(part.key(), part.label()))).value(form.part.as_str()).error_message(errors.of("part")))
                    (TextInput::new("email", "E-mail address of the person who answers for it").kind("email").autocomplete("off").spellcheck(false).hint("They get a link to accept or decline, and sign for the organisation.").value(form.email.as_str()).error_message(errors.of("email")))
                    (Button::new("Send the invitation"))
                }
            }
        }
    }
}

fn one(bid: &Loaded<Bid>, partner: &Partner, sign_off: &SignOff, is_open: bool) -> Markup {
    let own = bid.subject.person.as_ref().map(|p| p.id) == partner.signatory;
    let name = &partner.organisation.name;
    let mut rows = vec![
        SummaryRow::new("Part", partner.part.label()),
        SummaryRow::new("Kind", organisation_search::about(&partner.organisation)),
        SummaryRow::new("State", html! { (state_tag(&partner.state)) " " (name) " " (sign_off.in_words()) "." }),
    ];
    if let Some(email) = &partner.invited_email {
        rows.push(SummaryRow::new("Invited", format!("{email}, {}", date_on_page(partner.invited_at))));
    }
    if let Some(commitment) = &partner.commitment {
        rows.push(SummaryRow::new("Cash", amount(commitment.cash)));
        rows.push(SummaryRow::new(
            "In kind",
            format!("{} {}", amount(commitment.in_kind), commitment.in_kind_description),
        ));
        rows.push(SummaryRow::new("Answers for it", format!("{}, {}", commitment.lead_name, commitment.lead_post)));
    }
    let here = partner.state.is_member() || partner.state.is_pending();
    html! {
        h2 { (name) (illustrative(partner.organisation.is_illustrative)) }
        (SummaryList::new(rows))
        @if is_open && own && partner.state.is_member() {
            p { a href={ (partner.path()) "/signature" } { "Write and sign the commitment of " (name) } }
        }
        @if is_open && here && partner.part != Part::Lead && (own || bid.may("bid.invite")) {
            details.nhsuk-details {
                summary.nhsuk-details__summary { span.nhsuk-details__summary-text { "Take " (name) " out" } }
                div.nhsuk-details__text {
                    form method="post" action={ (partner.path()) "/withdrawal" } {
                        (TextInput::new("reason", "Reason").id(format!("reason-{}", partner.id)).hint("It is kept on the record."))
                        (Button::new("Take out of the partnership").secondary())
                    }
                }
            }
        }
    }
}

pub(crate) fn state_tag(state: &PartnerState) -> hiec_web::components::Tag {
    let colour = match state {
        PartnerState::Signed(_) => TagColour::Green,
        PartnerState::Accepted(_) => TagColour::Blue,
        PartnerState::Invited(_) => TagColour::Yellow,
        PartnerState::Declined(_) | PartnerState::Withdrawn(_) => TagColour::Grey,
    };
    tag(state.name(), colour)
}

/// A field's problem, kept apart from the others: for actions that answer with one.
pub(super) fn as_error(errors: &mut Errors, field: &str, problem: &Problem) {
    errors.add(field, format!("{}. {}", problem.title.trim_end_matches('.'), problem.next));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_judged_plainly() {
        assert_eq!(address(" Ada@Example.org ").unwrap(), "ada@example.org");
        for bad in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@example",
            "a b@example.org",
            "ada@b@c.org",
            "ada@example.org, bo@example.org",
            "ada@.org",
        ] {
            assert!(address(bad).is_err(), "{bad:?}");
        }
    }
}
