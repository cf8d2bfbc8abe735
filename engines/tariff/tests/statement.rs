//! The statement's arithmetic and dates against answers worked out elsewhere.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use hiec_tariff::command::{Form, Tables, statement};
use hiec_tariff::{BUILT_IN_PRICES, Fraction, Pence};
use serde_json::{Value, json};

const PLACEMENTS: &str = include_str!("../example/placements.csv");
const FACTORS: &str = include_str!("../example/factors.csv");

fn tables<'a>(placements: &'a str, factors: &'a str) -> Tables<'a> {
    Tables { placements: placements.as_bytes(), factors: Some(factors.as_bytes()), ..Tables::default() }
}

fn answer(tables: Tables<'_>, known_on: Option<&str>) -> Value {
    let known_on = known_on.map(|day| day.parse().unwrap());
    serde_json::from_str(&statement(tables, known_on, Form::Json).unwrap()).unwrap()
}

fn refused(tables: Tables<'_>) -> Vec<String> {
    statement(tables, None, Form::Json).unwrap_err()
}

#[test]
fn forty_students_for_two_fifths_of_a_year_are_worth_what_the_source_says() {
    let answer = answer(tables(PLACEMENTS, FACTORS), None);
    assert_eq!(answer["total_pence"], 5_497_576);
    assert_eq!(answer["lines"][0]["working"], "40 × 0.4 × £3,175 × 1.0822 = £54,975.76");
    assert_eq!(answer["lines"][0]["fte"], "16");
    assert_eq!(answer["placements"][0]["gap_pence"], 6_000_000 - 5_497_576);
    assert_eq!(answer["sentence"], "£54,975.76 follow the trainees, in 1 line.");
}

#[test]
fn weeks_are_divided_by_the_weeks_in_a_year_and_the_penny_is_rounded_once() {
    let placements = "trainee,host,tariff,from,to,weeks\nA,H,clinical,2022-09-01,2023-03-31,13\n";
    let factors = "host,factor,effective_from\nH,1.03,2022-04-01\n";
    // 5000 × 13 / 40.8 × 1.03 = 1640.93137…
    assert_eq!(answer(tables(placements, factors), None)["total_pence"], 164_093);
}

#[test]
fn days_at_a_post_are_weeks_of_a_clinical_year_or_days_of_a_financial_one() {
    let placements = "trainee,host,tariff,from,to,wte,basic_salary\n\
        A,H,clinical,2022-09-01,2022-12-28,0.8,\nB,H,postgraduate_medical,2013-08-07,2014-08-05,0.6,30000\n";
    let factors = "host,factor,effective_from,effective_to\nH,1.03,2013-04-01,2023-03-31\n";
    let answer = answer(tables(placements, factors), None);
    let lines = answer["lines"].as_array().unwrap();
    // 119 days are 17 weeks: 0.8 × 17 / 40.8 is a third of a year.
    assert_eq!(lines[0]["working"], "0.8 × 119 days ÷ 7 ÷ 40.8 × £5,000 × 1.03 = £1,716.67");
    assert_eq!(lines[0]["fte"], "0.333333");
    // 237 of 365 days lie in 2013/14; nobody has loaded a price for what follows.
    let working = "0.6 × 237 ÷ 365 days × £12,400 × 1.03 + 0.6 × 237 ÷ 365 days × £30,000 × 0.5 = £10,819.67";
    assert_eq!(lines[1]["working"], working);
    assert_eq!(lines[2]["working"], "not loaded: the price of postgraduate_medical for 2014-04-01 to 2014-08-05");
}

#[test]
fn salary_is_shared_beside_the_fee_and_not_multiplied_by_the_factor() {
    let placements = "trainee,host,tariff,year,fte,basic_salary\nA,H,postgraduate_medical,2013/14,0.5,30000\n";
    let factors = "host,factor,effective_from\nH,1.1,2013-04-01\n";
    let answer = answer(tables(placements, factors), None);
    assert_eq!(answer["total_pence"], (12_400 * 11 / 20 + 15_000 / 2) * 100);
    assert_eq!(answer["lines"][0]["working"], "0.5 × £12,400 × 1.1 + 0.5 × £30,000 × 0.5 = £14,320");
}

