//! Whether a placement may stand, and when somebody is expected to finish: arithmetic on days, pure, with every refusal's reason and days. It knows no web and no SQL.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use hiec_kernel::clock::day_on_page;
use serde::Serialize;

use super::store::{Placement, PlacementKind, PlacementState};
use crate::posts::store::{Post, Room};
use crate::programmes::store::Programme;
use crate::trainees::store::Trainee;
use crate::words::Wte;

/// Why a placement may not stand: what, on which days, and what would mend it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Refusal {
    /// The field of the form it is about.
    pub field: &'static str,
    pub what: String,
    pub from: NaiveDate,
    /// The last of the days, counted.
    pub to: NaiveDate,
    pub next: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, from, to, next, .. } = self;
        match from == to {
            true => write!(f, "{what} ({}). {next}", day_on_page(*from)),
            false => write!(f, "{what} ({} to {}). {next}", day_on_page(*from), day_on_page(*to)),
        }
    }
}

/// What a placement is judged by. Cancelled placements and the judged one itself may stand among the others; they do not count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged<'a> {
    pub placement: &'a Placement,
    pub trainee: &'a Trainee,
    pub programme: &'a Programme,
    /// The post it is in, where it is in one.
    pub post: Option<&'a Post>,
    /// Of the same post.
    pub in_post: &'a [Placement],
    /// Of the same trainee.
    pub of_trainee: &'a [Placement],
}

/// Days with a share that holds on all of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Stretch {
    pub from: NaiveDate,
    /// The last day, counted.
    pub to: NaiveDate,
    pub wte: Wte,
}

fn next_day(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

fn day_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}

/// Everything that stands in the way, in the order of the form; nothing where it may stand.
pub(crate) fn refusals(judged: &Judged<'_>) -> Vec<Refusal> {
    let placement = judged.placement;
    let (from, to) = (placement.starts_on, placement.ends_on);
    let refuse = |field, what: String, next: &str| Refusal { field, what, from, to, next: next.to_owned() };
    if to < from {
        let what = format!("The last day, {}, comes before the first", day_on_page(to));
        let next = "Enter a last day on or after the first.".to_owned();
        return vec![Refusal { field: "ends_on", what, from, to: from, next }];
    }
    let mut found = Vec::new();
    match (placement.kind.is_in_post(), judged.post) {
        (true, None) => found.push(refuse(
            "post",
            "No post is named".into(),
            "Choose the post, or a kind of time out of programme.",
        )),
        (false, Some(post)) => found.push(refuse(
            "post",
            format!("Time out of programme fills no post, and {} is named", post.number),
            "Leave the post empty: whoever is out frees it.",
        )),
        (true, Some(post)) => {
            found.extend(misfits(judged, post).into_iter().map(|(what, next)| refuse("post", what, &next)))
        }
        (false, None) => {}
    }
    if placement.is_counted && !placement.kind.is_in_post() && !placement.kind.may_count() {
        let what = format!("Time of this kind never counts towards the end: {}", placement.kind.label().to_lowercase());
        found.push(refuse(
            "counted",
            what,
            "Untick it; training and research out of programme may be approved to count.",
        ));
    }
    found.extend(outside_membership(judged));
    if placement.wte <= Wte::NONE {
        let next = "Enter a share such as 1 or 0.6.";
        found.push(refuse("wte", "The share of whole-time is nothing".into(), next));
        return found;
    }
    if placement.wte > judged.trainee.wte {
        let what =
            format!("{} works {} of whole-time, less than {}", judged.trainee.name, judged.trainee.wte, placement.wte);
        found.push(refuse("wte", what, "Enter a share up to theirs."));
    } else {
        found.extend(own_overlaps(judged));
    }
    if let Some(post) = judged.post.filter(|_| placement.kind.is_in_post()) {
        found.extend(overfilled(judged, post));
    }
    found
}

