//! `/clusters/{cluster}/education/grid`: everybody over the months, by trainee or by post; placements are moved by dragging, by keyboard, or on their own page.

use axum::extract::Query;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_kernel::{Problem, ProblemKind};
use hiec_web::components::own::{EmptyState, Filter};
use hiec_web::components::{Input as TextInput, Select, SelectItem};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page, WantsData};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::actions::{self, NotPlaced};
use super::rules;
use super::scene::{self, Days as Which, Scene};
use super::store::{self, Placement};
use crate::access::{self, Education};
use crate::ground::{self, LINES};
use crate::home;
use crate::posts::store::Post;
use crate::words::Wte;

/// Months shown, and how many at most.
const MONTHS: u32 = 12;
const MOST: u32 = 36;

/// What a grid shows.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct Wanted {
    programme: String,
    /// `posts`, or trainees.
    by: String,
    /// The first day, as `2010-08-04`.
    from: String,
    months: String,
}

/// A placement moved on the grid.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
pub struct MoveForm {
    /// The id of a placement.
    placement: String,
    /// Months later, or earlier where negative.
    later: String,
    /// The number of the post it moves to; empty where it stays.
    post: String,
    reason: String,
    programme: String,
    by: String,
    from: String,
    months: String,
}

/// The grid's own days.
struct Frame {
    from: NaiveDate,
    months: u32,
}

impl Frame {
    fn of(wanted: &Wanted, today: NaiveDate) -> Self {
        let from = wanted.from.trim().parse().ok().filter(|day: &NaiveDate| (1990..2100).contains(&day.year()));
        let months = wanted.months.trim().parse().ok().filter(|months| (1..=MOST).contains(months));
        Self { from: from.unwrap_or_else(|| training_year(today)), months: months.unwrap_or(MONTHS) }
    }

    /// The first day of a column, counted from nought.
    fn day(&self, column: u32) -> NaiveDate {
        self.from.checked_add_months(Months::new(column)).unwrap_or(self.from)
    }

    /// A grid of whole training years ends the day before the next begins, wherever in August that is.
    fn last(&self) -> NaiveDate {
        let years = i32::try_from(self.months / 12).unwrap_or(1);
        let after = match self.months.is_multiple_of(12) && self.from == training_year(self.from) {
            true => NaiveDate::from_weekday_of_month_opt(self.from.year() + years, 8, Weekday::Wed, 1),
            false => None,
        };
        after.unwrap_or_else(|| self.day(self.months)).pred_opt().unwrap_or(self.from)
    }

    /// The column a day falls into; those outside fall into the first or last.
    fn column(&self, day: NaiveDate) -> u32 {
        (1..self.months).take_while(|column| self.day(*column) <= day).last().unwrap_or(0)
    }
}

/// The first Wednesday of August that begins the training year of a day.
fn training_year(today: NaiveDate) -> NaiveDate {
    let begins = |year| NaiveDate::from_weekday_of_month_opt(year, 8, Weekday::Wed, 1).unwrap_or(today);
    let this_year = begins(today.year());
    if this_year <= today { this_year } else { begins(today.year() - 1) }
}

/// A row: what it is of, and lanes of bars that do not meet.
struct Row<'a> {
    label: Markup,
    /// The number of the post, where it is a post's.
    post: Option<&'a Post>,
    lanes: Vec<Vec<Bar<'a>>>,
}

struct Bar<'a> {
    placement: &'a Placement,
    words: String,
    first: u32,
    last: u32,
}

pub async fn get(door: Loaded<Education>, wants: WantsData, Query(wanted): Query<Wanted>) -> Answer {
    Ok(page(&door, wants, &wanted, "", &Errors::none()).await?.into())
}

async fn page(
    door: &Loaded<Education>,
    wants: WantsData,
    wanted: &Wanted,
    reason: &str,
    errors: &Errors,
) -> Result<Page, Problem> {
    let today = london_date(door.now());
    let frame = Frame::of(wanted, today);
    let sight = access::sight(door, &door.cluster);
    let days = Which::Between(frame.from, frame.last());
    let scene = scene::load(&door.database(), &door.cluster, days, &sight).await?;
    let is_by_post = wanted.by == "posts";
    let rows = if is_by_post { by_post(&scene, wanted, &frame) } else { by_trainee(door, &scene, wanted, &frame) };
    let may_move = door.may("placement.change");
    let is_made_up = rows.iter().flat_map(|row| &row.lanes).flatten().any(|bar| bar.placement.is_illustrative);
    let shown: usize = rows.iter().flat_map(|row| &row.lanes).map(Vec::len).sum();
    let path = format!("{}/grid", door.path());
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Rotation grid" (ground::made_up(is_made_up)) }
        p { (shown) " placements from " (day_on_page(frame.from)) " to " (day_on_page(frame.last())) ". Each leads to its own page." }
        (filter(&path, &scene, wanted, &frame))
        @if rows.is_empty() {
            (EmptyState::new("Nothing that you may see is planned in these months.").action("Placements", format!("{}/placements", door.path())))
        } @else {
            @if may_move { (moving(&path, wanted, &frame, reason, is_by_post, errors)) }
            (grid(door, &rows, &frame, is_by_post, may_move, &scene))
        }
        p { a href={ (door.path()) "/placements" } { "Placements as a list, with files to take away" } }
    };
    let page = Page::new("Rotation grid", view).wide();
    let page = if wants.0 {
        page.data(&json!({ "from": frame.from, "to": frame.last(), "placements": scene.placements, "trainees": scene.trainees }))?
    } else {
        page
    };
    Ok(home::under(page, &door.cluster).under(format!("{}/placements", door.path()), "Placements"))
}

