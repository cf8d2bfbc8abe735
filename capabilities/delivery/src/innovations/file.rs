//! `…/sites.csv` and `.xlsx`: every step ever said of an innovation's sites, corrected ones too, as far as this person may see them.

use hiec_files::table::{Cell, Table};
use hiec_kernel::Problem;
use hiec_web::{Answer, Loaded};

use super::steps;
use super::store::{self, InnovationHere};
use crate::ground;

pub async fn csv(here: Loaded<InnovationHere>) -> Answer {
    Ok(ground::csv(&here.cluster, &table(&here).await?))
}

pub async fn xlsx(here: Loaded<InnovationHere>) -> Answer {
    Ok(ground::xlsx(&here.cluster, &table(&here).await?, here.now())?)
}

async fn table(here: &Loaded<InnovationHere>) -> Result<Table, Problem> {
    let said = store::steps(&here.database(), here.innovation.id).await?;
    let sites = store::sites(&here.database(), here.innovation.id).await?;
    let name = format!("{}-sites", here.innovation.key);
    let mut table = Table::with_columns(
        &name,
        [
            ("site", "Name of the site"),
            ("site_id", "The site's id"),
            (
                "stage",
                "aware, trial, adopted, sustained or abandoned; empty where a step was taken back, or nothing was said",
            ),
            ("on", "The day the site was there"),
            ("evidence", "What shows it"),
            ("stands", "Whether it still stands: no where it was corrected or takes a step back"),
            ("replaces", "The id of the step it corrects"),
            ("reason", "Why it was corrected"),
            ("said_at", "When it was said"),
            ("step_id", "The step's id"),
            ("illustrative", "Whether it was made up"),
        ],
    );
    for site in sites {
        let of_site: Vec<_> = said.iter().filter(|step| step.site == site).collect();
        let standing = steps::standing(of_site.iter().copied());
        let name = ground::site_name(&here.cluster, site);
        if of_site.is_empty() {
            table.push([Cell::from(name.as_str()), Cell::from(site.to_string())]);
        }
        for step in of_site {
            table.push([
                Cell::from(name.as_str()),
                Cell::from(site.to_string()),
                Cell::from(step.stage.as_str()),
                Cell::from(step.on),
                Cell::from(step.evidence.as_str()),
                Cell::from(standing.iter().any(|one| one.id == step.id)),
                Cell::from(step.replaces.map(|id| id.to_string())),
                Cell::from(step.reason.as_str()),
                Cell::from(step.at),
                Cell::from(step.id.to_string()),
                Cell::from(step.is_illustrative),
            ]);
        }
    }
    Ok(table)
}
