"""A blueprint and the items of a level become a form: chosen by integer programming, frozen with its proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from .errors import InputError
from .model import (
    COGNITIVE,
    Bilingual,
    Blueprint,
    Criterion,
    Form,
    Framework,
    Item,
    LevelRules,
    Option,
    ProofLine,
    Question,
    Slot,
    digest,
)

__all__ = ["assemble", "blueprint", "freeze", "from_json", "to_json"]

TEXT_POINTS = 4
COGNITIVE_SLACK = 1
EXPECTED_BAND = 0.25
"""Points by which a form's expected score may leave the pool's own before it costs anything."""
COST_REPEAT, COST_EXPECTED, COST_USED, COST_CHANCE = 4.0, 3.0, 1.0, 0.3


def blueprint(framework: Framework, rules: LevelRules, length: int) -> Blueprint:
    """Counts by domain and by cognitive level for a form of ``length`` items, shared out by largest remainder."""
    weights = {domain.code: domain.weights[rules.level - 1] for domain in framework.domains}
    if length < 1 or not any(weights.values()):
        raise InputError(f"a form holds one item or more of a level with weights, got length {length}")
    domains = {code: count for code, count in _share_out(weights, length).items() if count}
    return Blueprint(rules.level, length, domains, _share_out(rules.cognitive, length))


def assemble(
    pool: Sequence[Item],
    blueprint: Blueprint,
    *,
    kinds: Mapping[str, tuple[int, int]] | None = None,
    seed: int,
    used: Mapping[str, int] | None = None,
    minutes: float | None = None,
) -> tuple[list[Item], list[ProofLine]]:
    """Choose the items of one form, and prove every constraint.

    Binding: the exact count of every domain, each cognitive level within 1 of the blueprint, ``kinds`` as
    ``{kind: (fewest, most)}``, exactly one text item when the pool has any (unless ``kinds`` says otherwise), no two
    enemies, and ``minutes`` as the most that the items may take together.  Then as few repeated statements as can be,
    an expected score near the pool's (so that forms are alike), few items that other forms have ``used``; ``seed``
    settles the rest.  Raises :class:`InputError` that names the short cells, and by how much.
    """
    if strange := [item.id for item in pool if item.level != blueprint.level]:
        raise InputError(f"a form of level {blueprint.level} takes items of that level only, got {', '.join(strange)}")
    rules = list(_rules(pool, blueprint, kinds or {}, minutes))
    chosen = _solve(pool, blueprint, rules, seed, used or {})
    if chosen is None:
        raise InputError(_shortage(pool, blueprint, rules))
    return chosen, _proof(chosen, rules)


def freeze(
    form_id: str,
    level: int,
    questions: Sequence[Question],
    difficulties: Mapping[str, float],
    proof: Sequence[ProofLine],
    seed: int,
) -> Form:
    """Name the slots (``q01``, ...), shuffle questions and options by ``seed``, and seal the form with its digest.

    Written answers come last, so that a slot is worth the same on every form.  ``difficulties`` is by item id.
    """
    rng = np.random.default_rng(seed)
    shuffled = [questions[int(index)] for index in rng.permutation(len(questions))]
    shuffled.sort(key=lambda question: question.kind == "text")
    slots = tuple(_slot(f"q{number:02d}", question, rng) for number, question in enumerate(shuffled, start=1))
    expected = round(sum(question.points * difficulties[question.item_id] for question in questions), 4)
    form = Form(form_id, level, seed, slots, tuple(proof), expected, "")
    return replace(form, digest=_digest_of(to_json(form)))


def to_json(form: Form) -> dict[str, Any]:
    """The form with its keys as plain JSON values; for the exam office only."""
    return asdict(form)


def from_json(data: Mapping[str, Any]) -> Form:
    """The form that :func:`to_json` gave; :class:`InputError` when anything in it was altered since it was frozen."""
    name = data.get("id", "without an id") if isinstance(data, Mapping) else "that is no JSON object"
    try:
        sealed, found = data["digest"], _digest_of(data)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"the form {name} cannot be read ({error}); take the copy of the exam office's backup"
        ) from None
    if sealed != found:
        raise InputError(
            f"the form {name} was altered after it was frozen: its digest is {found[:12]}..., sealed was "
            f"{str(sealed)[:12]}...; take the copy of the exam office's backup"
        )
    return Form(
        **{
            **data,
            "slots": tuple(_slot_from(slot) for slot in data["slots"]),
            "proof": tuple(ProofLine(**line) for line in data["proof"]),
        }
    )


# --- choosing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rule:
    """A count over items with its bounds; ``members`` holds what each item of the pool adds to it."""

    name: str
    members: tuple[float, ...]
    least: float
    most: float
    firm: bool = False
    """A firm rule is never what falls short: enemies stay apart even in the diagnosis."""


def _share_out(weights: Mapping[str, int], length: int) -> dict[str, int]:
    """Whole numbers in proportion to the weights that sum to ``length``; equal remainders go to the lighter weight."""
    total = sum(weights.values())
    exact = {name: Fraction(weight * length, total) for name, weight in weights.items()}
    counts = {name: int(share) for name, share in exact.items()}
    rest = sorted(exact, key=lambda name: (counts[name] - exact[name], weights[name]))
    for name in rest[: length - sum(counts.values())]:
        counts[name] += 1
    return counts


def _rules(
    pool: Sequence[Item], plan: Blueprint, kinds: Mapping[str, tuple[int, int]], minutes: float | None
) -> Iterator[_Rule]:
    def rule(name: str, members: Sequence[float | bool], least: float, most: float) -> _Rule:
        return _Rule(name, tuple(float(member) for member in members), least, most)

    for code in sorted({item.domain for item in pool} | set(plan.domains)):
        count = plan.domains.get(code, 0)
        yield rule(f"domain {code}", [item.domain == code for item in pool], count, count)
    for letter in COGNITIVE:
        wanted = plan.cognitive.get(letter, 0)
        fewest = max(0, wanted - COGNITIVE_SLACK)
        yield rule(f"cognitive {letter}", [item.cognitive == letter for item in pool], fewest, wanted + COGNITIVE_SLACK)
    bounds = dict(kinds)
    if any(item.kind == "text" for item in pool):
        bounds.setdefault("text", (1, 1))
    for kind, (least, most) in sorted(bounds.items()):
        yield rule(f"kind {kind}", [item.kind == kind for item in pool], least, most)
    if minutes is not None:
        yield rule("minutes", [item.minutes for item in pool], 0, minutes)
    for one, two in combinations(range(len(pool)), 2):
        if pool[one].id in pool[two].enemies or pool[two].id in pool[one].enemies:
            members = tuple(float(index in (one, two)) for index in range(len(pool)))
            yield _Rule(f"enemies {pool[one].id} and {pool[two].id}", members, 0, 1, firm=True)


def _solve(
    pool: Sequence[Item], plan: Blueprint, rules: Sequence[_Rule], seed: int, used: Mapping[str, int]
) -> list[Item] | None:
    """Variables: 0/1 for each item, a count of repeats for each statement, the deviation of the expected score."""
    size = len(pool)
    statements = sorted({item.statement for item in pool})
    width = size + len(statements) + 1
    chance = np.random.default_rng(seed).random(size)
    cost = np.concatenate(
        [
            [COST_USED * used.get(item.id, 0) + COST_CHANCE * luck for item, luck in zip(pool, chance, strict=True)],
            np.full(len(statements), COST_REPEAT),
            [COST_EXPECTED],
        ]
    )
    rows = [np.concatenate([rule.members, np.zeros(width - size)]) for rule in rules]
    least = [rule.least for rule in rules]
    most = [rule.most for rule in rules]
    for number, statement in enumerate(statements):
        row = np.zeros(width)
        row[:size] = [item.statement == statement for item in pool]
        row[size + number] = -1
        rows.append(row)
        least.append(-np.inf)
        most.append(1)
    expected = np.array([item.difficulty * (TEXT_POINTS if item.kind == "text" else 1) for item in pool])
    target = _expected_of(pool, plan)
    for sign in (1, -1):
        rows.append(np.concatenate([sign * expected, np.zeros(len(statements)), [-1]]))
        least.append(-np.inf)
        most.append(sign * target + EXPECTED_BAND)
    found = milp(
        cost,
        integrality=np.concatenate([np.ones(size), np.zeros(width - size)]),
        bounds=Bounds(0, np.concatenate([np.ones(size), np.full(width - size, np.inf)])),
        constraints=LinearConstraint(np.array(rows), least, most),
        options={"mip_rel_gap": 0.01, "node_limit": 20_000},
    )
    if found.x is None:
        return None
    return [item for item, share in zip(pool, found.x[:size], strict=True) if share > 0.5]


def _expected_of(pool: Sequence[Item], plan: Blueprint) -> float:
    """What the pool, mixed as the blueprint says and with one text item, would be expected to earn."""
    total = 0.0
    for code, count in plan.domains.items():
        of_domain = [item.difficulty for item in pool if item.domain == code and item.kind != "text"]
        total += count * (float(np.mean(of_domain)) if of_domain else 0.0)
    texts = [item.difficulty for item in pool if item.kind == "text"]
    return total + ((TEXT_POINTS - 1) * float(np.mean(texts)) if texts else 0.0)


def _shortage(pool: Sequence[Item], plan: Blueprint, rules: Sequence[_Rule]) -> str:
    """Why there is no form: what the whole pool lacks or, when it lacks nothing, which bounds exclude each other."""
    faults = [
        f"{rule.name} wants {_span(rule)} and the pool has {supply:g} ({rule.least - supply:g} short)"
        for rule in rules
        if (supply := sum(rule.members)) < rule.least
    ]
    why = "; ".join(faults or _conflicts(pool, rules)) or "the search gave up, try another seed"
    return (
        f"no form of {plan.length} items can be made from the {len(pool)} usable items of level {plan.level}: {why}. "
        "Add or approve items there, or change the form"
    )


def _conflicts(pool: Sequence[Item], rules: Sequence[_Rule]) -> Iterator[str]:
    """The bounds that give way, and by how much, in the selection that breaks them least."""
    size, count = len(pool), len(rules)
    # After the items: for each rule one variable for what it lacks and one for what it has too much.
    matrix = np.hstack([np.array([rule.members for rule in rules]), np.eye(count), -np.eye(count)])
    # Time gives way first: one item too few says less than the minutes that the exam lacks.
    weight = np.array([0.01 if rule.name == "minutes" else 1.0 for rule in rules])
    room = np.tile([0.0 if rule.firm else np.inf for rule in rules], 2)
    found = milp(
        np.concatenate([np.zeros(size), weight, weight]),
        integrality=np.concatenate([np.ones(size), np.zeros(2 * count)]),
        bounds=Bounds(0, np.concatenate([np.ones(size), room])),
        constraints=LinearConstraint(matrix, [rule.least for rule in rules], [rule.most for rule in rules]),
        options={"mip_rel_gap": 0.0, "node_limit": 20_000},
    )
    if found.x is None:  # the limit of nodes was reached
        return
    for rule, lack, excess in zip(rules, found.x[size : size + count], found.x[size + count :], strict=True):
        if lack > 1e-6:
            yield f"in the nearest selection {rule.name} wants {_span(rule)} and is {lack:g} short"
        elif excess > 1e-6:
            yield f"in the nearest selection {rule.name} wants {_span(rule)} and is {excess:g} over"


def _proof(chosen: Sequence[Item], rules: Sequence[_Rule]) -> list[ProofLine]:
    """Each rule counted again on the chosen items, by what it says and not by the solver's own rows."""
    lines = []
    for rule in rules:
        if rule.firm:
            continue
        subject, _, name = rule.name.partition(" ")
        has = sum(item.minutes for item in chosen) if subject == "minutes" else _count(chosen, subject, name)
        lines.append(ProofLine(rule.name, _span(rule), f"{has:g}", rule.least <= has <= rule.most))
    ids = {item.id for item in chosen}
    together = sum(enemy in ids for item in chosen for enemy in item.enemies)
    lines.append(ProofLine("enemies together", "0", str(together), together == 0))
    statements = len({item.statement for item in chosen})
    lines.append(ProofLine("statements", "as many as the rest allows", f"{statements} in {len(chosen)} items", True))
    return lines


