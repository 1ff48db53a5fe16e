"""Items and numbers of forms: out of the pool of their purpose, with what is tried out on top, drawn and frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

from .. import bank, forms
from ..errors import InputError, RuleBroken
from ..forms import Draft, Limits
from ..model import Form, Item, ProofLine, digest
from . import pilots
from .desk import Academy
from .exposure import items_of, uses_of

__all__ = ["CERTIFICATION", "POOL", "Watch", "draw_up", "pool"]

CERTIFICATION = "certification"
POOL = "questions"
"""The line of a proof that says out of which items a form for practice or a demonstration is made."""
USABLE = ("approved", "live")

Watch = Callable[[int, int], None]


def draw_up(
    academy: Academy,
    ids: Sequence[str],
    level: int,
    length: int,
    minutes: float | None,
    *,
    seed: int,
    purpose: str,
    like: Sequence[Form] | None = None,
    on: date | None = None,
    watch: Watch | None = None,
) -> list[Form]:
    """Parallel forms with these ids, drawn and frozen.

    Certification binds them by the scheme's rules and adds pilot items. Practice is made of practice items as long as
    they suffice; like a demonstration it takes exam items otherwise, and the proof says so.
    """
    strict = purpose == CERTIFICATION
    plan = forms.blueprint(academy.framework, academy.scheme.level(level), length)
    uses = uses_of(academy, on or datetime.now(UTC).date(), shelf=True)
    fixed: Mapping[str, int | None] = _anchors(academy, like[0]) if like else {}

    def assembled(use: str) -> tuple[Draft, ...]:
        return forms.assemble_parallel(
            pool(academy, level, use),
            plan,
            len(ids),
            _limits(academy, length, minutes, strict),
            seed=seed,
            uses=uses,
            anchors=tuple(fixed),
            apart={form.id: items_of(form) for form in like or ()},
            target=like[0].information if like else (),
            watch=watch,
        )

    drafts, taken = _from_pools(assembled, purpose)
    tried = pilots.choose(academy, level, drafts, minutes, uses, seed) if strict else [()] * len(ids)
    more = [[pilots.proof_line(academy, level, items)] if strict else [taken] for items in tried]
    return [
        _freeze(form_id, draft, items, lines, fixed, seed)
        for form_id, draft, items, lines in zip(ids, drafts, tried, more, strict=True)
    ]


def _from_pools(assembled: Callable[[str], tuple[Draft, ...]], purpose: str) -> tuple[tuple[Draft, ...], ProofLine]:
    """The forms out of the pool of their purpose, and what the proof says of it."""
    if purpose != "practice":
        return assembled("exam"), ProofLine(POOL, "exam items", "exam items", True)
    try:
        return assembled("practice"), ProofLine(POOL, "practice items", "practice items", True)
    except InputError:
        said = "exam items, since the practice items do not suffice"
        return assembled("exam"), ProofLine(POOL, "practice items if they suffice", said, True)


def pool(academy: Academy, level: int, use: str = "exam") -> list[Item]:
    """The items of a level that an exam may use, or a practice examination."""
    return [
        item for item in academy.items.values() if item.level == level and item.use == use and item.status in USABLE
    ]


def _limits(academy: Academy, length: int, minutes: float | None, strict: bool) -> Limits:
    rules = academy.scheme.forms
    kinds = {kind: (_part(least, length), _part(most, length)) for kind, (least, most) in rules.kinds.items()}
    kinds["text"] = (rules.texts, rules.texts)
    time = None if minutes is None else (0, minutes)
    if not strict:
        return Limits(kinds=kinds, minutes=time)
    return Limits(
        kinds=kinds,
        minutes=time,
        anchors=-(-rules.anchor_percent * length // 100),
        overlap=rules.overlap,
        uses=rules.uses,
    )


def _part(percent: int, length: int) -> int:
    """A percentage of the items, rounded half up."""
    return (2 * percent * length + 100) // 200


def _anchors(academy: Academy, form: Form) -> dict[str, int | None]:
    """The anchors of an earlier form with the variant that it shows: they have to be the very same questions."""
    questions = {slot.question.item_id: slot.question for slot in form.scored}
    changed = [
        name
        for name in form.anchors
        if name not in academy.items or academy.items[name].version != questions[name].item_version
    ]
    if changed:
        raise RuleBroken(
            f"the anchors {', '.join(changed)} changed since {form.id} was made and link nothing any more; "
            "make a new set with a panel of its own"
        )
    return {name: questions[name].variant for name in form.anchors}


def _freeze(
    form_id: str,
    draft: Draft,
    tried: Sequence[Item],
    more: Sequence[ProofLine],
    fixed: Mapping[str, int | None],
    set_seed: int,
) -> Form:
    seed = int(digest({"form": form_id, "seed": set_seed})[:8], 16)
    items, questions = (*draft.items, *tried), []
    for item in items:
        # An anchor shows the same numbers on every form, else it would be two questions.
        turn = set_seed if item.id in draft.anchors else seed
        questions.append(bank.draw(item, fixed.get(item.id, _variant(item, turn))))
    return forms.freeze(
        form_id,
        draft.level,
        questions,
        {item.id: item.difficulty for item in items},
        (*draft.proof, *more),
        seed,
        cases={item.id: item.case for item in items if item.case},
        anchors=draft.anchors,
        minutes=round(sum(item.minutes for item in items), 6),
        information=draft.information,
        pilot=[item.id for item in tried],
    )


def _variant(item: Item, turn: int) -> int | None:
    """One of the reviewed variants; a practice item without them may be drawn with any seed."""
    if item.variants:
        return item.variants[turn % len(item.variants)]
    return turn if item.body["draw"] is not None else None
