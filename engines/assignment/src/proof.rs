//! Proves that a flow is the cheapest; it must never rely on how the flow was found.
//!
//! A flow is the cheapest if prices exist under which every used arc is worth using and no unused one is:
//! complementary slackness (Ahuja, Magnanti and Orlin, *Network Flows*, 1993, theorem 9.4).

use crate::flow::{Flow, Network};

/// Whether the flow meets every need within every room and its prices prove that none costs less.
pub(crate) fn is_proven(network: &Network, flow: &Flow) -> bool {
    loads_if_feasible(network, flow)
        .is_some_and(|loads| are_arcs_in_order(network, flow) && are_loads_in_order(network, flow, &loads))
}

fn loads_if_feasible(network: &Network, flow: &Flow) -> Option<Vec<u32>> {
    let mut given = vec![0_u32; network.needed.len()];
    let mut loads = vec![0_u32; network.room.len()];
    if flow.is_used.len() != network.arcs.len() || flow.prices.len() != network.hub() + 1 {
        return None;
    }
    for (arc, _) in network.arcs.iter().zip(&flow.is_used).filter(|(_, is_used)| **is_used) {
        *given.get_mut(arc.bid as usize)? += 1;
        *loads.get_mut(arc.assessor as usize)? += 1;
    }
    let is_within_room = loads.iter().zip(&network.room).all(|(load, room)| load <= room);
    (given == network.needed && is_within_room).then_some(loads)
}

fn are_arcs_in_order(network: &Network, flow: &Flow) -> bool {
    let bids = network.needed.len();
    network.arcs.iter().zip(&flow.is_used).all(|(arc, is_used)| {
        match reduced_cost(flow, arc.cost, arc.bid as usize, bids + arc.assessor as usize) {
            Some(reduced) => {
                if *is_used {
                    reduced <= 0
                } else {
                    reduced >= 0
                }
            }
            None => false,
        }
    })
}

fn are_loads_in_order(network: &Network, flow: &Flow, loads: &[u32]) -> bool {
    let (bids, hub) = (network.needed.len(), network.hub());
    loads.iter().zip(&network.room).enumerate().all(|(assessor, (load, room))| {
        let reduced = |load: u32| reduced_cost(flow, network.load_cost(assessor, load), bids + assessor, hub);
        let is_next_dear = load == room || reduced(*load).is_some_and(|cost| cost >= 0);
        let is_last_cheap = load.checked_sub(1).is_none_or(|last| reduced(last).is_some_and(|cost| cost <= 0));
        is_next_dear && is_last_cheap
    })
}

fn reduced_cost(flow: &Flow, cost: i128, tail: usize, head: usize) -> Option<i128> {
    cost.checked_add(*flow.prices.get(tail)?)?.checked_sub(*flow.prices.get(head)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{Arc, solve};

    #[test]
    fn a_worse_flow_or_other_prices_prove_nothing() {
        let arcs =
            [(0, 0, 0), (0, 1, 1), (1, 0, 2), (1, 1, 10)].map(|(bid, assessor, cost)| Arc { bid, assessor, cost });
        let network = Network {
            needed: vec![1, 1],
            room: vec![1, 1],
            arcs: arcs.to_vec(),
            load_step: 0,
            load_before: vec![0, 0],
        };
        let mut flow = solve::<i64>(&network, 0);
        assert!(is_proven(&network, &flow));
        flow.is_used = vec![true, false, false, true];
        assert!(!is_proven(&network, &flow), "feasible but dearer");
        flow.is_used = vec![false, true, false, true];
        assert!(!is_proven(&network, &flow), "over the room");
        flow.is_used = vec![false, true, true, false];
        assert!(is_proven(&network, &flow));
        flow.prices[0] += 100;
        assert!(!is_proven(&network, &flow), "wrong prices");
    }
}
