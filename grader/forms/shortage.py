"""Why there is no form: the cells that are short and by how much, counted before any search and by the nearest one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np
from scipy import sparse

from ..errors import InputError
from .programme import Programme
from .rules import Array, Flags, Rule, Task, span
from .solve import Setting, keep_apart, keep_sets, pick_anchors

__all__ = ["check", "refuse"]

FEW = 1000
"""Units of a pool in which the nearest selection of whole items is soon found."""
SECONDS = 1.0
"""How long the nearest selection is looked for; the best one found by then is told."""


def check(task: Task, setting: Setting, count: int, anchors: int) -> None:
    """Refuse at once what counting, or a search that may split items, shows to be impossible for ``count`` forms."""
    faults = [*_counts(task, setting, count, anchors)] or [*_nearest_set(task, setting, count, anchors)]
    if not faults and (split := [*_nearest_form(task, setting, whole=False)]):
        whole = len(task.units) <= FEW and [*_nearest_form(task, setting, proved=True)]
        faults = whole or split
    if faults:
        raise InputError(_sentence(task, setting, count, faults))


def refuse(task: Task, setting: Setting, number: int, count: int) -> InputError:
    """Why the form ``number`` of ``count`` was not found, after the others had taken their items."""
    faults = [*_nearest_form(task, setting)] or ["the search gave up, try another seed"]
    if number > 1:
        where = f"form {number} of {count}, after the others"
        faults[0] = f"{where}: {faults[0]}"
    return InputError(_sentence(task, setting, count, faults))


def _sentence(task: Task, setting: Setting, count: int, faults: list[str]) -> str:
    usable = int(task.size[setting.free(task)].sum())
    forms = "no form" if count == 1 or task.limits.overlap is None else f"no {count} forms"
    return (
        f"{forms} of {task.plan.length} items can be made from the {usable} usable items of level {task.plan.level}: "
        f"{'; '.join(faults)}. Add or approve items there, or change the form"
    )


def _counts(task: Task, setting: Setting, count: int, anchors: int) -> Iterator[str]:
    """Rules for which the whole pool has too little."""
    free, alone = setting.free(task), task.limits.overlap is None
    for rule, row in zip(task.rules, task.rows, strict=True):
        supply = float(row[free].sum())
        if supply < rule.least:
            yield f"{rule.name} wants {rule.span} and the pool has {supply:g} ({rule.least - supply:g} short)"
        elif count > 1 and not alone and rule.name != "minutes":
            common = _common(task, setting, rule, row, anchors)
            pairs = (task.limits.overlap or 0) * count * (count - 1) / 2
            need = count * rule.least - (count - 1) * common - pairs
            if supply < need:
                yield (
                    f"{rule.name} wants {rule.span} in each of {count} forms, {need:g} different ones with {common:g} "
                    f"in common, and the pool has {supply:g} ({need - supply:g} short)"
                )
    if task.sets and task.limits.case_sets and task.limits.case_items:
        least, apart = task.limits.case_sets[0], count if task.limits.overlap == 0 else 1
        there = sum(_parts(task, free, units, task.limits.case_items[0], apart) for units in task.sets)
        if there < apart * least:
            forms = f" in each of {count} forms" if apart > 1 else ""
            yield (
                f"case sets wants {least:g} or more{forms}, and the pool has {there:g} large enough "
                f"({apart * least - there:g} short)"
            )


def _parts(task: Task, free: Flags, units: tuple[int, ...], least: int, forms: int) -> int:
    """How many forms a case set serves with ``least`` items each: none when its domains have not so many places."""
    there = [unit for unit in units if free[unit]]
    domains = Counter(task.pool[task.units[unit][0]].domain for unit in there)
    if sum(min(count, task.plan.domains.get(code, 0)) for code, count in domains.items()) < least:
        return 0
    return min(forms, len(there) // max(least, 1))


def _common(task: Task, setting: Setting, rule: Rule, row: Array, anchors: int) -> float:
    """The most that anchors can give to a rule."""
    if setting.fixed.any() or not anchors:
        return float(row[setting.fixed].sum())
    slack = float(task.size.max(initial=1)) - 1
    most = float(anchors)
    if rule.name.startswith("domain "):
        most = min(most, math.ceil(anchors * rule.least / task.plan.length))
    return 0.0 if rule.name == "kind text" else min(rule.least, most + slack)


def _nearest_set(task: Task, setting: Setting, count: int, anchors: int) -> Iterator[str]:
    """What gives way when all forms of the set are looked for at once, as one sum."""
    if count == 1 or task.limits.overlap is None:
        return
    units, overlap = len(task.units), task.limits.overlap
    free = setting.free(task)
    model = Programme()
    model.columns("take", np.zeros(units), np.where(free & ~setting.fixed, float(count), 0.0), whole=False)
    model.columns("twice", np.zeros(units), count - 1.0 if overlap else 0.0, whole=False)
    parts = {}
    given = count * (task.rows @ setting.fixed)
    if anchors and not setting.fixed.any():
        pick_anchors(task, model, anchors, whole=False)
        parts = {"anchor": count * task.rows}
        model.row(-np.inf, 1, anchor=sparse.eye(units), take=sparse.eye(units), twice=-sparse.eye(units))
    else:
        model.row(-np.inf, 1, take=sparse.eye(units), twice=-sparse.eye(units))
    model.row(0, overlap * count * (count - 1) / 2, twice=task.size)
    yield from _given_way(task, model, count, given, parts)


def _nearest_form(task: Task, setting: Setting, *, whole: bool = True, proved: bool = False) -> Iterator[str]:
    """What gives way in the selection that breaks the bounds of one form least; not ``whole`` may split items.

    ``proved`` tells nothing of a selection that may not be the nearest one.
    """
    model = Programme()
    free = setting.free(task).astype(float)
    model.columns("take", np.zeros(len(free)), free, low=setting.fixed.astype(float), whole=whole)
    keep_apart(task, setting, model)
    keep_sets(task, model, whole=whole)
    faults = [*_given_way(task, model, 1, np.zeros(len(task.rules)), {})]
    if model.proved or not proved:
        yield from faults


def _given_way(task: Task, model: Programme, count: int, given: Array, parts: dict[str, Array]) -> Iterator[str]:
    bounds = [(rule.name, count * rule.least, count * rule.most) for rule in task.rules]
    rules = len(bounds)
    if "set" in model.width and task.limits.case_sets:
        bounds.append(("case sets", *task.limits.case_sets))
    # Time and case sets give way first: one item too few says less than the minutes or the sets that the exam lacks.
    weight = [0.01 if name in ("minutes", "case sets") else 1.0 for name, _, _ in bounds]
    for name in ("lack", "excess"):
        model.columns(name, np.array(weight), np.inf, whole=False)
    gives = np.eye(len(bounds))
    model.row(
        count * task.least - given, count * task.most - given,
        take=task.rows, lack=gives[:rules], excess=-gives[:rules], **parts,
    )  # fmt: skip
    for place, (_, least, most) in enumerate(bounds[rules:], start=rules):
        model.row(least, most, set=np.ones(model.width["set"]), lack=gives[place], excess=-gives[place])
    found = model.solve(0.0, SECONDS)
    if found is None:  # what is firm excludes itself, or a limit of the search was reached
        yield from _firm(task) if model.impossible else ()
        return
    where = "in the nearest selection " if count == 1 else f"in the nearest selection for {count} forms together "
    for (name, least, most), lack, excess in zip(bounds, found["lack"], found["excess"], strict=True):
        if lack > 1e-6:
            yield f"{where}{name} wants {span(least, most)} and is {_amount(name, lack)} short"
            where = ""
        elif excess > 1e-6:
            yield f"{where}{name} wants {span(least, most)} and is {_amount(name, excess)} over"
            where = ""


def _amount(name: str, value: float) -> str:
    """How much is short or over: of items there are whole ones only."""
    return f"{value:.4g}" if name == "minutes" else f"{math.ceil(value - 1e-6)}"


def _firm(task: Task) -> Iterator[str]:
    limits = task.limits
    names = [
        name
        for name, there in (
            (f"{limits.anchors} anchors spread over the domains", limits.anchors),
            ("the number of case sets", limits.case_sets),
            ("enemies apart", task.enemies.nnz),
            (f"an overlap of {limits.overlap}", limits.overlap is not None),
        )
        if there
    ]
    yield f"{' and '.join(names)} cannot be kept at once by any selection"
