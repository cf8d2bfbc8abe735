//! A calendar as a picture: lanes of bars over months, wide and narrow. What it shows stands in the table under it too.

use chrono::{Datelike, Months, NaiveDate};
use maud::{Markup, html};

/// One bar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Bar {
    pub from: NaiveDate,
    /// The last day, counted.
    pub to: NaiveDate,
    pub words: String,
    /// Drawn in another way: time out of programme.
    pub is_out: bool,
}

/// A row of the picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Lane {
    pub label: String,
    pub bars: Vec<Bar>,
}

const LANE: i64 = 30;
const HEAD: i64 = 24;

/// The lanes between the first and the last day of all bars; nothing where there is no bar.
pub(crate) fn calendar(title: &str, lanes: &[Lane], today: NaiveDate) -> Markup {
    let bars = || lanes.iter().flat_map(|lane| &lane.bars);
    let (Some(from), Some(to)) = (bars().map(|bar| bar.from).min(), bars().map(|bar| bar.to).max()) else {
        return html! {};
    };
    let from = from.with_day(1).unwrap_or(from);
    html! {
        div.app-figure.app-figure--wide { (drawn(title, lanes, today, (from, to), &Sheet { width: 960, label: 190, key: "wide" })) }
        div.app-figure.app-figure--narrow { (drawn(title, lanes, today, (from, to), &Sheet { width: 340, label: 0, key: "narrow" })) }
    }
}

struct Sheet {
    width: i64,
    /// Room for the labels at the left; where there is none they stand above their lanes.
    label: i64,
    key: &'static str,
}

fn drawn(title: &str, lanes: &[Lane], today: NaiveDate, (from, to): (NaiveDate, NaiveDate), sheet: &Sheet) -> Markup {
    let days = to.signed_duration_since(from).num_days() + 1;
    let room = sheet.width - sheet.label - 4;
    let x = |day: NaiveDate| sheet.label + day.signed_duration_since(from).num_days() * room / days.max(1);
    let above = if sheet.label == 0 { 18 } else { 0 };
    let step = LANE + above;
    let many = i64::try_from(lanes.len()).unwrap_or(0);
    let height = HEAD + many * step + 4;
    let slug: String = title.chars().filter(char::is_ascii_alphanumeric).collect();
    let id = format!("calendar-{}-{slug}", sheet.key);
    let marks = months(from, to, room / 44);
    html! {
        svg.app-rota-picture viewBox=(format!("0 0 {} {height}", sheet.width)) role="img" aria-labelledby=(id) focusable="false" {
            title id=(id) { (title) ". The same stands in the table below." }
            @for month in &marks {
                line.app-rota-picture__line x1=(x(*month)) x2=(x(*month)) y1=(HEAD - 6) y2=(height - 4) {}
                text x=(x(*month) + 3) y="12" { (month.format("%b %y")) }
            }
            @for (nth, lane) in (0_i64..).zip(lanes) {
                @let top = HEAD + nth * step;
                @if above > 0 {
                    text.app-rota-picture__label x="0" y=(top + 13) { (shortened(&lane.label, 44)) }
                } @else {
                    text.app-rota-picture__label x="0" y=(top + 19) { (shortened(&lane.label, 27)) }
                }
                @for bar in &lane.bars {
                    @let begin = x(bar.from);
                    @let wide = (x(bar.to) + room / days.max(1) - begin).max(3);
                    rect.app-rota-picture__bar.app-rota-picture__bar--out[bar.is_out] x=(begin) y=(top + above + 2) width=(wide - 1) height=(LANE - 6) rx="2" {
                        title { (bar.words) }
                    }
                    @if wide > 40 {
                        text.app-rota-picture__words.app-rota-picture__words--out[bar.is_out] x=(begin + 4) y=(top + above + 18) {
                            (shortened(&bar.words, usize::try_from((wide - 8) / 7).unwrap_or(0)))
                        }
                    }
                }
            }
            @if from <= today && today <= to {
                line.app-rota-picture__today x1=(x(today)) x2=(x(today)) y1="16" y2=(height - 4) {}
            }
        }
    }
}

/// The first days of months between two days, so far apart that at most so many are named.
fn months(from: NaiveDate, to: NaiveDate, most: i64) -> Vec<NaiveDate> {
    let all = (to.year() - from.year()) * 12 + i32::try_from(to.month()).unwrap_or(0)
        - i32::try_from(from.month()).unwrap_or(0)
        + 1;
    let most = i32::try_from(most).unwrap_or(8).max(2);
    let apart = [1, 2, 3, 4, 6, 12, 24].into_iter().find(|apart| all / apart <= most).unwrap_or(60);
    (0..all)
        .step_by(usize::try_from(apart).unwrap_or(1))
        .filter_map(|nth| from.checked_add_months(Months::new(u32::try_from(nth).ok()?)))
        .collect()
}

fn shortened(words: &str, most: usize) -> String {
    match words.chars().count() > most {
        true => words.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
        false => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(written: &str) -> NaiveDate {
        written.parse().unwrap()
    }

    #[test]
    fn months_are_named_as_often_as_there_is_room() {
        assert_eq!(months(day("2010-08-01"), day("2011-07-31"), 12).len(), 12);
        assert_eq!(months(day("2010-08-01"), day("2012-07-31"), 7).len(), 6);
        assert_eq!(months(day("2010-08-01"), day("2010-08-20"), 7), [day("2010-08-01")]);
    }

    #[test]
    fn nothing_is_drawn_of_nothing_and_words_are_escaped() {
        assert_eq!(calendar("Empty", &[], day("2010-08-01")).0, "");
        let bar = Bar { from: day("2010-08-04"), to: day("2011-08-02"), words: "<b>".into(), is_out: true };
        let drawn = calendar("One", &[Lane { label: "A".into(), bars: vec![bar] }], day("2010-09-01")).0;
        assert!(drawn.contains("&lt;b&gt;") && !drawn.contains("<b>"));
        assert!(drawn.contains("app-rota-picture__bar--out"));
    }
}
