//! `/clusters/{cluster}/education/grid`: everybody over the months, by trainee or by post; placements are moved by dragging, by keyboard, or on their own page.

use std::borrow::Cow;
use std::collections::HashMap;

use axum::extract::Query;
use chrono::{Datelike, Months, NaiveDate, Weekday};
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
use super::rota::{self, Learner, Place, Rota, Turn};
use super::rules;
use super::rules::Stretch;
use super::scene::{self, Days as Which};
use super::store::{self, Placement};
use crate::access::{self, Education};
use crate::ground::{self, LINES};
use crate::home;
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

/// The grid's own days, each worked out once: a grid asks for them thousands of times.
struct Frame {
    from: NaiveDate,
    months: u32,
    /// The first day of each column, and of the one after the last.
    starts: Vec<NaiveDate>,
}

impl Frame {
    fn new(from: NaiveDate, months: u32) -> Self {
        let starts = (0..=months).map(|column| from.checked_add_months(Months::new(column)).unwrap_or(from)).collect();
        Self { from, months, starts }
    }

    fn of(wanted: &Wanted, today: NaiveDate) -> Self {
        let from = wanted.from.trim().parse().ok().filter(|day: &NaiveDate| (1990..2100).contains(&day.year()));
        let months = wanted.months.trim().parse().ok().filter(|months| (1..=MOST).contains(months));
        Self::new(from.unwrap_or_else(|| training_year(today)), months.unwrap_or(MONTHS))
    }

    /// The first day of a column, counted from nought.
    fn day(&self, column: u32) -> NaiveDate {
        usize::try_from(column).ok().and_then(|column| self.starts.get(column)).copied().unwrap_or(self.from)
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
        let begun = self.starts.partition_point(|start| *start <= day);
        u32::try_from(begun).unwrap_or(u32::MAX).saturating_sub(1).min(self.months.saturating_sub(1))
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
    /// The post, where it is a post's.
    post: Option<&'a Place>,
    lanes: Vec<Vec<Bar<'a>>>,
}

struct Bar<'a> {
    turn: &'a Turn,
    words: Cow<'a, str>,
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
    let days = (frame.from, frame.last());
    let is_by_post = wanted.by == "posts";
    let rota = rota::load(&door.database(), &door.cluster, days, &sight, is_by_post).await?;
    let rows = if is_by_post { by_post(&rota, wanted, &frame) } else { by_trainee(door, &rota, wanted, &frame) };
    let may_move = door.may("placement.change");
    let is_made_up = rows.iter().flat_map(|row| &row.lanes).flatten().any(|bar| bar.turn.is_illustrative);
    let shown: usize = rows.iter().flat_map(|row| &row.lanes).map(Vec::len).sum();
    let path = format!("{}/grid", door.path());
    let view = html! {
        (ground::mistakes(errors))
        h1 { span.nhsuk-caption-xl { (door.cluster.short_name) } "Rotation grid" (ground::made_up(is_made_up)) }
        p { (shown) " placements from " (day_on_page(frame.from)) " to " (day_on_page(frame.last())) ". Each leads to its own page." }
        (filter(&path, &rota, wanted, &frame))
        @if rows.is_empty() {
            (EmptyState::new("Nothing that you may see is planned in these months.").action("Placements", format!("{}/placements", door.path())))
        } @else {
            @if may_move { (moving(&path, wanted, &frame, reason, is_by_post, errors)) }
            (grid(door, &rows, &frame, is_by_post, may_move, &rota))
        }
        p { a href={ (door.path()) "/placements" } { "Placements as a list, with files to take away" } }
    };
    let page = Page::new("Rotation grid", view).wide();
    let page = if wants.0 {
        let days = Which::Between(frame.from, frame.last());
        let scene = scene::load(&door.database(), &door.cluster, days, &sight).await?;
        page.data(&json!({ "from": frame.from, "to": frame.last(), "placements": scene.placements, "trainees": scene.trainees }))?
    } else {
        page
    };
    Ok(home::under(page, &door.cluster).under(format!("{}/placements", door.path()), "Placements"))
}

fn filter(path: &str, rota: &Rota, wanted: &Wanted, frame: &Frame) -> Filter {
    let mut programmes: Vec<_> = rota.programmes.values().collect();
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
                p.app-with-mouse {
                    "Drag a placement to other months" @if is_by_post { " or to another post" } ". By keyboard: go to it, hold Shift and press the arrow keys, "
                    "then Enter to move it or Escape to leave it."
                }
                p.app-with-touch { "To move a placement, open it and choose “Change it”." }
                (ground::line_field("reason", "Reason kept with each move", reason, errors))
            }
            p.nhsuk-u-visually-hidden role="status" data-rota-status {}
        }
        noscript { p { "To move a placement, open it and choose “Change it”." } }
    }
}

fn is_of(rota: &Rota, programme: Uuid, wanted: &Wanted) -> bool {
    wanted.programme.is_empty() || rota.programmes.get(&programme).is_some_and(|one| one.key == wanted.programme)
}

fn by_trainee<'a>(door: &Loaded<Education>, rota: &'a Rota, wanted: &Wanted, frame: &Frame) -> Vec<Row<'a>> {
    let mut by: HashMap<Uuid, Vec<&Turn>> = HashMap::new();
    for turn in &rota.turns {
        by.entry(turn.trainee).or_default().push(turn);
    }
    let path = format!("{}/trainees", door.path());
    let last = frame.last();
    let shown = |one: &&Learner| is_of(rota, one.programme, wanted) && one.starts_on <= last;
    let row = |learner: &'a Learner| {
        let theirs = by.get(&learner.id).map(Vec::as_slice).unwrap_or_default();
        let bars = theirs.iter().map(|turn| {
            let words = rota.place(turn.post).map_or(turn.kind.label(), |place| place.number.as_str());
            bar(turn, Cow::Borrowed(words), frame)
        });
        Row {
            label: html! { a.nhsuk-link href={ (path) "/" (learner.number) } { (learner.name) } },
            post: None,
            lanes: lanes(bars),
        }
    };
    rota.learners.iter().filter(shown).map(row).collect()
}

