//! PNG and PDF of each chart, drawn by the program hiec-pdf: this program stays free of letters and pixels.

use std::path::{Path, PathBuf};

use hiec_chartbook::{Book, Series};
use hiec_charts::{Figures, Look, Size};
use hiec_reports::{Block, Column, Level, Report, Reports, Table};

use super::progress::Progress;

/// How wide a PNG is, in pixels: twice the chart's own width, for screens of double density and for slides.
const WIDTH: u32 = 1_920;

/// What else is to be made of each chart.
pub struct Pictures {
    reports: Reports,
    has_png: bool,
    has_pdf: bool,
}

/// A failure, in words.
type Failed = Box<dyn std::error::Error>;

impl Pictures {
    /// Looks for the program where something is wanted of it.
    ///
    /// # Errors
    /// The program is not there.
    pub fn new(has_png: bool, has_pdf: bool) -> Result<Self, Failed> {
        let reports = Reports::new(std::env::var_os("HIEC_PDF").map(PathBuf::from));
        if (has_png || has_pdf) && !reports.is_available() {
            return Err(
                "--png and --pdf need the program hiec-pdf, which was not found. Put it beside hiec (make pdf \
                        builds it), or name it in HIEC_PDF; without these flags everything else is written."
                    .into(),
            );
        }
        Ok(Self { reports, has_png, has_pdf })
    }

    /// Draws what is wanted of every chart, two at a time, and gives how many files that made.
    ///
    /// # Errors
    /// A chart that cannot be drawn, or a disk that takes no more.
    pub async fn draw(&self, book: &Book, folder: &Path) -> Result<usize, Failed> {
        if !self.has_png && !self.has_pdf {
            return Ok(0);
        }
        let mut progress = Progress::over(book.series.len(), "charts drawn as PNG or PDF");
        for (at, pair) in book.series.chunks(2).enumerate() {
            match pair {
                [one, other] => {
                    tokio::try_join!(self.draw_one(book, one, folder), self.draw_one(book, other, folder))?;
                }
                _ => {
                    for one in pair {
                        self.draw_one(book, one, folder).await?;
                    }
                }
            }
            progress.at(at * 2 + pair.len());
        }
        progress.end();
        Ok(book.series.len() * (usize::from(self.has_png) + usize::from(self.has_pdf)))
    }

    async fn draw_one(&self, book: &Book, one: &Series, folder: &Path) -> Result<(), Failed> {
        if self.has_png {
            let png = self.reports.png(&one.chart.svg(Size::Wide, Look::on_page()), WIDTH).await;
            write(&folder.join(one.place("png")), &png.map_err(|error| format!("{}: {error}", one.name))?)?;
        }
        if self.has_pdf {
            let pdf = self.reports.pdf(&report(book, one)).await;
            write(&folder.join(one.place("pdf")), &pdf.map_err(|error| format!("{}: {error}", one.name))?)?;
        }
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// The chart on a page, with its words and every figure.
fn report(book: &Book, one: &Series) -> Report {
    let chart = &one.chart;
    let look = Look { has_head: false, ..Look::on_page() };
    let mut body =
        vec![Block::paragraph(&chart.reading), Block::chart(chart.svg(Size::Paper, look), chart.description(), "")];
    if let Some(found) = &one.found {
        body.push(Block::heading(Level::One, "How mean and limits came about"));
        body.extend(found.groups.iter().map(|group| Block::paragraph(found.working(group))));
    }
    body.push(Block::heading(Level::One, "Figures"));
    body.extend(figures(&chart.title, chart.figures()));
    Report {
        eyebrow: Some(book.title.clone()).filter(|title| *title != chart.title),
        title: chart.title.clone(),
        subtitle: Some(chart.subtitle.clone()),
        author: "hiec spc chart".to_owned(),
        // The day of the last value, not of the drawing: the same table gives the same file.
        dated: one.verdict.last.unwrap_or_default(),
        body,
        illustrative: false,
        fingerprint: None,
    }
}

fn figures(title: &str, figures: Figures) -> Option<Block> {
    let columns = figures
        .columns
        .iter()
        .map(|column| match column.is_number {
            true => Column::figure(column.heading),
            false if column.heading == "What it says" => Column::wide(column.heading, 3),
            false => Column::words(column.heading),
        })
        .collect();
    Table::try_new(&format!("Figures: {title}"), columns, figures.rows).ok().map(Block::from)
}
