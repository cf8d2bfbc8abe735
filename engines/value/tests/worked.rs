//! Answers worked out elsewhere, and what must hold for any model; no expectation here comes from the engine.
#![expect(clippy::unwrap_used, reason = "every step here is a step of a test")]

use hiec_value::{Acceleration, Convention, Cost, Input, Model, Outcome, PaidBy, Pence, RateTable, rate_table};
use proptest::prelude::*;

fn certain(value: f64) -> Input {
    Input::certain(value)
}

/// The worked example: 100 at £250 each, deadweight 20%, attribution 25%, displacement 10%, drop-off 30%, three years, £30,000.
fn example(convention: Convention) -> Model {
    Model {
        name: "illustrative".into(),
        convention,
        rates: rate_table("standard", "2010-04-01").unwrap(),
        costs: vec![Cost { name: "grant".into(), year: 0, amount: certain(3_000_000.0), paid_by: PaidBy::Public }],
        outcomes: vec![Outcome {
            name: "fewer admissions".into(),
            quantity: certain(100.0),
            proxy: certain(25_000.0),
            deadweight: certain(0.2),
            displacement: certain(0.1),
            attribution: certain(0.25),
            drop_off: certain(0.3),
            years: 3,
            starts: None,
        }],
        accelerations: vec![],
    }
}

fn four(ratio: Option<f64>) -> f64 {
    (ratio.unwrap() * 1e4).round() / 1e4
}

#[test]
fn the_social_returns_example_is_met() {
    let model = example(Convention::SocialReturn);
    let impacts: Vec<Pence> = model.outcomes[0].impacts().into_iter().map(Pence::nearest).collect();
    assert_eq!(impacts, [Pence(1_350_000), Pence(945_000), Pence(661_500)]);
    let answer = model.answer().unwrap();
    assert_eq!((answer.benefits, answer.inputs), (Pence(2_783_151), Pence(3_000_000)));
    assert_eq!((four(answer.social_return_ratio), four(answer.net_social_return_ratio)), (0.9277, -0.0723));
    assert_eq!(answer.net_present_social_value, Pence(-216_849));
    assert_eq!(
        answer.sentence(),
        "For every £1 put in, £0.93 of social value comes back; net present social value −£2,168.49 (social return: first \
         year's outcomes discounted once)."
    );
}

#[test]
fn the_green_books_example_is_met() {
    let answer = example(Convention::GreenBook).answer().unwrap();
    assert_eq!(answer.benefits, Pence(2_880_561));
    assert_eq!((four(answer.benefit_cost_ratio), four(answer.social_return_ratio)), (0.9602, 0.9602));
    let years: Vec<(u32, Pence, Pence)> =
        answer.years.iter().map(|line| (line.year, line.benefits, line.inputs)).collect();
    assert_eq!(
        years,
        [(0, Pence(1_350_000), Pence(3_000_000)), (1, Pence(945_000), Pence(0)), (2, Pence(661_500), Pence(0))]
    );
}

#[test]
fn what_others_put_in_is_below_one_line_and_above_the_other() {
    let mut model = example(Convention::GreenBook);
    model.costs.push(Cost {
        name: "time of partners".into(),
        year: 0,
        amount: certain(600_000.0),
        paid_by: PaidBy::Other,
    });
    let answer = model.answer().unwrap();
    assert_eq!((answer.inputs, answer.public_costs), (Pence(3_600_000), Pence(3_000_000)));
    assert_eq!(four(answer.social_return_ratio), 0.8002);
    assert_eq!(four(answer.benefit_cost_ratio), 0.7602);
}

#[test]
fn what_is_in_doubt_makes_a_range_and_a_tornado() {
    let mut model = example(Convention::GreenBook);
    model.outcomes[0].deadweight = Input::range(0.1, 0.2, 0.5).unwrap();
    model.outcomes[0].attribution = Input::range(0.2, 0.25, 0.3).unwrap().because("three trusts took part");
    model.costs[0].amount = Input::range(2_900_000.0, 3_000_000.0, 3_300_000.0).unwrap();
    let answer = model.answer().unwrap();
    // Benefits go with (1 − deadweight)(1 − attribution): 0.6 in the middle, 0.35 at worst, 0.72 at best.
    assert_eq!(answer.worst, Pence(1_680_327 - 3_300_000));
    assert_eq!(answer.best, Pence(3_456_673 - 2_900_000));
    let inputs: Vec<(&str, u64)> = answer.tornado.iter().map(|bar| (bar.input.as_str(), bar.swing())).collect();
    assert_eq!(
        inputs,
        [
            ("fewer admissions: deadweight", 1_440_280),
            ("grant: amount", 400_000),
            ("fewer admissions: attribution", 384_075)
        ]
    );
    assert_eq!(
        answer.without_reason,
        [
            "fewer admissions: deadweight",
            "fewer admissions: displacement",
            "fewer admissions: drop-off",
            "grant: amount"
        ]
    );
    assert!(answer.sentence().ends_with("What matters most is fewer admissions: deadweight."));
}

