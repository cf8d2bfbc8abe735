//! Closed forms that hold without any difference, and headcount conserved over models made at random.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use hiec_workforce::{
    AgeBand, AgeStep, Change, Demand, DemandLevel, MILLION, Model, Place, Specialty, Stage, Uncertain,
};
use proptest::prelude::*;

fn certain(share: f64) -> Uncertain {
    Uncertain::certain((share * MILLION as f64).round() as i64)
}

fn stage(name: &str, years: u32, posts: &[i64]) -> Stage {
    Stage {
        name: name.to_owned(),
        years,
        from: None,
        posts: posts.iter().map(|posts| posts * MILLION).collect(),
        fill: certain(1.0),
        attrition: certain(0.0),
        wte: certain(1.0),
        in_training: Vec::new(),
        just_finished: None,
    }
}

fn specialty(name: &str, trained_by: &str, joins_at: u32, retired_by: u32) -> Specialty {
    Specialty {
        name: name.to_owned(),
        profession: "Medicine".to_owned(),
        trained_by: vec![trained_by.to_owned()],
        joins_at,
        in_post: Vec::new(),
        retirement: vec![AgeStep { age: retired_by, rate: certain(1.0) }],
        leaving: Vec::new(),
        joiners: certain(0.0),
        joiners_age: 40,
        participation: vec![AgeStep { age: 0, rate: certain(1.0) }],
        demand: Vec::new(),
    }
}

fn model(years: usize, stages: Vec<Stage>, specialties: Vec<Specialty>) -> Model {
    Model {
        name: "Closed forms".to_owned(),
        first_year: 2000,
        years,
        seed: 1,
        draws: 0,
        band: 800_000,
        stages,
        specialties,
        what_if: Vec::new(),
    }
}

fn completions(model: &Model) -> Vec<i64> {
    model.run().unwrap().base.flow.years.iter().map(|year| year.specialties[0].completions).collect()
}

fn stock(model: &Model) -> Vec<i64> {
    model.run().unwrap().base.flow.years.iter().map(|year| year.specialties[0].headcount).collect()
}

proptest! {
    #[test]
    fn the_first_completion_is_after_exactly_the_years_of_training(
        years in 1_u32..15, intake in 1_i64..500, begins in 0_usize..4,
    ) {
        let mut posts = vec![0; begins];
        posts.push(intake);
        let of = model(40, vec![stage("Training", years, &posts)], vec![specialty("Any", "Training", 30, 80)]);
        let first = begins + years as usize;
        for (at, completions) in completions(&of).into_iter().enumerate() {
            prop_assert_eq!(completions, if at < first { 0 } else { intake * MILLION }, "year {}", at);
        }
    }

    #[test]
    fn in_a_steady_state_stock_is_completions_times_career(
        years in 1_u32..10, intake in 1_i64..500, joins_at in 20_u32..40, career in 5_u32..20,
    ) {
        let retired = joins_at + career;
        let of = model(60, vec![stage("Training", years, &[intake])], vec![specialty("Any", "Training", joins_at, retired)]);
        prop_assert_eq!(*stock(&of).last().unwrap(), intake * i64::from(career) * MILLION);
    }

    #[test]
    fn littles_law_holds_with_leaving_and_attrition_to_a_millionth_for_each_age(
        leaving in 0.0_f64..0.3, attrition in 0.0_f64..0.3, intake in 1_i64..500,
    ) {
        let mut training = stage("Training", 3, &[intake]);
        training.attrition = certain(attrition);
        let mut any = specialty("Any", "Training", 30, 60);
        any.leaving = vec![AgeStep { age: 0, rate: certain(leaving) }];
        let share = |share: f64| (share * 1e6).round() / 1e6;
        let stays = 1.0 - share(leaving);
        let career: f64 = (0..30).map(|year| stays.powi(year)).sum();
        let of = model(60, vec![training], vec![any]);
        let completing = *completions(&of).last().unwrap() as f64;
        let expected = intake as f64 * 1e6 * (1.0 - share(attrition)).powi(3);
        prop_assert!((completing - expected).abs() <= 3.0, "{} {}", completing, expected);
        let stock = *stock(&of).last().unwrap() as f64;
        // Each age rounds once; what it keeps too much ages on with it.
        prop_assert!((stock - completing * career).abs() <= 30.0 * career, "{} {}", stock, completing * career);
    }

    #[test]
    fn a_change_of_intake_leaves_the_stock_alone_for_the_years_of_training(
        years in 1_u32..12, at in 0_i32..10, more in 1_i64..100,
    ) {
        let mut of = model(40, vec![stage("Training", years, &[100])], vec![specialty("Any", "Training", 30, 70)]);
        of.stages[0].in_training = vec![100 * MILLION; years as usize];
        of.stages[0].in_training[0] = 0;
        of.what_if = vec![Change::Add { posts: more * MILLION, to: Place("Any".to_owned()), year: 2000 + at }];
        let answer = of.run().unwrap();
        let difference = &answer.differences[0];
        prop_assert_eq!(difference.lag, Some(years as i32));
        prop_assert_eq!(difference.shows_in, Some(2000 + at + years as i32));
        for (year, headcount) in difference.headcount.iter().enumerate() {
            let since = year as i64 - i64::from(at) - i64::from(years);
            prop_assert_eq!(*headcount, (since + 1).clamp(0, 40) * more * MILLION);
        }
    }

    #[test]
    fn part_time_training_takes_its_years_divided_by_working_time_on_average(
        years in 1_u32..10, wte in 100_000_i64..=MILLION,
    ) {
        let mut training = stage("Training", years, &[1000, 0]);
        training.wte = Uncertain::certain(wte);
        let mut of = model(60, vec![training], vec![specialty("Any", "Training", 20, 88)]);
        of.years = 60;
        let finished = completions(&of);
        let takes = f64::from(years) * 1e6 / wte as f64;
        prop_assume!(takes < 59.0);
        prop_assert_eq!(finished.iter().sum::<i64>(), 1000 * MILLION);
        let mean = finished.iter().zip(0..).map(|(people, year)| *people as f64 * f64::from(year)).sum::<f64>() / 1e9;
        prop_assert!((mean - takes).abs() < 2e-6, "{} {}", mean, takes);
    }

    #[test]
    fn nobody_is_lost_or_invented(of in any_model()) {
        let answer = of.run().unwrap();
        prop_assert!(answer.conservation.holds(), "{:?}", answer.conservation);
        let walks = (if answer.base.bands.is_some() { of.draws + 1 } else { 1 }) * if of.what_if.is_empty() { 1 } else { 2 };
        prop_assert_eq!(answer.conservation.years_checked, u64::from(walks) * (of.years as u64 - 1));
        let years = answer.base.flow.years.iter();
        prop_assert!(years.flat_map(|year| &year.specialties).all(|each| each.headcount >= 0 && each.fte >= 0));
        // The same model gives the same answer.
        prop_assert_eq!(of.run().unwrap(), answer);
    }
}