fn by_post<'a>(rota: &'a Rota, wanted: &Wanted, frame: &Frame) -> Vec<Row<'a>> {
    let mut by: HashMap<Uuid, Vec<&Turn>> = HashMap::new();
    for turn in &rota.turns {
        if let Some(post) = turn.post {
            by.entry(post).or_default().push(turn);
        }
    }
    let chosen = rota.programmes.values().find(|one| one.key == wanted.programme).map(|one| one.id);
    let last = frame.last();
    let shown = |place: &&Place| {
        chosen.is_none_or(|programme| place.programmes.contains(&programme)) && place.starts_on <= last
    };
    let row = |place: &'a Place| {
        let there = by.get(&place.id).map(Vec::as_slice).unwrap_or_default();
        let bars = there.iter().map(|turn| {
            let name = rota.learner(turn.trainee).map_or("A trainee", |one| one.name.as_str());
            let words = match turn.wte == Wte::FULL {
                true => Cow::Borrowed(name),
                false => Cow::Owned(format!("{name}, {}", turn.wte)),
            };
            bar(turn, words, frame)
        });
        Row { label: html! { (place.number) }, post: Some(place), lanes: lanes(bars) }
    };
    rota.places.iter().filter(shown).map(row).collect()
}

fn bar<'a>(turn: &'a Turn, words: Cow<'a, str>, frame: &Frame) -> Bar<'a> {
    Bar { turn, words, first: frame.column(turn.starts_on), last: frame.column(turn.ends_on) }
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
    rota: &Rota,
) -> Markup {
    let path = format!("{}/placements", door.path());
    let what = if is_by_post { "Posts" } else { "Trainees" };
    let mut titles = Titles::default();
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
                                        @if let Some(post) = row.post { span.app-rota__host { (rota.host_name(post)) } }
                                    }
                                }
                                (lane_cells(lane, frame, &path, may_move, &mut titles))
                            }
                        }
                        @if let Some(post) = row.post { tr.app-rota__free { (free_cells(post, row, frame)) } }
                    }
                }
            }
        }
    }
}

/// Days as a bar says them, each pair written once: turns begin and end on the same few days.
#[derive(Default)]
struct Titles(HashMap<(NaiveDate, NaiveDate), String>);

impl Titles {
    fn of(&mut self, turn: &Turn) -> &str {
        let days = (turn.starts_on, turn.ends_on);
        self.0.entry(days).or_insert_with(|| format!("{} to {}", day_on_page(days.0), day_on_page(days.1)))
    }
}

fn lane_cells(lane: &[Bar<'_>], frame: &Frame, path: &str, may_move: bool, titles: &mut Titles) -> Markup {
    let after = lane.last().map_or(0, |bar| bar.last + 1);
    let gaps = std::iter::once(0).chain(lane.iter().map(|bar| bar.last + 1));
    html! {
        @for (bar, column) in lane.iter().zip(gaps) {
            @if bar.first > column { td.app-rota__empty colspan=(bar.first - column) {} }
            @let one = bar.turn;
            td.app-rota__cell colspan=(bar.last - bar.first + 1) {
                a.app-rota__bar.app-rota__bar--out[!one.kind.is_in_post()] href={ (path) "/" (one.id) } title=(titles.of(one))
                    data-placement=[may_move.then_some(one.id)] { (bar.words) }
            }
        }
        @if after < frame.months { td.app-rota__empty colspan=(frame.months - after) {} }
    }
}

/// What is free of a post in each month: the least of its days.
fn free_cells(post: &Place, row: &Row<'_>, frame: &Frame) -> Markup {
    let held = |bar: &Bar<'_>| Stretch { from: bar.turn.starts_on, to: bar.turn.ends_on, wte: bar.turn.wte };
    let there: Vec<Stretch> = row.lanes.iter().flatten().map(held).collect();
    let free = rules::free(post.room(), &there, frame.from, frame.last());
    let least = |column: u32| {
        let (first, next) = (frame.day(column), frame.day(column + 1));
        free.iter().filter(|one| one.from < next && first <= one.to).map(|one| one.wte).min().unwrap_or_default()
    };
    // Neighbouring months with as much free are one cell: most posts are full for years.
    let mut runs: Vec<(Wte, u32)> = Vec::new();
    for free in (0..frame.months).map(least) {
        match runs.last_mut() {
            Some((last, months)) if *last == free => *months += 1,
            _ => runs.push((free, 1)),
        }
    }
    html! {
        @for (free, months) in runs {
            td.app-rota__room colspan=(months) { @if free > Wte::NONE { (free) " free" } @else { span.nhsuk-u-visually-hidden { "full" } } }
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
        let frame = Frame::new(day("2010-08-04"), 12);
        let columns = ["2010-07-01", "2010-08-04", "2010-09-03", "2010-09-04", "2011-08-02", "2012-01-01"].map(day);
        assert_eq!(columns.map(|one| frame.column(one)), [0, 0, 0, 1, 11, 11]);
        assert_eq!(frame.last(), day("2011-08-02"));
        assert_eq!(Frame::new(day("2010-08-05"), 12).last(), day("2011-08-04"));
    }

    #[test]
    fn a_turn_stays_a_turn_when_it_moves() {
        assert_eq!(later(day("2010-08-04"), 4), Some(day("2010-12-04")));
        assert_eq!(later(day("2010-12-04"), -4), Some(day("2010-08-04")));
    }
}
