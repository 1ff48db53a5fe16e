"""The proof of a form: every constraint with what was wanted and what the form has, counted again on its items."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from ..model import COGNITIVE, FormPoint, Item, ProofLine
from .rules import COGNITIVE_SLACK, EXPECTED_WITHIN, INFORMATION_WITHIN, Task, kinds_of, span

__all__ = ["prove"]


def prove(
    task: Task,
    chosen: Sequence[Item],
    points: Sequence[FormPoint],
    anchors: Collection[str],
    others: Mapping[str, Collection[str]],
    uses: Mapping[str, int],
) -> tuple[ProofLine, ...]:
    """One line for each constraint of the form; ``others`` are the items of each other form by its name."""
    return (
        *_counts(task, chosen),
        *_together(task, chosen),
        *_shared(task, chosen, anchors, others, uses),
        *_matched(task, points),
    )


def _counts(task: Task, chosen: Sequence[Item]) -> Iterator[ProofLine]:
    plan, limits = task.plan, task.limits
    yield _line("items", (plan.length, plan.length), len(chosen))
    domains = Counter(item.domain for item in chosen)
    for code in sorted(set(plan.domains) | set(domains)):
        wanted = plan.domains.get(code, 0)
        yield _line(f"domain {code}", (wanted, wanted), domains[code])
    statements = Counter(item.statement for item in chosen)
    for code, bounds in sorted(limits.statements.items()):
        yield _line(f"statement {code}", bounds, statements[code])
    letters = Counter(item.cognitive for item in chosen)
    for letter in COGNITIVE:
        wanted = plan.cognitive.get(letter, 0)
        yield _line(
            f"cognitive {letter}", (max(0, wanted - COGNITIVE_SLACK), wanted + COGNITIVE_SLACK), letters[letter]
        )
    kinds = Counter(item.kind for item in chosen)
    for kind, bounds in sorted(kinds_of(task.pool, limits).items()):
        yield _line(f"kind {kind}", bounds, kinds[kind])
    if limits.minutes:
        yield _line("minutes", limits.minutes, round(math.fsum(item.minutes for item in chosen), 6))
    yield ProofLine("statements", "as many as the rest allows", f"{len(statements)} in {len(chosen)} items", True)


def _together(task: Task, chosen: Sequence[Item]) -> Iterator[ProofLine]:
    limits, ids = task.limits, {item.id for item in chosen}
    pairs = {frozenset((item.id, enemy)) for item in chosen for enemy in item.enemies if enemy in ids}
    yield _line("enemies together", (0, 0), len(pairs))
    sets = Counter(item.case for item in chosen if item.case)
    there = Counter(item.case for item in task.pool if item.case)
    if limits.case_sets:
        yield _line("case sets", limits.case_sets, len(sets))
    if limits.case_items is not None:
        least, most = limits.case_items
        outside = sum(not least <= count <= most for count in sets.values())
        yield _line(f"case sets with other than {span(*limits.case_items)} items", (0, 0), outside)
    elif there:
        yield _line("case sets in part", (0, 0), sum(count != there[case] for case, count in sets.items()))


def _shared(
    task: Task,
    chosen: Sequence[Item],
    anchors: Collection[str],
    others: Mapping[str, Collection[str]],
    uses: Mapping[str, int],
) -> Iterator[ProofLine]:
    limits, ids = task.limits, {item.id for item in chosen}
    if limits.anchors or anchors:
        held = ids & set(anchors)
        yield ProofLine("anchors", f"{limits.anchors} or more", f"{len(held)}", len(held) >= limits.anchors)
        yield _spread(task, [item for item in chosen if item.id in held])
    for name, other in others.items():
        common = len(ids & set(other) - set(anchors))
        if limits.overlap is None:
            yield ProofLine(f"items also on {name}", "as few as can be", f"{common}", True)
        else:
            yield _line(f"items also on {name}, beside the anchors", (0, limits.overlap), common)
    most = max((uses.get(item.id, 0) for item in chosen), default=0)
    if limits.uses is not None:
        yield ProofLine("earlier uses of an item", f"fewer than {limits.uses}", f"{most} at most", most < limits.uses)


def _spread(task: Task, held: Sequence[Item]) -> ProofLine:
    """Anchors by domain beside the share that the domain has of the form; a set that comes whole may add to one."""
    within = float(task.size.max(initial=1))
    has = Counter(item.domain for item in held)
    share = len(held) / task.plan.length
    holds = all(abs(has[code] - share * count) < within for code, count in task.plan.domains.items())
    told = ", ".join(f"{code} {count}" for code, count in sorted(has.items()))
    return ProofLine("anchors by domain", f"less than {within:g} from the domain's share", told, holds)


def _matched(task: Task, points: Sequence[FormPoint]) -> Iterator[ProofLine]:
    """Expected score and information at the cut and half a standard error to either side of it."""
    names = ("half an SE below the cut", "the cut", "half an SE above the cut")
    half = len(names)
    for name, point, wanted in zip(names, points, task.target[:half].tolist(), strict=True):
        holds = abs(point.expected - wanted) <= EXPECTED_WITHIN
        yield ProofLine(
            f"expected score at {name}", f"{wanted:.3f} within {EXPECTED_WITHIN:g}", f"{point.expected:.3f}", holds
        )
    for name, point, wanted in zip(names, points, task.target[half:].tolist(), strict=True):
        within = INFORMATION_WITHIN * wanted
        holds = abs(point.information - wanted) <= within
        yield ProofLine(
            f"information at {name}", f"{wanted:.4f} within {INFORMATION_WITHIN:.1%}", f"{point.information:.4f}", holds
        )


def _line(name: str, bounds: tuple[float, float], has: float) -> ProofLine:
    return ProofLine(name, span(*bounds), f"{has:g}", bounds[0] <= has <= bounds[1])
