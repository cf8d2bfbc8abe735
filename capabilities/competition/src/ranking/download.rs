//! `/calls/{call}/ranking.csv` and `.xlsx`: the ranking as a table, as far as this person may see it.

use hiec_files::table::{Cell, Column, Table, workbook};
use hiec_kernel::Problem;
use hiec_web::{Answer, Loaded, Reply};

use super::page::lines;
use super::store::{self, RankingDesk};

pub async fn csv(desk: Loaded<RankingDesk>) -> Answer {
    let table = table(&desk).await?;
    Ok(Reply::download(
        &format!("{}-ranking.csv", desk.call.key),
        "text/csv; charset=utf-8",
        table.to_csv_for_excel().into_bytes(),
    ))
}

pub async fn xlsx(desk: Loaded<RankingDesk>) -> Answer {
    let table = table(&desk).await?;
    let bytes = workbook(&[&table], desk.now()).map_err(Problem::internal)?;
    Ok(Reply::download(
        &format!("{}-ranking.xlsx", desk.call.key),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        bytes,
    ))
}

async fn table(desk: &Loaded<RankingDesk>) -> Result<Table, Problem> {
    let database = desk.database();
    let call = &desk.call;
    let stored = store::latest(&database, call.id).await?.ok_or_else(Problem::not_found)?;
    let interests = store::interests_of(&database, call.id, desk.person()?.id).await?;
    let bids = store::opened_bids(&database, call.id).await?;
    let criteria = &call.design().criteria;
    let mut columns = vec![
        Column::new("rank", "Place in the ranking; empty when not ranked"),
        Column::new("bid", "The bid's id"),
        Column::new("title", "The bid's title"),
        Column::new("lead", "Lead organisation"),
        Column::new("region", "Codes of its regions"),
    ];
    columns.extend(criteria.iter().map(|one| {
        Column::new(
            format!("score_{}", one.key),
            format!("{}: score of {}, rounded to two decimals", one.name, one.max_score),
        )
    }));
    columns.push(Column::new("total_percent", "Weighted total, half up, two decimals"));
    columns.push(Column::new("why", "Floors, missing scores and ties"));
    columns.push(Column::new("illustrative", "Whether the bid was made up"));
    let mut table = Table::new("ranking", columns);
    for line in lines(&stored.ranking, &stored.ranking.bids, &bids, &interests) {
        let mut cells = vec![
            Cell::from(line.rank.map(i64::from)),
            Cell::from(line.bid.to_string()),
            Cell::from(line.title),
            Cell::from(line.lead),
            Cell::from(line.region),
        ];
        for place in 0..criteria.len() {
            cells.push(figure(line.scores.get(place).cloned().flatten()));
        }
        cells.push(figure(line.total));
        cells.push(Cell::from(line.why.join("; ")));
        cells.push(Cell::from(line.is_illustrative));
        table.push(cells);
    }
    Ok(table)
}

/// A figure of two decimals as an exact number.
fn figure(text: Option<String>) -> Cell {
    let Some(text) = text else {
        return Cell::Empty;
    };
    match text.replace('.', "").parse() {
        Ok(units) if text.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 2) => {
            Cell::Decimal { units, places: 2 }
        }
        _ => Cell::from(text),
    }
}
