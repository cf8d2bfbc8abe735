//! `/interests` and `/bids/{bid}/interest`: what somebody declares of themselves, for a year or for one bid; nobody declares for another.

use hiec_access::people;
use hiec_kernel::clock::{day_on_page, on_page};
use hiec_kernel::people::Person;
use hiec_kernel::{PersonId, Problem};
use hiec_store::{Reads, organisations};
use hiec_web::accounts::OwnAccount;
use hiec_web::components::{
    Button, Cell, Checkboxes, Column, Input as TextInput, Select, SelectItem, Table, Tag, TagColour, Textarea,
};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions;
use super::declarations::{Interest, InterestKind};
use super::rules::{Hardness, Origin, POLICY};
use super::states::ConflictState;
use super::store::{self, BidOfInterest, StoredConflict, StoredDeclaration};
use crate::calls::registration::{named, summary};
use crate::calls::store as calls;

/// Interests one declaration may list.
const MOST: usize = 50;

/// Parallel lists: the kind, organisation and note of each interest stand at the same place.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct Form {
    /// Keys of kinds: `employer`, `other_post`, `shareholding`, `family`, `grant`, `previous_association`.
    #[serde(default)]
    kind: Vec<String>,
    /// Names or ODS codes, as the register has them.
    #[serde(default)]
    organisation: Vec<String>,
    #[serde(default)]
    note: Vec<String>,
    /// E-mail addresses of people worked with in the last three years, one a line.
    #[serde(default)]
    associates: String,
    /// `yes`: there is nothing to declare.
    #[serde(default)]
    none: String,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct ReasonForm {
    #[serde(default)]
    pub(super) reason: String,
}

#[derive(Serialize)]
struct Shown {
    declared_on: Option<chrono::NaiveDate>,
    valid_until: Option<chrono::NaiveDate>,
    interests: Vec<Interest>,
}

pub async fn get(account: Loaded<OwnAccount>) -> Answer {
    let person = account.person()?.clone();
    let latest = store::latest_declaration(&account.database(), person.id).await?;
    let typed = match &latest {
        Some(latest) => as_typed(&account.database(), latest).await?,
        None => Form::default(),
    };
    Ok(page(&account, &person, latest.as_ref(), &typed, &Errors::none()).await?.into())
}

async fn as_typed(reads: &impl Reads, latest: &StoredDeclaration) -> Result<Form, Problem> {
    let mut form = Form::default();
    for interest in &latest.declaration.interests {
        form.kind.push(interest.kind.key().to_owned());
        form.note.push(interest.note.clone());
        let organisation = organisations::by_id(reads, interest.organisation).await?;
        form.organisation.push(organisation.map(|one| one.name).unwrap_or_default());
    }
    let mut addresses = Vec::new();
    for associate in &latest.associates {
        addresses.extend(people::by_id(reads, *associate).await?.map(|one| one.email));
    }
    form.associates = addresses.join("\n");
    Ok(form)
}

async fn page(
    account: &Loaded<OwnAccount>,
    person: &Person,
    latest: Option<&StoredDeclaration>,
    typed: &Form,
    errors: &Errors,
) -> Result<Page, Problem> {
    let conflicts = store::of_person(&account.database(), person.id).await?;
    let declaration = latest.map(|latest| &latest.declaration);
    let shown = Shown {
        declared_on: declaration.map(|one| one.declared_on),
        valid_until: declaration.map(super::declarations::Declaration::valid_until),
        interests: declaration.map(|one| one.interests.clone()).unwrap_or_default(),
    };
    let content = html! {
        (summary(errors))
        h1 { "Your declaration of interests" }
        p {
            @match declaration {
                Some(one) => { "Declared on " (day_on_page(one.declared_on)) ", holds until " (day_on_page(one.valid_until())) ". Declare again whenever something changes; earlier declarations stay on the record." }
                None => "You have not declared yet. Nobody assesses a bid without a declaration that holds; it holds for a year."
            }
        }
        (form(typed, errors))
        (own_conflicts(&conflicts))
        h2 { "What counts as a conflict" }
        (Table::new("Interests and how hard they are")
            .head([Column::new("Somebody who"), Column::new("Conflict")])
            .rows(POLICY.iter().map(|line| [
                Cell::new(line.says),
                Cell::new(match line.hardness {
                    Hardness::Hard => "Hard: does not see or judge the bid",
                    Hardness::Soft => "Soft: does not judge the bid unless another officer dismisses it with a reason",
                }),
            ])))
    };
    Page::new("Your declaration of interests", content).data(&shown).map(|page| page.under("/account", "Your account"))
}

