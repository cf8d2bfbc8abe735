//! Laws of stable matchings on small markets, held against trying everything; it must never ask the engine what is stable.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hiec_placement::{
    CouplesAnswer, JointList, Lists, Market, NONE, Priority, Question, Rule, applicants_propose, count_stable,
    hosts_propose, solve_couples,
};
use proptest::prelude::*;

fn lists(rows: &[Vec<u32>]) -> Lists {
    let mut lists = Lists::default();
    rows.iter().for_each(|row| lists.push(row.iter().copied()));
    lists
}

fn question(choices: &[Vec<u32>], ranked: &[Vec<u32>], capacity: &[u32]) -> Question {
    Question {
        applicants: (0..choices.len()).map(|n| format!("R{n}")).collect(),
        hosts: (0..ranked.len()).map(|n| format!("H{n}")).collect(),
        capacity: capacity.to_vec(),
        choices: lists(choices),
        priority: Priority::ByHost(lists(ranked)),
        ..Question::default()
    }
}

/// Some of the numbers below `many`, in any order.
fn some_of(many: u32) -> impl Strategy<Value = Vec<u32>> {
    Just((0..many).collect::<Vec<u32>>())
        .prop_shuffle()
        .prop_flat_map(|all| (0..=all.len()).prop_map(move |n| all[..n].to_vec()))
}

fn markets() -> impl Strategy<Value = Question> {
    (1..6_u32, 1..4_u32).prop_flat_map(|(applicants, hosts)| {
        (
            prop::collection::vec(some_of(hosts), applicants as usize),
            prop::collection::vec(some_of(applicants), hosts as usize),
            prop::collection::vec(0..3_u32, hosts as usize),
        )
            .prop_map(|(choices, ranked, capacity)| question(&choices, &ranked, &capacity))
    })
}

fn ranked(question: &Question, host: u32) -> Vec<u32> {
    match &question.priority {
        Priority::ByHost(lists) => lists.of(host).to_vec(),
        Priority::Order(_) => Vec::new(),
    }
}

fn rank(question: &Question, host: u32, applicant: u32) -> Option<usize> {
    ranked(question, host).iter().position(|other| *other == applicant)
}

/// Every way to give each applicant a host of their list, or none, within the places.
fn every_way(question: &Question) -> Vec<Vec<Option<u32>>> {
    let mut ways: Vec<Vec<Option<u32>>> = vec![Vec::new()];
    for applicant in 0..question.len() as u32 {
        let options: Vec<Option<u32>> =
            question.choices.of(applicant).iter().map(|host| Some(*host)).chain([None]).collect();
        ways = ways.iter().flat_map(|way| options.iter().map(|option| [&way[..], &[*option]].concat())).collect();
        ways.retain(|way| {
            (0_u32..)
                .zip(&question.capacity)
                .all(|(host, capacity)| way.iter().filter(|other| **other == Some(host)).count() <= *capacity as usize)
        });
    }
    ways
}

fn is_stable(question: &Question, way: &[Option<u32>]) -> bool {
    (0_u32..).zip(way).all(|(applicant, held)| {
        let is_taken = held.is_none_or(|host| rank(question, host, applicant).is_some());
        let better = question.choices.of(applicant).iter().take_while(|host| Some(**host) != *held);
        is_taken
            && better.into_iter().all(|host| {
                let Some(mine) = rank(question, *host, applicant) else { return true };
                let holders: Vec<u32> =
                    (0_u32..).zip(way).filter(|(_, other)| **other == Some(*host)).map(|(other, _)| other).collect();
                let has_room = (holders.len() as u32) < question.capacity[*host as usize];
                !has_room
                    && holders.iter().all(|other| rank(question, *host, *other).is_some_and(|theirs| theirs < mine))
            })
    })
}

fn by_applicant(market: &Market, held: &[u32]) -> Vec<Option<u32>> {
    held.iter()
        .map(|choice| (*choice != NONE).then(|| market.parts[market.choices[*choice as usize].part as usize].host))
        .collect()
}

fn place(question: &Question, applicant: u32, held: Option<u32>) -> usize {
    held.map_or(usize::MAX, |held| question.choices.of(applicant).iter().position(|host| *host == held).unwrap())
}