#[test]
fn what_is_not_loaded_is_said_and_never_a_number() {
    let placements = "trainee,host,tariff,year,fte,weeks,basic_salary\n\
        A,H,clinical,2023/24,1,,\nB,H,postgraduate_medical,2022/23,1,,30000\nC,H,undergraduate_medical,2022/23,,30,\n\
        D,J,clinical,2022/23,1,,\nE,H,postgraduate_medical,2013/14,1,,\n";
    let factors = "host,factor,effective_from,effective_to\nH,1.1,2013-04-01,2024-03-31\n";
    let answer = answer(tables(placements, factors), None);
    assert_eq!(answer["total_pence"], 0);
    assert_eq!(answer["is_whole"], false);
    assert!(answer["lines"].as_array().unwrap().iter().all(|line| line["amount_pence"].is_null()));
    assert_eq!(
        answer["not_loaded"],
        json!([
            "not loaded: the price of clinical for 2023/24",
            "not loaded: the share of basic salary that postgraduate_medical pays for 2022/23",
            "not loaded: how many weeks make a full-time year of undergraduate_medical; give the placement as a share of a year",
            "not loaded: the market forces factor of J for 2022/23",
            "not loaded: the basic salary of E, of which postgraduate_medical pays a share",
        ])
    );
}

#[test]
fn a_price_revised_and_backdated_is_known_from_the_day_it_was_published() {
    let prices = "tariff,price,effective_from,effective_to,published_on\n\
        clinical,5000,2023-04-01,2024-03-31,2023-03-20\nclinical,5150,2023-04-01,2024-03-31,2023-10-17\n";
    let placements = "reference,trainee,host,tariff,year,fte\nP,A,H,clinical,2023/24,1\n";
    let factors = "host,factor,effective_from\nH,1,2023-04-01\n";
    let given = Tables { prices: Some(prices.as_bytes()), ..tables(placements, factors) };
    assert_eq!(answer(given, None)["total_pence"], 515_000);
    let then = answer(given, Some("2023-10-16"));
    assert_eq!(then["total_pence"], 500_000);
    assert_eq!(then["as_effective"]["difference_pence"], 15_000);
    assert_eq!(then["as_effective"]["differences"][0]["reference"], "P");
    assert_eq!(answer(given, Some("2023-10-17"))["as_effective"]["differences"], json!([]));
    let before = answer(given, Some("2023-03-19"));
    assert_eq!(before["not_loaded"], json!(["not loaded: the price of clinical for 2023/24 as known on 2023-03-19"]));
}

#[test]
fn a_placement_over_two_years_is_cut_by_days() {
    let prices = "tariff,price,effective_from,effective_to\nclinical,3650,2013-04-01,2014-03-31\nclinical,7300,2014-04-01,2015-03-31\n";
    let placements = "trainee,host,tariff,from,to,fte\nA,H,clinical,2014-03-22,2014-04-10,0.1\n";
    let factors = "host,factor,effective_from,effective_to\nH,1,2013-04-01,2015-03-31\n";
    let given = Tables { prices: Some(prices.as_bytes()), ..tables(placements, factors) };
    let answer = answer(given, None);
    assert_eq!(answer["lines"][0]["working"], "0.1 × 10 ÷ 20 days × £3,650 × 1 = £182.50");
    assert_eq!(answer["lines"][1]["amount_pence"], 36_500);
}

#[test]
fn prices_that_overlap_are_refused_with_the_reason() {
    let prices = "tariff,price,effective_from,effective_to,published_on\n\
        clinical,5000,2023-04-01,2024-03-31,2023-03-20\nclinical,5150,2023-09-01,2024-08-31,2023-03-20\n\
        clinical,5200,2024-08-31,2024-12-31,\n";
    let given = Tables { prices: Some(prices.as_bytes()), ..tables(PLACEMENTS, FACTORS) };
    assert_eq!(
        refused(given),
        [
            "two hold at once: the price of clinical is £5,000 for 2023/24 and £5,150 for 2023-09-01 to 2024-08-31. Correct the days of one, or, if one revises the other, give both the day they were published on",
            "two hold at once: the price of clinical is £5,150 for 2023-09-01 to 2024-08-31 and £5,200 for 2024-08-31 to 2024-12-31. Correct the days of one, or, if one revises the other, give both the day they were published on",
        ]
    );
}

