//! Certificates to read, to take away and to print: the ledger of a published round, and a trainee's own. The ledger shows no choice, so no host learns how it was ranked.

use hiec_access::policy::Target;
use hiec_kernel::clock::{day_on_page, london_date, on_page};
use hiec_kernel::{Fingerprint, OrganisationId, Problem};
use hiec_placement::{Checked, Rule, amended, check, personal_of};
use hiec_reports::{Block, Report, Reports};
use hiec_store::{Reads, organisations};
use hiec_web::components::own::Downloads;
use hiec_web::components::{Cell, Column, InsetText, Table, Tag};
use hiec_web::{Answer, Loaded, Page, Reply};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::{OwnEntry, RoundHere};
use super::result::capital;
use super::store::{self, GroupReserve, Outcome, Round, Seal};
use crate::credentials::square_code;
use crate::home;

/// The ledger as it was sealed, with how many outcomes were changed on appeal since.
pub(super) async fn public(reads: &impl Reads, round: &Round, seal: &Seal) -> Result<String, Problem> {
    let outcomes = store::outcomes(reads, round.id).await?;
    Ok(with_changes(&seal.ledger, outcomes.iter().filter(|one| one.is_changed).count()))
}

fn with_changes(ledger: &str, changed: usize) -> String {
    let noted = u32::try_from(changed).ok().and_then(|changed| amended(ledger, changed));
    noted.unwrap_or_else(|| ledger.to_owned())
}

/// What a file of certificates is called, and so what is typed to check it.
fn file(here: &RoundHere, what: &str) -> String {
    format!("{}-{}-{what}.json", here.cluster.key, here.round.key)
}

fn command(file: &str) -> String {
    format!("hiec placement check {file}")
}

/// A line of the ledger, as it is read for the page.
#[derive(Deserialize, Serialize)]
struct Part {
    host: String,
    #[serde(default)]
    reserved: bool,
    #[serde(default)]
    reserved_for: String,
    closed: bool,
    capacity: u32,
    given_before: u32,
    admitted_ranks: Vec<u32>,
}

#[derive(Deserialize)]
struct Ledger {
    hosts: Vec<Part>,
}

