//! A return as a document for a board: one page that says it all, then charts, money, milestones, risks and where every number comes from. It adds no figure.

use chrono::NaiveDate;
use hiec_charts::{Bar, Bars, Look, Size, Theme, Unit, assurance_svg, assurance_words, variation_svg, variation_words};
use hiec_kernel::clock::day_on_page;
use hiec_kernel::{Fingerprint, Money};
use hiec_reports::{Block, Board, BoardCell, Column, Level, Report, Table, Tile};
use hiec_web::Site;

use super::content::{Content, KpiLine, Sums};
use super::drawing_up::Correction;
use super::rules::weight_met;
use super::states::ReturnState;
use super::store::Query;
use super::view::HIGH_RISK;
use crate::kpis::rules::{RAG_RULE, Rag};

/// What a report is drawn from.
pub(super) struct Source<'a> {
    pub content: &'a Content,
    pub corrections: &'a [Correction],
    pub queries: &'a [Query],
    pub state: &'a ReturnState,
    /// The region it is made to.
    pub region: Option<&'a str>,
    pub dated: NaiveDate,
    pub fingerprint: &'a Fingerprint,
    pub is_live: bool,
    pub site: &'a Site,
}

/// Charts for paper: their titles stand in the report.
const ON_PAPER: Look = Look { theme: Theme::Light, has_style: false, has_head: false };

pub(super) fn report(source: &Source<'_>) -> Report {
    let content = source.content;
    let mut body = summary(source);
    body.push(Block::NewPage);
    body.extend(indicators(source));
    body.extend(money(content));
    body.extend(projects(content));
    body.extend(risks(content));
    body.extend(asked(source));
    body.extend(evidence(source));
    let to = source.region.map(|region| format!(", to {region}")).unwrap_or_default();
    Report {
        eyebrow: Some(format!("Quarterly return{to}")),
        title: format!("{}: {}", content.cluster_short, content.quarter.label()),
        subtitle: Some(format!("{} · {}", content.quarter.months(), stands(source))),
        author: content.cluster.clone(),
        dated: source.dated,
        body,
        illustrative: content.is_illustrative,
        fingerprint: (!source.is_live).then(|| source.fingerprint.clone()),
    }
}

fn stands(source: &Source<'_>) -> String {
    use hiec_kernel::clock::date_on_page;
    match source.state {
        ReturnState::Accepted { accepted, .. } => format!("accepted on {}", date_on_page(accepted.at)),
        _ if source.is_live => "draft: the figures still fill themselves".into(),
        state => match state.last_signature() {
            Some(signature) => format!("signed on {}, not accepted yet", date_on_page(signature.act.at)),
            None => "draft".into(),
        },
    }
}

fn summary(source: &Source<'_>) -> Vec<Block> {
    let content = source.content;
    let mut body = vec![Block::Tiles { tiles: tiles(content) }];
    let words = content.summary.trim();
    if words.is_empty() {
        body.push(Block::paragraph("The cluster has not written a summary yet."));
    }
    body.extend(words.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(Block::paragraph));
    if content.kpis.is_empty() {
        body.push(Block::note("Indicators", "No agreed indicator was in force in this quarter."));
    } else {
        body.push(glance(content).into());
        body.push(Block::note("How a value stands", RAG_RULE));
    }
    body.push(Block::heading(Level::One, "To look at first"));
    let first = to_look_at(content);
    body.push(match first.is_empty() {
        true => Block::paragraph("Nothing stands out: no target is far off, no milestone is open past its day, no risk is high, every principle is met."),
        false => Block::list(first),
    });
    for one in source.corrections {
        body.push(Block::note(
            format!("{}: {}", one.happened(), one.name),
            format!("signed {}, reads {} now. The return stays as it was signed.", one.signed, one.now),
        ));
    }
    body
}