/// Wrong profession, grade, specialty or programme.
fn misfits(judged: &Judged<'_>, post: &Post) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let Judged { trainee, programme, .. } = judged;
    let other = "Choose a post that fits, or correct the post.";
    if post.profession != programme.profession {
        found.push((
            format!(
                "The post {} is for {}, and {} is of {}",
                post.number,
                post.profession.label().to_lowercase(),
                programme.name,
                programme.profession.label().to_lowercase()
            ),
            other.to_owned(),
        ));
        return found;
    }
    if !post.grade.eq_ignore_ascii_case(&trainee.grade) {
        found.push((
            format!(
                "The post {} is of the grade {}, and {} is {}",
                post.number, post.grade, trainee.name, trainee.grade
            ),
            other.to_owned(),
        ));
    }
    let fits = match post.programmes.is_empty() {
        true => post.specialty.eq_ignore_ascii_case(&programme.specialty),
        false => post.programmes.contains(&programme.id),
    };
    if !fits {
        let trains = if post.programmes.is_empty() { "in the specialty" } else { "for its own programmes in" };
        found.push((
            format!("The post {} trains {trains} {}, and not for {}", post.number, post.specialty, programme.name),
            other.to_owned(),
        ));
    }
    found
}

/// Days before somebody joins their programme, or after they are expected to have finished.
fn outside_membership(judged: &Judged<'_>) -> Vec<Refusal> {
    let Judged { placement, trainee, .. } = judged;
    let mut found = Vec::new();
    if placement.starts_on < trainee.starts_on {
        found.push(Refusal {
            field: "starts_on",
            what: format!("{} joins the programme on {}", trainee.name, day_on_page(trainee.starts_on)),
            from: placement.starts_on,
            to: placement.ends_on.min(day_before(trainee.starts_on)),
            next: "Enter a first day on or after that.".into(),
        });
    }
    // The judged placement counts itself: time out moves the end that it must lie before.
    let mut theirs: Vec<Placement> = judged.of_trainee.iter().filter(|one| one.id != placement.id).cloned().collect();
    theirs.push((*placement).clone());
    let end = reckon(trainee, &theirs).expected_end.max(trainee.ends_on);
    if placement.ends_on > end {
        found.push(Refusal {
            field: "ends_on",
            what: format!("{} is expected to finish on {}", trainee.name, day_on_page(end)),
            from: placement.starts_on.max(next_day(end)),
            to: placement.ends_on,
            next: "Enter a last day up to that, or correct the dates of their membership.".into(),
        });
    }
    found
}

/// The days of a placement, cut where any of these days begins something new; each piece by its first and last day.
fn pieces(from: NaiveDate, to: NaiveDate, cuts: impl IntoIterator<Item = NaiveDate>) -> Vec<(NaiveDate, NaiveDate)> {
    let mut begins: BTreeSet<NaiveDate> = cuts.into_iter().filter(|day| from < *day && *day <= to).collect();
    begins.insert(from);
    let begins: Vec<NaiveDate> = begins.into_iter().collect();
    let ends = begins.iter().skip(1).map(|day| day_before(*day)).chain([to]);
    begins.iter().copied().zip(ends).collect()
}

/// Others that count: not the judged one, not cancelled.
fn others<'a>(all: &'a [Placement], judged: &'a Placement) -> impl Iterator<Item = &'a Placement> + Clone {
    all.iter().filter(move |one| one.id != judged.id && !one.is_cancelled())
}

fn bounds<'a>(placements: impl Iterator<Item = &'a Placement>) -> impl Iterator<Item = NaiveDate> {
    placements.flat_map(|one| [one.starts_on, next_day(one.ends_on)])
}

/// How much of the trainee a placement takes: whoever is out of programme is out whole.
fn taken(placement: &Placement, trainee: &Trainee) -> Wte {
    if placement.kind.is_in_post() { placement.wte } else { trainee.wte }
}

/// Days on which the trainee would work more than their share, or in a post while out of programme.
fn own_overlaps(judged: &Judged<'_>) -> Vec<Refusal> {
    let Judged { placement, trainee, .. } = judged;
    let own = others(judged.of_trainee, placement);
    let mut found: Vec<Refusal> = Vec::new();
    for (from, to) in pieces(placement.starts_on, placement.ends_on, bounds(own.clone())) {
        let there: Vec<&Placement> = own.clone().filter(|one| one.covers(from)).collect();
        let sum = there.iter().fold(taken(placement, trainee), |sum, one| sum.plus(taken(one, trainee)));
        if there.is_empty() || sum <= trainee.wte {
            continue;
        }
        let what = match there.iter().find(|one| !one.kind.is_in_post()) {
            Some(out) => format!("{} is away then: {}", trainee.name, out.kind.label().to_lowercase()),
            None if !placement.kind.is_in_post() => format!("{} is in a post then", trainee.name),
            None => format!("{} would work {sum} of whole-time, and works {}", trainee.name, trainee.wte),
        };
        let left = there.iter().fold(trainee.wte, |left, one| left.less(taken(one, trainee)));
        let next = match left > Wte::NONE && placement.kind.is_in_post() {
            true => format!("{left} is left on these days: enter that share, or end the other placement before."),
            false => "End the other placement the day before, or choose other days.".to_owned(),
        };
        join(&mut found, Refusal { field: "starts_on", what, from, to, next });
    }
    found
}

