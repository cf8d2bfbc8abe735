//! `/bids/{bid}/partners/{partner}/signature`: a partner writes its commitment and signs it with the bid as it stands; nobody else can.

use hiec_kernel::{Money, Problem, ProblemKind};
use hiec_web::components::{Button, Input as TextInput, SummaryList, SummaryRow, Textarea};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::commitments::{Commitment, CommitmentProblem, PartnerState, commitment_problems};
use super::joining::sign;
use super::partners::as_error;
use super::store::PartnerOfBid;
use crate::bids::answers;
use crate::bids::papers::Paper;
use crate::bids::pieces::error_summary;

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    /// Pounds over the whole term.
    #[serde(default)]
    pub cash: String,
    /// What is given in kind is worth, in pounds.
    #[serde(default)]
    pub in_kind: String,
    #[serde(default)]
    pub in_kind_description: String,
    #[serde(default)]
    pub lead_name: String,
    #[serde(default)]
    pub lead_post: String,
    /// `yes` when the person says they may sign for the organisation.
    #[serde(default)]
    pub may_sign: String,
}

pub async fn get(this: Loaded<PartnerOfBid>) -> Answer {
    let form = this
        .partner
        .commitment
        .as_ref()
        .map(|commitment| Form {
            cash: commitment.cash.plain(),
            in_kind: commitment.in_kind.plain(),
            in_kind_description: commitment.in_kind_description.clone(),
            lead_name: commitment.lead_name.clone(),
            lead_post: commitment.lead_post.clone(),
            may_sign: String::new(),
        })
        .unwrap_or_default();
    page(&this, &form, &Errors::none()).await
}

pub async fn post(this: Loaded<PartnerOfBid>, Input(form): Input<Form>) -> Answer {
    let person = this.person()?.clone();
    let mut errors = Errors::none();
    let commitment = read(&form, &mut errors);
    if form.may_sign != "yes" {
        errors.add("may_sign", "Confirm that you may sign for the organisation");
    }
    let (Some(commitment), true) = (commitment, errors.is_empty()) else {
        return page(&this, &form, &errors).await;
    };
    let mut unit = this.begin().await?;
    match sign(&mut unit, &this.bid, this.partner.id, &person, commitment).await {
        Ok(()) => {
            unit.commit().await?;
            Ok(Done::to(format!("{}/partners", this.bid.path()))
                .saying(format!(
                    "Signed for {}. If its commitment or the budget changes, it must be signed again.",
                    this.partner.organisation.name
                ))
                .into())
        }
        Err(problem) if matches!(problem.kind, ProblemKind::Conflict | ProblemKind::Invalid) => {
            drop(unit);
            as_error(&mut errors, "cash", &problem);
            page(&this, &form, &errors).await
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Empty amounts are none.
fn read(form: &Form, errors: &mut Errors) -> Option<Commitment> {
    let mut money = |field: &str, typed: &str| {
        if typed.trim().is_empty() {
            return Some(Money::ZERO);
        }
        errors.take(field, Money::parse(typed))
    };
    let cash = money("cash", &form.cash);
    let in_kind = money("in_kind", &form.in_kind);
    let commitment = Commitment {
        cash: cash?,
        in_kind: in_kind?,
        in_kind_description: form.in_kind_description.trim().to_owned(),
        lead_name: form.lead_name.trim().to_owned(),
        lead_post: form.lead_post.trim().to_owned(),
    };
    for (field, text, most) in [
        ("in_kind_description", &commitment.in_kind_description, 2_000),
        ("lead_name", &commitment.lead_name, 200),
        ("lead_post", &commitment.lead_post, 200),
    ] {
        if text.chars().count() > most {
            errors.add(field, format!("Shorten this to at most {most} characters"));
        }
    }
    for problem in commitment_problems(&commitment) {
        errors.add(field_of(&problem), problem.to_string());
    }
    Some(commitment)
}

fn field_of(problem: &CommitmentProblem) -> &'static str {
    match problem {
        CommitmentProblem::NegativeCash | CommitmentProblem::NoReason => "cash",
        CommitmentProblem::NegativeInKind => "in_kind",
        CommitmentProblem::InKindNotDescribed => "in_kind_description",
        CommitmentProblem::NoLead => "lead_name",
        CommitmentProblem::NoLeadPost => "lead_post",
    }
}

async fn page(this: &Loaded<PartnerOfBid>, form: &Form, errors: &Errors) -> Answer {
    let given = answers::of(&this.database(), this.bid.id, Paper::Bid).await?;
    let version = this.partner.version(&this.bid.call.design().bid_questions, &given).map_err(Problem::internal)?;
    let sign_off = this.partner.state.sign_off(&version).in_words();
    let data = serde_json::json!({
        "form": form, "errors": errors, "sign_off": sign_off, "version": version,
        "partner": this.partner.id, "state": this.partner.state.name(),
    });
    let page = Page::new("Sign the commitment", view(this, form, &sign_off, errors))
        .under("/bids", "My bids")
        .under(this.bid.path(), this.bid.title.clone())
        .under(format!("{}/partners", this.bid.path()), "Partners")
        .data(&data)?;
    Ok(if errors.is_empty() { page.into() } else { page.with_errors(errors).into() })
}

fn view(this: &PartnerOfBid, form: &Form, sign_off: &str, errors: &Errors) -> Markup {
    let name = &this.partner.organisation.name;
    html! {
        (error_summary(errors))
        h1 { "Commitment of " (name) }
        p { (name) " " (sign_off) "." }
        (SummaryList::new([
            SummaryRow::new("Partnership", this.bid.title.as_str()),
            SummaryRow::new("The bid", html! { a href={ (this.bid.path()) } { "Read what you sign" } }),
        ]))
        @if let PartnerState::Signed(signed) = &this.partner.state {
            @if !signed.earlier.is_empty() { p { "Signed before: " (crate::bids::pieces::count(signed.earlier.len(), "time")) ". Earlier signatures stay on the record." } }
        }
        form method="post" action={ (this.partner.path()) "/signature" } {
            (TextInput::new("cash", "Cash").money().hint("Over the whole term of the cluster. Leave empty for none.").value(form.cash.as_str()).error_message(errors.of("cash")))
            (TextInput::new("in_kind", "Value of what is given in kind").money().value(form.in_kind.as_str()).error_message(errors.of("in_kind")))
            (Textarea::new("in_kind_description", "What is given in kind").hint("Staff time, space, equipment.").value(form.in_kind_description.as_str()).error_message(errors.of("in_kind_description")))
            (TextInput::new("lead_name", "Who answers for your part").value(form.lead_name.as_str()).error_message(errors.of("lead_name")))
            (TextInput::new("lead_post", "Their post").hint("For example medical director.").value(form.lead_post.as_str()).error_message(errors.of("lead_post")))
            (hiec_web::components::Checkboxes::single("may_sign", "yes", format!("I may sign for {name}, and it stands behind this commitment and this bid")).error_message(errors.of("may_sign")))
            p { "Your signature covers this commitment and the bid’s budget as they are now. If either changes, you are asked to sign again." }
            (Button::new("Sign"))
        }
    }
}
