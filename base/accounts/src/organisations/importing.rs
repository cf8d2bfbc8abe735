//! Importing a list of organisations: what it would do, and doing all of it in one unit or nothing; the same for the browser and the command line. It never takes a line it cannot read.

use std::collections::BTreeMap;

use hiec_files::import::{ImportPlan, Importable};
use hiec_files::ods::{self, OdsOrganisation};
use hiec_files::table::Limits;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{Fingerprint, OrganisationId, Problem};
use hiec_store::{AuditEvent, Reads, Stream, Unit, organisations};
use hiec_web::uploads::ListError;
use serde::Serialize;

/// A list of organisations was imported.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OrganisationsImported {
    pub added: usize,
    pub changed: usize,
    /// Of the file, so that it can be shown which one it was.
    file_sha256: Fingerprint,
}

impl AuditEvent for OrganisationsImported {
    const KIND: &'static str = "organisations.imported";
}

/// What an import would do. Nothing has been done yet.
#[derive(Debug)]
pub struct Preview {
    pub plan: ImportPlan<OdsOrganisation>,
    /// Those of the register that the file names, by their code.
    stored: BTreeMap<String, Organisation>,
    file_sha256: Fingerprint,
}

/// Reads a file and compares it with the register. `name` is the file's, whose ending helps to tell what it is.
pub async fn preview(reads: &impl Reads, name: &str, bytes: &[u8]) -> Result<Preview, ListError> {
    let parsed = ods::read(name, bytes, &Limits::default())?;
    let codes: Vec<String> = parsed.rows.iter().map(|row| row.record.key()).collect();
    let stored: BTreeMap<String, Organisation> = organisations::by_ods_codes(reads, &codes)
        .await?
        .into_iter()
        .filter_map(|one| Some((one.ods_code.clone()?, one)))
        .collect();
    let as_listed: BTreeMap<String, OdsOrganisation> = parsed
        .rows
        .iter()
        .filter_map(|row| Some((row.record.key(), as_listed(stored.get(&row.record.key())?, &row.record))))
        .collect();
    let plan = ImportPlan::new(parsed, &as_listed);
    Ok(Preview { plan, stored, file_sha256: Fingerprint::of_bytes(bytes) })
}

/// The stored organisation as the list would give it; what the register does not keep counts as the same.
fn as_listed(stored: &Organisation, listed: &OdsOrganisation) -> OdsOrganisation {
    OdsOrganisation {
        name: stored.name.clone(),
        settings: stored.settings.clone(),
        region: stored.region.clone(),
        postcode: stored.postcode.clone(),
        ..listed.clone()
    }
}

/// Does what was previewed, all of it or nothing. Given the fingerprint of the preview somebody saw, it is refused where the
/// register has changed since. The caller commits.
pub async fn carry_out(
    unit: &mut Unit,
    preview: Preview,
    seen: Option<&Fingerprint>,
) -> Result<OrganisationsImported, Problem> {
    let Preview { plan, mut stored, file_sha256 } = preview;
    let accepted = match seen {
        Some(seen) => plan.accept_as_previewed(seen)?,
        None => plan.accept()?,
    };
    let event = OrganisationsImported { added: accepted.new.len(), changed: accepted.changed.len(), file_sha256 };
    for record in accepted.new {
        let id = OrganisationId(unit.new_id());
        organisations::add(unit, &record.into_organisation(id)).await?;
    }
    for record in accepted.changed {
        if let Some(known) = stored.remove(&record.ods_code) {
            let changed = Organisation {
                name: record.name,
                settings: record.settings,
                region: record.region,
                postcode: record.postcode,
                ..known
            };
            organisations::change(unit, &changed).await?;
        }
    }
    unit.audit(Stream::installation(), "register:organisations", &event)?;
    Ok(event)
}
