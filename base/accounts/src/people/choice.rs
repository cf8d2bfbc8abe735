//! Choosing a role and where it is held, in two steps that work without scripts; what is offered is what the policies let this person give, and they are asked again when it is given.

use hiec_access::Subject;
use hiec_access::places::{AllPlaces, Place};
use hiec_access::policy::Target;
use hiec_kernel::{Problem, Role, Scope};
use hiec_web::components::{Button, Input as TextInput, RadioItem, Radios, SummaryList, SummaryRow};
use hiec_web::{AppState, Errors};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Places shown at most; a longer list asks for words.
const MOST: usize = 25;
/// Places looked through for them: those where the person may not appoint are left out.
const LOOKED_THROUGH: i64 = 500;

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// The key of the role.
    #[serde(default)]
    pub role: String,
    /// Words of the place's name.
    #[serde(default)]
    pub find: String,
}

/// What can be chosen.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    roles: Vec<Role>,
    pub role: Option<Role>,
    places: Vec<Place>,
    is_cut: bool,
    find: String,
}

/// The same for programs.
#[derive(Serialize)]
pub(super) struct Offered {
    roles: Vec<&'static str>,
    role: Option<&'static str>,
    places: Vec<OfferedPlace>,
}

#[derive(Serialize)]
struct OfferedPlace {
    place: String,
    label: String,
}

impl Choice {
    /// What `subject` may give to somebody else.
    pub async fn load(app: &AppState, subject: &Subject, asked: &Asked) -> Result<Self, Problem> {
        let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| offers(app, subject, *role)).collect();
        let role = Role::from_key(&asked.role).filter(|role| roles.contains(role));
        let find: String = asked.find.trim().chars().take(200).collect();
        let mut places = match role {
            Some(role) => {
                let kinds = role.appointed_in();
                app.service::<AllPlaces>()?.find(&app.database(), kinds, &find, LOOKED_THROUGH).await?
            }
            None => Vec::new(),
        };
        if let Some(role) = role {
            places.retain(|place| may_give(app, subject, role, place, false));
        }
        let is_cut = places.len() > MOST;
        places.truncate(MOST);
        Ok(Self { roles, role, places, is_cut, find })
    }

    pub fn offered(&self) -> Offered {
        let place = |place: &Place| OfferedPlace { place: place_key(place.scope), label: place.label.clone() };
        Offered {
            roles: self.roles.iter().map(|role| role.key()).collect(),
            role: self.role.map(Role::key),
            places: self.places.iter().map(place).collect(),
        }
    }

    /// The first step: which role.
    pub fn role_form(&self, action: &str, errors: &Errors) -> Markup {
        html! {
            form method="get" action=(action) novalidate {
                (Radios::new("role", "Which role?")
                    .items(self.roles.iter().map(|role| RadioItem::new(role.key(), role.label()).hint(role.about())))
                    .error_message(errors.of("role")))
                (Button::new("Continue"))
            }
            p {
                "Assessors are invited on the call's own page, where they give their undertaking, and those who sign for a partner \
                 by the lead of the bid."
            }
        }
    }

    /// The second step's head: the role, the way back, and a search where there are many places.
    pub fn chosen_role(&self, action: &str, role: Role) -> Markup {
        html! {
            (SummaryList::new([SummaryRow::new("Role", role.label()).action("Change", action, "the role")]))
            @if self.is_cut || !self.find.is_empty() {
                form method="get" action=(action) role="search" {
                    input type="hidden" name="role" value=(role.key());
                    (TextInput::new("find", "Find the place by its name").value(self.find.as_str()))
                    (Button::new("Search").secondary())
                }
            }
        }
    }

    /// The field in which the place is chosen.
    pub fn place_field(&self, chosen: &str, errors: &Errors) -> Markup {
        if self.places.is_empty() {
            return html! {
                p #place { "There is no such place where you can give this role. Try other words, or another role." }
            };
        }
        // A single place is as good as chosen.
        let only = self.places.first().filter(|_| self.places.len() == 1).map(|place| place_key(place.scope));
        html! {
            (Radios::new("place", "Where?")
                .items(self.places.iter().map(|place| RadioItem::new(place_key(place.scope), place.label.as_str())))
                .value(if chosen.is_empty() { only.unwrap_or_default() } else { chosen.to_owned() })
                .error_message(errors.of("place")))
            @if self.is_cut { p { "There are more. Search for a part of the name." } }
        }
    }
}

/// Whether the role can be given at all, and by this person somewhere.
fn offers(app: &AppState, subject: &Subject, role: Role) -> bool {
    let anywhere = Target::new("appointment", Uuid::nil())
        .scopes(subject.held.iter().map(|held| held.scope))
        .fact("is_office_appointment", role.is_office_appointment());
    !role.appointed_in().is_empty() && app.engine().decide(subject, "appointment.give", &anywhere).allowed
}

/// Whether the policies let this person give the role there.
pub(super) fn may_give(app: &AppState, subject: &Subject, role: Role, place: &Place, is_own: bool) -> bool {
    role.appointed_in().contains(&place.scope.kind())
        && app.engine().decide(subject, "appointment.give", &place.appointment(role, is_own)).allowed
}

/// `installation`, or kind and id: `call:0190…`.
fn place_key(scope: Scope) -> String {
    match scope {
        Scope::Installation => scope.kind().to_owned(),
        _ => format!("{}:{}", scope.kind(), scope.id()),
    }
}

/// The role and place that were sent, where this person may give the one in the other; else the error stands beside the field.
pub(super) async fn resolve(
    app: &AppState,
    subject: &Subject,
    (role, place): (&str, &str),
    is_own: bool,
    errors: &mut Errors,
) -> Result<Option<(Role, Place)>, Problem> {
    let Some(role) = Role::from_key(role) else {
        errors.add("role", "Choose a role");
        return Ok(None);
    };
    let (kind, id) = place.split_once(':').unwrap_or((place, ""));
    let Some(scope) = Scope::from_parts(kind, id.parse().unwrap_or_default()) else {
        errors.add("place", "Choose where the role is held");
        return Ok(None);
    };
    let named = app.service::<AllPlaces>()?.named(&app.database(), scope).await?;
    let allowed = named.filter(|place| may_give(app, subject, role, place, is_own));
    if allowed.is_none() {
        let reason = if is_own {
            "Nobody gives themselves a role: ask another administrator, or the operator (hiec user role)"
        } else {
            "You cannot give this role there. Choose another place, or ask an administrator"
        };
        errors.add("place", reason);
    }
    Ok(allowed.map(|place| (role, place)))
}