fn any_number(most: i64) -> impl Strategy<Value = Uncertain> {
    prop::array::uniform3(0..=most).prop_map(|mut ends| {
        ends.sort_unstable();
        Uncertain { low: ends[0], central: ends[1], high: ends[2], why: None }
    })
}

fn any_stage(at: usize) -> impl Strategy<Value = Stage> {
    let numbers = (any_number(MILLION), any_number(MILLION / 2), any_number(9 * MILLION / 10));
    let people = (prop::collection::vec(0_i64..90_000_000, 0..4), prop::collection::vec(0_i64..90_000_000, 0..4));
    let from = prop::option::of(0..at.max(1));
    (numbers, people, 4_u32..9, from, prop::option::of(0_i64..90_000_000)).prop_map(
        move |((fill, attrition, slow), (posts, in_training), years, from, just_finished)| Stage {
            name: format!("Stage {at}"),
            years,
            from: from.filter(|_| at > 0).map(|from| format!("Stage {from}")),
            posts,
            fill,
            attrition,
            wte: Uncertain {
                low: MILLION - slow.high,
                central: MILLION - slow.central,
                high: MILLION - slow.low,
                why: None,
            },
            in_training,
            just_finished,
        },
    )
}

fn any_specialty(at: usize) -> impl Strategy<Value = Specialty> {
    let rates = (any_number(MILLION), any_number(MILLION), any_number(MILLION), any_number(30 * MILLION));
    (rates, 20_u32..60, 0_i64..900_000_000, any_number(100 * MILLION)).prop_map(
        move |((retiring, leaving, works, joiners), age, people, fte)| Specialty {
            name: format!("Specialty {at}"),
            profession: String::new(),
            trained_by: vec![format!("Stage {at}")],
            joins_at: age,
            in_post: vec![AgeBand { from: age, to: 64, people }],
            retirement: vec![AgeStep { age: 60, rate: retiring }, AgeStep { age: 70, rate: certain(1.0) }],
            leaving: vec![AgeStep { age: 0, rate: leaving }],
            joiners,
            joiners_age: 35,
            participation: vec![AgeStep { age: 0, rate: works }],
            demand: vec![Demand {
                name: "As today".to_owned(),
                level: DemandLevel::Growing {
                    fte,
                    growth: Uncertain { low: -10_000, central: 0, high: 20_000, why: None },
                },
            }],
        },
    )
}

