//! Asks the `hiec-pdf` program for a PDF, or for an SVG as PNG: a process of its own with a time, memory and size limit.
//! The web server itself never runs the PDF engine, and no word of a document is ever logged.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use hiec_kernel::{Problem, ProblemKind};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::sheet::Document;

/// What one document may cost.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// From the start of the program to its last byte.
    time: Duration,
    /// Address space of the program, bytes.
    memory: u64,
    /// Largest PDF taken, bytes.
    output: u64,
}

impl Limits {
    const USUAL: Self = Self { time: Duration::from_secs(20), memory: 1 << 30, output: 32 << 20 };
    /// Largest text of faults taken, bytes.
    const WORDS: u64 = 16 << 10;
}

/// Documents drawn at the same time; the others wait their turn.
const AT_ONCE: usize = 2;

/// Draws documents as PDF. Cheap to clone; clones share the same turns.
#[derive(Clone, Debug)]
pub struct Reports {
    setting: Option<PathBuf>,
    turns: Arc<Semaphore>,
    limits: Limits,
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("PDF is not available on this installation: the program hiec-pdf was not found{}", looked_at(.0))]
    Absent(Option<PathBuf>),
    #[error("too many documents are being drawn")]
    Busy,
    #[error("drawing took longer than {} seconds", .0.as_secs())]
    TooSlow(Duration),
    #[error("what was drawn is larger than {} MiB", .0 >> 20)]
    TooLarge(u64),
    /// The words are the engine's own and may quote the document: for a developer, not for a log.
    #[error("hiec-pdf did not draw the {what}: {words}")]
    Refused { what: &'static str, words: String },
    #[error("hiec-pdf stopped in mid-work, most likely at its memory limit")]
    Stopped,
    #[error("hiec-pdf could not be run: {0}")]
    Io(#[from] std::io::Error),
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        const NEXT: &str = "Use Print in your browser, or the plain text.";
        match &error {
            ReportError::Absent(_) => {
                Self::new(ProblemKind::Unavailable, "PDF is not available on this installation", NEXT)
                    .with_detail(&error)
            }
            ReportError::Busy => Self::new(
                ProblemKind::TooMany,
                "Many documents are being drawn at this moment",
                "Try again in a minute, or use Print in your browser.",
            ),
            ReportError::TooSlow(_) | ReportError::TooLarge(_) | ReportError::Stopped => {
                Self::new(ProblemKind::TooLarge, "This document is too large to be drawn as PDF", NEXT)
                    .with_detail(&error)
            }
            ReportError::Refused { what, .. } => {
                Self::new(ProblemKind::Internal, "This document could not be drawn as PDF", NEXT)
                    .with_detail(format!("hiec-pdf refused the {what}"))
            }
            ReportError::Io(_) => {
                Self::new(ProblemKind::Unavailable, "This document could not be drawn as PDF", NEXT).with_detail(&error)
            }
        }
    }
}

fn looked_at(path: &Option<PathBuf>) -> String {
    path.as_ref().map(|path| format!(" at {}", path.display())).unwrap_or_default()
}

impl Reports {
    /// Draws with the program at `path_to_hiec_pdf`, or, without a setting, with the one that stands beside
    /// the running executable. It is looked for at every document, so it may be installed later.
    pub fn new(path_to_hiec_pdf: Option<PathBuf>) -> Self {
        Self { setting: path_to_hiec_pdf, turns: Arc::new(Semaphore::new(AT_ONCE)), limits: Limits::USUAL }
    }

    /// Whether PDF can be offered now; pages leave the button out where it cannot.
    pub fn is_available(&self) -> bool {
        self.program().is_ok()
    }

    /// The document as an accessible PDF. The same document always gives the same bytes.
    ///
    /// # Errors
    /// [`ReportError`]; `Problem::from` says it in the person's words.
    pub async fn pdf(&self, document: &impl Document) -> Result<Vec<u8>, ReportError> {
        let sheet = document.sheet();
        let request = json!({ "template": sheet.template, "lang": sheet.lang, "data": sheet }).to_string();
        self.drawn(Order { what: sheet.template.name(), begins: b"%PDF-", request }).await
    }

