"""What the registry says of one person, from the first day on: one line for each fact that HR looks at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import InputError
from ..model import Bilingual, Framework, Scheme
from ..store import Store
from .lists import Column, Listed, Term, Value, level_term
from .words import APPEALS, FACTS, OUTCOMES, TOLD, VALUES, WORDS

__all__ = ["history"]

_OWN = ("person.recorded", "person.left", "person.returned", "examiner.recorded", "conflict.declared",
        "teaching.recorded")  # fmt: skip
_UNDER = ("appraisal.recorded", "credit.recorded", "credit.refused", "credit.audited")
_SEAT = ("seat.assigned", "seat.handed-in", "decision.proposed", "decision.confirmed", "result.published")
_PAPER = (
    "certificate.issued", "certificate.suspended", "certificate.reinstated", "certificate.withdrawn",
    "certificate.reduced", "measure.appealed", "measure.decided", "notice.sent",
)  # fmt: skip
_DAYS = ("on", "issued_on", "filed_on")


def history(store: Store, framework: Framework, scheme: Scheme, person: str) -> Listed:
    """The facts about somebody in their order; the scheme knows what its grounds, categories and ratings are called.

    Raises :class:`InputError` for a number that the registry does not know.
    """
    seats = [row["seat"] for row in store.rows("seats", person=person)]
    papers = [row["number"] for row in store.rows("certificates", person=person)]
    if not seats and not papers and not store.events("person.recorded", person):
        raise InputError(f"person {person!r} is not in the registry; `academy hr matrix` lists who is")
    found = [
        *_facts(store, _OWN, [person]), *_facts(store, _SEAT, seats), *_facts(store, _PAPER, papers),
        *(fact for kind in _UNDER for fact in _under(store, kind, person)),
    ]  # fmt: skip
    found.sort(key=lambda fact: fact["seq"])
    names = ("date", "what", "about", "level", "by", "said")
    return Listed(
        "history",
        Bilingual(*(f"{WORDS['history'].say(one)}: {person}" for one in ("en", "zh"))),
        tuple(Column(name, WORDS[f"fact_{name}"]) for name in names),
        _rows(framework, found, _values(scheme)),
    )


def _values(scheme: Scheme) -> Mapping[str, Mapping[str, Bilingual]]:
    """By field, what its codes are called."""
    return {
        **VALUES,
        "outcome": {**OUTCOMES, **APPEALS},
        "ground": scheme.keeping.grounds,
        "category": {code: one.name for code, one in scheme.keeping.credits.items()},
        "rating": scheme.promotion.scale if scheme.promotion else {},
    }


def _facts(store: Store, kinds: tuple[str, ...], subjects: list[str]) -> Iterator[dict[str, Any]]:
    for subject in subjects:
        for kind in kinds:
            for event in store.events(kind, subject):
                yield vars(event)


def _under(store: Store, kind: str, person: str) -> Iterator[dict[str, Any]]:
    for event in store.events(kind, under=person):
        yield vars(event)


def _rows(
    framework: Framework, facts: list[dict[str, Any]], values: Mapping[str, Mapping[str, Bilingual]]
) -> Iterator[list[Value]]:
    seats: dict[str, Mapping[str, Any]] = {}
    for fact in facts:
        data = fact["data"]
        if fact["kind"] == "decision.proposed":
            seats[fact["subject"]] = data
        known = seats.get(fact["subject"], {}) if fact["kind"].startswith("decision.") else data
        day = next((str(data[name]) for name in _DAYS if data.get(name)), fact["at"])[:10]
        level = known.get("level")
        yield [
            day, Term(fact["kind"], FACTS[fact["kind"]]), fact["subject"],
            level_term(framework, int(level)) if level else None, fact["by"], _said(fact, known, values),
        ]  # fmt: skip


def _said(fact: Mapping[str, Any], known: Mapping[str, Any], values: Mapping[str, Mapping[str, Bilingual]]) -> Value:
    if fact["redacted"]:
        return Term("redacted", FACTS["redacted"])
    if fact["kind"].startswith("decision."):
        outcome = str(known.get("outcome", ""))
        return Term(outcome, OUTCOMES[outcome]) if outcome in OUTCOMES else None
    data = fact["data"]
    told = [
        (text, _plain(data[name], values.get(name, {})))
        for name, text in TOLD.items()
        if data.get(name) not in (None, "")
    ]
    english = "; ".join(f"{text.en}: {said.en}" for text, said in told)
    chinese = "；".join(f"{text.zh}：{said.zh}" for text, said in told)
    return Term(english, Bilingual(english, chinese)) if told else None


def _plain(value: Any, codes: Mapping[str, Bilingual]) -> Bilingual:
    if isinstance(value, str) and value in codes:
        return codes[value]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        text = f"{value:g}"
    return Bilingual(text, text)
