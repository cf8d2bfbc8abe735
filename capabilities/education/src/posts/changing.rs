//! `/clusters/{cluster}/education/posts/{post}/change`: another host, site, programmes or room, from the beginning or from a day on, with the reason; refused where something would become wrong.

use hiec_kernel::clock::day_on_page;
use hiec_kernel::organisations::Setting;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::Reads;
use hiec_web::components::{Button, CheckboxItem, Checkboxes, RadioItem, Radios};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page};
use maud::html;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::correcting::{self, NotChanged};
use super::new::{MOST, place, place_fields};
use super::store::{self, CapacityStep, Post};
use crate::access::PostHere;
use crate::ground::{self, LINE, LINES};
use crate::home;
use crate::programmes::new::{may_host, organisation_named};
use crate::programmes::store::{self as programmes, Programme};
use crate::trainees::new::{number, share};

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// `beginning` or `day`.
    when: String,
    /// For `day`: as `2011-08-03`.
    from: String,
    /// For `day`: the number of the post that goes on.
    number: String,
    /// The whole name or NHS code of the host in the register.
    host: String,
    site: String,
    specialty: String,
    grade: String,
    setting: String,
    /// Degrees north and east; empty where not known.
    latitude: String,
    longitude: String,
    /// Empty where none is known.
    ends_on: String,
    /// Share of whole-time it holds at first.
    capacity: String,
    /// Keys of programmes; none for any of its profession and specialty.
    programmes: Vec<String>,
    reason: String,
}

/// `51.518000`
fn degrees(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", millionths.abs() / 1_000_000, millionths.abs() % 1_000_000)
}

/// A number like this one that nobody has yet.
async fn free_number(reads: &impl Reads, post: &Post) -> Result<String, Problem> {
    for nth in 2..100 {
        let number = format!("{}-{nth}", post.number);
        if store::by_number(reads, post.cluster, &number).await?.is_none() {
            return Ok(number);
        }
    }
    Ok(String::new())
}

pub async fn get(here: Loaded<PostHere>) -> Answer {
    let reads = here.database();
    let programmes = programmes::of_cluster(&reads, here.cluster.id).await?;
    let post = &here.post;
    let host = here.host.as_ref();
    let form = Form {
        when: String::new(),
        from: String::new(),
        number: free_number(&reads, post).await?,
        host: host.map(|one| one.ods_code.clone().unwrap_or_else(|| one.name.clone())).unwrap_or_default(),
        site: post.site.clone(),
        specialty: post.specialty.clone(),
        grade: post.grade.clone(),
        setting: post.setting.key().to_owned(),
        latitude: post.place.map(|place| degrees(place.latitude)).unwrap_or_default(),
        longitude: post.place.map(|place| degrees(place.longitude)).unwrap_or_default(),
        ends_on: post.ends_on.map(|day| day.to_string()).unwrap_or_default(),
        capacity: post.capacity.first().map(|step| step.wte.to_string()).unwrap_or_default(),
        programmes: programmes
            .iter()
            .filter(|one| post.programmes.contains(&one.id))
            .map(|one| one.key.clone())
            .collect(),
        reason: String::new(),
    };
    Ok(page(&here, &programmes, &form, &Errors::none())?.into())
}

