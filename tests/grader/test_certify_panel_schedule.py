"""A certification from the shelf: no form without its panel, the panel's cut for the sitting, no seat for a judge."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader import certify
from grader.centre import PROJECT
from grader.certify import Academy, Candidate, assembly, panel, statistics
from grader.errors import RuleBroken
from tests.grader.test_certify_panel import filled

NOW = datetime.now(UTC).replace(microsecond=0)
JUDGES = [f"J{number}" for number in range(1, 9)]
FORM = "TL-A-F1"


@pytest.fixture
def academy(tmp_path: Path) -> Iterator[Academy]:
    """The shipped bank under a scheme whose level 2 takes a form as short as the bank can make for sure."""
    shutil.copytree(PROJECT / "question_bank", tmp_path / "bank")
    scheme = tmp_path / "bank" / "scheme.yml"
    text = scheme.read_text("utf-8")
    assert text.count("scored: 60\n    pilot: 6\n    minutes: 120") == 1
    scheme.write_text(
        text.replace("scored: 60\n    pilot: 6\n    minutes: 120", "scored: 24\n    pilot: 6\n    minutes: 80"), "utf-8"
    )
    with Academy(tmp_path / "centre", tmp_path / "bank") as opened:
        people = {name: {"name": name, "hired_on": "2020-01-15", "language": "zh"} for name in ("A1", "A2", "J1")}
        opened.store.append_all([("person.recorded", name, about) for name, about in people.items()], "hr")
        assembly.assemble(opened, "TL-A", 2, 1, by="office")
        yield opened


def schedule(academy: Academy, sitting: str, *people: str) -> None:
    certify.schedule(
        academy, sitting, 2, [Candidate(person) for person in people], opens_at=NOW, closes_at=NOW + timedelta(hours=3),
        minutes=140, purpose="certification", by="office", form_names=[FORM],
    )  # fmt: skip


def test_a_form_serves_certification_once_its_panel_has_sat_and_nobody_who_judged_it(academy: Academy) -> None:
    with pytest.raises(RuleBroken, match=f"wants a cut score set by a panel .*{FORM}"):
        schedule(academy, "TL-1", "A1")

    for round_ in (1, 2):
        for judge, sheet in panel.sheets(academy, "P1", round_, FORM, JUDGES).items():
            rating = str(58 + 2 * JUDGES.index(judge))
            panel.rate(academy, "P1", f"{judge}.csv", filled(sheet, lambda n, item, say=rating: say), "office")  # type: ignore[misc]
    cut = panel.settle(academy, "P1", "head")
    form = assembly.stored(academy, FORM)
    # Eight judges from 58 to 72 percent of every item: 65 % of the form's points.
    assert cut.points == pytest.approx(0.65 * form.max_points, abs=0.051)
    assert statistics.fitness(academy, form).fit is None

    with pytest.raises(RuleBroken, match="J1 has seen the form"):
        schedule(academy, "TL-1", "A1", "J1")
    schedule(academy, "TL-1", "A1", "A2")

    (assigned,) = academy.store.events("seat.assigned", "TL-1-01")
    months = (NOW.year - 2020) * 12 + NOW.month - 1 - (NOW.day < 15)
    assert assigned.data["entry"] == {"since": "2020-01-15", "months": months, "wanted": 12}
    row = academy.sitting("TL-1")
    assert row["cut_method"] == "modified Angoff"
    assert json.loads(row["forms"]) == {FORM: {"digest": form.digest, "cut": cut.points}}
    with pytest.raises(RuleBroken, match="A1 has seat TL-1-01 with form TL-A-F1 and cannot judge it"):
        panel.sheets(academy, "P2", 1, FORM, ["A1"])
