//! `/bids/{bid}/team`: who writes the bid; the lead invites others by letter.

use hiec_web::components::{Button, Input as TextInput, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::partners::address;
use super::{inviting, joining};
use crate::bids::pieces::{error_summary, illustrative};
use crate::bids::store::Bid;

#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    #[serde(default)]
    pub email: String,
}

pub async fn get(bid: Loaded<Bid>) -> Answer {
    page(&bid, &Form::default(), &Errors::none()).await
}

pub async fn post(bid: Loaded<Bid>, Input(form): Input<Form>) -> Answer {
    let person = bid.person()?.clone();
    let mut errors = Errors::none();
    let Some(email) = errors.take("email", address(&form.email)) else {
        return page(&bid, &form, &errors).await;
    };
    let base = bid.app.site().link("/");
    let mut unit = bid.begin().await?;
    inviting::invite_editor(&mut unit, &bid, &person, &email, base.trim_end_matches('/')).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/team", bid.path())).saying(format!("The letter went to {email}.")).into())
}

async fn page(bid: &Loaded<Bid>, form: &Form, errors: &Errors) -> Answer {
    let team = joining::team(&bid.database(), bid).await?;
    let data: Vec<_> = team
        .iter()
        .map(|(person, role)| serde_json::json!({ "person": person.id, "name": person.name, "role": role }))
        .collect();
    let table = Table::new("People in this bid").head(["Name", "Role"]).rows(team.iter().map(|(person, role)| {
        [html! { (person.name) (illustrative(person.is_illustrative)) }, html! { (role.label()) }]
    }));
    let content = html! {
        (error_summary(errors))
        h1 { "Team" }
        (table)
        @if bid.may("bid.invite") {
            h2 { "Ask somebody to write with you" }
            form method="post" action={ (bid.path()) "/team" } {
                (TextInput::new("email", "E-mail address").kind("email").autocomplete("off").spellcheck(false).hint("They get a link; with it they can write every section.").value(form.email.as_str()).error_message(errors.of("email")))
                (Button::new("Send the invitation"))
            }
        }
    };
    let page = Page::new("Team", content).under("/bids", "My bids").under(bid.path(), bid.title.clone()).data(&data)?;
    Ok(if errors.is_empty() { page.into() } else { page.invalid().into() })
}