#[test]
fn nobody_loses_more_than_a_quarter_of_a_hundredth_of_income_or_two_million() {
    let placements = "trainee,host,tariff,year,fte\nA,Small,clinical,2013/14,1\nB,Large,clinical,2013/14,1\nC,Same,clinical,2013/14,1\n";
    let factors = "host,factor,effective_from\nSmall,1,2013-04-01\nLarge,1,2013-04-01\nSame,1,2013-04-01\n";
    let incomes = "host,year,income,before\nSmall,2013/14,100000000,1000000\nLarge,2013/14,999999999,9000000\nSame,2013/14,100000000,3175\n";
    let given = Tables { incomes: Some(incomes.as_bytes()), ..tables(placements, factors) };
    let answer = answer(given, None);
    assert_eq!(answer["adjustments"][0]["paid_pence"], 75_000_000);
    assert_eq!(answer["adjustments"][1]["paid_pence"], 700_000_000);
    assert_eq!(answer["adjustments"][2]["paid_pence"], 317_500);
    assert_eq!(
        answer["adjustments"][0]["working"],
        "£3,175 by tariff, £1,000,000 before; it may lose no more than £250,000, so £750,000"
    );
    let cap = "effective_from,effective_to,gain_share,gain_most\n2013-04-01,2014-03-31,0.001,1000\n";
    let incomes = "host,year,income,before\nSmall,2013/14,100000000,0\n";
    let given = Tables { incomes: Some(incomes.as_bytes()), transition: Some(cap.as_bytes()), ..given };
    assert_eq!(self::answer(given, None)["adjustments"][0]["paid_pence"], 100_000);
}

#[test]
fn a_floor_says_that_it_is_one() {
    let placements = "trainee,host,tariff,year,fte\nA,H,undergraduate_medical_primary_care,2020/21,1\n";
    let answer = answer(tables(placements, "host,factor,effective_from\nH,1,2020-04-01\n"), None);
    assert_eq!((&answer["total_pence"], &answer["lines"][0]["is_at_least"]), (&json!(2_800_000), &json!(true)));
}

#[test]
fn everything_wrong_is_said_at_once_with_its_line() {
    let placements = "trainee,host,tariff,year,from,to,students,fte,weeks,cost\n\
        ,H,clinical,2014,,,0,,,\nA,H,clinical,2014/15,2014-05-01,,1,0.5,3,x\nB,H,clinical,,2014-05-02,2014-05-01,1,0.5,,\nC,H\n";
    let factors = "host,factor,effective_from\nH,12,2014-04-01\nJ,1.1,\n";
    assert_eq!(
        refused(tables(placements, factors)),
        [
            "placements, line 2, trainee: this must not be empty",
            "placements, line 2, year: “2014” is not a financial year such as 2014/15",
            "placements, line 2, students: “0” is not a whole number from 1 to 100,000",
            "placements, line 2, fte: say how much: a share of a full-time year in fte, or weeks, or wte over the days",
            "placements, line 3, year: give the year or the days from and to, not both",
            "placements, line 3, fte: give one of fte, weeks and wte",
            "placements, line 3, cost: “x” is not an amount in pounds, such as 3175 or 3175.50",
            "placements, line 4, to: 2014-05-01 must lie after 2014-05-02, by forty years at most",
            "placements, line 5: 2 cells, where the first line names 10 columns",
            "factors, line 2, factor: “12” is not a factor from 0.1 to 10, such as 1.0822",
            "factors, line 3, effective_from: say from which day it holds, such as 2014-04-01",
        ]
    );
    assert_eq!(refused(tables("", FACTORS))[0].split(": its").next(), Some("placements, the table is empty"));
    let twice = format!("{PLACEMENTS}P1,B,H,,clinical,2014/15,1,1,,,\n");
    assert_eq!(
        refused(tables(&twice, FACTORS)),
        ["placements, reference P1: two placements have it; give each its own"]
    );
}

#[test]
fn the_statement_is_a_table_too() {
    let text = statement(tables(PLACEMENTS, FACTORS), None, Form::Csv).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert!(text.lines().nth(1).unwrap().contains("16,3175.00,,1.0822,54975.76,no,"), "{text}");
}