#[test]
fn having_it_sooner_is_worth_the_quarters_before_it_would_have_come() {
    let mut model = example(Convention::GreenBook);
    model.outcomes.clear();
    model.rates = RateTable::flat("none", 0.0);
    model.accelerations.push(Acceleration {
        name: "bundle in place".into(),
        per_quarter: certain(1_000_000.0),
        sooner: Input::range(2.0, 4.0, 6.0).unwrap(),
        horizon: 40,
    });
    let answer = model.answer().unwrap();
    assert_eq!(
        (answer.benefits, answer.social_return_ratio.map(|ratio| (ratio * 3.0).round())),
        (Pence(4_000_000), Some(4.0))
    );
    assert_eq!((answer.worst, answer.best), (Pence(-1_000_000), Pence(3_000_000)));
}

#[test]
fn everything_wrong_is_said_at_once() {
    let mut model = example(Convention::SocialReturn);
    model.outcomes[0].deadweight = certain(20.0);
    model.outcomes[0].years = 0;
    model.costs.clear();
    let said: Vec<String> = model.answer().unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "costs: name at least one thing that was put in",
            "outcome fewer admissions, deadweight: it must be a share from 0 to 1: write 0.2 for 20%",
            "outcome fewer admissions, years: it must last 1 to 1,000 years",
        ]
    );
    assert_eq!(Input::range(0.3, 0.2, 0.4), None);
    assert_eq!(Input::range(f64::NAN, 0.2, 0.4), None);
}

fn share() -> impl Strategy<Value = Input> {
    (0.0..=1.0_f64, 0.0..=1.0_f64, 0.0..=1.0_f64).prop_map(|(a, b, c)| in_order(a, b, c))
}

fn in_order(a: f64, b: f64, c: f64) -> Input {
    let mut values = [a, b, c];
    values.sort_by(f64::total_cmp);
    Input::range(values[0], values[1], values[2]).unwrap()
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let proxy =
        (-1e6..1e6_f64, -1e6..1e6_f64, -1e6..1e6_f64).prop_map(|(a, b, c)| in_order(a.round(), b.round(), c.round()));
    (proxy, share(), share(), share(), share(), 1_u32..12, proptest::option::of(0_u32..5)).prop_map(
        |(proxy, deadweight, displacement, attribution, drop_off, years, starts)| Outcome {
            name: "o".into(),
            quantity: in_order(5.0, 10.0, 20.0),
            proxy,
            deadweight,
            displacement,
            attribution,
            drop_off,
            years,
            starts,
        },
    )
}

proptest! {
    #[test]
    fn the_range_holds_whatever_the_inputs_are_within_theirs(
        outcomes in proptest::collection::vec(outcome(), 1..3), places in proptest::collection::vec(0.0..=1.0_f64, 18),
    ) {
        let mut model = example(Convention::SocialReturn);
        model.outcomes = outcomes;
        let answer = model.answer().unwrap();
        let mut places = places.into_iter();
        let mut somewhere = |input: &Input| {
            let place = places.next().unwrap_or(0.5);
            Input::certain(input.low() + (input.high() - input.low()) * place)
        };
        for outcome in &mut model.outcomes {
            outcome.quantity = somewhere(&outcome.quantity);
            outcome.proxy = somewhere(&outcome.proxy);
            outcome.deadweight = somewhere(&outcome.deadweight);
            outcome.displacement = somewhere(&outcome.displacement);
            outcome.attribution = somewhere(&outcome.attribution);
            outcome.drop_off = somewhere(&outcome.drop_off);
        }
        let elsewhere = model.answer().unwrap().net_present_social_value;
        prop_assert!(answer.worst.0 - 1 <= elsewhere.0 && elsewhere.0 <= answer.best.0 + 1, "{elsewhere} of {} to {}", answer.worst, answer.best);
        prop_assert!(answer.tornado.windows(2).all(|pair| pair[0].swing() >= pair[1].swing()));
        let parts: i64 = answer.parts.iter().map(|part| part.worth.0).sum();
        prop_assert!((parts - answer.benefits.0).abs() <= 2);
        let by_year: i64 = answer.years.iter().map(|line| line.benefits_today.0).sum();
        prop_assert!((by_year - answer.benefits.0).abs() <= 20);
    }

    #[test]
    fn no_numbers_panic(numbers in proptest::collection::vec(proptest::num::f64::ANY, 12), years in any::<u32>(), year in any::<u32>()) {
        let mut numbers = numbers.into_iter();
        let mut next = || Input::certain(numbers.next().unwrap_or_default());
        let mut model = example(Convention::GreenBook);
        model.costs[0].amount = next();
        model.costs[0].year = year;
        let outcome = &mut model.outcomes[0];
        (outcome.quantity, outcome.proxy, outcome.deadweight) = (next(), next(), next());
        (outcome.displacement, outcome.attribution, outcome.drop_off, outcome.years) = (next(), next(), next(), years);
        outcome.starts = Some(year);
        model.accelerations.push(Acceleration { name: "a".into(), per_quarter: next(), sooner: next(), horizon: years });
        model.rates = RateTable::flat("any", next().central());
        if let Ok(answer) = model.answer() {
            let _ = answer.sentence();
        }
    }
}
