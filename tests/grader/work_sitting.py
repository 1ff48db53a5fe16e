"""A sitting with work products at levels 4 and 5: its people, their files, and marks through a booklet."""

from __future__ import annotations

import functools
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader import certify, seats
from grader.certify import Academy, Candidate, booklet, rating, work, workdays
from grader.certify.handwork import works
from grader.errors import AcademyError
from tests.grader.generated_bank import FRAMEWORK, SCHEME, bank

__all__ = [
    "FILES",
    "NOW",
    "PEOPLE",
    "after_the_exam",
    "before_end",
    "before_the_exam",
    "copied",
    "days_ago",
    "either",
    "file",
    "give",
    "model",
    "opened",
    "pdf",
    "refusal",
    "sit",
    "xlsx",
]


NOW = datetime.now(UTC).replace(microsecond=0)
PEOPLE = ("A1", "A2", "A3")
FILES = {
    4: ("capacity-plan.xlsx", "capacity-notes.pdf", "metric-dictionary.pdf", "improvement-charter.pdf"),
    5: ("optimisation-plan.pdf", "business-case.xlsx"),
}


def pdf(words: str) -> bytes:
    return f"%PDF-1.7\n{words}\n%%EOF\n".encode()


def xlsx(words: str = "", author: str = "", macro: bool = False) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("xl/workbook.xml", f"<workbook>{words}</workbook>")
        packed.writestr("docProps/core.xml", f"<creator>{author}</creator>")
        if macro:
            packed.writestr("xl/vbaProject.bin", b"macro")
    return made.getvalue()


def file(name: str, words: str = "plan") -> tuple[str, bytes]:
    return name, pdf(words) if name.endswith("pdf") else xlsx(words)


def days_ago(days: int, level: int) -> date:
    """A day of giving out whose last working day was so many days ago or a little more."""
    day = NOW.astimezone().date()
    while workdays.window(Path("/nowhere"), SCHEME.level(level).practical_days or 0, day).days[-1] > (
        NOW.astimezone().date() - timedelta(days=days)
    ):
        day -= timedelta(days=1)
    return day


def opened(root: Path, level: int, given_on: date, purpose: str = "practice") -> Academy:
    """A centre with one sitting of the level: three people have sat the written part, which is closed and marked."""
    academy = Academy(root)
    length = 20
    academy.__dict__.update(framework=FRAMEWORK, scheme=SCHEME, items=bank(level, length))
    people = {one: {"name": f"Name of {one}", "hired_on": "2010-01-15"} for one in PEOPLE}
    people |= {f"S{number}": {"name": f"Staff {number}"} for number in range(1, 7)} | {"S9": {"name": "Boss"}}
    people["A2"]["manager"] = "S9"
    academy.store.append_all([("person.recorded", who, data) for who, data in people.items()], "hr")
    candidates = [Candidate(one, language) for one, language in zip(PEOPLE, ("en", "zh", "en"), strict=True)]
    certify.schedule(
        academy, "W", level, candidates, opens_at=NOW - timedelta(hours=2), closes_at=NOW + timedelta(hours=1),
        minutes=90, purpose=purpose, by="office", length=length, given_on=given_on,
    )  # fmt: skip
    return academy


def sit(academy: Academy, right: bool = True) -> None:
    for row in academy.seats("W"):
        folder = seats.find(academy.centre.room, row["seat"])
        folder.start(NOW - timedelta(hours=1))
        for slot in academy.form("W", row["form"]).slots:
            if right and slot.question.kind != "text":
                from grader.certify.second_look import right_answer

                folder.save(slot.name, right_answer(slot), NOW - timedelta(minutes=50))
        folder.hand_in(NOW - timedelta(minutes=30), "candidate", None)
    certify.close(academy, "W", "office", NOW + timedelta(hours=2))
    certify.mark(academy, "W")


@functools.cache
def model(level: int, sat: bool, folder: Path) -> Path:
    """A centre of the level, made once below ``folder`` and copied for each test: before the written part, or after."""
    root = folder / f"work-model-{level}-{'after' if sat else 'before'}" / "centre"
    root.parent.mkdir()
    if sat:
        shutil.copytree(model(level, False, folder), root)
        with Academy(root) as academy:
            academy.__dict__.update(framework=FRAMEWORK, scheme=SCHEME, items={})
            sit(academy)
    else:
        opened(root, level, days_ago(6, level)).__exit__()
    return root


def copied(base: Path, sat: bool, root: Path, level: int) -> Academy:
    shutil.copytree(model(level, sat, base), root)
    academy = Academy(root)
    academy.__dict__.update(framework=FRAMEWORK, scheme=SCHEME, items=bank(level, 20))
    return academy


def either(request: pytest.FixtureRequest) -> int:
    """The fixture ``level``."""
    return int(request.param)


def before_the_exam(tmp_path: Path, level: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    """The fixture ``academy``, before the written part.

    The end of the work products was six days ago or a little more: one working day on is past on a Monday, too.
    """
    with copied(tmp_path_factory.getbasetemp(), False, tmp_path / "centre", level) as academy:
        yield academy


def after_the_exam(tmp_path: Path, level: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Academy]:
    """The fixture ``sat``: the same after the written part, which is closed and marked."""
    with copied(tmp_path_factory.getbasetemp(), True, tmp_path / "centre", level) as academy:
        yield academy


def before_end(academy: Academy, seat: str = "W-01", hours: float = 30) -> datetime:
    (row,) = [one for one in work.standings(academy, "W") if one.seat == seat]
    return datetime.fromisoformat(row.ends_at) - timedelta(hours=hours)


def give(academy: Academy, marker: str, points: dict[str, float]) -> rating.Taken:
    """The same points on every line of each answer, through a booklet's file of marks."""
    page = booklet.booklet(academy, "W", marker, "en").html
    about = json.loads(re.findall(r'id="about">(.+?)</script>', page)[0])
    name = booklet._tokens(academy, "W", marker)
    lines = {one.place: [line.id for line in one.rubric] for one in works(academy, "W")}
    marks = [
        {"answer": name(place), "criteria": dict.fromkeys(lines[place], each), "note": ""}
        for place, each in points.items()
    ]
    data = json.dumps({**about, "marks": marks}).encode()
    return rating.take(academy, "W", marker, booklet.read_marks(academy, "W", marker, data))


def refusal(step: Any, *words: Any, **more: Any) -> str:
    with pytest.raises(AcademyError) as caught:
        step(*words, **more)
    return str(caught.value)