fn filter(path: &str, scene: &Scene, wanted: &Wanted, frame: &Frame) -> Filter {
    let mut programmes: Vec<_> = scene.programmes.values().collect();
    programmes.sort_by(|one, other| one.name.cmp(&other.name));
    let items = std::iter::once(SelectItem::new("", "All programmes"))
        .chain(programmes.iter().map(|one| SelectItem::new(one.key.clone(), one.name.clone())));
    Filter::new(path.to_owned())
        .field(Select::new("programme", "Programme").items(items.collect::<Vec<_>>()).value(wanted.programme.as_str()))
        .field(
            Select::new("by", "Rows")
                .items([SelectItem::new("", "Trainees"), SelectItem::new("posts", "Posts")])
                .value(wanted.by.as_str()),
        )
        .field(TextInput::new("from", "From").kind("date").value(frame.from.to_string()))
        .field(TextInput::new("months", "Months").width(2_u8).value(frame.months.to_string()))
}

/// What is sent when a placement is moved; the script fills it, and shows it where it runs.
fn moving(path: &str, wanted: &Wanted, frame: &Frame, reason: &str, is_by_post: bool, errors: &Errors) -> Markup {
    let reason = if reason.is_empty() { "Planning the rotation" } else { reason };
    html! {
        form #rota-move method="post" action={ (path) "/moves" } novalidate data-rota-form {
            input type="hidden" name="placement" value="";
            input type="hidden" name="later" value="0";
            input type="hidden" name="post" value="";
            input type="hidden" name="programme" value=(wanted.programme);
            input type="hidden" name="by" value=(wanted.by);
            input type="hidden" name="from" value=(frame.from);
            input type="hidden" name="months" value=(frame.months);
            div hidden data-rota-help {
                p {
                    "Drag a placement to other months" @if is_by_post { " or to another post" } ". By keyboard: go to it, hold Shift and press the arrow keys, "
                    "then Enter to move it or Escape to leave it."
                }
                (ground::line_field("reason", "Reason kept with each move", reason, errors))
            }
            p.nhsuk-u-visually-hidden role="status" data-rota-status {}
        }
        noscript { p { "To move a placement, open it and choose “Change it”." } }
    }
}

fn is_of(scene: &Scene, programme: Uuid, wanted: &Wanted) -> bool {
    wanted.programme.is_empty() || scene.programmes.get(&programme).is_some_and(|one| one.key == wanted.programme)
}

fn by_trainee<'a>(door: &Loaded<Education>, scene: &'a Scene, wanted: &Wanted, frame: &Frame) -> Vec<Row<'a>> {
    let by = scene.by_trainee();
    scene
        .trainees
        .iter()
        .filter(|trainee| is_of(scene, trainee.programme, wanted) && trainee.starts_on <= frame.last())
        .map(|trainee| {
            let theirs = by.get(&trainee.id).map(Vec::as_slice).unwrap_or_default();
            let bars = theirs.iter().map(|one| {
                let words =
                    scene.post(one.post).map_or_else(|| one.kind.label().to_owned(), |post| post.number.clone());
                bar(one, words, frame)
            });
            Row {
                label: html! { a.nhsuk-link href=(trainee.path(&door.cluster)) { (trainee.name) } },
                post: None,
                lanes: lanes(bars),
            }
        })
        .collect()
}

