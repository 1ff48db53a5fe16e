"""Counts every constraint of a set of forms anew, on plain items and without the module that made them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from grader.model import Blueprint, Item


def violations(
    forms: Sequence[Sequence[Item]],
    pool: Sequence[Item],
    plan: Blueprint,
    *,
    kinds: Mapping[str, tuple[int, int]] | None = None,
    minutes: tuple[float, float] | None = None,
    statements: Mapping[str, tuple[int, int]] | None = None,
    case_sets: tuple[int, int] | None = None,
    case_items: tuple[int, int] | None = None,
    anchors: int = 0,
    overlap: int | None = None,
    barred: Collection[str] = (),
) -> list[str]:
    """What any of the forms breaks, a line each."""
    found: list[str] = []

    def within(where: int, what: str, has: float, span: tuple[float, float]) -> None:
        if not span[0] - 1e-9 <= has <= span[1] + 1e-9:
            found.append(f"form {where}: {what} has {has:g}, wanted {span[0]:g} to {span[1]:g}")

    known = {item.id: item for item in pool}
    sizes = Counter(item.case for item in pool if item.case)
    for where, form in enumerate(forms, start=1):
        ids = [item.id for item in form]
        within(where, "length", len(set(ids)), (plan.length, plan.length))
        within(where, "length with repeats", len(ids), (plan.length, plan.length))
        if strange := [name for name in ids if name not in known]:
            found.append(f"form {where}: {strange} are not of the pool")
        for code in {item.domain for item in pool} | set(plan.domains):
            wanted = plan.domains.get(code, 0)
            within(where, f"domain {code}", sum(item.domain == code for item in form), (wanted, wanted))
        for letter, wanted in plan.cognitive.items():
            within(where, letter, sum(item.cognitive == letter for item in form), (wanted - 1, wanted + 1))
        for kind, span in (kinds or {}).items():
            within(where, kind, sum(item.kind == kind for item in form), span)
        for code, span in (statements or {}).items():
            within(where, code, sum(item.statement == code for item in form), span)
        if minutes:
            within(where, "minutes", math.fsum(item.minutes for item in form), minutes)
        for item in form:
            for enemy in set(item.enemies) & set(ids):
                found.append(f"form {where}: {item.id} and {enemy} are enemies")
        sets = Counter(item.case for item in form if item.case)
        if case_sets:
            within(where, "case sets", len(sets), case_sets)
        for case, count in sets.items():
            within(where, f"case {case}", count, case_items or (sizes[case], sizes[case]))
        if worn := set(ids) & set(barred):
            found.append(f"form {where}: {sorted(worn)} are used up")
    held = [{item.id for item in form} for form in forms]
    common = set.intersection(*held) if len(held) > 1 else set()
    if len(held) > 1 and len(common) < anchors:
        found.append(f"{len(common)} items in common, {anchors} anchors wanted")
    if overlap is not None:
        for (one, left), (two, right) in combinations(enumerate(held, start=1), 2):
            beside = len(left & right) - (len(common) if anchors else 0)
            if beside > overlap:
                found.append(f"forms {one} and {two} have {beside} items in common beside the anchors")
    return found


def curve(form: Sequence[Item], curves: Mapping[str, tuple[float, float]], theta: float) -> tuple[float, float]:
    """Expected score and information at ``theta``, item by item: 2PL with (slope, location), a text being 4 points.

    F. B. Lord, *Applications of Item Response Theory to Practical Testing Problems*, 1980, eq. 2-1, 4-1 and 5-9.
    """
    expected = information = 0.0
    for item in form:
        slope, location = curves[item.id]
        right = 1 / (1 + math.exp(-slope * (theta - location)))
        points = 4 if item.kind == "text" else 1
        expected += points * right
        information += points * slope**2 * right * (1 - right)
    return expected, information