proptest! {
    #[test]
    fn the_two_sides_proposals_are_the_two_optima(question in markets()) {
        let market = question.prepare(&[], &[]);
        let stable: Vec<_> = every_way(&question).into_iter().filter(|way| is_stable(&question, way)).collect();
        let (best, worst) = (by_applicant(&market, &applicants_propose(&market)), by_applicant(&market, &hosts_propose(&market)));
        prop_assert!(stable.contains(&best) && stable.contains(&worst));
        prop_assert_eq!(count_stable(&market), Some(stable.len()));
        for way in &stable {
            for applicant in 0..question.len() as u32 {
                let at = |way: &[Option<u32>]| place(&question, applicant, way[applicant as usize]);
                prop_assert!(at(&best) <= at(way) && at(way) <= at(&worst));
            }
            // Rural Hospitals: the same applicants are placed in every one, and each host is filled alike.
            for (one, other) in way.iter().zip(&best) {
                prop_assert_eq!(one.is_some(), other.is_some());
            }
            for host in 0..question.hosts.len() as u32 {
                let fill = |way: &[Option<u32>]| way.iter().filter(|other| **other == Some(host)).count();
                prop_assert_eq!(fill(way), fill(&best));
            }
        }
    }

    /// Whatever one applicant answers instead of the truth, they get nothing better by their true list.
    #[test]
    fn nobody_gains_by_another_answer(question in markets(), liar in 0..6_u32, lie in some_of(3)) {
        let liar = liar % question.len() as u32;
        let honest = by_applicant(&question.prepare(&[], &[]), &applicants_propose(&question.prepare(&[], &[])));
        let rows: Vec<Vec<u32>> = (0..question.len() as u32)
            .map(|applicant| {
                let lie = lie.iter().copied().filter(|host| (*host as usize) < question.hosts.len());
                if applicant == liar { lie.collect() } else { question.choices.of(applicant).to_vec() }
            })
            .collect();
        let lying = Question { choices: lists(&rows), ..question.clone() };
        let market = lying.prepare(&[], &[]);
        let got = by_applicant(&market, &applicants_propose(&market))[liar as usize];
        // A host that is not in the true list is worse than none.
        let true_place = |host: Option<u32>| host.and_then(|host| question.choices.of(liar).iter().position(|other| *other == host)).unwrap_or(usize::MAX);
        prop_assert!(true_place(honest[liar as usize]) <= true_place(got));
    }

    #[test]
    fn least_cost_is_the_least_of_all_ways(question in markets()) {
        let run = question.run(Rule::LeastCost).unwrap();
        let cost = |way: &[Option<u32>]| {
            let sum: usize = (0_u32..).zip(way).filter(|(_, held)| held.is_some()).map(|(a, held)| place(&question, a, *held) + 1).sum();
            (way.iter().filter(|held| held.is_none()).count(), sum)
        };
        let is_mutual = |way: &Vec<Option<u32>>| (0_u32..).zip(way).all(|(a, held)| held.is_none_or(|host| rank(&question, host, a).is_some()));
        let least = every_way(&question).into_iter().filter(is_mutual).map(|way| cost(&way)).min().unwrap();
        prop_assert_eq!(cost(&by_applicant(&run.market, &run.held)), least);
    }
}

/// Two couples and three singles at three hosts.
fn with_couples() -> impl Strategy<Value = Question> {
    let pair = || prop::sample::select(vec![0, 1, 2, NONE]);
    let pairs = move || prop::collection::vec((pair(), pair()), 0..5);
    (
        prop::collection::vec(some_of(3), 3),
        prop::collection::vec(some_of(7), 3),
        prop::collection::vec(0..3_u32, 3),
        prop::collection::vec(pairs(), 2),
    )
        .prop_map(|(singles, ranked, capacity, pairs)| {
            let mut choices = singles;
            let mut couples = Vec::new();
            for pairs in pairs {
                let mut list: Vec<[u32; 2]> = Vec::new();
                for (one, other) in pairs {
                    if [one, other] != [NONE, NONE] && !list.contains(&[one, other]) {
                        list.push([one, other]);
                    }
                }
                let first = choices.len() as u32;
                for side in 0..2 {
                    let mut hosts: Vec<u32> = list.iter().map(|pair| pair[side]).filter(|host| *host != NONE).collect();
                    hosts.sort_unstable();
                    hosts.dedup();
                    choices.push(hosts);
                }
                couples.push(JointList { members: [first, first + 1], pairs: list });
            }
            Question { couples, ..question(&choices, &ranked, &capacity) }
        })
}

/// The choice-function definition, written out anew: a couple blocks with a pair it prefers if, once both have left, each
/// host named would choose whoever joins it.
fn is_stable_with_couples(question: &Question, way: &[Option<u32>]) -> bool {
    let chooses = |host: u32, leaving: &[u32], joining: &[u32]| {
        let mut pool: Vec<u32> = (0_u32..).zip(way).filter(|(_, held)| **held == Some(host)).map(|(a, _)| a).collect();
        pool.retain(|applicant| !leaving.contains(applicant));
        pool.extend(joining);
        let order = ranked(question, host);
        let chosen: Vec<u32> =
            order.into_iter().filter(|a| pool.contains(a)).take(question.capacity[host as usize] as usize).collect();
        joining.iter().all(|applicant| chosen.contains(applicant))
    };
    let is_member = |applicant: u32| question.couples.iter().any(|couple| couple.members.contains(&applicant));
    let is_sound =
        (0_u32..).zip(way).all(|(applicant, held)| held.is_none_or(|host| rank(question, host, applicant).is_some()));
    let singles = (0..question.len() as u32).filter(|applicant| !is_member(*applicant)).all(|applicant| {
        let mut better =
            question.choices.of(applicant).iter().take_while(|host| Some(**host) != way[applicant as usize]);
        !better.any(|host| chooses(*host, &[], &[applicant]))
    });
    let couples = question.couples.iter().all(|couple| {
        let now = couple.members.map(|member| way[member as usize].unwrap_or(NONE));
        let held = couple.pairs.iter().position(|pair| *pair == now);
        let is_one_of_theirs = now == [NONE, NONE] || held.is_some();
        let blocks = couple.pairs.iter().take(held.unwrap_or(couple.pairs.len())).any(|pair| {
            let joining = |host: u32| -> Vec<u32> {
                (0..2).filter(|side| pair[*side] == host).map(|side| couple.members[side]).collect()
            };
            pair.iter().filter(|host| **host != NONE).all(|host| chooses(*host, &couple.members, &joining(*host)))
        });
        is_one_of_theirs && !blocks
    });
    is_sound && singles && couples
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn every_stable_matching_with_couples_is_found(question in with_couples()) {
        let market = question.prepare(&[], &[]);
        let CouplesAnswer::All(found) = solve_couples(&market) else {
            return Err(TestCaseError::fail("so small a market is tried whole"));
        };
        let mut found: Vec<_> = found.iter().map(|held| by_applicant(&market, held)).collect();
        let mut stable: Vec<_> = every_way(&question).into_iter().filter(|way| is_stable_with_couples(&question, way)).collect();
        found.sort_unstable();
        stable.sort_unstable();
        prop_assert_eq!(found, stable);
    }
}
