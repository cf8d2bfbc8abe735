//! Everything public as tables, one per subject; every row that was made up says so in its last column.

use hiec_files::table::{Cell, Table};

use super::round::{CriterionScore, PublicRound, Score, Statistics};

const ILLUSTRATIVE: (&str, &str) =
    ("illustrative", "What of this row was made up for demonstration; empty where nothing was");

/// All tables, always the same ones in the same order, those without rows too.
pub fn tables(round: &PublicRound) -> Vec<Table> {
    vec![
        awards(round),
        scores(round),
        statistics(round),
        regions(round),
        milestones(round),
        questions(round),
        amendments(round),
        criteria(round),
        principles(round),
        budget(round),
    ]
}

fn awards(round: &PublicRound) -> Table {
    let mut table = Table::with_columns(
        "awards",
        [
            ("reference", "The award's reference in this call"),
            ("title", "Name of the cluster"),
            ("region_code", "Code of the region, as in regions.csv"),
            ("region", "Name of the region"),
            ("principal_partner", "Organisation that leads the partnership"),
            ("principal_partner_id", "Its identifier, org-id.guide register first"),
            ("work_programme", "Subjects of work, separated by semicolons"),
            ("amount_gbp", "Amount awarded, in pounds"),
            ("applied_for_gbp", "Amount applied for, in pounds"),
            ("announced", "When the award was announced, UTC"),
            ("starts", "First day of the funded work"),
            ("ends", "Last day of the funded work"),
            ("total_score", "Weighted total, where funded bids' scores are published"),
            ILLUSTRATIVE,
        ],
    );
    for award in &round.awards {
        let partner = &award.principal_partner;
        table.push([
            Cell::from(award.reference.as_str()),
            Cell::from(award.title.as_str()),
            Cell::from(award.region.as_str()),
            Cell::from(round.region(&award.region).map(|region| region.name.clone())),
            Cell::from(partner.name.as_str()),
            Cell::from(partner.identifier.spelled(&round.publisher.three_sixty_prefix)),
            Cell::from(award.work_programme.join("; ")),
            Cell::from(award.amount),
            Cell::from(award.applied_for),
            Cell::from(award.announced),
            Cell::from(award.starts),
            Cell::from(award.ends),
            award.total.map_or(Cell::Empty, score),
            Cell::from(award.illustrative.clone()),
        ]);
    }
    table
}

fn scores(round: &PublicRound) -> Table {
    let mut table = Table::with_columns(
        "scores-per-criterion",
        [
            ("criterion", "Code of the award criterion, as in criteria.csv"),
            ("title", "The criterion"),
            ("award", "Reference of the funded bid; empty for all bids together"),
            ("bids", "How many bids the figures cover"),
            ("mean", "Mean score; of one bid, its score"),
            ("median", "Median score; of one bid, its score"),
            ILLUSTRATIVE,
        ],
    );
    let mut push = |found: &CriterionScore, award: Option<&str>, note: Option<&String>| {
        let criterion = round.criteria.iter().find(|criterion| criterion.code == found.criterion);
        table.push([
            Cell::from(found.criterion.as_str()),
            Cell::from(criterion.map(|criterion| criterion.title.clone())),
            Cell::from(award),
            Cell::from(i64::from(found.bids)),
            score(found.mean),
            score(found.median),
            Cell::from(note.cloned()),
        ]);
    };
    for found in &round.statistics.criteria {
        push(found, None, round.statistics.illustrative.as_ref());
    }
    for award in &round.awards {
        for found in &award.scores {
            push(found, Some(&award.reference), award.illustrative.as_ref());
        }
    }
    table
}

fn statistics(round: &PublicRound) -> Table {
    let mut table = Table::with_columns(
        "statistics",
        [
            ("figure", "What is counted or measured"),
            ("from_score", "Lower end of a band of scores, included"),
            ("to_score", "Upper end of a band of scores, included only in the last band"),
            ("value", "The figure; empty where it is not published"),
            ILLUSTRATIVE,
        ],
    );
    let Statistics { questionnaires, shortlisted, bids, score_distribution, lowest_funded, illustrative, .. } =
        &round.statistics;
    let note = || Cell::from(illustrative.clone());
    let counts = [("pre-qualification questionnaires", questionnaires), ("shortlisted", shortlisted), ("bids", bids)];
    for (figure, count) in counts {
        let count = count.map(i64::from);
        table.push([Cell::from(figure), Cell::Empty, Cell::Empty, Cell::from(count), note()]);
    }
    // Awards are facts even where the bids were made up.
    table.push([Cell::from("awards"), Cell::Empty, Cell::Empty, Cell::count(round.awards.len())]);
    let amounts_note = round.awards.iter().find_map(|award| award.illustrative.clone());
    table.push([
        Cell::from("total awarded (GBP)"),
        Cell::Empty,
        Cell::Empty,
        Cell::from(round.awarded()),
        Cell::from(amounts_note),
    ]);
    let lowest = lowest_funded.map_or(Cell::Empty, score);
    table.push([Cell::from("lowest funded score"), Cell::Empty, Cell::Empty, lowest, note()]);
    for band in score_distribution {
        table.push([
            Cell::from("bids in this band of scores"),
            score(band.from),
            score(band.to),
            Cell::from(i64::from(band.bids)),
            note(),
        ]);
    }
    table
}

