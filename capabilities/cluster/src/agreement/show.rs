//! `/clusters/{cluster}/agreement`: the version that stands, who has signed it, all versions and what changed between them; as a page, as PDF, and the signing itself.

use axum::extract::Query;
use hiec_access::policy::Target;
use hiec_files::{Cell as FileCell, Table as FileTable};
use hiec_kernel::clock::{day_on_page, london_date, on_page};
use hiec_kernel::{Fingerprint, Problem, ProblemKind, Scope};
use hiec_reports::{Block, Level, Report, Reports};
use hiec_web::components::own::{Diff, Downloads, EmptyState};
use hiec_web::components::{Button, Cell, Column, Input as TextInput, Table};
use hiec_web::{Answer, Done, Errors, Input, Loaded, Page, Reply};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::actions::sign;
use super::rules::Clauses;
use super::store::{self, Agreement};
use crate::clusters::pieces::{head, illustrative, paragraphs, room, summary};
use crate::clusters::store::Cluster;
use crate::partners::store::{self as partners, Membership, Partnership};

/// Which version to show; the one that stands unless said.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    version: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub struct SignForm {
    /// The version that was read.
    #[serde(default)]
    version: String,
    /// What the signer is in the organisation.
    #[serde(default)]
    post: String,
}

#[derive(Serialize)]
struct Shown<'a> {
    versions: &'a [Agreement],
    /// Partners that have not signed the version that stands.
    unsigned: Vec<&'a str>,
}

pub async fn get(cluster: Loaded<Cluster>, Query(which): Query<Which>) -> Answer {
    Ok(page(&cluster, which.version, &SignForm::default(), &Errors::none()).await?.into())
}

async fn page(
    cluster: &Loaded<Cluster>,
    version: Option<i64>,
    typed: &SignForm,
    errors: &Errors,
) -> Result<Page, Problem> {
    let reads = cluster.database();
    let versions = store::versions(&reads, cluster.id).await?;
    let today = london_date(cluster.now());
    let members: Vec<Membership> =
        partners::of_cluster(&reads, cluster.id).await?.into_iter().filter(|one| one.is_partner_on(today)).collect();
    let unsigned: Vec<&Membership> = match versions.first() {
        Some(latest) => {
            members.iter().filter(|one| one.role.signs() && !latest.is_signed_by(one.organisation.id)).collect()
        }
        None => Vec::new(),
    };
    let shown_version = match version {
        Some(number) => Some(versions.iter().find(|one| one.number == number).ok_or_else(Problem::not_found)?),
        None => versions.first(),
    };
    let before = shown_version.and_then(|shown| versions.iter().find(|one| one.number < shown.number));
    let content = html! {
        (summary(errors))
        (head(cluster, "Agreement"))
        @match shown_version {
            None => {
                (EmptyState::new("The partners have no agreement yet. It says under eight headings what they want, for how long, for whose benefit, how, at what cost, and how they will know."))
            }
            Some(shown) => {
                (standing(shown, versions.first()))
                (downloads(cluster, shown.number))
                @if Some(shown.number) == versions.first().map(|one| one.number) {
                    (signing(cluster, shown, &members, typed, errors))
                }
                (text(&shown.clauses))
                @if let Some(before) = before {
                    h2 { "What changed since version " (before.number) }
                    p { "Why: " (shown.reason) }
                    (Diff::new(format!("Version {} and version {}", before.number, shown.number), before.clauses.in_lines(), shown.clauses.in_lines()))
                }
                h2 { "Signatures under version " (shown.number) }
                (signatures(shown))
                @if Some(shown.number) == versions.first().map(|one| one.number) && !unsigned.is_empty() {
                    h3 { "Not signed yet" }
                    ul { @for one in &unsigned { li { (one.organisation.name) (illustrative(one.organisation.is_illustrative)) } } }
                }
                (history(cluster, &versions))
            }
        }
        @if cluster.may("cluster.agree") {
            p { (Button::link(if versions.is_empty() { "Write the agreement" } else { "Write a new version" }, format!("{}/agreement/new", cluster.path())).secondary()) }
        }
    };
    let shown =
        Shown { versions: &versions, unsigned: unsigned.iter().map(|one| one.organisation.name.as_str()).collect() };
    room(Page::new("Agreement", content), cluster).data(&shown)
}

fn standing(shown: &Agreement, latest: Option<&Agreement>) -> Markup {
    html! {
        p { "Version " (shown.number) ", put to the partners on " (on_page(shown.put_at)) "."
            @if latest.is_some_and(|latest| latest.number != shown.number) { " " strong { "A newer version stands." } } }
        p.app-source { "Fingerprint of this version: " span.app-fingerprint { (shown.fingerprint) } }
    }
}

