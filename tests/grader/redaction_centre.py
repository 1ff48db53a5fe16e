"""A centre in which somebody who is to be forgotten sat an exam long ago, and where her name stands in it."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from grader import nbcourse, upkeep
from grader.centre import Centre
from grader.store import Store

__all__ = ["DAY", "MAIL", "NAME", "WAYS", "copied", "fill", "holding", "once", "redact", "say"]


DAY = date(2026, 11, 22)
NAME, MAIL = "陈晓敏", "xiaomin.chen@example.com"
WAYS = (
    NAME.encode(), NAME.encode("utf-16-le"), MAIL.encode(), json.dumps(NAME)[1:-1].encode(),
    b"%E9%99%88%E6%99%93%E6%95%8F",
)  # fmt: skip


def say(store: Store, kind: str, subject: str, data: dict[str, Any]) -> int:
    return store.append(kind, subject, data, by="office")


def copied(tmp_path: Path, built: Path) -> Centre:
    """The fixture ``centre``: A1001 has sat there once, in a decided sitting long ago, beside a colleague of hers."""
    return Centre(shutil.copytree(built, tmp_path / "centre"))


def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture ``built`` of a module: the folder of the centre, of which each test gets a copy."""
    place = Centre(tmp_path_factory.mktemp("redaction") / "centre")
    with Store(place.registry) as store:
        for person, name, mail in (("A1001", NAME, MAIL), ("A1002", "王雪", "xue@example.com")):
            fact = {"name": name, "email": mail, "site": "Hefei", "team": "B", "language": "zh"}
            say(store, "person.recorded", person, fact)
        say(
            store,
            "sitting.scheduled",
            "TL-1",
            {
                "level": 2,
                "purpose": "certification",
                "opens_at": "2020-05-01T08:00:00Z",
                "closes_at": "2020-05-01T09:00:00Z",
            },
        )
        for number, person in ((1, "A1001"), (2, "A1002")):
            seat = f"TL-1-0{number}"
            say(store, "seat.assigned", seat, {"sitting": "TL-1", "person": person, "form": "F1", "language": "zh"})
            say(store, "mark.given", f"{seat}/q01", {"seat": seat, "slot": "q01", "points": 1.0, "note": ""})
            say(store, "decision.proposed", seat, {"person": person, "sitting": "TL-1", "level": 2, "outcome": "pass"})
            say(store, "result.published", seat, {"on": "2020-05-04", "appeal_until": "2020-05-24"})
            issued = {
                "person": person,
                "level": 2,
                "seat": seat,
                "purpose": "certification",
                "issued_on": "2020-05-04",
                "valid_until": "2023-05-04",
            }
            say(store, "certificate.issued", f"L2-{number}", issued)
        say(store, "seat.extra-time", "TL-1-01", {"extra_min": 20, "reason": "reads with a screen reader"})
        say(
            store,
            "mark.given",
            "TL-1-01/q02",
            {"seat": "TL-1-01", "slot": "q02", "points": 2.0, "note": f"见{NAME}的答卷"},
        )
        say(store, "sitting.decided", "TL-1", {})
    fill(place)
    return place.root


def fill(place: Centre) -> None:
    cards = [{"seat": f"TL-1-0{n}", "person": f"A100{n}", "name": name} for n, name in ((1, NAME), (2, "王雪"))]
    for path, content in {
        place.office / "TL-1" / "cards.json": json.dumps(cards, ensure_ascii=False),
        place.office / "TL-1" / "slips.html": f"<p>{NAME}</p><p>王雪</p>",
        place.room / "TL-1" / "TL-1-01" / "seat.json": json.dumps({"candidate": {"name": NAME}}),
        place.room / "TL-1" / "TL-1-01" / "journal.jsonl": "{}\n",
        place.room / "TL-1" / "TL-1-02" / "seat.json": json.dumps({"candidate": {"name": "王雪"}}),
        place.results / "TL-1" / "TL-1-01.html": f"<h1>{NAME}</h1>",
        place.certificates / "L2-1.json": json.dumps({"identityHash": "sha256$0"}),
        place.certificates / "L2-1-zh.pdf": NAME,
        place.certificates / "L2-2-zh.pdf": "王雪",
        place.reports / "hr.html": f"<td>{NAME}<td>王雪",
        place.root / "registry.layout-2.db": NAME,
        place.exchange / "academy" / "inbound" / "A1001+L1+2026" / "work.txt": NAME,
        place.exchange / "academy" / "inbound" / "A1002+L1+2026" / "work.txt": "王雪",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    with zipfile.ZipFile(place.reports / "hr.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{NAME}</t>")
    nbcourse.create(place.course, course_id="academy", exchange=place.exchange)
    nbcourse.add_students(place.course, [("A1001", "", NAME), ("A1002", "", "王雪")])
    for person in ("A1001", "A1002"):
        nbcourse.submit(place.course, person, "L1", {"work.txt": b"mine"}, datetime(2020, 5, 1, tzinfo=UTC))


def holding(place: Centre) -> list[str]:
    """The files of the centre in which the name or the address stands, packed ones looked into."""
    found = []
    for path in sorted(place.root.rglob("*")):
        if path.is_file():
            contents = [path.read_bytes()]
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as packed:
                    contents += [packed.read(name) for name in packed.namelist()]
            if any(way in content for way in WAYS for content in contents):
                found.append(path.relative_to(place.root).as_posix())
    return found


def redact(place: Centre, **more: Any) -> upkeep.Redaction:
    with Store(place.registry) as store:
        return upkeep.redact(place, store, "A1001", "asked for it, letter 17", "HR-1", DAY, **more)