fn regions(round: &PublicRound) -> Table {
    let mut table = Table::with_columns(
        "regions",
        [
            ("code", "Code of the region"),
            ("name", "Name of the region"),
            ("geo_code", "Code of the area, Office for National Statistics"),
            ("awards", "Number of awards"),
            ("no_award_reason", "Why no bid was funded, for regions without an award"),
            ILLUSTRATIVE,
        ],
    );
    for region in &round.regions {
        table.push([
            Cell::from(region.code.as_str()),
            Cell::from(region.name.as_str()),
            Cell::from(region.geo_code.as_ref().map(|geo| geo.code.clone())),
            Cell::count(round.awards_in(&region.code)),
            Cell::from(region.no_award_reason.clone()),
            Cell::from(region.illustrative.clone()),
        ]);
    }
    table
}

fn milestones(round: &PublicRound) -> Table {
    let mut table = Table::with_columns(
        "milestones",
        [
            ("code", "The milestone's code"),
            ("title", "What is due"),
            ("due", "When, UTC; empty where the source gives no day"),
            ("said", "The source's own words for the date"),
            ("met", "When it was met, UTC"),
            ("source", "Where this is from"),
        ],
    );
    for milestone in &round.milestones {
        table.push([
            Cell::from(milestone.code.as_str()),
            Cell::from(milestone.title.as_str()),
            Cell::from(milestone.due),
            Cell::from(milestone.said.clone()),
            Cell::from(milestone.met),
            Cell::from(milestone.source.clone()),
        ]);
    }
    table
}

fn questions(round: &PublicRound) -> Table {
    let mut table = Table::with_columns(
        "questions",
        [
            ("number", "Number of the question"),
            ("question", "As asked; the asker is not named"),
            ("answer", "As given to everybody"),
            ("answered", "When, UTC"),
            ILLUSTRATIVE,
        ],
    );
    for question in &round.questions {
        table.push([
            Cell::from(i64::from(question.number)),
            Cell::from(question.question.as_str()),
            Cell::from(question.answer.as_str()),
            Cell::from(question.answered),
            Cell::from(question.illustrative.clone()),
        ]);
    }
    table
}

fn amendments(round: &PublicRound) -> Table {
    let mut table = Table::with_columns(
        "amendments",
        [
            ("number", "Number of the amendment"),
            ("published", "When, UTC"),
            ("reason", "Why the call was changed"),
            ("field", "What changed"),
            ("before", "As it was"),
            ("after", "As it is since"),
            ILLUSTRATIVE,
        ],
    );
    for amendment in &round.amendments {
        for (field, before, after) in &amendment.changes {
            table.push([
                Cell::from(i64::from(amendment.number)),
                Cell::from(amendment.published),
                Cell::from(amendment.reason.as_str()),
                Cell::from(field.as_str()),
                Cell::from(before.as_str()),
                Cell::from(after.as_str()),
                Cell::from(amendment.illustrative.clone()),
            ]);
        }
    }
    table
}

fn criteria(round: &PublicRound) -> Table {
    let mut table = Table::with_columns(
        "criteria",
        [
            ("code", "The criterion's code"),
            ("title", "The award criterion"),
            ("weight", "Its weight, as published with the call"),
        ],
    );
    for criterion in &round.criteria {
        let weight = criterion.weight.map(i64::from);
        table.push([Cell::from(criterion.code.as_str()), Cell::from(criterion.title.as_str()), Cell::from(weight)]);
    }
    table
}

fn principles(round: &PublicRound) -> Table {
    let mut table = Table::with_columns(
        "principles",
        [("code", "The principle's code"), ("title", "The principle"), ("test", "What a bid must show")],
    );
    for principle in &round.principles {
        table.push([&principle.code, &principle.title, &principle.test].map(|text| Cell::from(text.as_str())));
    }
    table
}

fn budget(round: &PublicRound) -> Table {
    let mut table = Table::with_columns(
        "budget",
        [
            ("what", "What the amount is for"),
            ("amount_gbp", "In pounds; empty where the source gives no exact amount"),
            ("said", "The source's own words"),
            ("source", "Where this is from; sources that disagree stand side by side"),
        ],
    );
    for fact in &round.budget {
        table.push([
            Cell::from(fact.what.as_str()),
            Cell::from(fact.amount),
            Cell::from(fact.said.as_str()),
            Cell::from(fact.source.as_str()),
        ]);
    }
    table
}

fn score(score: Score) -> Cell {
    Cell::Decimal { units: score.0, places: 2 }
}
