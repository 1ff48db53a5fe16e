"""Blueprint and items of a level become K parallel forms, each with its proof, frozen under a digest.

::

    blueprint          how many items of each domain and cognitive level; Limits: kinds, time, cases, anchors, overlap
    assemble_parallel  chooses the items: rules -> solve (integer programming) -> exchange (polish) -> proof
    freeze             drawn questions in the order of a seed, sealed; to_json, from_json

``curves`` says what an item does along the ability scale; ``shortage`` says why there is no form.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ..errors import InputError
from ..model import Blueprint, FormPoint, Item
from .blueprint import Limits, blueprint
from .curves import Curve, form_points
from .draft import Draft
from .exchange import error_of, polish
from .freeze import freeze, from_json, to_json
from .proof import prove
from .rules import EXPECTED_WITHIN, INFORMATION_WITHIN, Flags, Task, make_task
from .shortage import check, refuse
from .solve import Setting, choose
from .together import choose_together

__all__ = [
    "EXPECTED_WITHIN",
    "INFORMATION_WITHIN",
    "Curve",
    "Draft",
    "Limits",
    "assemble_parallel",
    "blueprint",
    "freeze",
    "from_json",
    "to_json",
]

TURNS = 2
"""How many seeds are tried when a later form of a set finds too little left."""
AGAIN = 3
"""How often forms that missed a target of their own making are brought together once more."""


def assemble_parallel(
    pool: Sequence[Item],
    plan: Blueprint,
    k: int,
    limits: Limits | None = None,
    *,
    seed: int,
    uses: Mapping[str, int] | None = None,
    curves: Mapping[str, Curve] | None = None,
    anchors: Collection[str] = (),
    apart: Mapping[str, Collection[str]] | None = None,
    target: Sequence[FormPoint] = (),
    watch: Callable[[int, int], None] | None = None,
) -> tuple[Draft, ...]:
    """Choose the items of ``k`` parallel forms, one form after the other, and prove every constraint of each.

    Binding: the exact count of every domain, each cognitive level within 1 of the blueprint, everything in ``limits``,
    no two enemies, case sets whole. Then, as near as the pool allows, the same expected score and information at the
    cut and half a standard error to either side (of ``target`` when it is given, e.g. by an earlier form, otherwise of
    the pool mixed by the blueprint), as few repeated statements as can be, items with few ``uses``; ``seed`` settles
    the rest. ``curves`` are those of calibrated items. ``anchors`` are ids that every form has to hold; without them
    ``limits.anchors`` are chosen. ``apart`` are the items of other forms, by name, that ``limits.overlap`` counts too.
    ``watch`` is told the number of each form when it is made.

    Raises :class:`InputError` that names the short cells, and by how much.
    """
    if k < 1:
        raise InputError(f"one form or more can be made, got {k}")
    limits = limits or Limits()
    if limits.anchors >= plan.length:
        raise InputError(f"a form of {plan.length} items has fewer anchors than items, got {limits.anchors}")
    if missing := sorted(set(anchors) - {item.id for item in pool}):
        raise InputError(f"anchors must be usable items of the pool, these are not: {', '.join(missing)}")
    task = make_task(pool, plan, limits, curves or {}, uses or {}, target)
    fixed = task.numbers_of(list(anchors))
    if (fixed & task.barred).any():
        worn = ", ".join(item.id for item in task.items_of(fixed & task.barred))
        raise InputError(
            f"the anchors {worn} are used up: {limits.uses} uses are allowed; make a set with other anchors"
        )
    outside = {name: task.numbers_of(list(ids)) for name, ids in (apart or {}).items()}
    fixed, made = _search(task, k, seed, fixed, tuple(outside.values()), watch)
    task = task if target else _meet(task, fixed, made, tuple(outside.values()), seed)
    return _drafts(task, fixed, made, apart or {}, uses or {})


def _search(
    task: Task,
    k: int,
    seed: int,
    fixed: Flags,
    outside: tuple[Flags, ...],
    watch: Callable[[int, int], None] | None,
) -> tuple[Flags, list[Flags]]:
    """The units of the anchors, and of each form.

    What the first forms take may leave a later one without; then the set is begun again from another seed, and in the
    end looked for all at once.
    """
    wanted = 0 if fixed.any() else task.limits.anchors
    check(task, Setting(fixed, outside), k, wanted)
    refused: InputError | None = None
    for turn in range(TURNS):
        common, made = fixed, list[Flags]()
        for number in range(k):
            setting = Setting(common, (*outside, *made), k - 1 - number)
            found = choose(task, setting, _seed(seed, 1000 * turn + number), 0 if made else wanted)
            if found is None:
                refused = refused or refuse(task, setting, number + 1, k)
                break
            chosen, common = found
            made.append(polish(task, replace(setting, fixed=common), chosen, _seed(seed, number)))
            if watch:
                watch(number + 1, k)
        if len(made) == k:
            return common, made
        if not made:
            break
    together = choose_together(task, Setting(fixed, outside), k, seed, wanted) if made else None
    if together is None:
        assert refused is not None
        raise refused
    common, made = together
    for number, chosen in enumerate(made):
        setting = Setting(common, (*outside, *made[:number], *made[number + 1 :]))
        made[number] = polish(task, setting, chosen, _seed(seed, number))
    return common, made


def _meet(task: Task, fixed: Flags, made: list[Flags], outside: tuple[Flags, ...], seed: int) -> Task:
    """The task with a target that the forms can meet: where the pool is small, their own mean."""
    for turn in range(AGAIN):
        if max(error_of(task, chosen) for chosen in made) <= 1:
            break
        task = replace(task, target=np.mean([task.values @ chosen for chosen in made], axis=0))
        for number, chosen in enumerate(made):
            setting = Setting(fixed, (*outside, *made[:number], *made[number + 1 :]))
            made[number] = polish(task, setting, chosen, _seed(seed, 1000 * (turn + 1) + number))
    return task


def _drafts(
    task: Task,
    fixed: Flags,
    made: Sequence[Flags],
    apart: Mapping[str, Collection[str]],
    uses: Mapping[str, int],
) -> tuple[Draft, ...]:
    anchors = tuple(item.id for item in task.items_of(fixed))
    forms = {f"form {number}": task.items_of(chosen) for number, chosen in enumerate(made, start=1)}
    drafts = []
    for (name, items), chosen in zip(forms.items(), made, strict=True):
        points = form_points(task.thetas, task.values @ chosen)
        others = {other: {item.id for item in forms[other]} for other in forms if other != name}
        proof = prove(task, items, points, anchors, {**others, **apart}, uses)
        drafts.append(Draft(task.plan.level, items, anchors, points, proof))
    return tuple(drafts)


def _seed(seed: int, number: int) -> int:
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
