//! `/clusters/{cluster}/education/posts/new`: a post is added at a host, which need not be a partner.

use axum::extract::Query;
use hiec_kernel::organisations::Setting;
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::{Button, CheckboxItem, Checkboxes};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actions;
use super::importing::{POLE, millionths};
use super::store::{CapacityStep, Funding, FundingKind, Post};
use crate::access::Education;
use crate::ground::{self, LINE};
use crate::home;
use crate::programmes::new::{may_host, organisation_named};
use crate::programmes::store::{self as programmes, Programme};
use crate::trainees::new::{number, share};
use crate::words::{Place, Profession, Wte};

/// The most a post may hold: a ward that takes many students.
pub(crate) const MOST: Wte = Wte(9_900);

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    number: String,
    /// The whole name or NHS code of the host in the register.
    host: String,
    site: String,
    profession: String,
    specialty: String,
    grade: String,
    setting: String,
    /// Degrees north and east; empty where not known.
    latitude: String,
    longitude: String,
    /// As `2010-08-04`.
    starts_on: String,
    /// Share of whole-time it holds.
    capacity: String,
    /// Keys of programmes; none for any of its profession and specialty.
    #[serde(default)]
    programmes: Vec<String>,
    /// `tariff`, `host`, …
    funding: String,
    /// Who pays.
    payer: String,
}

/// What a link fills in already.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    host: String,
}

pub async fn get(door: Loaded<Education>, Query(wanted): Query<Wanted>) -> Answer {
    let programmes = programmes::of_cluster(&door.database(), door.cluster.id).await?;
    let form = Form { host: wanted.host, capacity: "1".into(), ..Form::default() };
    Ok(page(&door, &programmes, &form, &Errors::none())?.into())
}

fn page(door: &Loaded<Education>, programmes: &[Programme], form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let professions = Profession::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    let settings = Setting::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    let funding = FundingKind::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Add a post" }
        form method="post" novalidate {
            (ground::line_field("number", "Number", &form.number, errors).hint("Letters, figures and hyphens; it stands in addresses").width(20_u8))
            (ground::line_field("host", "Host", &form.host, errors).hint("Its whole name in the register, or its NHS code. It need not be a partner"))
            (ground::line_field("site", "Site", &form.site, errors))
            (place_fields(&form.latitude, &form.longitude, errors))
            (ground::choice("profession", "Profession", professions, &form.profession, errors))
            (ground::line_field("specialty", "Specialty", &form.specialty, errors))
            (ground::line_field("grade", "Grade", &form.grade, errors))
            (ground::choice("setting", "Setting it gives experience of", settings, &form.setting, errors))
            (ground::day_field("starts_on", "First day", &form.starts_on, errors))
            (ground::line_field("capacity", "How much of whole-time it holds", &form.capacity, errors).hint("1 for one person; two half-time people may share it").width(4_u8))
            @if !programmes.is_empty() {
                (Checkboxes::new("programmes", "Programmes it trains for").hint("None ticked: any of its profession and specialty")
                    .items(programmes.iter().map(|one| CheckboxItem::new(one.key.clone(), one.name.clone()).checked(Some(form.programmes.contains(&one.key)))).collect::<Vec<_>>()))
            }
            (ground::choice("funding", "Funding", funding, &form.funding, errors))
            (ground::line_field("payer", "Who pays", &form.payer, errors))
            (Button::new("Add the post"))
        }
    };
    Ok(home::under(Page::new("Add a post", view).data(form)?, &door.cluster)
        .under(format!("{}/posts", door.path()), "Posts"))
}

/// Where a post lies: both or neither.
pub(super) fn place(errors: &mut Errors, latitude: &str, longitude: &str) -> Option<Place> {
    let mut degrees = |field: &str, what: &str, typed: &str, most: i64| match typed.trim() {
        "" => None,
        typed => {
            let read = millionths(typed).filter(|degrees| degrees.abs() <= most);
            if read.is_none() {
                errors.add(field, format!("Enter {what} in degrees with a point, such as 51.518 or -0.059"));
            }
            read
        }
    };
    let read = (
        degrees("latitude", "how far north it lies", latitude, POLE),
        degrees("longitude", "how far east it lies", longitude, 2 * POLE),
    );
    let typed = [latitude, longitude].map(|typed| !typed.trim().is_empty());
    if typed[0] != typed[1] {
        errors.add(if typed[0] { "longitude" } else { "latitude" }, "Fill in both degrees, or neither");
    }
    let (Some(latitude), Some(longitude)) = read else { return None };
    Some(Place { latitude, longitude })
}