/// What a board asks about: found by rules, each in a line.
fn to_look_at(content: &Content) -> Vec<String> {
    let mut first: Vec<String> = content
        .breaches
        .iter()
        .map(|breach| format!("Principle not met: {}. {}", breach.principle, breach.why))
        .collect();
    for kpi in &content.kpis {
        let is_concern = kpi.variation.as_deref().is_some_and(|icon| icon.starts_with("concern"));
        let shown = if kpi.shown.is_empty() { "no figure" } else { kpi.shown.as_str() };
        match kpi.rag {
            Rag::NoFigure => first.push(format!("{}: there is no figure for this quarter.", kpi.name)),
            Rag::Red => {
                first.push(format!(
                    "{}: {shown}, where {} {} was agreed.",
                    kpi.name,
                    kpi.better.label(),
                    kpi.target_shown
                ));
            }
            Rag::Green | Rag::Amber if is_concern => first.push(format!("{}: {shown}. {}", kpi.name, kpi.trend)),
            Rag::Green | Rag::Amber => {}
        }
    }
    let open = content.projects.iter().flat_map(|project| {
        let late = project.milestones.iter().filter(|one| one.stands.starts_with("Not met"));
        late.map(|one| format!("{}: {}, due on {}, is not met.", project.name, one.name, day_on_page(one.due)))
    });
    first.extend(open);
    let high = content.risks.iter().filter(|risk| risk.after >= HIGH_RISK);
    first.extend(high.map(|risk| format!("Risk {} of 25 after what is done: {}.", risk.after, risk.title)));
    first
}

fn tiles(content: &Content) -> Vec<Tile> {
    let (met, all) = weight_met(&content.kpis);
    let green = content.kpis.iter().filter(|kpi| kpi.rag == Rag::Green).count();
    let mut tiles = vec![Tile::new(
        format!("{green} of {}", content.kpis.len()),
        "targets met",
        format!("{met} of {all} by weight"),
    )];
    if let Some(sums) = &content.money.quarter {
        tiles.push(Tile::new(
            short(sums.actual),
            "spent in the quarter",
            format!("of {} budgeted", short(sums.budget)),
        ));
    }
    let milestones: Vec<bool> = content
        .projects
        .iter()
        .flat_map(|project| &project.milestones)
        .map(|one| one.stands.starts_with("Met"))
        .collect();
    let reached = milestones.iter().filter(|is_met| **is_met).count();
    let projects = content.projects.len();
    tiles.push(if milestones.is_empty() {
        Tile::new(projects.to_string(), if projects == 1 { "project" } else { "projects" }, "no milestone was due")
    } else {
        let note = if projects == 1 { "in 1 project".to_owned() } else { format!("in {projects} projects") };
        Tile::new(format!("{reached} of {}", milestones.len()), "milestones met", note)
    });
    let high = content.risks.iter().filter(|risk| risk.after >= HIGH_RISK).count();
    tiles.push(Tile::new(
        format!("{high} of {}", content.risks.len()),
        "risks high",
        format!("{HIGH_RISK} or more of 25, after action"),
    ));
    tiles
}

/// Whole pounds: pence are for the tables.
fn short(money: Money) -> String {
    Money::pounds(money.0 / 100).to_string()
}

fn glance(content: &Content) -> Board {
    Board::of(
        "Indicators at a glance",
        [
            Column::wide("Indicator", 3),
            Column::figure("Value"),
            Column::figure("Target"),
            Column::words("Stands"),
            Column::picture("Variation"),
            Column::picture("Target met?"),
            Column::figure("Weight"),
        ],
        content.kpis.iter().map(|kpi| {
            [
                BoardCell::words(kpi.name.as_str()),
                BoardCell::words(if kpi.shown.is_empty() { "none" } else { kpi.shown.as_str() }),
                BoardCell::words(format!("{} {}", kpi.better.label(), kpi.target_shown)),
                BoardCell::words(kpi.rag.word()),
                variation(kpi),
                assurance(kpi),
                BoardCell::words(kpi.weight.to_string()),
            ]
        }),
    )
}