fn any_model() -> impl Strategy<Value = Model> {
    let stages = (any_stage(0), any_stage(1), any_stage(2), any_stage(3));
    let specialties = (any_specialty(0), any_specialty(2), any_specialty(3));
    (stages, specialties, 2_usize..20, any::<u64>(), any::<bool>()).prop_map(
        |((one, two, three, four), (first, second, third), years, seed, is_changed)| {
            let mut of = model(years, vec![one, two, three, four], vec![first, second, third]);
            of.stages.iter_mut().for_each(|stage| stage.posts.truncate(years));
            of.seed = seed;
            of.draws = 4;
            if is_changed {
                of.what_if = vec![Change::Add { posts: 5 * MILLION, to: Place("Stage 2".to_owned()), year: 2001 }];
            }
            of
        },
    )
}

#[test]
fn a_way_of_ten_years_shows_its_first_finisher_in_the_tenth() {
    let mut foundation = stage("Foundation", 2, &[100]);
    foundation.from = Some("Medical school".to_owned());
    foundation.just_finished = Some(0);
    let mut higher = stage("GP training", 3, &[100]);
    higher.from = Some("Foundation".to_owned());
    let mut school = stage("Medical school", 5, &[100]);
    school.just_finished = Some(0);
    let of = model(14, vec![school, foundation, higher], vec![specialty("General practice", "GP training", 30, 70)]);
    assert_eq!(completions(&of).iter().position(|people| *people > 0), Some(10));
    let way: Vec<&str> = of.way_into(&of.specialties[0]).iter().map(|stage| stage.name.as_str()).collect();
    assert_eq!(way, ["Medical school", "Foundation", "GP training"]);
    assert_eq!(of.change_shows_in(&of.specialties[0], 2000), Some(2003));
}

#[test]
fn too_few_finishers_leave_posts_empty_and_too_many_leave() {
    let mut first = stage("Core", 1, &[30]);
    first.just_finished = Some(30 * MILLION);
    let mut one = stage("One", 1, &[40]);
    one.from = Some("Core".to_owned());
    let mut two = stage("Two", 1, &[20]);
    two.from = Some("Core".to_owned());
    let mut of = model(3, vec![first, one, two], vec![specialty("Any", "One", 30, 70)]);
    let year = |of: &Model, at: usize| of.run().unwrap().base.flow.years[at].stages.clone();
    let stages = year(&of, 1);
    assert_eq!((stages[1].starters, stages[2].starters), (20 * MILLION, 10 * MILLION));
    assert_eq!(stages[0].without_post, 0);
    of.stages[1].posts = vec![5 * MILLION];
    let stages = year(&of, 1);
    assert_eq!(
        (stages[1].starters, stages[2].starters, stages[0].without_post),
        (5 * MILLION, 20 * MILLION, 5 * MILLION)
    );
}

#[test]
fn bands_hold_the_share_they_say_and_the_seed_decides_them() {
    let mut of = model(12, vec![stage("Training", 3, &[100])], vec![specialty("Any", "Training", 30, 70)]);
    of.stages[0].attrition = Uncertain { low: 0, central: 100_000, high: 200_000, why: None };
    of.draws = 500;
    let last = |of: &Model| of.run().unwrap().base.bands.unwrap()[0].last().copied_fte();
    let wide = last(&of);
    assert!(wide.low < wide.median && wide.median < wide.high);
    // The triangle's tenth and ninetieth hundredths are 0.4472 of the half-width either side of its middle apart: ±0.05528.
    let stock = |attrition: f64| 100.0 * (1.0 - attrition).powi(3) * 9.0 * 1e6;
    assert!((wide.high as f64 - stock(0.1 - 0.05528)).abs() < stock(0.1) * 0.02, "{wide:?}");
    assert!((wide.low as f64 - stock(0.1 + 0.05528)).abs() < stock(0.1) * 0.02, "{wide:?}");
    let again = last(&of);
    assert_eq!(wide, again);
    of.seed = 2;
    assert_ne!(last(&of), wide);
    of.draws = 0;
    assert!(of.run().unwrap().base.bands.is_none());
}

trait CopiedFte {
    fn copied_fte(self) -> hiec_workforce::Band;
}

impl CopiedFte for Option<&hiec_workforce::Bands> {
    fn copied_fte(self) -> hiec_workforce::Band {
        self.unwrap().fte
    }
}