def _count(chosen: Sequence[Item], attribute: str, value: str) -> int:
    return sum(getattr(item, attribute) == value for item in chosen)


def _span(rule: _Rule) -> str:
    if rule.name == "minutes":
        return f"at most {rule.most:g}"
    return f"{rule.least:g}" if rule.least == rule.most else f"{rule.least:g} to {rule.most:g}"


# --- freezing ---------------------------------------------------------------------------------------------------------


def _slot(name: str, question: Question, rng: np.random.Generator) -> Slot:
    ids = tuple(option.id for option in question.options)
    if question.kind == "match":
        return Slot(name, question, ids, _shuffled(tuple(target.id for target in question.targets), rng))
    order = _shuffled(ids, rng)
    while question.kind == "order" and len(ids) > 1 and order == question.key:  # never shown solved
        order = _shuffled(ids, rng)
    return Slot(name, question, order)


def _shuffled(ids: tuple[str, ...], rng: np.random.Generator) -> tuple[str, ...]:
    return tuple(ids[int(index)] for index in rng.permutation(len(ids)))


def _digest_of(data: Mapping[str, Any]) -> str:
    return digest({name: value for name, value in data.items() if name != "digest"})


def _slot_from(data: Mapping[str, Any]) -> Slot:
    question = dict(data["question"])
    for name in ("stem", "unit", "reasons"):
        question[name] = _bilingual(question[name])
    if question.get("headings"):
        left, right = question["headings"]
        question["headings"] = (Bilingual(**left), Bilingual(**right))
    for name in ("options", "targets"):
        question[name] = tuple(
            Option(one["id"], Bilingual(**one["text"]), one["right"], _bilingual(one["reason"]))
            for one in question[name]
        )
    question["rubric"] = tuple(
        Criterion(line["id"], Bilingual(**line["text"]), line["points"]) for line in question["rubric"]
    )
    if isinstance(question["key"], list):
        question["key"] = tuple(question["key"])
    return Slot(data["name"], Question(**question), tuple(data["order"]), tuple(data["targets"]))


def _bilingual(data: Mapping[str, str] | None) -> Bilingual | None:
    return Bilingual(**data) if data else None