fn variation(kpi: &KpiLine) -> BoardCell {
    match kpi.variation() {
        Some(icon) => {
            let svg = variation_svg(&format!("v{}", kpi.kpi.simple()), icon, Look { has_head: true, ..ON_PAPER });
            BoardCell::picture(svg, variation_words(icon))
        }
        None => BoardCell::words("too few points"),
    }
}

fn assurance(kpi: &KpiLine) -> BoardCell {
    match kpi.assurance() {
        Some(icon) => {
            let look = Look { has_head: true, ..ON_PAPER };
            let svg = assurance_svg(&format!("a{}", kpi.kpi.simple()), icon, kpi.direction(), look);
            BoardCell::picture(svg, assurance_words(icon))
        }
        None => BoardCell::words("not judged"),
    }
}

fn indicators(source: &Source<'_>) -> Vec<Block> {
    let content = source.content;
    let mut body = vec![Block::heading(Level::One, "Indicators of the contract")];
    if content.kpis.is_empty() {
        body.push(Block::paragraph("No agreed indicator was in force in this quarter."));
    }
    for kpi in &content.kpis {
        body.push(Block::heading(Level::Two, kpi.name.clone()));
        let value = match kpi.shown.is_empty() {
            true => "No figure for this quarter".to_owned(),
            false => format!("{} ({})", kpi.shown, kpi.period),
        };
        let from = match kpi.baseline_shown.as_str() {
            "" => String::new(),
            baseline => format!(", from {baseline} before"),
        };
        body.push(Block::facts([
            ("Value", Some(value)),
            ("Target", Some(format!("{} {}{from}; weight {}", kpi.better.label(), kpi.target_shown, kpi.weight))),
            ("Stands", Some(kpi.rag.label().to_owned())),
            ("The chart says", Some(kpi.trend.clone())),
        ]));
        if let Some(chart) = kpi.chart() {
            let alt = if kpi.reading.is_empty() { kpi.trend.clone() } else { kpi.reading.clone() };
            body.push(Block::chart(chart.svg(Size::Low, ON_PAPER), alt, ""));
        }
        body.extend(kpi.narrative.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(Block::paragraph));
    }
    body
}

fn money(content: &Content) -> Vec<Block> {
    let mut body = vec![Block::heading(Level::One, "Money")];
    let Some(sums) = content.money.quarter else {
        body.push(Block::paragraph("Not published: the figures lead back to no evidence."));
        return body;
    };
    let bars = bars(&sums);
    let reading = bars.reading.clone();
    body.push(Block::paragraph(reading));
    body.push(Block::chart(bars.svg(Size::Paper, ON_PAPER), bars.description(), ""));
    let term = content.money.term.unwrap_or_default().named();
    body.push(
        Table::of(
            "Budget, actual and forecast",
            [Column::words("Money"), Column::figure("In the quarter"), Column::figure("Over the whole term")],
            sums.named()
                .into_iter()
                .zip(term)
                .map(|((name, sum), (_, term))| [name.to_owned(), sum.to_string(), term.to_string()]),
        )
        .into(),
    );
    body
}

fn bars(sums: &Sums) -> Bars {
    #[expect(clippy::cast_precision_loss, reason = "a picture needs no more digits than a double has")]
    let pounds = |money: Money| money.0 as f64 / 100.0;
    let (budget, actual) = (sums.budget.0, sums.actual.0);
    let reading = match budget {
        0 => "Nothing was budgeted for this quarter.".to_owned(),
        budget => {
            // Whole per cent, half up, in integers.
            let percent = (i128::from(actual) * 200 + i128::from(budget)) / (i128::from(budget) * 2);
            format!("{} was spent of {} budgeted for the quarter, {percent}%.", sums.actual, sums.budget)
        }
    };
    Bars {
        id: "money".into(),
        title: "Money in the quarter".into(),
        reading,
        unit: Unit::Pounds,
        bars: vec![
            Bar::new("Actual", pounds(sums.actual), sums.actual.to_string()),
            Bar::new("Forecast", pounds(sums.forecast), sums.forecast.to_string()),
        ],
        mark: Some(("Budget".into(), pounds(sums.budget))),
        source: String::new(),
    }
}