fn by_post<'a>(scene: &'a Scene, wanted: &Wanted, frame: &Frame) -> Vec<Row<'a>> {
    let mut by: std::collections::BTreeMap<Uuid, Vec<&Placement>> = std::collections::BTreeMap::new();
    for one in &scene.placements {
        if let Some(post) = one.post {
            by.entry(post).or_default().push(one);
        }
    }
    let chosen = scene.programmes.values().find(|one| one.key == wanted.programme).map(|one| one.id);
    scene
        .posts
        .iter()
        .filter(|post| {
            chosen.is_none_or(|programme| post.programmes.contains(&programme)) && post.starts_on <= frame.last()
        })
        .map(|post| {
            let there = by.get(&post.id).map(Vec::as_slice).unwrap_or_default();
            let bars = there.iter().map(|one| {
                let name = scene.trainee(one.trainee).map_or("A trainee", |trainee| trainee.name.as_str());
                let words = if one.wte == Wte::FULL { name.to_owned() } else { format!("{name}, {}", one.wte) };
                bar(one, words, frame)
            });
            Row { label: html! { (post.number) }, post: Some(post), lanes: lanes(bars) }
        })
        .collect()
}

fn bar<'a>(placement: &'a Placement, words: String, frame: &Frame) -> Bar<'a> {
    Bar { placement, words, first: frame.column(placement.starts_on), last: frame.column(placement.ends_on) }
}

/// Bars that come by first day, each in the first lane where it has room; at least one lane.
fn lanes<'a>(bars: impl Iterator<Item = Bar<'a>>) -> Vec<Vec<Bar<'a>>> {
    let mut lanes: Vec<Vec<Bar<'a>>> = vec![Vec::new()];
    for bar in bars {
        let is_free = |lane: &&mut Vec<Bar<'a>>| lane.last().is_none_or(|last| last.last < bar.first);
        match lanes.iter_mut().find(is_free) {
            Some(lane) => lane.push(bar),
            None => lanes.push(vec![bar]),
        }
    }
    lanes
}

