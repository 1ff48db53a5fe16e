"""Appraisals of results and potential, as the centre's own appraisal gives them: recorded, never computed."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from io import StringIO

from .. import people
from ..errors import InputError
from ..model import Bilingual, PromotionRules
from .conflicts import identity
from .desk import Academy

__all__ = ["COLUMNS", "Appraisal", "promotion_rules", "read_appraisals", "record"]

COLUMNS = ("person", "part", "rating", "on", "appraiser", "evidence")
_HEADS = dict(zip(("工号", "项目", "评级", "日期", "考核人", "依据"), COLUMNS, strict=True))
_HEADS |= {"等次": "rating", "评价人": "appraiser"}  # as the files of many personnel offices have them
_PARTS = {"results": Bilingual("results", "业绩"), "potential": Bilingual("potential", "潜力")}


@dataclass(frozen=True)
class Appraisal:
    """One appraisal of a person by one appraiser."""

    person: str
    part: str
    """``results`` or ``potential``."""
    rating: str
    """A code of the scheme's scale."""
    on: str
    """The day, ISO."""
    appraiser: str
    evidence: str
    """On what it rests: the sheet, the period, the observation."""


def promotion_rules(academy: Academy) -> PromotionRules:
    """The rules of the promotion view; :class:`InputError` when the scheme has none."""
    if academy.scheme.promotion is None:
        raise InputError("the scheme has no table `promotion`; write one into scheme.yml, as docs/hr.md shows")
    return academy.scheme.promotion


def read_appraisals(name: str, data: bytes) -> list[Appraisal]:
    """Appraisals of a CSV file with the columns person, part, rating, on, appraiser, evidence, or the same in Chinese.

    It may be as Excel saves it in Chinese (GBK).
    """
    try:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        table = csv.DictReader(StringIO(text, newline=""))
        heads = [_HEADS.get(head.strip(), head.strip()) for head in table.fieldnames or ()]
        table.fieldnames = heads
        rows = list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{name} cannot be read as CSV in UTF-8 or GBK; save it so from Excel") from error
    if missing := [column for column in COLUMNS if column not in heads]:
        raise InputError(f"{name}, row 1: columns {', '.join(COLUMNS)} are wanted, {', '.join(missing)} missing")
    return [Appraisal(*((row[column] or "").strip() for column in COLUMNS)) for row in rows]


def record(academy: Academy, appraisals: Sequence[Appraisal], by: str, file: str = "") -> int:
    """Record appraisals, all of them or none; how many are new. What is recorded already is not recorded again.

    Raises :class:`InputError` for the first that is unsound, with the row of ``file`` if they come from one.
    """
    rules = promotion_rules(academy)
    kept: dict[str, int] = {}
    facts: list[tuple[str, str, dict[str, str]]] = []
    for row, given in enumerate(appraisals, start=2):
        try:
            one = _sound(academy, given, rules)
        except InputError as error:
            raise InputError(f"{file}, row {row}: {error}") if file else error from error
        known = academy.store.events("appraisal.recorded", under=one.person)
        if asdict(one) in [dict(event.data) for event in known] or asdict(one) in [fact[2] for fact in facts]:
            continue
        kept[one.person] = kept.get(one.person, len(known)) + 1
        facts.append(("appraisal.recorded", f"{one.person}/{kept[one.person]}", asdict(one)))
    if facts:
        academy.store.append_all(facts, by)
    return len(facts)


def _sound(academy: Academy, one: Appraisal, rules: PromotionRules) -> Appraisal:
    """The appraisal with part and rating by their codes, whichever name somebody used, and the day as 2026-10-31."""

    def code(value: str, names: Mapping[str, Bilingual]) -> str:
        return next((code for code, name in names.items() if value in (name.en, name.zh)), value)

    one = replace(one, part=code(one.part, _PARTS), rating=code(one.rating, rules.scale))
    academy.person(one.person)
    for name, value, known in (("part", one.part, _PARTS), ("rating", one.rating, rules.scale)):
        if value not in known:
            listed = ", ".join(f"{code} ({known[code].zh})" for code in known)
            raise InputError(f"{one.person}: the {name} is one of {listed}, got {value!r}")
    try:
        day = people.day_in(one.on)
    except ValueError:
        day = None
    if day is None:
        raise InputError(f"{one.person}: the day of an appraisal is a date such as 2026-10-31, got {one.on!r}")
    if day > datetime.now(UTC).date():
        raise InputError(f"{one.person}: an appraisal of {day} lies in the future; give the day on which it was made")
    for name in ("appraiser", "evidence"):
        if not getattr(one, name):
            raise InputError(f"{one.person}: the {name} is wanted, got an empty text")
    if identity(academy, one.appraiser) == identity(academy, one.person):
        raise InputError(f"nobody appraises themselves, and {one.appraiser} is {one.person}; name somebody else")
    return replace(one, on=day.isoformat())
