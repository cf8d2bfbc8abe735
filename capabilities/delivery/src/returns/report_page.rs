//! `…/report.pdf` and `…/report.txt`: the return as a document, drawn from what was signed, or from the draft for those who write it.

use hiec_kernel::Problem;
use hiec_kernel::clock::london_date;
use hiec_reports::{Document, Report, Reports};
use hiec_web::{Answer, Loaded, Reply};

use super::download::name;
use super::drawing_up;
use super::report::{self, Source};
use super::store::{self, Return};

pub async fn pdf(door: Loaded<Return>) -> Answer {
    let report = drawn(&door).await?;
    let bytes = door.app.service::<Reports>()?.pdf(&report).await.map_err(Problem::from)?;
    Ok(Reply::download(&name(&door, "return.pdf"), "application/pdf", bytes))
}

pub async fn text(door: Loaded<Return>) -> Answer {
    let report = drawn(&door).await?;
    Ok(Reply::download(&name(&door, "return.txt"), "text/plain; charset=utf-8", report.to_text().into_bytes()))
}

async fn drawn(door: &Loaded<Return>) -> Result<Report, Problem> {
    let shown = drawing_up::shown(&door.app, &door.thing, door.may("return.write")).await?;
    let database = door.database();
    let queries = match &door.stored {
        Some(stored) => store::queries(&database, stored.id).await?,
        None => Vec::new(),
    };
    let region = drawing_up::region_name(&database, &door.cluster).await?;
    let state = door.state();
    // A signed return is dated by its signing, so that the same return always gives the same bytes.
    let dated = match shown.signings.last().filter(|_| !shown.is_live) {
        Some(signed) => london_date(signed.at),
        None => london_date(door.now()),
    };
    Ok(report::report(&Source {
        content: &shown.content,
        corrections: &shown.corrections,
        queries: &queries,
        state: &state,
        region: region.as_deref(),
        dated,
        fingerprint: &shown.fingerprint,
        is_live: shown.is_live,
        site: door.app.site(),
    }))
}
