//! `/calls/{call}/ranking`: totals, ranks and why ties fell as they did, and the acts of computing and making final. Scores of a bid are kept from those with an interest in it.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Query;
use hiec_access::policy::Target;
use hiec_kernel::clock::on_page;
use hiec_kernel::{BidId, Problem, Scope};
use hiec_web::components::own::Paging;
use hiec_web::components::{Button, Cell, Column, Table, Tag};
use hiec_web::{Answer, Done, Errors, Loaded, Page, WantsData};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::actions;
use super::design::{criteria_of, ranking_rule_of};
use super::responses::{self, Form};
use super::rules::{RankedBid, Ranking, Standing};
use super::store::{self, BidLine, RankingDesk, StoredRanking, Version};
use super::ties::TieBreak;

/// A bid's line as a person may see it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    pub bid: BidId,
    pub title: String,
    pub lead: String,
    pub region: String,
    pub rank: Option<u32>,
    pub total: Option<String>,
    /// One per criterion of the call, in its order.
    pub scores: Vec<Option<String>>,
    /// Why it stands where it stands: floors, missing scores, ties.
    pub why: Vec<String>,
    pub is_illustrative: bool,
    /// Kept from this reader, who has an interest in the bid.
    pub is_hidden: bool,
}

#[derive(Serialize)]
struct Shown {
    number: Option<i64>,
    fingerprint: Option<String>,
    is_final: bool,
    rule: Vec<String>,
    lines: Vec<Line>,
    responses: Vec<responses::Shown>,
    versions: Vec<Version>,
}

/// Which part of the ranking is looked at.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Look {
    page: Option<usize>,
    /// A program gets all of it.
    #[serde(skip)]
    is_whole: bool,
}

impl Look {
    /// The first part, for a person; all of it, for a program.
    pub(crate) fn first(wants: WantsData) -> Self {
        Self { page: None, is_whole: wants.0 }
    }
}

pub async fn get(desk: Loaded<RankingDesk>, Query(look): Query<Look>, wants: WantsData) -> Answer {
    let look = Look { is_whole: wants.0, ..look };
    Ok(page(&desk, look, &Form::default(), &Errors::none()).await?.into())
}

/// The page; the response form again with what was typed, where it had mistakes.
pub(crate) async fn page(
    desk: &Loaded<RankingDesk>,
    look: Look,
    form: &Form,
    errors: &Errors,
) -> Result<Page, Problem> {
    let call = &desk.call;
    let database = desk.database();
    let latest = store::latest(&database, call.id).await?;
    let interests = store::interests_of(&database, call.id, desk.person()?.id).await?;
    let bids = store::opened_bids(&database, call.id).await?;
    let criteria = criteria_of(&call.design().criteria);
    let all = latest.as_ref().map(|stored| stored.ranking.bids.as_slice()).unwrap_or_default();
    let paging = if look.is_whole { Paging::whole(all.len()) } else { Paging::of(look.page, all.len()) };
    let shown = Shown {
        number: latest.as_ref().map(|stored| stored.number),
        fingerprint: latest.as_ref().map(|stored| stored.fingerprint.clone()),
        is_final: call.acts.ranking_final.is_some(),
        rule: ranking_rule_of(&call.design().criteria, &call.design().award).statement(&criteria),
        lines: latest
            .as_ref()
            .map(|stored| lines(&stored.ranking, paging.part(all), &bids, &interests))
            .unwrap_or_default(),
        responses: responses::shown(&database, latest.as_deref(), &bids).await?,
        versions: store::versions(&database, call.id).await?,
    };
    let view = html! {
        (crate::calls::registration::summary(errors))
        h1 { span.nhsuk-caption-xl { (call.title) } "Ranking" }
        (standing(desk, latest.as_deref(), &shown))
        @if !shown.lines.is_empty() {
            (table(desk, &shown.lines, &bids))
            (paging.links(&format!("{}/ranking", call.path())))
            (downloads(&call.path()))
        }
        h2 { "How bids are ranked" }
        ul { @for line in &shown.rule { li { (line) } } }
        @if latest.is_some() { (responses::section(desk, &shown.responses, &bids, form, errors)) }
        @if shown.versions.len() > 1 { (versions(&shown.versions)) }
    };
    let page = Page::new("Ranking", view);
    let page = if look.is_whole { page.data(&shown)? } else { page };
    Ok(page.under("/calls", "Calls").under(call.path(), call.title.clone()).wide())
}

