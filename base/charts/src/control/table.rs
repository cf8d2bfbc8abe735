//! A chart's figures as a table: in HTML to stand beside the picture, and as plain cells for any other document. It shows
//! every point and every gap.

use maud::{Markup, html};

use super::model::{ControlChart, Kind, Point, period};

/// The figures of a chart. Every row has as many cells as there are columns; the first names the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    pub columns: Vec<FiguresColumn>,
    pub rows: Vec<Vec<String>>,
}

/// A column of [`Figures`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiguresColumn {
    pub heading: &'static str,
    pub is_number: bool,
}

/// Where a line stands at a point, if it does.
type Line = fn(&Point) -> Option<f64>;

impl ControlChart {
    /// The figures as they are written; columns that would be empty are left out.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let (grain, decimals) = (self.grain(), self.decimals());
        let figure = |value: f64| self.unit.figure(value, decimals);
        let target = self.target.map(|target| self.unit.figure(target, self.unit.exact(target)));
        let has = |of: Line| self.points.iter().any(|point| of(point).is_some());
        let lines: [(&'static str, Line); 3] = [
            (self.centre.name(), |point| point.centre),
            ("Lower limit", |point| point.lower),
            ("Upper limit", |point| point.upper),
        ];
        let lines: Vec<_> = lines.into_iter().filter(|(_, of)| has(*of)).collect();
        let is_judged = self.points.iter().any(|point| point.kind != Kind::Common || !point.why.is_empty());

        let column = |heading, is_number| FiguresColumn { heading, is_number };
        let when = if self.dates().is_empty() { "Row" } else { "Period" };
        let mut columns = vec![column(when, false), column("Value", true)];
        columns.extend(lines.iter().map(|(heading, _)| column(heading, true)));
        columns.extend(target.is_some().then(|| column("Target", true)));
        columns.extend(is_judged.then(|| column("What it says", false)));
        let rows = self
            .points
            .iter()
            .map(|point| {
                let value = point.value.map_or_else(|| "no value".to_owned(), figure);
                let mut row = vec![period(grain, point.when), value];
                row.extend(lines.iter().map(|(_, of)| of(point).map(figure).unwrap_or_default()));
                row.extend(target.clone());
                row.extend(is_judged.then(|| says(point)));
                row
            })
            .collect();
        Figures { columns, rows }
    }

    /// The figures as an HTML table with row headers.
    #[must_use]
    pub fn table(&self) -> Markup {
        let Figures { columns, rows } = self.figures();
        let class = |column: &FiguresColumn| column.is_number.then_some("hc-number");
        html! {
            table class="hc-table" {
                caption { "Figures: " (self.title) }
                thead { tr { @for column in &columns { th scope="col" class=[class(column)] { (column.heading) } } } }
                tbody { @for row in &rows { tr { @for (at, (cell, column)) in row.iter().zip(&columns).enumerate() {
                    @if at == 0 { th scope="row" { (cell) } } @else { td class=[class(column)] { (cell) } }
                } } } }
            }
        }
    }
}

fn says(point: &Point) -> String {
    match (point.value, point.why.as_str()) {
        (None, _) => String::new(),
        (Some(_), "") => point.kind.words().to_owned(),
        (Some(_), why) => format!("{}: {why}", point.kind.words()),
    }
}
