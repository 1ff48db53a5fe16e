"""Parallel forms from generated banks: the goals are 4 forms of 60 from 600 in 10 s, 10 of 80 from 5,000 in 90 s."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

LEVEL = 2
DOMAINS = ("FC", "QA", "PM", "RP", "SM", "PP", "PR", "CX", "TK", "RK", "FN", "SC")
SHARES = (10, 15, 15, 9, 4, 12, 9, 9, 5, 5, 3, 4)
STATEMENTS = 5
IN_CASES, IN_ENEMIES = 0.15, 0.20
SETS, SET_ITEMS = (2, 4), (3, 6)
SIZES = {  # name: items in the bank, items on a form, forms, seeds of the banks
    "4 of 60 from 600": (600, 60, 4, (1, 2, 3, 4, 5)),
    "6 of 60 from 600": (600, 60, 6, (1,)),
    "10 of 80 from 5,000": (5000, 80, 10, (1,)),
}
SMALL = (400, 40, 2)
ANCHORS = {"4 of 60 from 600": 15, "10 of 80 from 5,000": 20}


def bank(size: int, seed: int) -> tuple[list[Any], dict[str, Any]]:
    """A bank in the blueprint's proportions with 2PL curves; cases, enemies, kinds and times as banks have them."""
    from grader.forms import Curve
    from grader.model import Item

    rng = np.random.default_rng(seed)
    domains = rng.permutation(np.repeat(DOMAINS, [-(-share * size // 100) for share in SHARES])[:size])
    kinds = rng.choice(["choice", "multi", "number", "order", "match"], size, p=[0.6, 0.1, 0.15, 0.075, 0.075])
    letters = rng.choice(["R", "A", "E"], size, p=[0.3, 0.5, 0.2])
    minutes = np.round(rng.lognormal(0.3, 0.35, size), 2)
    slopes, locations = rng.lognormal(0, 0.3, size), rng.normal(-0.4, 1, size)
    ids = [f"{domain}-{LEVEL}.{1 + number % STATEMENTS}-i{number}" for number, domain in enumerate(domains)]
    cases, enemies = _cases(rng, domains), _enemies(rng, size, ids)
    items = [
        Item(
            id=ids[number], version=1, kind=str(kinds[number]), statement=ids[number].rsplit("-", 1)[0],
            cognitive=str(letters[number]), minutes=float(minutes[number]), use="exam", status="live",
            difficulty=float(1 / (1 + np.exp(slopes[number] * locations[number]))), variants=(),
            enemies=enemies.get(number, ()), sources=(), history=(), case=cases.get(number), path="",
            source_digest="", body={},
        )
        for number in range(size)
    ]  # fmt: skip
    curves = {ids[number]: Curve(float(slopes[number]), float(locations[number])) for number in range(size)}
    return items, curves


def _cases(rng: np.random.Generator, domains: Any) -> dict[int, str]:
    """Sets of three to six items of one domain."""
    cases: dict[int, str] = {}
    while len(cases) < IN_CASES * len(domains):
        code = rng.choice(DOMAINS, p=np.array(SHARES) / sum(SHARES))
        left = [number for number in np.flatnonzero(domains == code) if number not in cases]
        if len(left) >= SET_ITEMS[1]:
            name = f"case-{len(set(cases.values()))}"
            members = rng.choice(left, int(rng.integers(SET_ITEMS[0], SET_ITEMS[1] + 1)), replace=False)
            cases |= {int(number): name for number in members}
    return cases


def _enemies(rng: np.random.Generator, size: int, ids: list[str]) -> dict[int, tuple[str, ...]]:
    """Groups of two to four items that give each other away."""
    order = rng.permutation(size)[: int(IN_ENEMIES * size)]
    groups, place = {}, 0
    while place < len(order):
        group = order[place : place + int(rng.integers(2, 5))]
        groups |= {int(one): tuple(ids[other] for other in group if other != one) for one in group}
        place += len(group)
    return groups


def plan(length: int, items: list[Any]) -> tuple[Any, Any]:
    """The blueprint and the limits of section 2.3: time within 3 %, 50 to 70 % choice, two to four case sets."""
    from grader.centre import PROJECT
    from grader.forms import Limits, blueprint
    from grader.rules import load_framework, load_scheme

    framework = load_framework(PROJECT / "question_bank" / "framework.yml")
    rules = load_scheme(PROJECT / "question_bank" / "scheme.yml", framework).level(LEVEL)
    minutes = length * float(np.mean([item.minutes for item in items]))
    limits = Limits(
        kinds={"choice": (round(0.5 * length), round(0.7 * length))},
        minutes=(0.97 * minutes, 1.03 * minutes),
        case_sets=SETS,
        case_items=SET_ITEMS,
        overlap=0,
    )
    return blueprint(framework, rules, length), limits


def gap(drafts: Any) -> dict[str, float]:
    """How far apart the forms are at the worst place: expected scores in points, information as a share."""
    expected = np.array([[point.expected for point in draft.information] for draft in drafts])
    information = np.array([[point.information for point in draft.information] for draft in drafts])
    return {
        "expected": float(np.ptp(expected, axis=0).max()),
        "information": float((np.ptp(information, axis=0) / information.mean(axis=0)).max()),
        "broken": float(sum(len(draft.broken) for draft in drafts)),
    }


def assembly(size: int, length: int, forms: int, seed: int, anchors: int = 0) -> Callable[[], dict[str, float]]:
    """The work of one run: no item on two forms beside the anchors."""
    from grader.forms import assemble_parallel

    items, curves = bank(size, seed)
    blueprint, limits = plan(length, items)
    limits = replace(limits, anchors=anchors)
    return lambda: gap(assemble_parallel(items, blueprint, forms, limits, seed=seed, curves=curves))


def ours(name: str, seed: int, anchors: int = 0) -> Any:
    """A task that assembles a set."""

    def prepare(small: bool) -> tuple[Callable[[], Any], float]:
        size, length, forms = SMALL if small else SIZES[name][:3]
        return assembly(size, length, forms, seed, 0 if small else anchors), float(forms)

    return prepare


def refused(change: str) -> Any:
    """A task that asks for what cannot be and is told why."""

    def prepare(small: bool) -> tuple[Callable[[], Any], float]:
        from grader.errors import InputError
        from grader.forms import assemble_parallel

        size, length, forms = SMALL if small else SIZES["10 of 80 from 5,000"][:3]
        items, curves = bank(size, 1)
        blueprint, limits = plan(length, items)
        if change == "a domain is empty":
            items = [item for item in items if item.domain != "RK"]
        limits = {
            "a domain is empty": limits,
            "too little time": replace(limits, minutes=(0, 0.6 * length)),
            "too many case sets": replace(limits, case_sets=(30, 40)),
            "too many of one kind": replace(limits, kinds={"order": (length - 2, length)}),
        }[change]

        def work() -> str:
            try:
                assemble_parallel(items, blueprint, forms, limits, seed=1, curves=curves)
            except InputError as error:
                return str(error)
            raise AssertionError(f"{change} was not refused")

        return work, 1.0

    return prepare


REFUSALS = ("a domain is empty", "too little time", "too many case sets", "too many of one kind")
TASKS = {
    **{f"ours {name}, bank {seed}": ours(name, seed) for name, sizes in SIZES.items() for seed in sizes[3]},
    **{f"ours {name}, anchors": ours(name, 1, anchors) for name, anchors in ANCHORS.items()},
    **{f"ours refuses, {change}": refused(change) for change in REFUSALS},
}


def report() -> str:
    """The section of results.md."""
    from run import duration, table, task

    rows: list[list[object]] = []
    for name in TASKS:
        if name.startswith("ours refuses"):
            continue
        made = task("assembly", name)
        rows.append(
            [
                name.removeprefix("ours "),
                duration(made.seconds),
                f"{made.found['expected']:.3f}",
                f"{made.found['information']:.2%}",
                f"{made.found['broken']:.0f}",
            ]
        )
    head = ["forms", "time", "expected scores apart, points", "information apart", "constraints broken"]
    none: list[list[object]] = []
    for change in REFUSALS:
        found = task("assembly", f"ours refuses, {change}")
        said = str(found.found).partition(": ")[2].partition(". Add")[0]
        none.append([change, duration(found.seconds), said if len(said) < 200 else f"{said[:200]} ..."])
    return (
        "Generated banks with 2PL curves. Exact counts in twelve domains, cognitive mix, time within 3 %, half to "
        "seven tenths choice, a fifth of the items in groups of enemies, 15 % in case sets of three to six (two to "
        "four sets on a form, each with three to six items), no item on two forms; matched at the cut and half a "
        "standard error to either side. *Apart* is the largest difference between any two forms at any of the three "
        "places. The goals: 4 of 60 from 600 in 10 s, 10 of 80 from 5,000 in 90 s, 0.05 points, 0.2 %, nothing "
        "broken. `anchors`: a quarter "
        f"of the items stand on every form.\n\n{table(head, rows)}\n\n"
        f"What cannot be, asked of the bank of 5,000 for ten forms; the goal is an answer in 5 s:\n\n"
        f"{table(['asked for', 'time', 'answer'], none)}"
    )


if __name__ == "__main__":
    from _task import run

    run(TASKS)
