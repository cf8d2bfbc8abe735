//! Puts a book into a folder: one picture and one page a series, a table of icons over all, and the figures. It writes
//! nothing outside the folder and never over what it did not write itself, unless told to.

mod figures;
mod index;
mod page;
mod style;

use std::io;
use std::path::{Path, PathBuf};

use hiec_charts::{Look, Size};
use serde::Serialize;

use crate::book::{Book, Series, Verdict};
use crate::reading::Fault;

/// What else is made of each chart by another program, so that pages can point to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    pub has_png: bool,
    pub has_pdf: bool,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The table of icons: the page to open first.
    pub index: PathBuf,
    pub files: usize,
}

/// Where the pictures stand inside the folder.
const CHARTS: &str = "charts";

impl Book {
    /// Writes everything into `folder`, which is made where it is missing, and calls `progress` with how many series are
    /// written after each.
    ///
    /// # Errors
    /// A folder that holds something, unless `is_replacing`; a disk that takes no more.
    pub fn write(
        &self,
        folder: &Path,
        is_replacing: bool,
        extras: Extras,
        progress: &mut dyn FnMut(usize),
    ) -> io::Result<Written> {
        std::fs::create_dir_all(folder)?;
        if !is_replacing && std::fs::read_dir(folder)?.next().is_some() {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!(
                    "{} is not empty: choose another folder, or write over what is there with --replace",
                    folder.display()
                ),
            ));
        }
        let charts = folder.join(CHARTS);
        std::fs::create_dir_all(&charts)?;
        for (at, one) in self.series.iter().enumerate() {
            std::fs::write(charts.join(format!("{}.svg", one.file)), one.svg())?;
            std::fs::write(charts.join(format!("{}.html", one.file)), page::page(self, one, extras).into_string())?;
            progress(at + 1);
        }
        let index = folder.join("index.html");
        std::fs::write(&index, index::index(self).into_string())?;
        std::fs::write(folder.join("points.csv"), figures::points(self)?)?;
        std::fs::write(folder.join("summary.csv"), figures::summary(self)?)?;
        let mut files = self.series.len() * 2 + 3;
        let problems = folder.join("problems.csv");
        if !self.faults.is_empty() {
            std::fs::write(problems, figures::problems(&self.faults)?)?;
            files += 1;
        } else if problems.exists() {
            // An earlier book's problems are not this one's.
            std::fs::remove_file(problems)?;
        }
        Ok(Written { index, files })
    }

    /// Everything as JSON.
    ///
    /// # Errors
    /// None in practice: every value is a number or a text.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        let series = self.series.iter().map(|one| SeriesJson {
            key: self.by.iter().map(String::as_str).zip(one.key.iter().map(String::as_str)).collect(),
            name: &one.name,
            picture: format!("{CHARTS}/{}.svg", one.file),
            page: format!("{CHARTS}/{}.html", one.file),
            verdict: &one.verdict,
            points: figures::points_of(one),
        });
        serde_json::to_string_pretty(&BookJson {
            title: &self.title,
            guesses: &self.guesses,
            notes: &self.notes,
            rows_used: self.rows,
            rows_left_out: &self.faults,
            false_alarms: &self.alarms,
            series: series.collect(),
        })
    }
}

impl Series {
    /// The chart as a file of its own.
    #[must_use]
    pub fn svg(&self) -> String {
        self.chart.svg(Size::Wide, Look::alone())
    }

    /// Where a picture of this kind stands inside the folder: `charts/rqm.png`.
    #[must_use]
    pub fn place(&self, extension: &str) -> PathBuf {
        Path::new(CHARTS).join(format!("{}.{extension}", self.file))
    }
}

#[derive(Serialize)]
struct BookJson<'a> {
    title: &'a str,
    guesses: &'a [String],
    notes: &'a [String],
    rows_used: usize,
    rows_left_out: &'a [Fault],
    false_alarms: &'a hiec_charts::Alarms,
    series: Vec<SeriesJson<'a>>,
}

#[derive(Serialize)]
struct SeriesJson<'a> {
    key: std::collections::BTreeMap<&'a str, &'a str>,
    name: &'a str,
    picture: String,
    page: String,
    #[serde(flatten)]
    verdict: &'a Verdict,
    points: Vec<figures::PointFigures>,
}
