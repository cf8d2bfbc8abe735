//! `hiec spc chart`: reads a table, has the chart book drawn and written, says what was guessed, left out and written. It
//! judges and draws nothing of its own.

mod pictures;
mod progress;

use std::io::{IsTerminal, Read, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use hiec_chartbook::{Aim, Book, Extras, Order, date, target};
use hiec_spc::xmr::Direction;

use self::pictures::Pictures;
use self::progress::Progress;
use super::Outcome;

/// The table or the flags cannot be used, as for the other commands on tables.
const EXIT_BAD_INPUT: u8 = 2;
/// Everything is written, and some rows of the table are in no chart.
const EXIT_ROWS_LEFT_OUT: u8 = 3;
/// So many rows that could not be read are said; all of them stand in problems.csv.
const FAULTS_SAID: usize = 10;

pub const EXAMPLES: &str = "Examples:
  hiec spc chart waits.csv --out charts
  hiec spc chart falls.csv --numerator falls --denominator bed_days --per 1000 --improve down --out charts
  hiec spc chart ae_attendances.csv --numerator breaches --denominator attendances --complement \\
      --by org_code --sum --target 95% --improve up --title \"A&E: seen within four hours\" --out charts
  gzip -dc waits.csv.gz | hiec spc chart - --value days --json --out charts | jq .false_alarms";

pub const CHART_HELP: &str = "Examples:
  hiec spc chart waits.csv --out charts
  hiec spc chart falls.csv --numerator falls --denominator bed_days --per 1000 --improve down --out charts
  hiec spc chart ae_attendances.csv --numerator breaches --denominator attendances --complement \\
      --by org_code --sum --target 95% --improve up --title \"A&E: seen within four hours\" --out charts
  gzip -dc waits.csv.gz | hiec spc chart - --value days --json --out charts | jq .false_alarms

The table: comma, semicolon or tab between cells, names of columns on the first line, one row a period. Dates as people
write them: 2019-04-01, 2019-04, 01/04/2019 (day first), 1 April 2019, Apr-19, 2019 Q2, 2019/20 Q1, 2019-W14. Numbers too:
1,234.5, 92.4%, £1,200. Empty cells, NA and * are gaps. Columns that are not named are guessed, and the guess is said.

Written into the folder:
  index.html       icons, last value, limits, course and words for every series, concerns first; how many alarms to
                   expect by chance
  charts/*.svg     a chart for each series, light, dark and printed; *.html beside it with the figures in a table
  points.csv, summary.csv, and problems.csv with every row that could not be read

Charts are XmR charts by the rules of Making Data Count. A series of fewer than 12 values is drawn as a run chart without
limits. Periods that a regular series lacks are shown as gaps.

Exit codes: 0 every row is in a chart; 3 the charts are written and some rows are in none; 2 the table or a flag cannot be
used; 1 anything else, such as a full disk. With --strict a row that cannot be read is enough to write nothing.";

/// What to draw, and where to.
#[derive(Args)]
pub struct ChartOrder {
    /// The table, or - for the standard input
    table: PathBuf,
    /// The folder to write into; it is made, and must be empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write over what is in the folder
    #[arg(long)]
    replace: bool,
    /// A column that names a series; several times for several columns
    #[arg(long, value_name = "COLUMN")]
    by: Vec<String>,
    /// The column of dates
    #[arg(long, value_name = "COLUMN")]
    date: Option<String>,
    /// The column of values
    #[arg(long, value_name = "COLUMN")]
    value: Option<String>,
    /// The column of what is counted, divided by --denominator
    #[arg(long, value_name = "COLUMN")]
    numerator: Option<String>,
    /// The column of what it is counted among
    #[arg(long, value_name = "COLUMN")]
    denominator: Option<String>,
    /// Draw 1 − numerator ÷ denominator: performance from breaches
    #[arg(long)]
    complement: bool,
    /// Draw numerator ÷ denominator times this [default: 100, per cent]
    #[arg(long, value_name = "N", value_parser = positive)]
    per: Option<f64>,
    /// Add up rows of one series and date, such as the departments of a hospital
    #[arg(long)]
    sum: bool,
    /// The target: 95 or 95%
    #[arg(long, value_name = "N", value_parser = target, allow_hyphen_values = true)]
    target: Option<Aim>,
    /// Which way is better; without it high and low are shown without judging
    #[arg(long, value_enum)]
    improve: Option<Way>,
    /// New limits from this day, with a reason: 2018-04-01 or "2018-04-01=New ward"; several times for several
    #[arg(long, value_name = "DATE[=WHY]", value_parser = day_and_words)]
    rebase: Vec<(NaiveDate, String)>,
    /// Something that happened: "2018-04-01=Second triage nurse"; several times for several
    #[arg(long, value_name = "DATE=WHAT", value_parser = event)]
    event: Vec<(NaiveDate, String)>,
    /// Limits from the first N points, better 12 or more
    #[arg(long, value_name = "N")]
    baseline: Option<usize>,
    /// What the charts are of
    #[arg(long)]
    title: Option<String>,
    /// What the values are counted in, such as minutes
    #[arg(long)]
    unit: Option<String>,
    /// Where the data comes from, told under each chart
    #[arg(long)]
    source: Option<String>,
    /// A PNG beside each SVG (needs the program hiec-pdf)
    #[arg(long)]
    png: bool,
    /// A PDF of each chart with its figures (needs the program hiec-pdf)
    #[arg(long)]
    pdf: bool,
    /// Print everything found as JSON
    #[arg(long)]
    json: bool,
    /// Write nothing when a row cannot be read
    #[arg(long)]
    strict: bool,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Way {
    Up,
    Down,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.replace(',', "").parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
        _ => Err("write a number above 0, such as 1000".to_owned()),
    }
}

fn day_and_words(text: &str) -> Result<(NaiveDate, String), String> {
    let (day, words) = text.split_once('=').unwrap_or((text, ""));
    match date(day) {
        Some(day) => Ok((day, words.trim().to_owned())),
        None => Err(format!("“{day}” is not a date such as 2018-04-01")),
    }
}

fn event(text: &str) -> Result<(NaiveDate, String), String> {
    let (day, words) = day_and_words(text)?;
    match words.is_empty() {
        true => Err("say what happened: --event \"2018-04-01=Second triage nurse\"".to_owned()),
        false => Ok((day, words)),
    }
}

/// Draws and writes.
///
/// # Errors
/// A table that cannot be opened, a folder that cannot be written.
pub async fn run(order: ChartOrder) -> Outcome {
    let pictures = Pictures::new(order.png, order.pdf)?;
    let bytes = match bytes(&order.table) {
        Ok(bytes) => bytes,
        Err(problem) => return refuse(&problem),
    };
    let book = match Book::read(&bytes, &order.for_book()) {
        Ok(book) => book,
        Err(refusal) => return refuse(&format!("{}: {refusal}", order.table.display())),
    };
    say_found(&book);
    if order.strict && !book.faults.is_empty() {
        return refuse(&format!("nothing is written, because of --strict and {}", left_out(&book)));
    }
    let extras = Extras { has_png: order.png, has_pdf: order.pdf };
    let mut progress = Progress::over(book.series.len(), "series written");
    let written = book.write(&order.out, order.replace, extras, &mut |count| progress.at(count))?;
    progress.end();
    let drawn = pictures.draw(&book, &order.out).await?;
    if order.json {
        println!("{}", book.json()?);
    } else {
        say_written(&book, &written.index, written.files + drawn);
    }
    match book.faults.is_empty() {
        true => Ok(ExitCode::SUCCESS),
        false => {
            eprintln!("hiec: {}; all of them: {}", left_out(&book), order.out.join("problems.csv").display());
            Ok(ExitCode::from(EXIT_ROWS_LEFT_OUT))
        }
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = match path == Path::new("-") {
        true => stdin().lock().read_to_end(&mut bytes).map(drop),
        false => std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)).map(drop),
    };
    match read {
        Ok(()) => Ok(bytes),
        Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
    }
}

impl ChartOrder {
    fn for_book(&self) -> Order {
        Order {
            by: self.by.clone(),
            date: self.date.clone(),
            value: self.value.clone(),
            numerator: self.numerator.clone(),
            denominator: self.denominator.clone(),
            is_complement: self.complement,
            per: self.per,
            is_sum: self.sum,
            target: self.target,
            improve: self.improve.map(|way| match way {
                Way::Up => Direction::Increase,
                Way::Down => Direction::Decrease,
            }),
            rebases: self.rebase.clone(),
            events: self.event.clone(),
            baseline: self.baseline,
            title: self.title.clone(),
            unit: self.unit.clone(),
            source: self.source.clone(),
        }
    }
}

fn say_found(book: &Book) {
    for guess in &book.guesses {
        eprintln!("guessed: {guess}");
    }
    for note in &book.notes {
        eprintln!("note: {note}");
    }
    for fault in book.faults.iter().take(FAULTS_SAID) {
        eprintln!("left out: {fault}");
    }
    if book.faults.len() > FAULTS_SAID {
        eprintln!("left out: and {} more", book.faults.len() - FAULTS_SAID);
    }
}

fn left_out(book: &Book) -> String {
    match book.faults.len() {
        1 => "1 row could not be read".to_owned(),
        rows => format!("{rows} rows could not be read"),
    }
}

fn say_written(book: &Book, index: &Path, files: usize) {
    println!("{}", book.alarms.words());
    let series = book.series.len();
    let rows = book.rows;
    println!("{series} series from {rows} rows, {files} files. Open {}", index.display());
    if stdout().is_terminal() {
        println!("Next: look at the concerns first, and ask what changed before anything is explained.");
    }
}

fn refuse(problem: &str) -> Outcome {
    eprintln!("hiec: {problem}");
    Ok(ExitCode::from(EXIT_BAD_INPUT))
}