fn form(typed: &Form, errors: &Errors) -> Markup {
    let at = |list: &[String], row: usize| list.get(row).cloned().unwrap_or_default();
    let rows = typed.organisation.len().max(typed.kind.len()) + 2;
    html! {
        form method="post" action="/interests" novalidate {
            @for row in 0..rows.min(MOST) {
                fieldset.nhsuk-fieldset {
                    legend.nhsuk-fieldset__legend.nhsuk-fieldset__legend--s { "Interest " (row + 1) }
                    (Select::new("kind", "What it is")
                        .id(format!("kind-{row}"))
                        .items(std::iter::once(SelectItem::new("", "Nothing here")).chain(
                            InterestKind::ALL.iter().map(|kind| SelectItem::new(kind.key(), kind.label()))))
                        .value(at(&typed.kind, row))
                        .error_message(errors.of(&format!("kind-{row}")).unwrap_or_default()))
                    (TextInput::new("organisation", "Organisation, by name or ODS code")
                        .id(format!("organisation-{row}"))
                        .value(at(&typed.organisation, row))
                        .error_message(errors.of(&format!("organisation-{row}")).unwrap_or_default()))
                    (TextInput::new("note", "Note (optional)")
                        .id(format!("note-{row}"))
                        .value(at(&typed.note, row))
                        .error_message(errors.of(&format!("note-{row}")).unwrap_or_default()))
                }
            }
            (Textarea::new("associates", "People you worked with in the last three years")
                .hint("E-mail addresses, one a line. Only those with an account here can be compared with bids.")
                .value(typed.associates.as_str())
                .error_message(errors.of("associates").unwrap_or_default()))
            (Checkboxes::single("none", "yes", "I have nothing to declare")
                .values((typed.none == "yes").then_some("yes"))
                .error_message(errors.of("none").unwrap_or_default()))
            (Button::new("Declare"))
        }
    }
}

/// Bids are not named to somebody who may not see them.
fn own_conflicts(conflicts: &[StoredConflict]) -> Markup {
    html! {
        @if !conflicts.is_empty() { h2 { "Conflicts found" } }
        @for conflict in conflicts {
            @let case = &conflict.case;
            div.nhsuk-inset-text {
                p {
                    "You: " (case.conflict.why) ". Found " (on_page(conflict.found_at)) " "
                    (Tag::new(if case.stands() { "stands" } else { "does not stand" }).colour(if case.stands() { TagColour::Red } else { TagColour::Grey }))
                }
                @match &case.state {
                    ConflictState::Standing if case.conflict.origin == Origin::Declared => {
                        form method="post" action={ "/interests/" (conflict.id) "/withdrawal" } novalidate {
                            (TextInput::new("reason", "Why it no longer holds").id(format!("reason-{}", conflict.id)))
                            (Button::new("Ask to take it back").secondary())
                        }
                    }
                    ConflictState::WithdrawalAsked { .. } => { p { "You asked to take it back. It stands until an officer confirms." } }
                    _ => {}
                }
            }
        }
    }
}

pub async fn post(account: Loaded<OwnAccount>, Input(form): Input<Form>) -> Answer {
    let person = account.person()?.clone();
    let mut errors = Errors::none();
    let database = account.database();
    let interests = read_interests(&database, &form, &mut errors).await?;
    let associates = read_associates(&database, &form.associates, person.id, &mut errors).await?;
    let is_none = form.none == "yes";
    let is_empty = interests.is_empty() && associates.is_empty();
    if errors.is_empty() && is_none && !is_empty {
        errors.add("none", "You listed interests: untick this, or clear them");
    } else if errors.is_empty() && !is_none && is_empty {
        errors.add("none", "List your interests, or tick that you have nothing to declare");
    }
    if !errors.is_empty() {
        let latest = store::latest_declaration(&database, person.id).await?;
        return Ok(page(&account, &person, latest.as_ref(), &form, &errors).await?.with_errors(&errors).into());
    }
    let mut unit = account.begin().await?;
    actions::declare(&mut unit, &person, interests, associates).await?;
    unit.commit().await?;
    Ok(Done::to("/interests").saying("Your declaration is on the record and holds for a year.").into())
}