fn projects(content: &Content) -> Vec<Block> {
    let mut body = vec![Block::heading(Level::One, "Projects and milestones")];
    if content.projects.is_empty() {
        body.push(Block::paragraph("No project had begun by the end of the quarter."));
        return body;
    }
    body.push(
        Table::of(
            "Projects",
            [Column::wide("Project", 2), Column::words("Pathway"), Column::wide("Stands", 3)],
            content.projects.iter().map(|project| {
                let stands = format!("{}. {}", project.status, project.reason);
                [project.name.clone(), project.pathway.clone(), stands]
            }),
        )
        .into(),
    );
    let milestones: Vec<[String; 4]> = content
        .projects
        .iter()
        .flat_map(|project| {
            project
                .milestones
                .iter()
                .map(|one| [one.name.clone(), project.name.clone(), day_on_page(one.due), one.stands.clone()])
        })
        .collect();
    if milestones.is_empty() {
        body.push(Block::paragraph("No milestone was due in the quarter."));
    } else {
        body.push(
            Table::of(
                "Milestones of the quarter, and those still open",
                [
                    Column::wide("Milestone", 3),
                    Column::wide("Project", 2),
                    Column::wide("Due", 2),
                    Column::wide("Stands", 2),
                ],
                milestones,
            )
            .into(),
        );
    }
    body
}

fn risks(content: &Content) -> Vec<Block> {
    let mut body = vec![Block::heading(Level::One, "Risks and principles")];
    if content.risks.is_empty() {
        body.push(Block::paragraph("No risk is on the register."));
    } else {
        body.push(
            Table::of(
                "Likelihood × impact, 1 to 25, before and after what is done",
                [Column::wide("Risk", 4), Column::figure("Before"), Column::figure("After"), Column::wide("Owner", 2)],
                content.risks.iter().map(|risk| {
                    [risk.title.clone(), risk.before.to_string(), risk.after.to_string(), risk.owner.clone()]
                }),
            )
            .into(),
        );
    }
    body.push(if content.breaches.is_empty() {
        Block::paragraph("Every principle of the call is met.")
    } else {
        Block::list(content.breaches.iter().map(|breach| format!("Not met: {}. {}", breach.principle, breach.why)))
    });
    body
}

fn asked(source: &Source<'_>) -> Vec<Block> {
    if source.queries.is_empty() {
        return Vec::new();
    }
    let name = |line: &str| super::drawing_up::line_name(source.content, line).unwrap_or_else(|| "A line".into());
    let mut body = vec![Block::heading(Level::One, "What the region asked")];
    for query in source.queries {
        body.push(Block::facts([
            ("About", Some(name(&query.line))),
            ("Question", Some(query.question.clone())),
            ("Answer", Some(query.answer.clone().unwrap_or_else(|| "Not answered yet".into()))),
        ]));
    }
    body
}

/// Where every number is followed back from.
fn evidence(source: &Source<'_>) -> Vec<Block> {
    let content = source.content;
    let row = |name: &str, path: &str| (!path.is_empty()).then(|| [name.to_owned(), source.site.link(path)]);
    let mut rows: Vec<[String; 2]> = content.kpis.iter().filter_map(|kpi| row(&kpi.name, &kpi.path)).collect();
    rows.extend(row("Money", &content.money.path));
    rows.extend(content.projects.iter().filter_map(|project| row(&project.name, &project.path)));
    rows.extend(content.risks.iter().filter_map(|risk| row(&risk.title, &risk.path)));
    rows.dedup();
    vec![
        Block::heading(Level::One, "Where the numbers come from"),
        Block::paragraph(
            "Every number of this return is followed back from these pages to the figures as they were entered, by whom and when. A number without such a page is not published.",
        ),
        Table::of("Evidence", [Column::wide("Number", 2), Column::wide("Page", 3)], rows).into(),
    ]
}

