//! `/clusters`: all clusters, for everyone: where they are, what they work on, who leads them; to read and to take away.

use std::collections::BTreeMap;

use hiec_files::{Cell as FileCell, Table as FileTable};
use hiec_kernel::clock::day_on_page;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{OrganisationId, Problem};
use hiec_store::organisations::{self, Region};
use hiec_web::components::own::{Downloads, EmptyState, RegionCartogram, RegionTile};
use hiec_web::components::{Button, Cell, Column, Table};
use hiec_web::{Answer, Loaded, Page};
use maud::{Markup, html};
use serde::Serialize;

use super::pieces::{csv, illustrative, xlsx};
use super::store::{self, AllClusters, Cluster};

#[derive(Serialize)]
struct Line {
    key: String,
    name: String,
    short_name: String,
    region: Option<String>,
    #[serde(skip)]
    region_name: Option<String>,
    lead: String,
    legal_form: String,
    starts_on: chrono::NaiveDate,
    ends_on: chrono::NaiveDate,
    amount_pence: Option<i64>,
    partners: usize,
    work_programme: Vec<String>,
    is_illustrative: bool,
}

async fn lines(door: &Loaded<AllClusters>) -> Result<(Vec<Line>, Vec<Region>), Problem> {
    let reads = door.database();
    let clusters: Vec<Cluster> = store::all(&reads).await?;
    let regions = organisations::regions(&reads).await?;
    let leads: Vec<OrganisationId> = clusters.iter().map(|cluster| cluster.lead).collect();
    let leads: BTreeMap<OrganisationId, Organisation> =
        organisations::by_ids(&reads, &leads).await?.into_iter().map(|one| (one.id, one)).collect();
    let partners = store::partner_counts(&reads, hiec_kernel::clock::london_date(door.now())).await?;
    let lines = clusters
        .into_iter()
        .map(|cluster| {
            let region = regions.iter().find(|one| Some(one.id) == cluster.region);
            Line {
                region: region.map(|one| one.code.clone()),
                region_name: region.map(|one| one.name.clone()),
                lead: leads.get(&cluster.lead).map(|one| one.name.clone()).unwrap_or_default(),
                partners: partners.get(&cluster.id).copied().unwrap_or_default(),
                key: cluster.key,
                name: cluster.name,
                short_name: cluster.short_name,
                legal_form: cluster.legal_form,
                starts_on: cluster.starts_on,
                ends_on: cluster.ends_on,
                amount_pence: cluster.award_amount.map(|amount| amount.0),
                work_programme: cluster.facts.work_programme,
                is_illustrative: cluster.is_illustrative,
            }
        })
        .collect();
    Ok((lines, regions))
}

pub async fn get(door: Loaded<AllClusters>) -> Answer {
    let (lines, regions) = lines(&door).await?;
    let may_found = door.may("cluster.found");
    let content = html! {
        h1 { "Clusters" }
        @if lines.is_empty() {
            (EmptyState::new("There is no cluster yet. One is founded when an award is made."))
        } @else {
            p { "A cluster is a partnership of NHS providers, universities, industry and others in one region, so that proven innovations reach patients fast." }
            (map(&lines, &regions))
            (table(&lines))
            (Downloads::new([("Clusters as CSV", "/clusters.csv"), ("Clusters as XLSX", "/clusters.xlsx")]))
        }
        @if may_found { p { (Button::link("Found a cluster", "/clusters/new").secondary()) } }
    };
    Ok(Page::new("Clusters", content).wide().data(&lines)?.into())
}

fn map(lines: &[Line], regions: &[Region]) -> Markup {
    let tiles = regions.iter().map(|region| {
        let here: Vec<&Line> = lines.iter().filter(|line| line.region.as_ref() == Some(&region.code)).collect();
        let names: Vec<&str> = here.iter().map(|line| line.short_name.as_str()).collect();
        RegionTile::new(region.code.clone(), region.name.clone(), here.len()).detail(names.join("; "))
    });
    let cartogram = RegionCartogram {
        title: "Clusters by region".to_owned(),
        units: ("cluster".to_owned(), "clusters".to_owned()),
        when_empty: "No cluster".to_owned(),
        regions: tiles.collect(),
    };
    html! { @if !regions.is_empty() { h2 { "Where they are" } (cartogram) } }
}

fn table(lines: &[Line]) -> Markup {
    html! {
        h2 { "All clusters" }
        (Table::new("Clusters")
            .head([Column::new("Cluster"), Column::new("Region"), Column::new("Lead"), Column::new("Works on"), Column::new("Term"), Column::numeric("Partners")])
            .rows(lines.iter().map(|line| vec![
                Cell::new(html! { a href={ "/clusters/" (line.key) } { (line.name) } (illustrative(line.is_illustrative)) }),
                Cell::new(line.region_name.clone().unwrap_or_else(|| "None".to_owned())),
                Cell::new(line.lead.as_str()),
                Cell::new(line.work_programme.join("; ")),
                Cell::new(format!("{} to {}", day_on_page(line.starts_on), day_on_page(line.ends_on))),
                Cell::numeric(line.partners),
            ])))
    }
}

/// The list to take away, as CSV.
pub async fn download(door: Loaded<AllClusters>) -> Answer {
    Ok(csv("clusters.csv", &file(&door).await?)?)
}

/// The list to take away, as a workbook.
pub async fn workbook(door: Loaded<AllClusters>) -> Answer {
    Ok(xlsx("clusters.xlsx", &file(&door).await?, door.now())?)
}

async fn file(door: &Loaded<AllClusters>) -> Result<FileTable, Problem> {
    let mut table = FileTable::with_columns(
        "clusters",
        [
            ("key", "The cluster's short address"),
            ("name", "Its name"),
            ("region", "The code of the region that contracts with it"),
            ("lead", "The organisation that leads it"),
            ("legal_form", "The key of its legal form"),
            ("starts_on", "First day of its term"),
            ("ends_on", "Last day of its term"),
            ("amount", "What it was awarded, in pounds"),
            ("partners", "Partners today"),
            ("work_programme", "What it works on"),
            ("is_illustrative", "Whether it is made up"),
        ],
    );
    for line in lines(door).await?.0 {
        table.push([
            FileCell::text(line.key),
            FileCell::text(line.name),
            line.region.into(),
            FileCell::text(line.lead),
            FileCell::text(line.legal_form),
            line.starts_on.into(),
            line.ends_on.into(),
            line.amount_pence.map(hiec_kernel::Money).into(),
            FileCell::count(line.partners),
            FileCell::text(line.work_programme.join("; ")),
            line.is_illustrative.into(),
        ]);
    }
    Ok(table)
}