fn text(clauses: &Clauses) -> Markup {
    html! {
        @for said in clauses.said() {
            @if let Some(heading) = said.heading { h2 { (heading) } }
            @if let Some(label) = said.label() { h3 { (label) } }
            (paragraphs(said.text))
        }
    }
}

fn signatures(shown: &Agreement) -> Markup {
    html! {
        @if shown.signatures.is_empty() { p { "Nobody has signed this version yet." } }
        @else {
            (Table::new("Who signed")
                .head([Column::new("Organisation"), Column::new("Signed by"), Column::new("As"), Column::new("When")])
                .rows(shown.signatures.iter().map(|one| vec![
                    Cell::new(one.organisation_name.as_str()),
                    Cell::new(one.signed_by_name.as_str()),
                    Cell::new(one.post.as_str()),
                    Cell::new(on_page(one.signed_at)),
                ])))
        }
    }
}

fn history(cluster: &Cluster, versions: &[Agreement]) -> Markup {
    html! {
        h2 { "All versions" }
        (Table::new("Versions of the agreement")
            .head([Column::new("Version"), Column::new("Put on"), Column::new("Why"), Column::numeric("Signatures")])
            .rows(versions.iter().map(|one| vec![
                Cell::link(format!("Version {}", one.number), format!("{}/agreement?version={}", cluster.path(), one.number)),
                Cell::new(on_page(one.put_at)),
                Cell::new(one.reason.as_str()),
                Cell::numeric(one.signatures.len()),
            ])))
    }
}

/// A form for each partner the reader may sign for and that has not signed.
fn signing(
    cluster: &Loaded<Cluster>,
    shown: &Agreement,
    members: &[Membership],
    typed: &SignForm,
    errors: &Errors,
) -> Markup {
    let own: Vec<&Membership> = members
        .iter()
        .filter(|one| one.role.signs() && !shown.is_signed_by(one.organisation.id))
        .filter(|one| cluster.may_with("partnership.sign", &target(cluster, one)))
        .collect();
    html! {
        @for one in own {
            form.app-empty method="post" action={ (cluster.path()) "/partners/" (one.id) "/signature" } novalidate {
                input type="hidden" name="version" value=(shown.number);
                (TextInput::new("post", format!("What you are at {}", one.organisation.name)).hint("It stands beside your name under the agreement")
                    .id(format!("post-{}", one.id)).value(typed.post.as_str()).error_message(errors.of(&format!("post-{}", one.id))))
                (Button::new(format!("Sign version {} for {}", shown.number, one.organisation.name)))
            }
        }
    }
}

fn target(cluster: &Loaded<Cluster>, membership: &Membership) -> Target {
    let partnership = Partnership { cluster: cluster.thing.clone(), membership: membership.clone() };
    partnership.target(london_date(cluster.now()))
}

pub async fn post(partner: Loaded<Partnership>, Input(typed): Input<SignForm>) -> Answer {
    let person = partner.person()?.clone();
    let Partnership { cluster, membership } = &partner.thing;
    let mut errors = Errors::none();
    let post = errors.text(&format!("post-{}", membership.id), "what you are there", &typed.post, 200);
    let number: i64 = typed.version.parse().unwrap_or_default();
    let mut refused = None;
    if let Some(post) = post {
        let mut unit = partner.begin().await?;
        match sign(&mut unit, cluster, membership, &person, number, &post).await {
            Ok(()) => {
                unit.commit().await?;
                return Ok(Done::to(format!("{}/agreement", cluster.path()))
                    .saying(format!("You signed version {number} for {}.", membership.organisation.name))
                    .into());
            }
            Err(problem) if problem.kind == ProblemKind::Conflict => refused = Some(problem),
            Err(problem) => return Err(problem.into()),
        }
    }
    if let Some(problem) = refused {
        return Err(problem.into());
    }
    // Whoever signs for a partner reads what its cluster's partners read.
    let scopes = [Scope::Organisation(membership.organisation.id.0)];
    let whole = Loaded {
        target: cluster.target("cluster").scopes(scopes).fact("is_public", true),
        thing: cluster.clone(),
        subject: partner.subject.clone(),
        app: partner.app.clone(),
    };
    Ok(page(&whole, None, &typed, &errors).await?.with_errors(&errors).into())
}

pub async fn pdf(cluster: Loaded<Cluster>, Query(which): Query<Which>) -> Answer {
    let shown = version_of(&cluster, &which).await?;
    let bytes = reports(&cluster).pdf(&printed(&cluster, &shown)).await.map_err(Problem::from)?;
    Ok(Reply::download(&format!("{}-agreement-{}.pdf", cluster.key, shown.number), "application/pdf", bytes))
}

