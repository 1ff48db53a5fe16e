"""The rules of a form as counts over items, and the task: all that choosing, mending and proving look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..errors import InputError
from ..model import COGNITIVE, Blueprint, FormPoint, Item
from .blueprint import Limits
from .curves import Curve, curves_of, places, values

__all__ = ["COGNITIVE_SLACK", "EXPECTED_WITHIN", "INFORMATION_WITHIN", "Rule", "Task", "kinds_of", "make_task", "span"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
COGNITIVE_SLACK = 1
EXPECTED_WITHIN = 0.05
"""Points within which the expected scores of parallel forms agree with their target."""
INFORMATION_WITHIN = 0.002
"""Share within which their information agrees with it."""


def span(least: float, most: float) -> str:
    """Bounds in words."""
    if least == most:
        return f"{least:g}"
    return f"at most {most:g}" if not least else f"{least:g} to {most:g}"


@dataclass(frozen=True)
class Rule:
    """A count over items with its bounds; ``members`` holds what each item of the pool adds to it."""

    name: str
    members: Array
    least: float
    most: float

    @property
    def span(self) -> str:
        """The bounds in words."""
        return span(self.least, self.most)


@dataclass(frozen=True)
class Task:
    """A pool with a blueprint. The solver moves units: single items, or whole case sets."""

    pool: tuple[Item, ...]
    plan: Blueprint
    limits: Limits
    rules: tuple[Rule, ...]
    units: tuple[tuple[int, ...], ...]
    sets: tuple[tuple[int, ...], ...]
    """Units of each case set that may come in part; empty when sets come whole."""
    thetas: tuple[float, float, float]
    target: Array
    """Expected scores, then information, at the three places."""
    values: Array
    """The same for every unit (columns)."""
    locations: Array
    """Distance of each unit from the cut, in logits, summed over its items."""
    uses: Array
    """Uses of each unit's items before, summed."""
    barred: Flags
    """Units that no form may take: an item of it is used up, or two of its own items are enemies."""

    @cached_property
    def places_in(self) -> sparse.csr_matrix:
        """Items (rows) by units (columns)."""
        pairs = [(item, unit) for unit, items in enumerate(self.units) for item in items]
        rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
        return sparse.csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(len(self.pool), len(self.units)))

    @cached_property
    def rows(self) -> Array:
        """What each unit adds to each rule; the last row counts whole case sets when their number is limited."""
        return np.asarray(np.array([rule.members for rule in self.rules]) @ self.places_in)

    @cached_property
    def least(self) -> Array:
        """Lower bounds of the rows."""
        return np.array([rule.least for rule in self.rules])

    @cached_property
    def most(self) -> Array:
        """Upper bounds of the rows."""
        return np.array([rule.most for rule in self.rules])

    @cached_property
    def usable(self) -> Flags:
        """Units that some form may take: not barred, and no set too large for its domain."""
        return ~self.barred & (self.rows <= self.most[:, None]).all(axis=0)

    @cached_property
    def size(self) -> Array:
        """Items in each unit."""
        return np.array([len(items) for items in self.units], float)

    @cached_property
    def scale(self) -> Array:
        """What counts as one step away from the target: the tolerance of each of its six numbers."""
        half = len(self.thetas)
        return np.concatenate([np.full(half, EXPECTED_WITHIN), INFORMATION_WITHIN * self.target[half:]])

    @cached_property
    def enemies(self) -> sparse.csr_matrix:
        """Units that may not meet, symmetric."""
        place = {item.id: number for number, item in enumerate(self.pool)}
        unit = {item: number for number, items in enumerate(self.units) for item in items}
        pairs = {
            (unit[number], unit[place[enemy]])
            for number, item in enumerate(self.pool)
            for enemy in item.enemies
            if enemy in place
        }
        both = [(one, two) for one, two in pairs | {(two, one) for one, two in pairs} if one != two]
        rows, columns = zip(*sorted(both), strict=True) if both else ((), ())
        return sparse.csr_matrix((np.ones(len(both)), (rows, columns)), shape=(len(self.units),) * 2)

    @cached_property
    def statements(self) -> Array:
        """Items of each unit (columns) on each statement (rows)."""
        codes = sorted({item.statement for item in self.pool})
        members = np.array([[item.statement == code for item in self.pool] for code in codes], float)
        return np.asarray(members.reshape(len(codes), len(self.pool)) @ self.places_in)

    @cached_property
    def fair(self) -> Array:
        """For each statement the items that it may have before it counts as repeated: an equal share of its domain."""
        codes = sorted({item.statement for item in self.pool})
        domain = [code.split("-")[0] for code in codes]
        return np.array([-(-self.plan.domains.get(one, 0) // domain.count(one)) for one in domain], float)

    @cached_property
    def kin(self) -> NDArray[np.int64]:
        """Units with the same number may take each other's place: same domains, same partial case set or none."""
        domains = [row for rule, row in zip(self.rules, self.rows, strict=True) if rule.name.startswith("domain ")]
        member = np.zeros(len(self.units))
        for number, units in enumerate(self.sets, start=1):
            member[list(units)] = number
        return np.unique(np.vstack([*domains, member]), axis=1, return_inverse=True)[1].ravel()

    def numbers_of(self, ids: Sequence[str]) -> Flags:
        """The units that hold one of these items."""
        wanted = set(ids)
        return np.array([any(self.pool[item].id in wanted for item in items) for items in self.units], bool)

    def items_of(self, chosen: Flags) -> tuple[Item, ...]:
        """The items of the chosen units, in the pool's order."""
        return tuple(
            self.pool[number] for number in sorted(i for unit in np.flatnonzero(chosen) for i in self.units[unit])
        )


def make_task(
    pool: Sequence[Item],
    plan: Blueprint,
    limits: Limits,
    calibrated: Mapping[str, Curve],
    uses: Mapping[str, int],
    target: Sequence[FormPoint],
) -> Task:
    """Everything about the pool and the blueprint that is the same for all forms of a set."""
    if strange := [item.id for item in pool if item.level != plan.level]:
        raise InputError(f"a form of level {plan.level} takes items of that level only, got {', '.join(strange)}")
    if twice := sorted(name for name, count in Counter(item.id for item in pool).items() if count > 1):
        raise InputError(f"a pool holds every item once, got {', '.join(twice)} more often")
    cases: dict[str, tuple[int, ...]] = {}
    for number, item in enumerate(pool):
        if item.case:
            cases[item.case] = (*cases.get(item.case, ()), number)
    whole = limits.case_items is None
    units: list[tuple[int, ...]] = [(number,) for number, item in enumerate(pool) if not (item.case and whole)]
    units += cases.values() if whole else ()
    curves = curves_of(pool, calibrated)
    at_cut = _aim(pool, plan, limits, values(curves, (0.0,)))
    thetas = (target[0].theta, target[1].theta, target[2].theta) if target else places(float(at_cut[1]))
    each = values(curves, thetas)
    aim = (
        np.array([point.expected for point in target] + [point.information for point in target])
        if target
        else _aim(pool, plan, limits, each)
    )
    used = np.array([uses.get(item.id, 0) for item in pool], float)
    spent = used >= (np.inf if limits.uses is None else limits.uses)
    return Task(
        tuple(pool),
        plan,
        limits,
        tuple(_rules(pool, plan, limits, cases if whole else {})),
        tuple(units),
        () if whole else tuple(cases.values()),  # every item is a unit of its own then, in the pool's order
        thetas,
        aim,
        np.array([each[:, list(unit)].sum(axis=1) for unit in units]).reshape(len(units), len(each)).T,
        np.array([np.abs(curves[1][list(unit)]).sum() for unit in units]),
        np.array([used[list(unit)].sum() for unit in units]),
        np.array([bool(spent[list(unit)].any()) or _at_odds([pool[i] for i in unit]) for unit in units], bool),
    )


def _at_odds(items: Sequence[Item]) -> bool:
    return any(one.id in two.enemies or two.id in one.enemies for one, two in combinations(items, 2))


def _rules(pool: Sequence[Item], plan: Blueprint, limits: Limits, cases: Mapping[str, Sequence[int]]) -> Iterator[Rule]:
    def rule(name: str, members: Sequence[float | bool], least: float, most: float) -> Rule:
        return Rule(name, np.array(members, float), least, most)

    for code in sorted({item.domain for item in pool} | set(plan.domains)):
        count = plan.domains.get(code, 0)
        yield rule(f"domain {code}", [item.domain == code for item in pool], count, count)
    for code, (least, most) in sorted(limits.statements.items()):
        yield rule(f"statement {code}", [item.statement == code for item in pool], least, most)
    for letter in COGNITIVE:
        wanted = plan.cognitive.get(letter, 0)
        fewest = max(0, wanted - COGNITIVE_SLACK)
        yield rule(f"cognitive {letter}", [item.cognitive == letter for item in pool], fewest, wanted + COGNITIVE_SLACK)
    for kind, (least, most) in sorted(kinds_of(pool, limits).items()):
        yield rule(f"kind {kind}", [item.kind == kind for item in pool], least, most)
    if limits.minutes:
        yield rule("minutes", [item.minutes for item in pool], *limits.minutes)
    if limits.case_sets and limits.case_items is None:
        first = {numbers[0] for numbers in cases.values()}
        yield rule("case sets", [number in first for number in range(len(pool))], *limits.case_sets)


def kinds_of(pool: Sequence[Item], limits: Limits) -> dict[str, tuple[int, int]]:
    """The limits by kind; a pool with texts gives one to each form unless the limits say otherwise."""
    kinds = dict(limits.kinds)
    if any(item.kind == "text" for item in pool):
        kinds.setdefault("text", (1, 1))
    return kinds


def _aim(pool: Sequence[Item], plan: Blueprint, limits: Limits, each: Array) -> Array:
    """What the pool gives when it is mixed as the blueprint says, with the usual number of texts."""
    text = np.array([item.kind == "text" for item in pool], bool)
    total, texts = np.zeros(len(each)), 0
    for code, count in plan.domains.items():
        of_domain = np.array([item.domain == code for item in pool], bool)
        if of_domain.any() and text[of_domain].all():
            texts += count
        members = of_domain if text[of_domain].all() else of_domain & ~text
        total += count * each[:, members].mean(axis=1) if members.any() else 0.0
    if text.any() and not text.all():
        least, most = kinds_of(pool, limits)["text"]
        total += ((least + most) / 2 - texts) * (each[:, text].mean(axis=1) - each[:, ~text].mean(axis=1))
    return total