fn page(here: &Loaded<PostHere>, programmes: &[Programme], form: &Form, errors: &Errors) -> Result<Page, Problem> {
    let settings = Setting::ALL.iter().map(|one| (one.key().to_owned(), one.label().to_owned()));
    let when = [
        RadioItem::new("beginning", "It was put down wrongly: correct it from the beginning")
            .hint("Refused where a placement, a claim or a published round would become wrong"),
        RadioItem::new("day", "From a day on")
            .hint("This post ends the day before, and one with a number of its own goes on, with its money and its placements"),
    ];
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (here.host_name()) } "Change the post " (here.post.number) }
        p { "How much it holds from a later day on, and who pays, are changed on the " a href=(here.path()) { "post's own page" } "." }
        form method="post" novalidate {
            (Radios::new("when", "Since when").items(when).value(form.when.as_str()).error_message(errors.of("when").unwrap_or_default()))
            (ground::day_field("from", "First day of the change", &form.from, errors).hint("For a change from a day on"))
            (ground::line_field("number", "Number of the post that goes on", &form.number, errors).hint("For a change from a day on").width(20_u8))
            (ground::line_field("host", "Host", &form.host, errors).hint("Its whole name in the register, or its NHS code"))
            (ground::line_field("site", "Site", &form.site, errors))
            (place_fields(&form.latitude, &form.longitude, errors))
            (ground::line_field("specialty", "Specialty", &form.specialty, errors))
            (ground::line_field("grade", "Grade", &form.grade, errors))
            (ground::choice("setting", "Setting it gives experience of", settings, &form.setting, errors))
            (ground::line_field("capacity", "How much of whole-time it holds at first", &form.capacity, errors).width(4_u8))
            (ground::day_field("ends_on", "Last day (optional)", &form.ends_on, errors))
            @if !programmes.is_empty() {
                (Checkboxes::new("programmes", "Programmes it trains for").hint("None ticked: any of its profession and specialty")
                    .error_message(errors.of("programmes").unwrap_or_default())
                    .items(programmes.iter().map(|one| CheckboxItem::new(one.key.clone(), one.name.clone()).checked(Some(form.programmes.contains(&one.key)))).collect::<Vec<_>>()))
            }
            (ground::lines_field("reason", "Why it is changed", &form.reason, errors))
            (Button::new("Save the change"))
        }
    };
    Ok(home::under(Page::new("Change a post", view).data(form)?, &here.cluster)
        .under(format!("{}/education/posts", here.cluster.path()), "Posts")
        .under(here.path(), here.post.number.clone()))
}

/// The post as the form says it; nothing where a field is wrong.
async fn read(
    reads: &impl Reads,
    errors: &mut Errors,
    post: &Post,
    form: &Form,
    programmes: &[Programme],
) -> Result<Option<Post>, Problem> {
    let host: Option<OrganisationId> = match form.host.trim() {
        "" => {
            errors.add("host", "Enter the host");
            None
        }
        typed => {
            let found = organisation_named(reads, errors, "host", typed).await?;
            if let Some(other) = found.as_ref().filter(|found| !may_host(found)) {
                let words =
                    format!("{} provides neither care nor education, so nobody can be placed there", other.name);
                errors.add("host", words);
            }
            found.map(|one| one.id)
        }
    };
    let site = errors.text("site", "the site", &form.site, LINE);
    let place = place(errors, &form.latitude, &form.longitude);
    let specialty = errors.text("specialty", "the specialty", &form.specialty, LINE);
    let grade = errors.text("grade", "the grade", &form.grade, LINE);
    let setting = ground::one_of(errors, "setting", "a setting", Setting::from_key(&form.setting));
    let capacity = share(errors, "capacity", &form.capacity, MOST);
    let ends_on = match form.ends_on.trim() {
        "" => None,
        typed => ground::day(errors, "ends_on", "the last day", typed),
    };
    if ends_on.is_some_and(|last| last < post.starts_on) {
        errors.add(
            "ends_on",
            format!("The post begins on {}. Enter a day on or after that", day_on_page(post.starts_on)),
        );
    }
    let chosen: Vec<Uuid> =
        programmes.iter().filter(|one| form.programmes.contains(&one.key)).map(|one| one.id).collect();
    if chosen.len() != form.programmes.len() {
        errors.add("programmes", "One of the ticked programmes is not there any more. Tick those that are");
    }
    if let Some(other) = programmes.iter().find(|one| chosen.contains(&one.id) && one.profession != post.profession) {
        let ours = post.profession.label().to_lowercase();
        errors.add("programmes", format!("The post is for {ours}, and {} is not. Untick it", other.name));
    }
    let (true, Some(host), Some(site), Some(specialty), Some(grade), Some(setting), Some(capacity)) =
        (errors.is_empty(), host, site, specialty, grade, setting, capacity)
    else {
        return Ok(None);
    };
    let mut steps = post.capacity.clone();
    match steps.first_mut() {
        Some(first) => first.wte = capacity,
        None => steps.push(CapacityStep { from: post.starts_on, wte: capacity }),
    }
    // At another host it lies elsewhere, unless another place was said: where another post of that host does, as far as that is known.
    let place = match host != post.host && place == post.place {
        true => store::of_host(reads, post.cluster, host).await?.iter().find_map(|one| one.place),
        false => place,
    };
    // The same programmes keep their order, so that nothing seems changed.
    let is_same = chosen.len() == post.programmes.len() && chosen.iter().all(|one| post.programmes.contains(one));
    let programmes = if is_same { post.programmes.clone() } else { chosen };
    Ok(Some(Post {
        host,
        site,
        specialty,
        grade,
        setting,
        ends_on,
        place,
        programmes,
        capacity: steps,
        ..post.clone()
    }))
}

