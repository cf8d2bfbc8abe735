//! The most placed, and among those ways the least sum of choice numbers; it must never call a sum the least without prices that prove it.
//!
//! Minimum-cost flow, solved by `hiec-assignment`. The proof is linear programming's: a price for each part's place such
//! that nobody holds a choice dearer, price included, than another of theirs, and only full parts have a price.

use hiec_assignment::{Decimal, Draft, Id, MaxLoad, Pair, PerBid};

use crate::market::{Market, NONE};

/// The name of the place of those without one; parts are named by their numbers.
const UNPLACED: &str = "-";

/// What being unplaced costs: more than all choice numbers together, so that placing one more always pays.
pub(crate) fn unplaced_cost(market: &Market) -> i64 {
    let longest = market.choices.iter().map(|choice| i64::from(choice.place) + 1).max().unwrap_or(0);
    (longest + 1) * (market.applicants() as i64 + 1)
}

pub(crate) fn cost(market: &Market, choice: u32) -> i64 {
    i64::from(market.choice(choice).place) + 1
}

/// Choices by applicant; `None` if the flow could not be proven, which is a defect.
pub fn least_cost(market: &Market) -> Option<Vec<u32>> {
    let mut held = market.given.clone();
    let unplaced = unplaced_cost(market);
    let number = |number: u32| Id::text(number.to_string());
    let asking: Vec<u32> =
        (0..market.applicants() as u32).filter(|applicant| market.given[*applicant as usize] == NONE).collect();
    if asking.is_empty() {
        return Some(held);
    }
    let mut pairs = Vec::with_capacity(market.choices.len());
    for applicant in &asking {
        let weight = |cost: i64| Decimal::parse(&(-cost).to_string()).ok();
        let bid = number(*applicant);
        pairs.push(Pair { bid: bid.clone(), assessor: Id::text(UNPLACED), weight: weight(unplaced)? });
        for choice in market.range(*applicant).filter(|choice| market.is_open(*choice)) {
            let assessor = number(market.choice(choice).part);
            pairs.push(Pair { bid: bid.clone(), assessor, weight: weight(cost(market, choice))? });
        }
    }
    let mut loads: Vec<(Id<'_>, u32)> =
        (0_u32..).zip(&market.parts).map(|(part, line)| (number(part), line.capacity)).collect();
    loads.push((Id::text(UNPLACED), asking.len() as u32));
    let mut draft = Draft::new(PerBid::Same(1), MaxLoad::Each(loads), pairs);
    draft.balance = false;
    let instance = draft.check().ok()?;
    for assigned in instance.solve().ok()?.assignment {
        let applicant: u32 = assigned.bid.as_str().parse().ok()?;
        if let Ok(part) = assigned.assessor.as_str().parse::<u32>() {
            let choice = market.range(applicant).find(|choice| market.choice(*choice).part == part);
            held[applicant as usize] = choice?;
        }
    }
    Some(held)
}

/// Prices of the parts that prove a least-cost matching to be one.
pub(crate) fn prices(market: &Market, held: &[u32]) -> Vec<i64> {
    // Moving somebody from one part to another costs the difference; the cheapest move between each two counts. The
    // last row and column are those without a place.
    let size = market.parts.len() + 1;
    let mut moving = vec![i64::MAX; size * size];
    for applicant in 0..market.applicants() as u32 {
        if market.given[applicant as usize] != NONE {
            continue;
        }
        let now = held[applicant as usize];
        let (at, paid) = if now == NONE {
            (size - 1, unplaced_cost(market))
        } else {
            (market.choice(now).part as usize, cost(market, now))
        };
        for choice in market.range(applicant).filter(|choice| market.is_open(*choice)) {
            let edge = &mut moving[at * size + market.choice(choice).part as usize];
            *edge = (*edge).min(cost(market, choice) - paid);
        }
    }
    // A place is worth what a chain of moves that ends there would save. At an optimum no chain is a circle that saves.
    let mut price = vec![0_i64; size];
    for _ in 0..size {
        let mut has_changed = false;
        for from in 0..size {
            for to in 0..size - 1 {
                let edge = moving[from * size + to];
                if edge != i64::MAX && price[from] - edge > price[to] {
                    price[to] = price[from] - edge;
                    has_changed = true;
                }
            }
        }
        if !has_changed {
            break;
        }
    }
    price.truncate(size - 1);
    price
}

/// Whether these prices prove that no other matching costs less.
pub(crate) fn is_proven(market: &Market, held: &[u32], prices: &[i64]) -> bool {
    let holdings = market.holdings(held);
    let only_full_parts = holdings.iter().zip(&market.parts).zip(prices).all(|((holding, part), price)| {
        *price >= 0 && holding.filled <= part.capacity && (*price == 0 || holding.filled == part.capacity)
    });
    // Prices read from a certificate can be anything.
    let with_price = |choice: u32| {
        let price = prices.get(market.choice(choice).part as usize).copied().unwrap_or(i64::MIN);
        cost(market, choice).saturating_add(price)
    };
    let asking = (0..market.applicants() as u32).filter(|applicant| market.given[*applicant as usize] == NONE);
    let nobody_better = asking.into_iter().all(|applicant| {
        let now = held[applicant as usize];
        let paid = if now == NONE { unplaced_cost(market) } else { with_price(now) };
        paid <= unplaced_cost(market)
            && market.range(applicant).filter(|choice| market.is_open(*choice)).all(|choice| paid <= with_price(choice))
    });
    prices.len() == market.parts.len() && only_full_parts && nobody_better
}