async fn read_interests(
    reads: &hiec_store::Database,
    form: &Form,
    errors: &mut Errors,
) -> Result<Vec<Interest>, Problem> {
    let mut interests = Vec::new();
    let rows = form.organisation.len().max(form.kind.len());
    if rows > MOST + 2 {
        errors.add("kind-0", format!("List at most {MOST} interests"));
        return Ok(interests);
    }
    for row in 0..rows {
        let at = |list: &[String]| list.get(row).map(|text| text.trim().to_owned()).unwrap_or_default();
        let (kind, organisation, note) = (at(&form.kind), at(&form.organisation), at(&form.note));
        if kind.is_empty() && organisation.is_empty() && note.is_empty() {
            continue;
        }
        let Some(kind) = InterestKind::from_key(&kind) else {
            errors.add(format!("kind-{row}"), "Choose what the interest is");
            continue;
        };
        let field = format!("organisation-{row}");
        let Some(typed) = errors.text(&field, "the organisation", &organisation, 200) else {
            continue;
        };
        let Some(organisation) = named(reads, &typed).await? else {
            errors.add(field, "No organisation in the register has this name or ODS code. Check the spelling, or ask the programme office to add it");
            continue;
        };
        if note.chars().count() > 1_000 {
            errors.add(format!("note-{row}"), "Shorten the note to at most 1,000 characters");
            continue;
        }
        interests.push(Interest { kind, organisation: organisation.id, note });
    }
    Ok(interests)
}

async fn read_associates(
    reads: &impl Reads,
    typed: &str,
    own: PersonId,
    errors: &mut Errors,
) -> Result<Vec<PersonId>, Problem> {
    let mut found = Vec::new();
    for address in
        typed.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|one| !one.is_empty()).take(200)
    {
        match people::by_email(reads, address).await? {
            Some(person) if person.id != own && !found.contains(&person.id) => found.push(person.id),
            Some(_) => {}
            None if address.contains('@') => {
                errors.add(
                    "associates",
                    format!("Nobody here has the address {address}; leave it out, or name their organisation above"),
                );
            }
            None => errors.add("associates", format!("“{address}” is no e-mail address")),
        }
    }
    Ok(found)
}

pub async fn withdraw(
    account: Loaded<OwnAccount>,
    axum::extract::Path(id): axum::extract::Path<Uuid>,
    Input(form): Input<ReasonForm>,
) -> Answer {
    let person = account.person()?.clone();
    let database = account.database();
    let stored = store::by_id(&database, id)
        .await?
        .filter(|stored| stored.case.conflict.person == person.id)
        .ok_or_else(Problem::not_found)?;
    let call = calls::by_id(&database, stored.call, account.now()).await?.ok_or_else(Problem::not_found)?;
    let mut unit = account.begin().await?;
    actions::ask_withdrawal(&mut unit, &call, id, &person, &form.reason).await?;
    unit.commit().await?;
    Ok(Done::to("/interests").saying("The programme office was asked. Until it confirms, the conflict stands.").into())
}

pub async fn of_bid(bid: Loaded<BidOfInterest>) -> Answer {
    Ok(bid_page(&bid, "", &Errors::none()).into())
}

fn bid_page(bid: &Loaded<BidOfInterest>, typed: &str, errors: &Errors) -> Page {
    let content = html! {
        (summary(errors))
        h1 { span.nhsuk-caption-xl { (bid.bid.title) } "Declare an interest in this bid" }
        p { "From then on you do not see this bid and do not judge it. If it was an error, you can ask to take it back under your declaration of interests; another officer confirms." }
        form method="post" novalidate {
            (Textarea::new("reason", "What the interest is")
                .value(typed)
                .error_message(errors.of("reason").unwrap_or_default()))
            (Button::new("Declare the interest").warning())
        }
    };
    Page::new("Declare an interest", content)
        .under("/calls", "Calls")
        .under(bid.bid.call.path(), bid.bid.call.title.clone())
}

pub async fn in_bid(bid: Loaded<BidOfInterest>, Input(form): Input<ReasonForm>) -> Answer {
    let mut errors = Errors::none();
    let Some(reason) = errors.text("reason", "what the interest is", &form.reason, 2_000) else {
        return Ok(bid_page(&bid, &form.reason, &errors).with_errors(&errors).into());
    };
    let person = bid.person()?.clone();
    let mut unit = bid.begin().await?;
    actions::declare_conflict(&mut unit, &bid.bid, &person, &reason).await?;
    unit.commit().await?;
    Ok(Done::to("/interests")
        .saying("The interest is on the record and stands. You do not see this bid any more.")
        .into())
}