fn grid(
    door: &Loaded<Education>,
    rows: &[Row<'_>],
    frame: &Frame,
    is_by_post: bool,
    may_move: bool,
    scene: &Scene,
) -> Markup {
    let path = format!("{}/placements", door.path());
    let what = if is_by_post { "Posts" } else { "Trainees" };
    html! {
        div.app-rota tabindex="0" role="region" aria-label="Rotation grid" {
            table.app-rota__table data-rota[may_move] data-rota-posts[is_by_post] {
                caption.nhsuk-table__caption { (what) " over " (frame.months) " months" }
                thead {
                    tr {
                        th.app-rota__corner scope="col" { (what) }
                        @for column in 0..frame.months {
                            th.app-rota__month scope="col" data-column=(column) title=(day_on_page(frame.day(column))) { (frame.day(column).format("%b %y")) }
                        }
                    }
                }
                @for row in rows {
                    tbody data-post=[row.post.map(|post| post.number.as_str())] {
                        @for (nth, lane) in row.lanes.iter().enumerate() {
                            tr {
                                @if nth == 0 {
                                    th.app-rota__name scope="rowgroup" rowspan=(row.lanes.len() + usize::from(row.post.is_some())) {
                                        (row.label)
                                        @if let Some(post) = row.post { span.app-rota__host { (scene.host_name(post)) } }
                                    }
                                }
                                (lane_cells(lane, frame, &path, may_move))
                            }
                        }
                        @if let Some(post) = row.post { tr.app-rota__free { (free_cells(post, row, frame)) } }
                    }
                }
            }
        }
    }
}

fn lane_cells(lane: &[Bar<'_>], frame: &Frame, path: &str, may_move: bool) -> Markup {
    let mut column = 0;
    let mut cells: Vec<Markup> = Vec::with_capacity(lane.len() * 2);
    for bar in lane {
        if bar.first > column {
            cells.push(html! { td.app-rota__empty colspan=(bar.first - column) {} });
        }
        let one = bar.placement;
        let title = format!("{} to {}", day_on_page(one.starts_on), day_on_page(one.ends_on));
        cells.push(html! {
            td.app-rota__cell colspan=(bar.last - bar.first + 1) {
                a.app-rota__bar.app-rota__bar--out[!one.kind.is_in_post()] href={ (path) "/" (one.id) } title=(title)
                    data-placement=[may_move.then_some(one.id)] { (bar.words) }
            }
        });
        column = bar.last + 1;
    }
    if column < frame.months {
        cells.push(html! { td.app-rota__empty colspan=(frame.months - column) {} });
    }
    html! { @for cell in &cells { (cell) } }
}

/// What is free of a post in each month: the least of its days.
fn free_cells(post: &Post, row: &Row<'_>, frame: &Frame) -> Markup {
    let there = row.lanes.iter().flatten().map(|bar| bar.placement);
    let free = rules::free(post, there, frame.from, frame.last());
    let least = |column: u32| {
        let (first, last) =
            (frame.day(column), frame.day(column + 1).checked_sub_days(Days::new(1)).unwrap_or(frame.last()));
        free.iter().filter(|one| one.from <= last && first <= one.to).map(|one| one.wte).min().unwrap_or_default()
    };
    html! {
        @for column in 0..frame.months {
            @let free = least(column);
            td.app-rota__room { @if free > Wte::NONE { (free) " free" } @else { span.nhsuk-u-visually-hidden { "full" } } }
        }
    }
}

/// A day so many months later; a last day stays the day before what follows it.
fn later(day: NaiveDate, months: i32) -> Option<NaiveDate> {
    let by = Months::new(months.unsigned_abs());
    if months < 0 { day.checked_sub_months(by) } else { day.checked_add_months(by) }
}

pub async fn moved(door: Loaded<Education>, wants: WantsData, Input(form): Input<MoveForm>) -> Answer {
    let wanted = Wanted {
        programme: form.programme.clone(),
        by: form.by.clone(),
        from: form.from.clone(),
        months: form.months.clone(),
    };
    let mut errors = Errors::none();
    let reason = errors.text("reason", "the reason that is kept with the move", &form.reason, LINES);
    let months = form.later.trim().parse::<i32>().ok().filter(|months| (-120..=120).contains(months));
    if months.is_none() {
        errors.add("rota-move", "Say by how many months the placement moves, as a whole number");
    }
    let id = form.placement.trim().parse::<Uuid>().ok();
    if id.is_none() {
        errors.add("rota-move", "Choose a placement of the grid to move");
    }
    if let (Some(reason), Some(months), Some(id)) = (reason, months, id) {
        let mut unit = door.begin().await?;
        let found = store::by_id(&unit, id).await?.filter(|one| one.cluster == door.cluster.id && !one.is_cancelled());
        let Some(placement) = found else {
            return Err(Problem::new(
                ProblemKind::NotFound,
                "This placement is not there any more",
                "Open the grid again: it shows what is planned now.",
            )
            .into());
        };
        let post = match form.post.trim() {
            "" => placement.post,
            number => match crate::posts::store::by_number(&unit, door.cluster.id, number).await? {
                Some(post) if placement.kind.is_in_post() => Some(post.id),
                _ => {
                    errors.add(
                        "rota-move",
                        format!("It cannot move to {number}: choose a post that is there, and a placement in a post"),
                    );
                    placement.post
                }
            },
        };
        let after = placement.ends_on.succ_opt().and_then(|day| later(day, months));
        let days = later(placement.starts_on, months).zip(after.and_then(|day| day.pred_opt()));
        if let (true, Some((starts_on, ends_on))) = (errors.is_empty(), days) {
            let changed = Placement { post, starts_on, ends_on, reason, ..placement };
            match actions::change(&mut unit, &changed).await {
                Ok(()) => {
                    unit.commit().await?;
                    let word =
                        format!("Moved: it runs from {} to {} now.", day_on_page(starts_on), day_on_page(ends_on));
                    return Ok(Done::to(back(&door, &wanted)).saying(word).into());
                }
                Err(NotPlaced::Refused(refusals)) => {
                    for refusal in refusals {
                        errors.add("rota-move", refusal.to_string());
                    }
                }
                Err(NotPlaced::Problem(problem)) => return Err(problem.into()),
            }
        }
    }
    Ok(page(&door, wants, &wanted, &form.reason, &errors).await?.with_errors(&errors).into())
}

/// The grid as it was shown.
fn back(door: &Loaded<Education>, wanted: &Wanted) -> String {
    let plain = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>();
    format!(
        "{}/grid?programme={}&by={}&from={}&months={}",
        door.path(),
        plain(&wanted.programme),
        plain(&wanted.by),
        plain(&wanted.from),
        plain(&wanted.months)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(written: &str) -> NaiveDate {
        written.parse().unwrap()
    }

    #[test]
    fn the_training_year_begins_on_the_first_wednesday_of_august() {
        assert_eq!(training_year(day("2011-07-12")), day("2010-08-04"));
        assert_eq!(training_year(day("2011-08-03")), day("2011-08-03"));
        assert_eq!(training_year(day("2011-08-02")), day("2010-08-04"));
    }

    #[test]
    fn days_fall_into_months_that_begin_on_the_frames_day() {
        let frame = Frame { from: day("2010-08-04"), months: 12 };
        let columns = ["2010-07-01", "2010-08-04", "2010-09-03", "2010-09-04", "2011-08-02", "2012-01-01"].map(day);
        assert_eq!(columns.map(|one| frame.column(one)), [0, 0, 0, 1, 11, 11]);
        assert_eq!(frame.last(), day("2011-08-02"));
        assert_eq!(Frame { from: day("2010-08-05"), months: 12 }.last(), day("2011-08-04"));
    }

    #[test]
    fn a_turn_stays_a_turn_when_it_moves() {
        assert_eq!(later(day("2010-08-04"), 4), Some(day("2010-12-04")));
        assert_eq!(later(day("2010-12-04"), -4), Some(day("2010-08-04")));
    }
}
