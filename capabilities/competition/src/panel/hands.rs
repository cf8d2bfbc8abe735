//! A show of hands on an item: one choice for each member who may vote, and how it is told; who may vote is ruled elsewhere.

use std::collections::BTreeMap;
use std::str::FromStr;

use hiec_kernel::PersonId;
use hiec_web::Errors;
use hiec_web::components::{Select, SelectItem};
use maud::{Markup, html};

use super::decisions::Votes;
use super::item::{Shown, name};

/// One choice for each member who may vote; all left empty where the panel took no vote.
pub(super) fn fields(shown: &Shown, names: &BTreeMap<PersonId, String>, typed: &[String], errors: &Errors) -> Markup {
    html! {
        @if !shown.voting.is_empty() {
            details.nhsuk-details open[!typed.is_empty()] {
                summary.nhsuk-details__summary { span.nhsuk-details__summary-text { "A show of hands, where the panel wants one" } }
                div.nhsuk-details__text {
                    p { "Leave all empty where no vote was taken. Where one was, everybody in the room is recorded; where votes are even, the vote of whoever presides decides." }
                    @if let Some(error) = errors.of("votes") { span.nhsuk-error-message { span.nhsuk-u-visually-hidden { "Error: " } (error) } }
                    @for person in &shown.voting {
                        @let value = typed.iter().find(|vote| vote.starts_with(&person.to_string())).cloned().unwrap_or_default();
                        (Select::new("votes", name(names, *person)).id(format!("vote-{person}"))
                            .items([
                                SelectItem::new("", "No vote taken"),
                                SelectItem::new(format!("{person}:for"), "For"),
                                SelectItem::new(format!("{person}:against"), "Against"),
                                SelectItem::new(format!("{person}:abstained"), "Abstained"),
                            ])
                            .value(value))
                    }
                }
            }
        }
    }
}

/// The votes as typed; none where all are empty.
pub(super) fn read(typed: &[String]) -> Result<Option<Votes>, String> {
    let mut votes = Votes::default();
    for vote in typed.iter().map(|vote| vote.trim()).filter(|vote| !vote.is_empty()) {
        let unreadable = || format!("A vote cannot be read: “{vote}”. Choose for, against or abstained");
        let (person, how) = vote.split_once(':').ok_or_else(unreadable)?;
        let person = PersonId::from_str(person).map_err(|_| unreadable())?;
        match how {
            "for" => votes.in_favour.push(person),
            "against" => votes.against.push(person),
            "abstained" => votes.abstained.push(person),
            _ => return Err(unreadable()),
        }
    }
    Ok((votes != Votes::default()).then_some(votes))
}

/// `4 for, 1 against, 0 abstained, 2 recused`, with names.
pub(super) fn in_words(votes: &Votes, recused: &[PersonId], names: &BTreeMap<PersonId, String>) -> String {
    let named = |what: &str, people: &[PersonId]| {
        let people: Vec<&str> = people.iter().map(|person| name(names, *person)).collect();
        (!people.is_empty()).then(|| format!("{what}: {}", people.join(", ")))
    };
    let parts = [
        named("for", &votes.in_favour),
        named("against", &votes.against),
        named("abstained", &votes.abstained),
        named("recused", recused),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