#[test]
fn every_built_in_price_has_its_source() {
    let prices = hiec_tariff::command::prices(BUILT_IN_PRICES.as_bytes());
    assert!(prices.problems.is_empty() && prices.rows.len() == 9, "{prices:?}");
    assert!(prices.rows.iter().all(|price| price.source.len() > 4));
    hiec_tariff::Book::new(prices.rows, Vec::new()).unwrap();
}

proptest::proptest! {
    #[test]
    fn any_line_is_the_nearest_penny_to_the_exact_product(
        students in 1_i64..500, fte in 1_i64..1_000_000, factor in 100_000_i64..9_000_000, pounds in 1_i64..100_000,
    ) {
        let six = |number: i64| format!("{}.{:06}", number / 1_000_000, number % 1_000_000);
        let placements = format!("trainee,host,tariff,year,students,fte\nA,H,own,2014/15,{students},{}\n", six(fte));
        let factors = format!("host,factor,effective_from\nH,{},2014-04-01\n", six(factor));
        let prices = format!("tariff,price,effective_from\nown,{pounds},2014-04-01\n");
        let given = Tables { prices: Some(prices.as_bytes()), ..tables(&placements, &factors) };
        let exact = Fraction::new(
            i128::from(pounds * 100) * i128::from(students) * i128::from(fte) * i128::from(factor), 1_000_000_000_000,
        );
        let total = answer(given, None)["total_pence"].as_i64().unwrap();
        proptest::prop_assert_eq!(Some(total), exact.rounded());
        let twice_off = exact.plus(Fraction::new(-i128::from(total), 1)).unwrap().times(Fraction::new(2, 1)).unwrap();
        proptest::prop_assert!(twice_off.rounded().unwrap().abs() <= 1, "{}", Pence(total));
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let given = Tables { placements: &bytes, prices: Some(&bytes), factors: Some(&bytes), incomes: Some(&bytes), transition: Some(&bytes), quality: Some(&bytes) };
        let _ = statement(given, None, Form::Json);
    }
}

/// Half of £54,975.76 falls on the first 183 of 365 days, to the penny £27,563.19; 2% of it are £551.26.
#[test]
fn quality_adds_a_share_of_what_follows_on_its_days() {
    let quality = "host,share,from,to,because\nMade-up Hospital,2%,2014-04-01,2014-09-30,Scored 80%\nElsewhere,1%,2014-04-01,2015-03-31,\n";
    let given = Tables { quality: Some(quality.as_bytes()), ..tables(PLACEMENTS, FACTORS) };
    let answer = answer(given, None);
    assert_eq!(answer["quality"].as_array().map(Vec::len), Some(1), "nothing is added where nothing follows");
    assert_eq!(answer["quality"][0]["working"], "Scored 80%: £27,563.19 × 0.02 = £551.26");
    assert_eq!((answer["total_pence"].as_i64(), answer["due_pence"].as_i64()), (Some(5_497_576), Some(5_552_702)));
    assert_eq!(
        answer["sentence"],
        "£54,975.76 follow the trainees, in 1 line; with £551.26 by quality, £55,527.02 are due."
    );
    let csv = statement(given, None, Form::Csv).unwrap();
    assert!(csv.contains(",Made-up Hospital,,quality,2014-04-01,2014-09-30,,27563.19,,0.02,551.26,no,"), "{csv}");
    let twice =
        "host,share,from,to\nH,1%,2014-04-01,2014-09-30\nH,2%,2014-09-30,2015-03-31\nH,200%,2014-09-30,2014-03-31\n";
    let problems = refused(Tables { quality: Some(twice.as_bytes()), ..tables(PLACEMENTS, FACTORS) });
    assert!(problems.iter().any(|problem| problem.contains("hold at once")), "{problems:?}");
    assert!(problems.iter().any(|problem| problem.contains("a share from 0 to 1")), "{problems:?}");
}

#[test]
fn nobody_is_placed_for_more_than_the_days_hold() {
    let weeks = "trainee,host,tariff,year,weeks,fte\nA,H,clinical,2014/15,99,\nB,H,clinical,2014/15,,2.5\nC,H,clinical,2014/15,53,\nD,H,clinical,2014/15,,1\n";
    let problems = refused(tables(weeks, FACTORS));
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains("99 weeks do not fit into 365 days"), "{problems:?}");
    assert!(problems[1].contains("2.5 whole-time years do not fit"), "{problems:?}");
}
