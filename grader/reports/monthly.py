"""Draws the report of a month as a PDF in one language, for those who decide: tables, bars, and how it was counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import AcademyError
from ..model import Bilingual, Framework
from .month import FEWEST, Month, Passed
from .words import MONTHLY, READY

__all__ = ["month_pdf"]

_TEMPLATE = Path(__file__).with_name("month.typ")
_FILLED = ("title", "as_of", "span", "towards", "tile_")
"""Words that need a value; the template does not ask for them by name."""
_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def month_pdf(month: Month, framework: Framework, issuer: Bilingual, language: str) -> bytes:
    """The report in ``en`` or ``zh``; the same figures give the same bytes."""
    import typst  # none of the other lists is drawn

    content = json.dumps(_content(month, framework, issuer, language), ensure_ascii=False)
    try:
        paper = _compiler().compile(_TEMPLATE, sys_inputs={"data": content}, format="pdf")
    except typst.TypstError as error:
        raise AcademyError(f"the report of {month.first:%Y-%m} could not be drawn ({error.message})") from error
    assert isinstance(paper, bytes)
    return paper


@lru_cache
def _compiler() -> Any:
    import typst

    fonts = Path(str(files("noto_cjk_sans_otc")))
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=[fonts], ignore_system_fonts=True)


def _content(month: Month, framework: Framework, issuer: Bilingual, language: str) -> dict[str, Any]:
    def say(word: str, **values: object) -> str:
        return MONTHLY[word].say(language).format(**values)

    began, ended, taken = month.months[-1][1:]
    ending = [row for _, _, row in month.ending]
    tiles = (
        ("people", month.people), ("holders", month.holders), ("certificates", sum(month.in_force)),
        ("wanting", month.wanting), ("began", began), ("ended", ended), ("taken", taken),
        ("ending_soon", sum(map(sum, ending))),
    )  # fmt: skip
    return {
        "language": language,
        "title": say("title", month=_month(month.first, language)),
        "issuer": issuer.say(language),
        "as_of": say("as_of", day=_day(month.day, language)),
        "notice": say("notice") if month.samples else None,
        "foot": say("foot"),
        "tiles": [(_count(value), say(f"tile_{word}")) for word, value in tiles],
        "levels": [level.name.say(language) for level in framework.levels],
        "sites": [
            {"name": say("others") if name is None else name or say("no_site"), "counts": row, "said": _row(row)}
            for name, row in month.sites
        ],
        "site_total": [say("total"), *_row(month.in_force)],
        "months": [
            {"name": f"{first:%Y-%m}" if first.month == 1 or not place else f"{first:%m}", "counts": counts}
            for place, (first, *counts) in enumerate(month.months)
        ],
        "counts": {str(value): _short(value) for _, *counts in month.months for value in counts},
        "ending": [
            {"name": say("span", low=low, high=high), "said": _row(row)} for low, high, row in month.ending
        ],
        "ending_total": [say("total"), *_row([sum(column) for column in zip(*ending, strict=True)])],
        **_rates(month, framework, language),
        **_readiness(month, framework, language),
        "say": {word: say(word, few=FEWEST) for word in MONTHLY if not word.startswith(_FILLED)},
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
        if (total := sum(counts.values())) >= FEWEST:
            said = " / ".join(_count(counts[state]) for state, _ in states)
            name = MONTHLY["towards"].say(language).format(level=framework.level(level).name.say(language))
            rows.append({"name": name, "counts": [counts[state] for state, _ in states], "said": said, "total": total})
    return {"ready": None if month.ready is None else rows, "ready_states": states}


def _row(counts: Sequence[int]) -> list[str]:
    return [*map(_count, counts), _count(sum(counts))]


def _count(value: int) -> str:
    return f"{value:,}"


def _short(value: int) -> str:
    return f"{value / 1000:.1f}k" if value >= 10_000 else _count(value)


def _month(first: date, language: str) -> str:
    return f"{first.year}年{first.month}月" if language == "zh" else f"{_NAMES[first.month - 1]} {first.year}"


def _day(day: date, language: str) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_NAMES[day.month - 1]} {day.year}"