/// The tie breaks by the bids that took part in them.
fn breaks_by_bid(ranking: &Ranking) -> BTreeMap<BidId, Vec<&TieBreak>> {
    let mut by_bid: BTreeMap<BidId, Vec<&TieBreak>> = BTreeMap::new();
    for one in &ranking.breaks {
        for bid in one.ahead.iter().chain(&one.behind) {
            by_bid.entry(*bid).or_default().push(one);
        }
    }
    by_bid
}

/// Names of bids as one text; of very many only the first, for a reader looks the others up in the table.
fn named(bids: &[BidId], title: impl Fn(&BidId) -> String) -> String {
    const MOST: usize = 6;
    let names: Vec<String> = bids.iter().take(MOST).map(title).collect();
    match bids.len().saturating_sub(MOST) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// Some of the ranking's bids as lines, those hidden from this reader without their figures.
pub(crate) fn lines(ranking: &Ranking, part: &[RankedBid], bids: &[BidLine], interests: &BTreeSet<BidId>) -> Vec<Line> {
    let by_id: BTreeMap<BidId, &BidLine> = bids.iter().map(|bid| (bid.id, bid)).collect();
    let breaks = breaks_by_bid(ranking);
    let title = |bid: &BidId| by_id.get(bid).map_or("a bid", |bid| bid.title.as_str()).to_owned();
    part.iter()
        .filter_map(|line| {
            let bid = by_id.get(&line.bid)?;
            let is_hidden = interests.contains(&line.bid);
            let mut why = Vec::new();
            match &line.standing {
                Standing::Ranked { .. } => {}
                Standing::BelowFloor { breaches } => {
                    why.extend(breaches.iter().map(|breach| format!("Below a floor: {}", breach.explanation())))
                }
                Standing::Incomplete { missing } => {
                    why.push(format!("Not fully scored: {}", missing.join(", ")));
                }
            }
            for one in breaks.get(&line.bid).into_iter().flatten() {
                let others = one.ahead.iter().chain(&one.behind);
                if others.clone().any(|bid| interests.contains(bid)) {
                    continue;
                }
                let (side, others) =
                    if one.ahead.contains(&line.bid) { ("Ahead of", &one.behind) } else { ("Behind", &one.ahead) };
                why.push(format!("{side} {}: {}", named(others, title), one.explanation()));
            }
            if !line.shares_with.is_empty() {
                let others = named(&line.shares_with, title);
                why.push(format!("Shares its rank with {others}: the ladder does not tell them apart"));
            }
            let scores = line
                .total
                .iter()
                .flat_map(|total| &total.criteria)
                .map(|score| {
                    let rounded = score.score?.half_up(2).ok()?;
                    (!is_hidden).then(|| rounded.to_string())
                })
                .collect();
            Some(Line {
                bid: line.bid,
                title: bid.title.clone(),
                lead: bid.lead.clone(),
                region: bid.regions().join(", "),
                rank: line.rank().filter(|_| !is_hidden),
                total: line.total.as_ref().filter(|_| !is_hidden).map(|total| total.percent.to_string()),
                scores,
                why: if is_hidden { Vec::new() } else { why },
                is_illustrative: bid.is_illustrative,
                is_hidden,
            })
        })
        .collect()
}

/// The mark of what was made up.
pub(crate) fn illustrative(is: bool) -> Markup {
    html! { @if is { " " span.app-illustrative { "Illustrative" } } }
}

fn standing(desk: &Loaded<RankingDesk>, latest: Option<&StoredRanking>, shown: &Shown) -> Markup {
    let path = desk.call.path();
    html! {
        @match latest {
            None => p { "No ranking has been computed yet. It is computed from the scores once the assessors have submitted." },
            Some(stored) => {
                p {
                    "Ranking " (stored.number) ", computed " (on_page(stored.made_at)) ". "
                    @if shown.is_final { (Tag::new("Final")) } @else { (Tag::new("With the regions")) }
                }
                p.app-source { "Fingerprint of scores and ranking: " span.app-fingerprint { (stored.fingerprint) } }
            }
        }
        @if !shown.is_final {
            div.nhsuk-button-group {
                @if desk.may("ranking.compute") {
                    form method="post" action={ (path) "/ranking" } {
                        (Button::new(if latest.is_some() { "Compute the ranking again" } else { "Compute the ranking" }).secondary())
                    }
                }
                @if latest.is_some() && desk.may("ranking.finalise") {
                    form method="post" action={ (path) "/final-ranking" } {
                        (Button::new("Make the ranking final").confirm("After this the ranking goes to the panel and stays as it is."))
                    }
                }
            }
        }
    }
}

/// Whether the reader may open a bid: a region those that lie in it.
fn may_open(desk: &Loaded<RankingDesk>, bid: &BidLine) -> bool {
    let regions = bid.regions();
    let lies_in = desk.call.regions.iter().filter(|region| regions.contains(&region.code));
    let target = Target::new("bid", bid.id.0)
        .scopes([Scope::Call(desk.call.id.0), Scope::Programme(desk.call.programme_id)])
        .scopes(lies_in.map(|region| Scope::Region(region.id)))
        .within(desk.call.id.0);
    desk.may_with("bid.view", &target)
}

fn table(desk: &Loaded<RankingDesk>, lines: &[Line], bids: &[BidLine]) -> Markup {
    let open: BTreeSet<BidId> = lines
        .iter()
        .filter_map(|line| bids.iter().find(|bid| bid.id == line.bid))
        .filter(|bid| may_open(desk, bid))
        .map(|bid| bid.id)
        .collect();
    let criteria = &desk.call.design().criteria;
    let mut head = vec![Column::numeric("Rank"), Column::new("Bid"), Column::new("Region")];
    head.extend(
        criteria
            .iter()
            .map(|one| Column::numeric(format!("{} (weight {}, of {})", one.name, one.weight, one.max_score))),
    );
    head.push(Column::numeric("Total, %"));
    head.push(Column::new("Why it stands here"));
    let rows = lines.iter().map(|line| {
        let mut cells = vec![
            Cell::numeric(line.rank.map_or("–".to_owned(), |rank| rank.to_string())),
            Cell::new(html! {
                @if open.contains(&line.bid) { a href={ "/bids/" (line.bid) } { (line.title) } } @else { (line.title) }
                (illustrative(line.is_illustrative))
                br; span.app-source { (line.lead) }
            }),
            Cell::new(line.region.clone()),
        ];
        for place in 0..criteria.len() {
            let score = line.scores.get(place).cloned().flatten();
            cells.push(Cell::numeric(score.unwrap_or_else(|| "–".into())));
        }
        cells.push(Cell::numeric(line.total.as_deref().unwrap_or("–")));
        cells.push(Cell::new(if line.is_hidden {
            html! { "Not shown to you: you have an interest in this bid" }
        } else {
            html! { @for why in &line.why { (why) ". " } }
        }));
        cells
    });
    html! { (Table::new("Bids by rank").head(head).rows(rows).compact(true)) }
}

fn downloads(path: &str) -> Markup {
    html! {
        p {
            a href={ (path) "/ranking.csv" } { "Download the ranking as CSV" } " or "
            a href={ (path) "/ranking.xlsx" } { "as XLSX" }
        }
    }
}

fn versions(versions: &[Version]) -> Markup {
    let rows = versions.iter().map(|version| {
        vec![
            Cell::numeric(version.number),
            Cell::new(on_page(version.made_at)),
            Cell::new(html! { span.app-fingerprint { (version.fingerprint) } }),
        ]
    });
    html! {
        h2 { "Rankings made" }
        (Table::new("Every ranking that was computed; the last one counts")
            .head([Column::numeric("Number"), Column::new("Made"), Column::new("Fingerprint")])
            .rows(rows))
    }
}

pub async fn compute(desk: Loaded<RankingDesk>) -> Answer {
    let person = desk.person()?.clone();
    let mut unit = desk.begin().await?;
    let stored = actions::compute_ranking(&mut unit, &desk.call, &person).await?;
    unit.commit().await?;
    Ok(Done::made(format!("{}/ranking", desk.call.path()))
        .saying(format!("Ranking {} is computed and lies before the regions.", stored.number))
        .into())
}

pub async fn finalise(desk: Loaded<RankingDesk>) -> Answer {
    let person = desk.person()?.clone();
    let mut unit = desk.begin().await?;
    actions::finalise_ranking(&mut unit, &desk.call, &person).await?;
    unit.commit().await?;
    Ok(Done::to(format!("{}/ranking", desk.call.path()))
        .saying("The ranking is final. The panel can be planned.")
        .into())
}