    /// An SVG as PNG, so many pixels wide (1 to 8,000), in the letters of the PDFs. The same SVG always gives the same bytes.
    ///
    /// # Errors
    /// [`ReportError`]; `Problem::from` says it in the person's words.
    pub async fn png(&self, svg: &str, width: u32) -> Result<Vec<u8>, ReportError> {
        let request = json!({ "picture": { "svg": svg, "width": width } }).to_string();
        self.drawn(Order { what: "picture", begins: b"\x89PNG", request }).await
    }

    async fn drawn(&self, order: Order) -> Result<Vec<u8>, ReportError> {
        let program = self.program()?;
        let _turn =
            timeout(self.limits.time, self.turns.acquire()).await.ok().and_then(Result::ok).ok_or(ReportError::Busy)?;
        timeout(self.limits.time, draw(&program, order, self.limits))
            .await
            .unwrap_or(Err(ReportError::TooSlow(self.limits.time)))
    }

    fn program(&self) -> Result<PathBuf, ReportError> {
        let candidate = match &self.setting {
            Some(path) => Some(path.clone()),
            None => beside_this_program(),
        };
        // The program is run from another folder, so its path must be absolute.
        match candidate.as_ref().map(|path| path.canonicalize()) {
            Some(Ok(path)) if path.is_file() => Ok(path),
            _ => Err(ReportError::Absent(candidate)),
        }
    }
}

/// What the program is told, and how its answer begins.
struct Order {
    what: &'static str,
    begins: &'static [u8],
    request: String,
}

fn beside_this_program() -> Option<PathBuf> {
    let this = std::env::current_exe().ok()?;
    Some(this.with_file_name(format!("hiec-pdf{}", std::env::consts::EXE_SUFFIX)))
}

async fn draw(program: &Path, order: Order, limits: Limits) -> Result<Vec<u8>, ReportError> {
    let Order { what, begins, request } = order;
    // Dropped at a time-out or an early return, the child is killed.
    let mut child = started(program)?;
    limit(&child, limits)?;
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(ReportError::Stopped);
    };

    let ask = async move {
        match stdin.write_all(request.as_bytes()).await {
            // It stopped reading: what it says on standard error tells why.
            Err(fault) if fault.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(ReportError::from),
        }
    };
    let take_file = async {
        let mut file = Vec::new();
        stdout.take(limits.output + 1).read_to_end(&mut file).await?;
        if file.len() as u64 > limits.output { Err(ReportError::TooLarge(limits.output)) } else { Ok(file) }
    };
    let take_words = async {
        let mut words = Vec::new();
        let mut stderr = stderr.take(Limits::WORDS);
        stderr.read_to_end(&mut words).await?;
        // Whatever follows is let go by, so that the program is not held up.
        tokio::io::copy(&mut stderr.into_inner(), &mut tokio::io::sink()).await?;
        Ok::<_, ReportError>(String::from_utf8_lossy(&words).trim().to_owned())
    };
    let ((), file, words) = tokio::try_join!(ask, take_file, take_words)?;
    outcome(what, begins, child.wait().await?, file, words)
}