/// The two fields for it.
pub(super) fn place_fields(latitude: &str, longitude: &str, errors: &Errors) -> Markup {
    html! {
        (ground::line_field("latitude", "Degrees north (optional)", latitude, errors).hint("Such as 51.518. Travel limits of placement rounds need to know where it lies").width(10_u8))
        (ground::line_field("longitude", "Degrees east (optional)", longitude, errors).hint("Such as -0.059; west is below nought").width(10_u8))
    }
}

pub async fn post(door: Loaded<Education>, Input(form): Input<Form>) -> Answer {
    let database = door.database();
    let programmes = programmes::of_cluster(&database, door.cluster.id).await?;
    let mut errors = Errors::none();
    let number = number(&mut errors, "number", "the number", &form.number);
    let host = match form.host.trim() {
        "" => {
            errors.add("host", "Enter the host");
            None
        }
        typed => {
            let found = organisation_named(&database, &mut errors, "host", typed).await?;
            if let Some(other) = found.as_ref().filter(|found| !may_host(found)) {
                errors.add(
                    "host",
                    format!("{} provides neither care nor education, so nobody can be placed there", other.name),
                );
            }
            found
        }
    };
    let site = errors.text("site", "the site", &form.site, LINE);
    let place = place(&mut errors, &form.latitude, &form.longitude);
    let profession = ground::one_of(&mut errors, "profession", "a profession", Profession::from_key(&form.profession));
    let specialty = errors.text("specialty", "the specialty", &form.specialty, LINE);
    let grade = errors.text("grade", "the grade", &form.grade, LINE);
    let setting = ground::one_of(&mut errors, "setting", "a setting", Setting::from_key(&form.setting));
    let starts_on = ground::day(&mut errors, "starts_on", "the first day", &form.starts_on);
    let capacity = share(&mut errors, "capacity", &form.capacity, MOST);
    let chosen: Vec<Uuid> =
        programmes.iter().filter(|one| form.programmes.contains(&one.key)).map(|one| one.id).collect();
    if chosen.len() != form.programmes.len() {
        errors.add("programmes", "One of the ticked programmes is not there any more. Tick those that are");
    }
    let other = programmes.iter().find(|one| chosen.contains(&one.id) && Some(one.profession) != profession);
    if let Some((other, profession)) = other.zip(profession) {
        let words = format!(
            "{} is for {}, and the post for {}",
            other.name,
            other.profession.label().to_lowercase(),
            profession.label().to_lowercase()
        );
        errors.add("programmes", words);
    }
    let funding = ground::one_of(&mut errors, "funding", "the kind of funding", FundingKind::from_key(&form.funding));
    let payer = errors.text("payer", "who pays", &form.payer, LINE);
    if let (true, Some(number), Some(host), Some(site), Some(profession), Some(specialty), Some(grade)) =
        (errors.is_empty(), number, host, site, profession, specialty, grade)
        && let (Some(setting), Some(starts_on), Some(capacity), Some(funding), Some(payer)) =
            (setting, starts_on, capacity, funding, payer)
    {
        let mut unit = door.begin().await?;
        let funding = Funding {
            id: unit.new_id(),
            kind: funding,
            body: payer,
            from: starts_on,
            to: None,
            is_illustrative: false,
        };
        let new = Post {
            id: Uuid::nil(),
            cluster: door.cluster.id,
            number,
            host: host.id,
            site,
            place,
            profession,
            specialty,
            grade,
            setting,
            starts_on,
            ends_on: None,
            capacity: vec![CapacityStep { from: starts_on, wte: capacity }],
            programmes: chosen,
            funding: vec![funding],
            follows: None,
            is_illustrative: false,
        };
        match actions::add(&mut unit, new).await {
            Ok(post) => {
                unit.commit().await?;
                return Ok(Done::made(post.path(&door.cluster)).saying("The post was added.").into());
            }
            Err(problem) if problem.kind == ProblemKind::Conflict => {
                errors.add("number", format!("{}. {}", problem.title, problem.next));
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(page(&door, &programmes, &form, &errors)?.with_errors(&errors).into())
}