pub async fn post(here: Loaded<PostHere>, Input(form): Input<Form>) -> Answer {
    let reads = here.database();
    let programmes = programmes::of_cluster(&reads, here.cluster.id).await?;
    let mut errors = Errors::none();
    let is_dated = match form.when.as_str() {
        "beginning" => Some(false),
        "day" => Some(true),
        _ => None,
    };
    let is_dated = ground::one_of(&mut errors, "when", "since when it is so", is_dated);
    let since = match is_dated {
        Some(true) => {
            let from = ground::day(&mut errors, "from", "the first day of the change", &form.from);
            let number = number(&mut errors, "number", "the number of the post that goes on", &form.number);
            if from.is_some_and(|from| from <= here.post.starts_on) {
                let first = day_on_page(here.post.starts_on);
                errors.add(
                    "from",
                    format!("The post begins on {first}. Enter a later day, or correct it from the beginning"),
                );
            }
            if from.zip(here.post.ends_on).is_some_and(|(from, last)| from > last) {
                errors.add("from", "The post has ended by then. Enter a day up to its last, or add a new post");
            }
            from.zip(number)
        }
        _ => None,
    };
    let reason = errors.text("reason", "why it is changed", &form.reason, LINES);
    let changed = read(&reads, &mut errors, &here.post, &form, &programmes).await?;
    if let Some(changed) = &changed {
        if *changed == here.post {
            errors.add("when", "Nothing is different from what it is now. Change something, or leave it as it is");
        }
        if since.as_ref().zip(changed.ends_on).is_some_and(|((from, _), last)| last < *from) {
            errors.add("ends_on", "Enter a last day on or after the first day of the change");
        }
    }
    if let (true, Some(changed), Some(reason)) = (errors.is_empty(), changed, reason) {
        let mut unit = here.begin().await?;
        let outcome = match since {
            None => correcting::correct(&mut unit, &here.post, &changed, &reason).await.map(|()| changed),
            Some((from, number)) => {
                correcting::succeed(&mut unit, &here.post, &changed, (from, &number), &reason).await
            }
        };
        match outcome {
            Ok(post) => {
                unit.commit().await?;
                return Ok(Done::to(post.path(&here.cluster)).saying("The change was saved.").into());
            }
            Err(NotChanged::Wrong(wrong)) => wrong.into_iter().for_each(|(field, what)| errors.add(field, what)),
            Err(NotChanged::Problem(problem)) => return Err(problem.into()),
        }
    }
    Ok(page(&here, &programmes, &form, &errors)?.with_errors(&errors).into())
}

/// The number of a post, for the way from one to the one that follows it.
pub(super) async fn around(reads: &impl Reads, post: &Post) -> Result<(Option<Post>, Option<Post>), Problem> {
    let before = match post.follows {
        Some(id) => store::by_id(reads, id).await?,
        None => None,
    };
    Ok((before, store::following(reads, post.id).await?))
}
