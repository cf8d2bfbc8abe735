//! A file of figures for a cluster: what it would do, and doing all of it in one unit or nothing; the same for the browser and the command line.

use chrono::NaiveDate;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{Fingerprint, Problem};
use hiec_store::{Reads, Unit};

use super::entering::{self, Coming, Jump, Plan};
use super::incoming::{Names, read_file};
use super::store;

/// What a file would do. Nothing has been done yet.
#[derive(Debug)]
pub struct Preview {
    pub(crate) plan: Plan,
    /// Titles of the measures and names of the sites, as the file's figures point to them.
    pub(crate) measures: Vec<String>,
    pub(crate) sites: Vec<String>,
    sha256: Fingerprint,
    source: String,
}

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Imported {
    pub entry: i64,
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
}

/// Reads a file and compares it with what is stored.
///
/// # Errors
/// Where the file as a whole cannot be read; lines that cannot be taken stand in the preview.
pub async fn preview(
    reads: &impl Reads,
    cluster: &ClusterSeen,
    name: &str,
    bytes: &[u8],
    today: NaiveDate,
) -> Result<Preview, Problem> {
    let measures = store::of_cluster(reads, cluster.id).await?;
    let mut read = read_file(name, bytes, Names::of(cluster, &measures))?;
    let titles = read.batch.measures.iter().map(|measure| measure.title.clone()).collect();
    let sites = cluster.partners.iter().map(|partner| partner.organisation.name.clone()).collect();
    let mut plan = entering::plan(reads, std::mem::take(&mut read.batch), today).await?;
    plan.faults.append(&mut read.faults);
    plan.faults.sort();
    Ok(Preview { plan, measures: titles, sites, sha256: Fingerprint::of_bytes(bytes), source: name.to_owned() })
}

impl Preview {
    /// The preview in lines, for a terminal.
    pub fn lines(&self) -> Vec<String> {
        let plan = &self.plan;
        let mut lines = vec![format!(
            "{} new, {} changed, {} as they are, {} lines to correct, {} unusual.",
            plan.added,
            plan.changed,
            plan.unchanged,
            plan.faults.len(),
            plan.jumps.len()
        )];
        lines.extend(plan.faults.iter().map(ToString::to_string));
        lines.extend(plan.jumps.iter().map(|jump| self.jump(jump)));
        lines
    }

    /// An unusual value in words.
    pub(crate) fn jump(&self, jump: &Jump) -> String {
        let of = |names: &[String], place: u32| {
            usize::try_from(place).ok().and_then(|place| names.get(place)).cloned().unwrap_or_default()
        };
        format!(
            "Line {}, {}, {}, {}: {}",
            jump.line,
            of(&self.measures, jump.measure),
            of(&self.sites, jump.site),
            jump.period,
            jump.words
        )
    }

    /// Whether lines stand against it.
    pub fn has_faults(&self) -> bool {
        !self.plan.faults.is_empty()
    }
}

/// Takes the cluster's next entry in a unit, so that what is previewed there afterwards is what is stored.
pub async fn begin(unit: &Unit, cluster: &ClusterSeen) -> Result<i64, Problem> {
    Ok(store::next_entry(unit, cluster.id).await?)
}

/// Does what was previewed in this unit after [`begin`], all of it or nothing. The caller commits.
///
/// # Errors
/// Lines to correct; unusual values that nobody confirmed; figures that change without a reason.
pub async fn carry_out(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    entry: i64,
    preview: Preview,
    reason: &str,
    is_confirmed: bool,
) -> Result<Imported, Problem> {
    let coming = Coming {
        kind: "file",
        source: preview.source,
        sha256: Some(preview.sha256.to_string()),
        reason: reason.to_owned(),
        is_confirmed,
    };
    let entered = entering::carry_out(unit, cluster.id, entry, preview.plan, coming).await?;
    Ok(Imported { entry, added: entered.added, changed: entered.changed, unchanged: entered.unchanged })
}