fn started(program: &Path) -> std::io::Result<Child> {
    let mut command = Command::new(program);
    command
        .env_clear()
        // One thread: a document is small, and every further one costs address space.
        .env("RAYON_NUM_THREADS", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if cfg!(unix) {
        command.current_dir("/");
    }
    command.spawn()
}

/// Sets memory and processor time from outside, before the program has been told anything.
/// It shuts off files and sockets itself, as its first step (see `pdf/src/main.rs`).
#[cfg(target_os = "linux")]
fn limit(child: &Child, limits: Limits) -> std::io::Result<()> {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let Some(pid) = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) else {
        return Ok(());
    };
    for (resource, most) in [(Resource::As, limits.memory), (Resource::Cpu, limits.time.as_secs().max(1))] {
        prlimit(Some(pid), resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn limit(_child: &Child, _limits: Limits) -> std::io::Result<()> {
    Ok(())
}

fn outcome(
    what: &'static str,
    begins: &[u8],
    status: ExitStatus,
    file: Vec<u8>,
    words: String,
) -> Result<Vec<u8>, ReportError> {
    match status.code() {
        Some(0) if file.starts_with(begins) => {
            if !words.is_empty() {
                tracing::warn!(what, "a PDF was drawn without its claim to PDF/UA-1");
            }
            Ok(file)
        }
        Some(_) => Err(ReportError::Refused { what, words }),
        None => Err(ReportError::Stopped),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::time::Instant;

    use chrono::NaiveDate;

    use super::*;
    use crate::Report;

    /// A small program that behaves badly in one way, in `tests/stand-ins/`.
    fn reports_with(stand_in: &str) -> Reports {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stand-ins").join(stand_in);
        let limits = Limits { time: Duration::from_secs(1), memory: 1 << 30, output: 1 << 20 };
        Reports { limits, ..Reports::new(Some(path)) }
    }

    fn report() -> Report {
        Report {
            eyebrow: None,
            title: "Title".into(),
            subtitle: None,
            author: "Office".into(),
            dated: NaiveDate::from_ymd_opt(2009, 12, 1).unwrap(),
            body: vec![],
            illustrative: true,
            fingerprint: None,
        }
    }

    #[tokio::test]
    async fn an_absent_program_is_told_in_the_persons_words() {
        let reports = Reports::new(Some("/nowhere/hiec-pdf".into()));
        assert!(!reports.is_available());
        let error = reports.pdf(&report()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "PDF is not available on this installation: the program hiec-pdf was not found at /nowhere/hiec-pdf"
        );
        assert_eq!(
            Problem::from(error).to_string(),
            "PDF is not available on this installation. Use Print in your browser, or the plain text."
        );
    }

    #[tokio::test]
    async fn a_program_that_never_ends_is_stopped() {
        let start = Instant::now();
        let error = reports_with("never-ends").pdf(&report()).await.unwrap_err();
        assert!(matches!(error, ReportError::TooSlow(_)), "{error}");
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[tokio::test]
    async fn endless_output_is_not_taken() {
        let error = reports_with("never-stops-talking").pdf(&report()).await.unwrap_err();
        assert!(matches!(error, ReportError::TooLarge(_)), "{error}");
    }

    #[tokio::test]
    async fn a_refusal_carries_its_words_but_not_into_the_log() {
        let error = reports_with("refuses").pdf(&report()).await.unwrap_err();
        assert!(error.to_string().ends_with("of Ada Example"), "{error}");
        let problem = Problem::from(error);
        assert_eq!(problem.detail.as_deref(), Some("hiec-pdf refused the report"));
    }

    #[tokio::test]
    async fn a_program_that_dies_and_one_that_talks_rubbish_are_faults() {
        let error = reports_with("dies").pdf(&report()).await.unwrap_err();
        assert!(matches!(error, ReportError::Stopped), "{error}");
        let error = reports_with("talks-rubbish").pdf(&report()).await.unwrap_err();
        assert!(matches!(error, ReportError::Refused { .. }), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_limits_reach_the_program() {
        let error = reports_with("tells-its-limits").pdf(&report()).await.unwrap_err();
        assert!(error.to_string().ends_with("memory 1048576 time 1 environment RAYON_NUM_THREADS=1"), "{error}");
    }

    #[tokio::test]
    async fn a_third_document_waits_for_its_turn() {
        let reports = reports_with("never-ends");
        let document = report();
        let (one, two, three) = tokio::join!(reports.pdf(&document), reports.pdf(&document), reports.pdf(&document));
        assert!(matches!(one, Err(ReportError::TooSlow(_))));
        assert!(matches!(two, Err(ReportError::TooSlow(_))));
        assert!(matches!(three, Err(ReportError::Busy | ReportError::TooSlow(_))));
    }
}