/// Days on which the post would hold more than it has room for.
fn overfilled(judged: &Judged<'_>, post: &Post) -> Vec<Refusal> {
    let placement = judged.placement;
    let there = others(judged.in_post, placement);
    let free = free(post.room(), &held(there), placement.starts_on, placement.ends_on);
    let least = free.iter().map(|stretch| stretch.wte).min().unwrap_or_default();
    let mut found: Vec<Refusal> = Vec::new();
    for stretch in free.iter().filter(|stretch| stretch.wte < placement.wte) {
        let holds = post.capacity_on(stretch.from);
        let what = match (holds, stretch.wte) {
            (Wte::NONE, _) => format!("The post {} holds nobody then", post.number),
            (_, Wte::NONE) => format!("The post {} is full: it holds {holds} of whole-time", post.number),
            (_, free) => format!("The post {} has {free} of whole-time free, of {holds}", post.number),
        };
        let open = free.iter().find(|stretch| stretch.wte >= placement.wte);
        let next = match (least > Wte::NONE, open) {
            (true, _) => format!(
                "{least} is free on all the days: two people may share a post, so place them for {least}, or choose another post."
            ),
            (false, Some(open)) => format!(
                "It has room from {} to {}: choose those days, or another post.",
                day_on_page(open.from),
                day_on_page(open.to)
            ),
            (false, None) => "Choose another post, or other days.".to_owned(),
        };
        join(&mut found, Refusal { field: "post", what, from: stretch.from, to: stretch.to, next });
    }
    found
}

/// Adds a refusal, to the one before where that says the same of the days just before.
fn join(found: &mut Vec<Refusal>, refusal: Refusal) {
    match found.last_mut() {
        Some(last) if last.what == refusal.what && next_day(last.to) == refusal.from => last.to = refusal.to,
        _ => found.push(refusal),
    }
}

/// What is free in a post from one day to another, beside those who are there.
pub(crate) fn free(room: Room<'_>, there: &[Stretch], from: NaiveDate, to: NaiveDate) -> Vec<Stretch> {
    let steps = room.capacity.iter().map(|step| step.from);
    let ends = room.ends_on.map(next_day);
    let cuts =
        there.iter().flat_map(|one| [one.from, next_day(one.to)]).chain(steps).chain([room.starts_on]).chain(ends);
    let mut stretches: Vec<Stretch> = Vec::new();
    for (from, to) in pieces(from, to, cuts) {
        let covers = |one: &&Stretch| one.from <= from && from <= one.to;
        let wte = there.iter().filter(covers).fold(room.on(from), |left, one| left.less(one.wte));
        match stretches.last_mut() {
            Some(last) if last.wte == wte => last.to = to,
            _ => stretches.push(Stretch { from, to, wte }),
        }
    }
    stretches
}

/// What these placements take of a post; cancelled ones take nothing.
pub(crate) fn held<'a>(there: impl Iterator<Item = &'a Placement>) -> Vec<Stretch> {
    let standing = there.filter(|one| !one.is_cancelled());
    standing.map(|one| Stretch { from: one.starts_on, to: one.ends_on, wte: one.wte }).collect()
}

/// The days on which a post would hold too many with other room than now.
pub(crate) fn too_many(post: &Post, there: &[Placement], from: NaiveDate) -> Option<(NaiveDate, Wte, Wte)> {
    let standing = there.iter().filter(|one| !one.is_cancelled());
    let last = standing.clone().map(|one| one.ends_on).max()?;
    let cuts =
        bounds(standing.clone()).chain(post.capacity.iter().map(|step| step.from)).chain(post.ends_on.map(next_day));
    pieces(from, last.max(from), cuts).into_iter().find_map(|(day, _)| {
        let filled = standing.clone().filter(|one| one.covers(day)).fold(Wte::NONE, |sum, one| sum.plus(one.wte));
        let holds = post.capacity_on(day);
        (filled > holds).then_some((day, filled, holds))
    })
}

