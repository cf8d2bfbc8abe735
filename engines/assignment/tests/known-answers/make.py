"""Writes the known answers in this folder: made-up questions, solved by two outside programs; never by the engine itself.

    python3 -m venv v && v/bin/pip install ortools==9.15.6755 scipy==1.17.1 && v/bin/python make.py
"""

import json
import pathlib
import random
from fractions import Fraction

import numpy
from ortools.graph.python import max_flow, min_cost_flow
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

HERE = pathlib.Path(__file__).parent


def allowed(instance):
    refused = {(bid, assessor) for bid, assessor in instance["conflicts"]}
    return [p for p in instance["pairs"] if (p["bid"], p["assessor"]) not in refused]


def names(instance):
    bids = list(dict.fromkeys(p["bid"] for p in instance["pairs"]))
    assessors = list(dict.fromkeys(p["assessor"] for p in instance["pairs"]))
    return bids, assessors


def load(instance, assessor):
    limit = instance["max_load"]
    return limit[assessor] if isinstance(limit, dict) else limit


def greatest_flow(instance):
    bids, assessors = names(instance)
    node = {("b", b): i for i, b in enumerate(bids)} | {("a", a): len(bids) + i for i, a in enumerate(assessors)}
    source, sink = len(node), len(node) + 1
    solver = max_flow.SimpleMaxFlow()
    for bid in bids:
        solver.add_arc_with_capacity(source, node["b", bid], instance["per_bid"])
    for pair in allowed(instance):
        solver.add_arc_with_capacity(node["b", pair["bid"]], node["a", pair["assessor"]], 1)
    for assessor in assessors:
        solver.add_arc_with_capacity(node["a", assessor], sink, load(instance, assessor))
    assert solver.solve(source, sink) == solver.OPTIMAL
    return solver.optimal_flow()


def by_or_tools(instance, scale):
    bids, assessors = names(instance)
    node = {("b", b): i for i, b in enumerate(bids)} | {("a", a): len(bids) + i for i, a in enumerate(assessors)}
    sink = len(node)
    solver = min_cost_flow.SimpleMinCostFlow()
    for pair in allowed(instance):
        weight = Fraction(str(pair["weight"])) * scale
        assert weight.denominator == 1
        solver.add_arc_with_capacity_and_unit_cost(node["b", pair["bid"]], node["a", pair["assessor"]], 1, -int(weight))
    for assessor in assessors:
        solver.add_arc_with_capacity_and_unit_cost(node["a", assessor], sink, load(instance, assessor), 0)
    for bid in bids:
        solver.set_node_supply(node["b", bid], instance["per_bid"])
    solver.set_node_supply(sink, -instance["per_bid"] * len(bids))
    assert solver.solve() == solver.OPTIMAL
    return Fraction(-solver.optimal_cost(), scale)


def by_highs(instance):
    bids, assessors = names(instance)
    pairs = allowed(instance)
    column = range(len(pairs))
    of_bid = coo_matrix((numpy.ones(len(pairs)), ([bids.index(p["bid"]) for p in pairs], column)), shape=(len(bids), len(pairs)))
    of_assessor = coo_matrix(
        (numpy.ones(len(pairs)), ([assessors.index(p["assessor"]) for p in pairs], column)), shape=(len(assessors), len(pairs))
    )
    found = linprog(
        [-float(p["weight"]) for p in pairs],
        A_eq=of_bid,
        b_eq=[instance["per_bid"]] * len(bids),
        A_ub=of_assessor,
        b_ub=[load(instance, a) for a in assessors],
        bounds=(0, 1),
        method="highs",
    )
    assert found.status in (0, 2), found.message
    return None if found.status == 2 else -found.fun


def question(seed, bids, assessors, per_bid, max_load, density, weight):
    rng = random.Random(seed)
    pairs = [
        {"bid": f"B{b}", "assessor": f"r{a}", "weight": weight(rng)}
        for b in range(1, bids + 1)
        for a in range(1, assessors + 1)
        if rng.random() < density
    ]
    conflicts = [[p["bid"], p["assessor"]] for p in pairs if rng.random() < 1 / 40]
    return {"per_bid": per_bid, "max_load": max_load(rng, assessors), "pairs": pairs, "conflicts": conflicts}


def same(load):
    return lambda rng, assessors: load


def each(low, high):
    return lambda rng, assessors: {f"r{a}": rng.randint(low, high) for a in range(1, assessors + 1)}


WHOLE = lambda rng: rng.randint(0, 100)
SIGNED = lambda rng: rng.randint(-50, 50)
FEW = lambda rng: rng.randint(0, 2)
TENTHS = lambda rng: round(rng.random() * 10, 1)
LONG = lambda rng: float(f"{rng.random():.12f}")
LARGE = lambda rng: rng.randint(-(10**12), 10**12)

QUESTIONS = {
    "whole-tight": (question(1, 12, 9, 3, same(4), 1.0, WHOLE), 1),
    "whole-loose": (question(2, 12, 9, 3, same(6), 0.8, WHOLE), 1),
    "signed": (question(3, 10, 8, 2, same(3), 0.9, SIGNED), 1),
    "many-ties": (question(4, 14, 8, 3, same(6), 0.9, FEW), 1),
    "tenths": (question(5, 12, 9, 3, same(5), 0.9, TENTHS), 10),
    "twelve-decimals": (question(6, 10, 8, 2, same(3), 0.9, LONG), 10**12),
    "large": (question(7, 10, 8, 2, same(3), 0.9, LARGE), 1),
    "own-loads": (question(8, 12, 8, 2, each(1, 6), 0.9, WHOLE), 1),
    "sparse": (question(9, 14, 12, 2, same(4), 0.45, WHOLE), 1),
    "one-each": (question(10, 9, 9, 1, same(1), 1.0, WHOLE), 1),
    "too-little-room": (question(11, 12, 8, 3, same(4), 1.0, WHOLE), 1),
    "too-few-assessors-for-some": (question(12, 14, 8, 3, same(9), 0.4, WHOLE), 1),
    "wide": (question(13, 30, 20, 3, same(5), 0.6, WHOLE), 1),
}


def main():
    for name, (instance, scale) in QUESTIONS.items():
        bids, _ = names(instance)
        short = instance["per_bid"] * len(bids) - greatest_flow(instance)
        relaxed = by_highs(instance)
        assert (relaxed is None) == (short > 0), name
        total = None
        if not short:
            exact = by_or_tools(instance, scale)
            assert abs(float(exact) - relaxed) <= 1e-9 * max(1, abs(relaxed)), (name, exact, relaxed)
            total = int(exact) if exact.denominator == 1 else float(exact)
        answer = {"instance": instance, "total_weight": total, "short": short}
        (HERE / f"{name}.json").write_text(json.dumps(answer, separators=(",", ":")) + "\n")
        print(name, total, short)


if __name__ == "__main__":
    main()