fn downloads(cluster: &Loaded<Cluster>, number: i64) -> Downloads {
    let path = |ending: &str| format!("{}/agreement.{ending}?version={number}", cluster.path());
    let mut files = vec![
        ("This version as CSV".to_owned(), path("csv")),
        ("This version with its signatures as XLSX".to_owned(), path("xlsx")),
    ];
    if reports(cluster).is_available() {
        files.insert(0, ("This version as PDF".to_owned(), path("pdf")));
    }
    Downloads::new(files)
}

/// A version, the one that stands unless said.
async fn version_of(cluster: &Loaded<Cluster>, which: &Which) -> Result<Agreement, Problem> {
    let versions = store::versions(&cluster.database(), cluster.id).await?;
    let shown = versions.into_iter().find(|one| which.version.is_none_or(|number| one.number == number));
    shown.ok_or_else(Problem::not_found)
}

/// What a version says, clause by clause.
fn clauses_table(shown: &Agreement) -> FileTable {
    let mut table = FileTable::with_columns(
        "agreement",
        [
            ("version", "Number of the version"),
            ("put_at", "When it was put to the partners"),
            ("heading", "The heading of the model agreement"),
            ("clause", "What the clause is about"),
            ("text", "What it says"),
            ("fingerprint", "SHA-256 of the version"),
        ],
    );
    for said in shown.clauses.said() {
        table.push([
            FileCell::from(shown.number),
            shown.put_at.into(),
            said.clause.heading.into(),
            said.clause.label.into(),
            said.text.into(),
            shown.fingerprint.to_string().into(),
        ]);
    }
    table
}

fn signatures_table(shown: &Agreement) -> FileTable {
    let mut table = FileTable::with_columns(
        "signatures",
        [
            ("version", "Number of the version that was signed"),
            ("organisation", "For whom"),
            ("signed_by", "Who signed"),
            ("post", "What they are there"),
            ("signed_at", "When"),
        ],
    );
    for one in &shown.signatures {
        table.push([
            FileCell::from(shown.number),
            one.organisation_name.as_str().into(),
            one.signed_by_name.as_str().into(),
            one.post.as_str().into(),
            one.signed_at.into(),
        ]);
    }
    table
}

pub async fn csv(cluster: Loaded<Cluster>, Query(which): Query<Which>) -> Answer {
    let shown = version_of(&cluster, &which).await?;
    Ok(Reply::csv(&format!("{}-agreement-{}", cluster.key, shown.number), &clauses_table(&shown)))
}

pub async fn xlsx(cluster: Loaded<Cluster>, Query(which): Query<Which>) -> Answer {
    let shown = version_of(&cluster, &which).await?;
    let sheets = [&clauses_table(&shown), &signatures_table(&shown)];
    Ok(Reply::xlsx(&format!("{}-agreement-{}", cluster.key, shown.number), &sheets, cluster.now())?)
}

/// The program that draws PDF: the one of this start, else the one beside the executable.
fn reports(cluster: &Loaded<Cluster>) -> Reports {
    cluster.app.optional::<Reports>().cloned().unwrap_or_else(|| Reports::new(None))
}

fn printed(cluster: &Loaded<Cluster>, shown: &Agreement) -> Report {
    let mut body = Vec::new();
    for said in shown.clauses.said() {
        body.extend(said.heading.map(|heading| Block::heading(Level::One, heading)));
        body.extend(said.label().map(|label| Block::heading(Level::Two, label)));
        body.push(Block::paragraph(said.text));
    }
    body.push(Block::heading(Level::One, "Signatures"));
    if shown.signatures.is_empty() {
        body.push(Block::paragraph("Nobody has signed this version yet."));
    } else {
        let columns = ["Organisation", "Signed by", "As", "When"].map(hiec_reports::Column::words);
        let rows = shown.signatures.iter().map(|one| {
            [one.organisation_name.clone(), one.signed_by_name.clone(), one.post.clone(), on_page(one.signed_at)]
        });
        body.push(hiec_reports::Table::of("Who signed this version", columns, rows).into());
    }
    Report {
        eyebrow: Some(cluster.short_name.clone()),
        title: format!("Agreement of the partners, version {}", shown.number),
        subtitle: Some(format!("Put to the partners on {}", day_on_page(london_date(shown.put_at)))),
        author: cluster.name.clone(),
        dated: london_date(shown.put_at),
        body,
        illustrative: cluster.app.site().is_demo,
        fingerprint: Fingerprint::of(&shown.clauses).ok(),
    }
}
