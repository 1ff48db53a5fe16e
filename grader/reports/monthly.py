"""Draws the report of a month as a PDF in one language, for those who decide: tables, bars, and how it was counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ..certificates import typeset
from ..model import Bilingual, Framework
from .fewest import FEWEST, Hidden, hide, small, total
from .month import Month, Passed
from .words import MONTHLY, READY

__all__ = ["month_pdf"]

_TEMPLATE = Path(__file__).with_name("month.typ")
_HIDDEN = "*"
_FILLED = ("title", "as_of", "span", "towards", "tile_")
"""Words that need a value; the template does not ask for them by name."""
_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def month_pdf(month: Month, framework: Framework, issuer: Bilingual, language: str) -> bytes:
    """The report in ``en`` or ``zh``; the same figures give the same bytes."""
    content = _content(month, framework, issuer, language)
    return typeset(f"the report of {month.first:%Y-%m}", _TEMPLATE, content)


def _content(month: Month, framework: Framework, issuer: Bilingual, language: str) -> dict[str, Any]:
    def say(word: str, **values: object) -> str:
        return MONTHLY[word].say(language).format(**values)

    sample = say("tile_sample") if month.samples else ""
    began, ended, taken = month.months[-1][1:]
    tiles = (
        ("people", month.people), ("holders", month.holders), ("certificates", sum(month.in_force)),
        ("wanting", month.wanting), ("began", began), ("ended", ended), ("taken", taken),
        ("ending_soon", sum(sum(row) for _, _, row in month.ending)),
    )  # fmt: skip
    sites = [say("others") if name is None else name or say("no_site") for name, _ in month.sites]
    days = [say("span", low=low, high=high) for low, high, _ in month.ending]
    return {
        "language": language,
        "title": say("title", month=_month(month.first, language)),
        "issuer": issuer.say(language),
        "as_of": say("as_of", day=_day(month.day, language)),
        "notice": say("notice") if month.samples else None,
        "foot": say("foot"),
        "tiles": [(_few(value), say(f"tile_{word}") + sample * (word != "people")) for word, value in tiles],
        "levels": [level.name.say(language) for level in framework.levels],
        "sites": _table(sites, [row for _, row in month.sites], language),
        "months": [
            {
                "name": f"{first:%Y-%m}" if first.month == 1 or not place else f"{first:%m}",
                "counts": [{"height": _bar(value), "said": _short(value) if value else ""} for value in counts],
            }
            for place, (first, *counts) in enumerate(month.months)
        ],
        "ending": _table(days, [row for _, _, row in month.ending], language),
        **_rates(month, framework, language),
        **_readiness(month, framework, language),
        "say": {word: say(word, few=FEWEST) for word in MONTHLY if not word.startswith(_FILLED)},
    }  # fmt: skip


def _table(names: Sequence[str], counts: Sequence[Sequence[int]], language: str) -> dict[str, Any]:
    """A table of certificates without the numbers of a few people, and sums of what it shows."""
    shown: Hidden = hide(counts)
    whole = not any(None in row for row in shown)
    return {
        "rows": [
            {"name": name, "counts": [value or 0 for value in row], "said": [*_said(row), *_said([total(row)])]}
            for name, row in zip(names, shown, strict=True)
        ],
        "total": [
            MONTHLY["total" if whole else "total_shown"].say(language),
            *_said(total(column) for column in zip(*shown, strict=True)),
            *_said([total([value for row in shown for value in row])]),
        ],
        "head": MONTHLY["total" if whole else "sum_shown"].say(language),
        "whole": whole,
    }  # fmt: skip


def _rates(month: Month, framework: Framework, language: str) -> dict[str, Any]:
    hidden = MONTHLY["hidden"].say(language)
    rows = [
        [level.name.say(language), *([hidden, "–"] if _tells(*pair) else _passed(pair[0])), *_passed(pair[1])]
        for level, pair in zip(framework.levels, month.passed, strict=True)
    ]
    totals = []
    for place in (0, 1):
        # The small groups are left out of the sum, too: it would tell what they hide.
        shown = [pair[place] for pair in month.passed if pair[place].shown and (place or not _tells(*pair))]
        totals += _passed(Passed(sum(one.candidates for one in shown), sum(one.passed for one in shown)))
    return {"passed": rows, "passed_total": [MONTHLY["total_shown"].say(language), *totals]}


def _tells(month: Passed, year: Passed) -> bool:
    """Whether the month beside the year would tell how few people of the other months did."""
    return month.shown and 0 < year.candidates - month.candidates < FEWEST


def _passed(group: Passed) -> list[str]:
    if not group.candidates:
        return ["0", "–"]
    if not group.shown:
        return [f"< {FEWEST}", "–"]
    return [_count(group.candidates), f"{100 * group.passed / group.candidates:.0f} %"]


def _readiness(month: Month, framework: Framework, language: str) -> dict[str, Any]:
    states = [(state, READY[state].say(language)) for state in ("ready", "near", "not-yet")]
    rows = []
    for level, counts in month.ready or ():
        if sum(counts.values()) >= FEWEST:
            said = " / ".join(_few(counts[state]) for state, _ in states)
            name = MONTHLY["towards"].say(language).format(level=framework.level(level).name.say(language))
            rows.append({"name": name, "counts": [_bar(counts[state]) for state, _ in states], "said": said})
    return {"ready": None if month.ready is None else rows, "ready_states": states}


def _said(counts: Iterable[int | None]) -> list[str]:
    return [_HIDDEN if value is None else _count(value) for value in counts]


def _few(value: int) -> str:
    return f"< {FEWEST}" if small(value) else _count(value)


def _bar(value: int) -> int:
    """The height of a bar: of a small number the highest that it could have."""
    return FEWEST - 1 if small(value) else value


def _count(value: int) -> str:
    return f"{value:,}"


def _short(value: int) -> str:
    return f"<{FEWEST}" if small(value) else f"{value / 1000:.1f}k" if value >= 10_000 else _count(value)


def _month(first: date, language: str) -> str:
    return f"{first.year}年{first.month}月" if language == "zh" else f"{_NAMES[first.month - 1]} {first.year}"


def _day(day: date, language: str) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_NAMES[day.month - 1]} {day.year}"