#[cfg(test)]
mod tests {
    use hiec_reports::Document;

    use super::super::content::tests::sample;
    use super::super::rules::published;
    use super::*;

    fn drawn(content: &Content, corrections: &[Correction]) -> Report {
        let site = Site { name: "hiec".into(), base: "https://hiec.example/".parse().unwrap(), is_demo: false };
        let fingerprint = Fingerprint::of(content).unwrap();
        report(&Source {
            content,
            corrections,
            queries: &[],
            state: &ReturnState::Draft,
            region: Some("NHS London"),
            dated: "2010-10-20".parse().unwrap(),
            fingerprint: &fingerprint,
            is_live: false,
            site: &site,
        })
    }

    #[test]
    fn the_first_page_says_it_all() {
        let report = drawn(&sample(), &[]);
        let first: Vec<&Block> = report.body.iter().take_while(|block| **block != Block::NewPage).collect();
        assert!(matches!(first.first(), Some(Block::Tiles { tiles }) if tiles.len() == 4));
        assert!(first.iter().any(|block| matches!(block, Block::Board(board) if board.rows().len() == 3)));
        let text = report.to_text();
        for words in [
            "1 of 3 (40 of 100 by weight)",
            "£131,250 (of £275,000 budgeted)",
            "1 of 1 (in 1 project)",
            "0 of 1 (15 or more of 25, after action)",
            "£131,250 was spent of £275,000 budgeted for the quarter, 48%.",
            "https://hiec.example/clusters/necles/measures/1",
            "- On NIV within three hours: 48.3%, where at least 60% was agreed.",
        ] {
            assert!(text.contains(words), "{words} is not in\n{text}");
        }
        assert!(report.illustrative && report.fingerprint.is_some());
        assert_eq!(report.body.iter().filter(|block| matches!(block, Block::Chart { .. })).count(), 4);
    }

    #[test]
    fn what_is_not_published_is_not_drawn() {
        let mut content = sample();
        content.kpis[0].path = String::new();
        content.money.path = String::new();
        let text = drawn(&published(content), &[]).to_text();
        assert!(!text.contains("48.3%") && !text.contains("£131,250"), "{text}");
        assert!(text.contains("Not published"), "{text}");
    }

    /// Drawn by the real program where `HIEC_PDF` names it.
    #[tokio::test]
    async fn a_board_can_hold_it_in_hand() {
        let reports = hiec_reports::Reports::new(std::env::var_os("HIEC_PDF").map(Into::into));
        if !reports.is_available() {
            assert!(std::env::var_os("HIEC_REQUIRE_PDF").is_none(), "HIEC_PDF names no hiec-pdf program");
            return;
        }
        let pdf = reports.pdf(&drawn(&sample(), &[])).await.unwrap();
        let has = |needle: &str| pdf.windows(needle.len()).any(|window| window == needle.as_bytes());
        assert!(has("<pdfuaid:part>1</pdfuaid:part>") && has("/S/Figure"), "no tagged PDF with figures");
        if let Some(path) = std::env::var_os("LOOK_AT") {
            std::fs::write(path, &pdf).unwrap();
        }
    }

    #[test]
    fn corrections_stand_beside() {
        let one = Correction {
            line: "money".into(),
            name: "Actual of the quarter".into(),
            signed: "£131,250".into(),
            now: "£131,300".into(),
            is_late_figure: false,
            path: "/clusters/necles/money".into(),
        };
        let text = drawn(&sample(), &[one]).to_text().replace("\n| ", " ");
        assert!(text.contains("signed £131,250, reads £131,300 now"), "{text}");
    }
}