pub async fn page(here: Loaded<RoundHere>) -> Answer {
    let reads = here.database();
    let seal = store::seal(&reads, here.round.id).await?.ok_or_else(Problem::not_found)?;
    let text = public(&reads, &here.round, &seal).await?;
    let checked = check(text.as_bytes()).map_err(Problem::internal)?;
    let ledger: Ledger = serde_json::from_str(&text).map_err(Problem::internal)?;
    let file = file(&here, "ledger");
    let line = command(&file);
    let view = html! {
        h1 { span.nhsuk-caption-xl { (here.round.name) } "The public certificate" }
        p { "What the run gave, for everybody: the hosts with their places and the ranks they admitted, and a commitment to every trainee's record. It holds no name and no choice, and what is kept secret here is not in it." }
        (Downloads::new([("The public certificate (JSON)".to_owned(), format!("{}/certificate.json", here.path()))]))
        h2 { "How to check it" }
        p { "Take the file away and run this where it lies. It needs no network and asks nothing of us." }
        p { code { (line) } }
        p { "It ends with " code { "The certificate holds." } " and the exit code 0. Compare the root it names with this one, and with the root in any trainee's own certificate:" }
        p { span.app-fingerprint { (seal.root) } }
        (found(&checked))
        h2 { "What it says" }
        p { "Published " (on_page(seal.published_at)) " by " (Rule::of_code(&here.round.rule).map_or("a rule", Rule::words)) ". A rank counts everybody who takes part, so it tells nothing of who asked for the host." }
        (Table::new("Hosts and the ranks they admitted")
            .head([Column::new("Host"), Column::new("Places"), Column::numeric("Places given in the run"), Column::numeric("Given before it"), Column::new("Ranks admitted")])
            .first_cell_is_header(true)
            .rows(ledger.hosts.iter().map(|part| vec![
                Cell::new(part.host.as_str()),
                Cell::new(kind(part)),
                Cell::numeric(format!("{} of {}", part.admitted_ranks.len(), part.capacity)),
                Cell::numeric(part.given_before),
                Cell::new(part.admitted_ranks.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")),
            ])))
    };
    let data = json!({
        "root": seal.root, "command": line, "file": file, "holds": checked.holds(), "proven": checked.proven,
        "left_open": checked.left_open, "hosts": ledger.hosts,
    });
    let page = home::under(Page::new("The public certificate", view).data(&data)?, &here.cluster);
    // The certificate is for everybody, the round's own page is not.
    let sees_round = here.may_with("round.view", &Target { kind: "round", ..here.target.clone() });
    Ok(if sees_round { page.under(here.path(), here.round.name.clone()) } else { page }.into())
}

fn kind(part: &Part) -> String {
    match (part.closed, part.reserved, part.reserved_for.as_str()) {
        (true, ..) => "Closed".to_owned(),
        (false, true, "") => "Kept for one trainee".to_owned(),
        (false, true, group) => format!("Kept for: {group}"),
        (false, false, _) => "Open".to_owned(),
    }
}

/// What a check finds, done again as the page is made.
fn found(checked: &Checked) -> Markup {
    html! {
        h2 { "What the check finds now" }
        (InsetText::new(html! {
            @if checked.holds() { p { (Tag::new("Checked")) " The certificate holds." } } @else {
                p { strong { "The certificate does not hold." } " " (checked.false_claims.join("; ")) }
            }
            ul { @for line in &checked.proven { li { "Proven: " (line) } } @for line in &checked.left_open { li { "Left open: " (line) } } }
        }))
    }
}

pub async fn ledger(here: Loaded<RoundHere>) -> Answer {
    let reads = here.database();
    let seal = store::seal(&reads, here.round.id).await?.ok_or_else(Problem::not_found)?;
    let text = public(&reads, &here.round, &seal).await?;
    Ok(Reply::download(&file(&here, "ledger"), "application/json", text.into_bytes()))
}

/// A trainee's own result with everything that proves it.
pub(super) struct Own {
    pub seal: Seal,
    pub outcome: Outcome,
    /// Where they go now, and where the run sent them.
    pub host: Option<String>,
    pub sealed_host: Option<String>,
    /// The certificate itself.
    pub text: String,
    pub checked: Checked,
    pub reserves: Vec<(GroupReserve, String)>,
    /// What is typed to check it.
    pub command: String,
}

impl Own {
    /// Nothing before the round is published, and nothing for whoever takes no part.
    pub async fn load(reads: &impl Reads, own: &OwnEntry) -> Result<Self, Problem> {
        let (round, trainee) = (&own.here.round, own.entrant()?.trainee_id);
        let seal = store::seal(reads, round.id).await?.ok_or_else(Problem::not_found)?;
        let outcomes = store::outcomes(reads, round.id).await?;
        let changed = outcomes.iter().filter(|one| one.is_changed).count();
        let outcome = outcomes.into_iter().find(|one| one.trainee_id == trainee).ok_or_else(Problem::not_found)?;
        let mine = store::certificate(reads, round.id, trainee).await?.ok_or_else(Problem::not_found)?;
        let text = personal_of(&with_changes(&seal.ledger, changed), &mine)
            .ok_or_else(|| Problem::internal("a ledger that is none"))?;
        let checked = check(text.as_bytes()).map_err(Problem::internal)?;
        let reserves = store::reserves(reads, round.id).await?;
        let mut ids: Vec<OrganisationId> = reserves.iter().map(|one| one.host).collect();
        ids.extend([outcome.host_id, outcome.sealed_host_id].into_iter().flatten().map(OrganisationId));
        let names: std::collections::BTreeMap<OrganisationId, String> =
            organisations::by_ids(reads, &ids).await?.into_iter().map(|one| (one.id, one.name)).collect();
        let name = |id: Option<uuid::Uuid>| id.and_then(|id| names.get(&OrganisationId(id)).cloned());
        Ok(Self {
            host: name(outcome.host_id),
            sealed_host: name(outcome.sealed_host_id),
            reserves: reserves
                .into_iter()
                .map(|one| {
                    let host = names.get(&one.host).cloned().unwrap_or_else(|| "A former host".to_owned());
                    (one, host)
                })
                .collect(),
            command: command(&file(&own.here, "certificate")),
            seal,
            outcome,
            text,
            checked,
        })
    }

    /// Why each choice they preferred went elsewhere, as the check found it true.
    pub fn reasons(&self) -> Vec<String> {
        self.checked.proven.iter().filter(|line| line.starts_with("choice ")).map(|line| capital(line)).collect()
    }

    /// What was kept for whom, for reading the reasons by.
    pub fn kept(&self) -> Vec<String> {
        self.reserves
            .iter()
            .map(|(one, host)| {
                let places = if one.places == 1 { "1 place".to_owned() } else { format!("{} places", one.places) };
                let rest =
                    if one.is_released { "others could have what they left" } else { "what they left stayed empty" };
                format!("{host} kept {places} for: {}; {rest}. Why: {}", one.label, one.reason)
            })
            .collect()
    }

    /// What an appeal changed, in a sentence.
    pub fn change(&self) -> Option<String> {
        let now = self.host.as_deref().unwrap_or("no place");
        let then = self.sealed_host.as_deref().unwrap_or("no place");
        self.outcome.is_changed.then(|| {
            format!("An appeal was upheld and changed this: the run gave {then}, and it is {now} now. The reasons and the certificate are those of the run as it was sealed.")
        })
    }
}

pub async fn own(own: Loaded<OwnEntry>) -> Answer {
    let text = Own::load(&own.database(), &own).await?.text;
    Ok(Reply::download(&file(&own.here, "certificate"), "application/json", text.into_bytes()))
}

pub async fn pdf(own: Loaded<OwnEntry>) -> Answer {
    let loaded = Own::load(&own.database(), &own).await?;
    let address = own.app.site().link(&format!("{}/certificate", own.here.path()));
    let report = printed(&own, &loaded, &address)?;
    let pdf = own.app.service::<Reports>()?.pdf(&report).await.map_err(Problem::from)?;
    let name = format!("{}-{}-certificate.pdf", own.here.cluster.key, own.here.round.key);
    Ok(Reply::download(&name, "application/pdf", pdf))
}

/// On paper: where they go, why not elsewhere, and how anybody can check it without us.
fn printed(own: &OwnEntry, loaded: &Own, address: &str) -> Result<Report, Problem> {
    let (here, entrant) = (&own.here, own.entrant()?);
    let round = &here.round;
    let host = loaded.host.clone().unwrap_or_else(|| "No place in this round".to_owned());
    let rule = Rule::of_code(&round.rule).map_or("a rule", Rule::words);
    let given_by =
        if loaded.outcome.is_changed { format!("An upheld appeal, after the run by {rule}") } else { rule.to_owned() };
    let mut body = vec![Block::facts([
        ("Trainee", Some(format!("{}, {}", entrant.name, entrant.number))),
        ("Goes to", Some(host)),
        ("Programme", Some(here.programme.name.clone())),
        ("Placements", Some(format!("{} to {}", day_on_page(round.starts_on), day_on_page(round.ends_on)))),
        ("Given by", Some(given_by)),
        ("Published", Some(on_page(loaded.seal.published_at))),
    ])];
    body.extend(loaded.change().map(|words| Block::note("Changed on appeal", words)));
    body.push(Block::heading(hiec_reports::Level::One, "Choices you preferred, and why each went elsewhere"));
    let reasons = loaded.reasons();
    match (reasons.is_empty(), &loaded.sealed_host) {
        (false, _) => body.push(Block::list(reasons)),
        (true, Some(_)) => body.push(Block::paragraph("There is none: the run gave the first choice.")),
        (true, None) => body.push(Block::paragraph("No host was ranked.")),
    }
    let kept = loaded.kept();
    if !kept.is_empty() {
        body.push(Block::heading(hiec_reports::Level::One, "Places that were kept for groups"));
        body.push(Block::list(kept));
    }
    if !loaded.checked.left_open.is_empty() {
        body.push(Block::heading(hiec_reports::Level::One, "What this certificate cannot prove"));
        body.push(Block::list(loaded.checked.left_open.iter().map(|line| capital(line)).collect::<Vec<_>>()));
    }
    body.push(Block::heading(hiec_reports::Level::One, "How to check it without us"));
    body.push(Block::paragraph(format!(
        "Save your certificate (JSON) from your result's page and run: {}. It needs no network. It says of each reason above that it is proven, and ends with: The certificate holds.",
        loaded.command
    )));
    body.push(Block::paragraph(format!(
        "The root it names must be this one, which is the same for everybody: {}",
        loaded.seal.root
    )));
    if loaded.checked.holds() {
        body.push(Block::paragraph("It was checked again as this was printed, and it holds."));
    } else {
        body.push(Block::note("Does not hold", loaded.checked.false_claims.join("; ")));
    }
    body.push(Block::chart(
        square_code(address)?,
        format!("A square code for cameras. It leads to {address}"),
        format!("The public certificate of the round: {address}"),
    ));
    Ok(Report {
        eyebrow: Some(here.cluster.name.clone()),
        title: format!("Placement certificate: {}", round.name),
        subtitle: Some(format!("{}, {}", entrant.name, entrant.number)),
        author: here.cluster.name.clone(),
        dated: london_date(loaded.seal.published_at),
        body,
        illustrative: round.is_illustrative,
        fingerprint: Some(Fingerprint::of_bytes(loaded.text.as_bytes())),
    })
}
