//! `/calls`: the calls there are; those in preparation show only to the office that prepares them.

use hiec_kernel::clock::on_page;
use hiec_web::accounts::Everyone;
use hiec_web::components::Button;
use hiec_web::{Answer, Loaded, Page, Who};
use maud::{Markup, html};
use serde::Serialize;

use super::stages::closing;
use super::store::{self, Call};
use crate::calls::design::MilestoneKey;

#[derive(Serialize)]
struct Line {
    key: String,
    title: String,
    stage: &'static str,
    next: Option<String>,
}

pub async fn get(door: Loaded<Everyone>, who: Who) -> Answer {
    let calls = store::all(&door.database(), door.now()).await?;
    let visible: Vec<&Call> =
        calls.iter().filter(|call| door.app.engine().decide(&who, "call.view", &call.target()).allowed).collect();
    let lines: Vec<Line> = visible.iter().map(|call| line(call)).collect();
    Ok(Page::new("Calls", view(&lines, who.holds(hiec_kernel::Role::ProgrammeOfficer))).data(&lines)?.into())
}

fn line(call: &Call) -> Line {
    let next = [MilestoneKey::Questions, MilestoneKey::Pqq, MilestoneKey::Bidding]
        .into_iter()
        .filter_map(|key| Some((call.design().milestone(key)?.name.clone(), closing(call.design(), key)?)))
        .find(|(_, deadline)| deadline.admits(call.now))
        .map(|(name, deadline)| format!("{name}: until {}", on_page(deadline.0)));
    Line { key: call.key.clone(), title: call.title.clone(), stage: call.stage().label(), next }
}

fn view(lines: &[Line], may_prepare: bool) -> Markup {
    html! {
        h1 { "Calls" }
        @if lines.is_empty() {
            p { "There is no open call at the moment." }
        }
        @if may_prepare { (Button::link("Prepare a call", "/calls/new").secondary()) }
        @for line in lines {
            h2 { a href={ "/calls/" (line.key) } { (line.title) } }
            p { (line.stage) @if let Some(next) = &line.next { ". " (next) "." } }
        }
    }
}
