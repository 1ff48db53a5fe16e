"""A decided seat's result, told to its candidate: a page with scores, a profile by domain and what to do next."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from .. import ladder
from ..certificates import Score
from ..errors import RuleBroken
from ..model import Bilingual
from .desk import Academy
from .reopening import reopened
from .result_page import Appealed, Profile, Result, result_page
from .retakes import failed_on

__all__ = ["publish"]


def publish(
    academy: Academy,
    sitting: str,
    by: str,
    today: date | None = None,
    progress: Callable[[str], None] = lambda seat: None,
) -> list[Path]:
    """Write the page of every decided seat into ``results/`` and record that its candidate was told; returns the pages.

    The days for an appeal count from the first time that a decision is published; calling it again writes the pages
    anew (a certificate has been issued since, an appeal was decided) and moves no day. A seat whose decision an upheld
    appeal has opened again is left out until it is confirmed. Who was redacted gets no page: there is nobody to tell.
    """
    about = academy.sitting(sitting, "decided")
    left_out = reopened(academy, sitting)
    told = {event.subject: event.data for event in academy.store.events("result.published")}
    day, decided, paths, facts = today or _today(), 0, [], []
    for decision in academy.store.rows("decisions", sitting=sitting):
        seat = academy.seat(decision["seat"])
        if seat["seat"] in left_out or decision["confirmed_by"] is None:
            continue
        progress(seat["seat"])
        decided += 1
        fact = told.get(seat["seat"])
        if fact is None or fact["proposal"] != decision["proposal"]:
            fact = _fact(academy, decision, day)
            facts.append(("result.published", seat["seat"], fact))
        if academy.store.rows("people", person=seat["person"]):
            paths.append(_write(academy, _result(academy, about, seat, decision, fact)))
    if not decided:
        raise RuleBroken(f"sitting {sitting} has no result to publish: an upheld appeal has opened its decisions again")
    academy.store.append_all(facts, by)
    return paths


def _fact(academy: Academy, decision: Mapping[str, Any], day: date) -> dict[str, Any]:
    return {
        "sitting": decision["sitting"],
        "proposal": decision["proposal"],
        "outcome": decision["outcome"],
        "on": day.isoformat(),
        "appeal_until": (day + timedelta(days=academy.scheme.appeal.days)).isoformat(),
    }


def _write(academy: Academy, result: Result) -> Path:
    folder = academy.centre.results / result.sitting
    for path in (academy.centre.results, folder):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, part = folder / f"{result.seat}.html", folder / f".{result.seat}.part"
    part.touch(0o600)
    part.write_text(result_page(result), "utf-8")
    return part.replace(path)


def _result(
    academy: Academy,
    sitting: Mapping[str, Any],
    seat: Mapping[str, Any],
    decision: Mapping[str, Any],
    published: Mapping[str, Any],
) -> Result:
    purpose, level = sitting["purpose"], int(sitting["level"])
    failed = failed_on(academy, seat["person"], level) if purpose == "certification" else []
    held = sorted(
        academy.store.rows("certificates", seat=seat["seat"], state="active"), key=lambda row: row["valid_until"]
    )
    compliance = json.loads(decision["compliance"] or "null")
    return Result(
        seat=seat["seat"],
        sitting=sitting["sitting"],
        title=Bilingual(sitting["title_en"], sitting["title_zh"]),
        name=academy.person(seat["person"])["name"],
        language=seat["language"],
        purpose=purpose,
        outcome=decision["outcome"],
        decided_on=decision["confirmed_at"][:10],
        written=Score(decision["written_points"], decision["written_max"], decision["written_cut"]),
        practical=Score(decision["practical_points"], decision["practical_max"], decision["practical_cut"]),
        compliance=Score(*compliance) if compliance else None,
        error=decision["error"] or 0.0,
        looked_at_again=decision["reviewed_by"] is not None,
        cut_method=decision["cut_method"] or sitting["cut_method"],
        profile=_profile(academy, seat, decision),
        certificate=(held[-1]["number"], held[-1]["valid_until"]) if held else None,
        published_on=published["on"],
        appeal_until=published["appeal_until"],
        grounds=tuple(academy.scheme.appeal.grounds.values()),
        appeals=tuple(_appeals(academy, seat["seat"])),
        retake_from=ladder.retake_from(academy.scheme.retake, failed) if decision["outcome"] == "fail" else None,
        tried_out=bool(academy.form(seat["sitting"], seat["form"]).pilot),
        documents=_documents(academy, seat),
    )


def _documents(academy: Academy, seat: Mapping[str, Any]) -> tuple[tuple[Bilingual, float, float], ...]:
    """What each part of a work product earned; nothing for a practical of the exam room."""
    words = academy.practical_words(seat["sitting"])
    if "work" not in words:
        return ()
    given = {row["slot"]: row["points"] for row in academy.store.rows("marks", seat=seat["seat"])}
    tasks = {**words["hand"], **({words["interview"]["part"]: words["interview"]} if "interview" in words else {})}
    return tuple(
        (_heading(task["question"]), given.get(part, 0.0), words["points"][part]) for part, task in tasks.items()
    )


def _heading(question: Mapping[str, str]) -> Bilingual:
    """The last heading of a part's task, without its number and its points: the rules of the whole stand before it."""
    found = (
        re.findall(r"^## (?:\d+\. )?(.+?)(?: \(.*\)|（.*）)?$", text, re.M)[-1:]
        for text in (question["en"], question["zh"])
    )
    return Bilingual(*("".join(one) for one in found))


def _profile(academy: Academy, seat: Mapping[str, Any], decision: Mapping[str, Any]) -> tuple[Profile, ...]:
    """The domains of the form in the framework's order; how many questions of each, and what they earned."""
    questions: dict[str, int] = {}
    for slot in academy.form(seat["sitting"], seat["form"]).scored:
        code = slot.question.statement.split("-")[0]
        questions[code] = questions.get(code, 0) + 1
    points = json.loads(decision["domains"])
    return tuple(
        Profile(domain.name, questions[domain.code], *points[domain.code])
        for domain in academy.framework.domains
        if domain.code in questions
    )


def _appeals(academy: Academy, seat: str) -> Iterator[Appealed]:
    grounds = academy.scheme.appeal.grounds
    for row in academy.store.rows("appeals", seat=seat):
        (filed,) = academy.store.events("appeal.filed", row["appeal"])
        yield Appealed(
            row["filed_on"],
            grounds.get(row["ground"], Bilingual(row["ground"], row["ground"])),
            row["outcome"],
            row["reason"],
            "same_as" in filed.data,
        )


def _today() -> date:
    return datetime.now(UTC).date()