/// What is left of a placement when some days are taken out of its middle: the part before them and the part after.
pub(crate) fn cut(placement: &Placement, from: NaiveDate, to: NaiveDate) -> (Option<Stretch>, Option<Stretch>) {
    let part = |from: NaiveDate, to: NaiveDate| (from <= to).then_some(Stretch { from, to, wte: placement.wte });
    let before = part(placement.starts_on, placement.ends_on.min(day_before(from)));
    let after = part(placement.starts_on.max(next_day(to)), placement.ends_on);
    (before, after)
}

/// How the expected end was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Reckoning {
    /// The last day, counted.
    pub expected_end: NaiveDate,
    /// Whole-time days the programme takes.
    pub needed: i64,
    pub parts: Vec<Part>,
}

/// Some days and how much of whole-time each of them counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Part {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// What a day counts; nothing while out without approval.
    pub counts: Wte,
    /// What they do then; nothing where no placement says.
    pub doing: Option<PlacementKind>,
}

/// When somebody is expected to finish: the whole-time days between the first and last day as first planned, at what each day counts.
///
/// A day in posts counts their shares together; out of programme it counts nothing unless that time was approved to count, and then the
/// trainee's own share; where nothing is entered, the trainee's own share is assumed. Expected end = first day + remaining whole-time
/// time ÷ share, stretch by stretch.
pub(crate) fn reckon(trainee: &Trainee, placements: &[Placement]) -> Reckoning {
    let days = trainee.ends_on.signed_duration_since(trainee.starts_on).num_days() + 1;
    let needed = days.max(0) * Wte::FULL.0;
    let standing = placements.iter().filter(|one| !one.is_cancelled());
    let mut begins: BTreeSet<NaiveDate> = bounds(standing.clone()).filter(|day| *day > trainee.starts_on).collect();
    begins.insert(trainee.starts_on);
    let begins: Vec<NaiveDate> = begins.into_iter().collect();
    let mut left = needed;
    let mut parts: Vec<Part> = Vec::new();
    let mut expected_end = trainee.ends_on;
    for (place, from) in begins.iter().enumerate() {
        if left <= 0 {
            break;
        }
        let (counts, doing) = counts_on(trainee, standing.clone(), *from);
        let until = begins.get(place + 1).map(|day| day_before(*day));
        let here = until.map(|until| until.signed_duration_since(*from).num_days() + 1);
        // Days it takes to finish at this rate, rounded up to whole days.
        let to_finish = (counts.0 > 0).then(|| left.div_euclid(counts.0) + i64::from(left.rem_euclid(counts.0) > 0));
        let spent = match (here, to_finish) {
            (Some(here), Some(to_finish)) => here.min(to_finish),
            (Some(here), None) => here,
            (None, Some(to_finish)) => to_finish,
            // Somebody who works nothing never finishes: the plan stands.
            (None, None) => break,
        };
        left -= spent * counts.0;
        let Some(to) = from.checked_add_days(Days::new(u64::try_from(spent - 1).unwrap_or(0))) else { break };
        expected_end = to;
        match parts.last_mut() {
            Some(last) if last.counts == counts && last.doing == doing => last.to = to,
            _ => parts.push(Part { from: *from, to, counts, doing }),
        }
    }
    Reckoning { expected_end, needed: days.max(0), parts }
}

fn counts_on<'a>(
    trainee: &Trainee,
    standing: impl Iterator<Item = &'a Placement> + Clone,
    day: NaiveDate,
) -> (Wte, Option<PlacementKind>) {
    let there = standing.filter(|one| one.covers(day));
    if let Some(out) = there.clone().find(|one| !one.kind.is_in_post()) {
        let counts = out.is_counted && out.kind.may_count() && out.state == PlacementState::Approved;
        return (if counts { trainee.wte } else { Wte::NONE }, Some(out.kind));
    }
    let kind = there.clone().next().map(|one| one.kind);
    let sum = there.fold(Wte::NONE, |sum, one| sum.plus(one.wte));
    (if kind.is_some() { sum.min(Wte::FULL) } else { trainee.wte }, kind)
}

#[cfg(test)]
mod tests;
