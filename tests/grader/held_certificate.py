"""A centre with a certificate of a person, issued on a day of choice: made of facts, no room is run, nobody marks."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from grader import certify, forms
from grader.certify import Academy
from tests.grader.sat_form import FORM, SITTING, answer, choice, schedule, sit

HOLDER, MANAGER, TRAINER = "A1001", "S1009", "S1008"
MARKER, OFFICE, SECOND = "S1001", "S1002", "S1003"
CLERK, JUDGE, THIRD = "S1004", "S1005", "S1006"
"""People without any part in the seat."""


def centre(folder: Path, language: str = "zh") -> Academy:
    """A centre with its people and its own name."""
    academy = Academy(folder)
    people = {HOLDER: {"name": "陈晓敏", "email": "chen@example.com", "manager": MANAGER, "language": language}}
    people |= {who: {"name": who} for who in (MANAGER, TRAINER, MARKER, OFFICE, SECOND, CLERK, JUDGE, THIRD)}
    academy.store.append_all([("person.recorded", who, data) for who, data in people.items()], "hr")
    academy.store.append("teaching.recorded", HOLDER, {"trainer": TRAINER, "what": "team leader course"}, "hr")
    identity = {"name": {"en": "Test Centre", "zh": "测试中心"}, "url": "https://example.com/academy"}
    (academy.centre.root / "centre.json").write_text(json.dumps(identity), "utf-8")
    return academy


def certificate(academy: Academy, issued: str, person: str = HOLDER, sitting: str = SITTING) -> str:
    """A certificate of level 2 for a person, issued on a day; returns its number."""
    asked = [choice(number) for number in range(1, 4)]
    form = forms.freeze(FORM, 2, asked, {one.item_id: 0.5 for one in asked}, [], 7)
    academy.write_office(sitting, f"{form.id}.json", forms.to_json(form))
    academy.write_office(sitting, "practical.json", {"id": "team-leader", "version": 1, "points": {"p1": 10}})
    schedule(academy, form, [person], sitting, "certification")
    sit(academy, form, [answer(form, 1.0, random.Random(1))], sitting, room=False)
    seat = f"{sitting}-001"
    mark = {"seat": seat, "slot": "p1", "item": "x", "item_version": 1, "statement": "QA-2.1", "points": 8.0}
    academy.store.append("mark.given", f"{seat}/p1", mark | {"max_points": 10.0, "note": ""}, MARKER)
    decision: dict[str, Any] = {
        "person": person, "sitting": sitting, "level": 2, "outcome": "pass", "written_points": 3.0, "written_max": 3.0,
        "written_cut": 1.5, "practical_points": 8.0, "practical_max": 10.0, "practical_cut": 6.0,
        "domains": {"FC": [3, 3]}, "reasons": [], "error": 1.0, "in_band": False, "cut_method": "modified Angoff",
    }  # fmt: skip
    academy.store.append("decision.proposed", seat, decision, OFFICE)
    academy.store.append("decision.confirmed", seat, {}, SECOND)
    academy.store.append("sitting.decided", sitting, {}, SECOND)
    (number,) = certify.issue(academy, sitting, OFFICE, date.fromisoformat(issued)).numbers
    return number


def fixtures(issued: str) -> tuple[Any, Any, Any]:
    """The fixtures ``made``, ``academy`` and ``number`` of a module of tests: each test has a copy of one centre."""

    @pytest.fixture(scope="module")
    def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
        folder = tmp_path_factory.mktemp("centre")
        with centre(folder) as academy:
            return folder, certificate(academy, issued)

    @pytest.fixture
    def academy(made: tuple[Path, str], tmp_path: Path) -> Iterator[Academy]:
        shutil.copytree(made[0], tmp_path / "centre")
        with Academy(tmp_path / "centre") as opened:
            yield opened

    @pytest.fixture
    def number(made: tuple[Path, str]) -> str:
        return made[1]

    return made, academy, number
