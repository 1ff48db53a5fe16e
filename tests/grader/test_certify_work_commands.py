"""The office gives out, collects and marks work products by command."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from grader import certify
from grader.certify import Academy, Candidate, work
from grader.commands import main
from tests.grader.work_sitting import FILES, NOW, after_the_exam, before_end, before_the_exam, either, file, refusal

academy = pytest.fixture(before_the_exam)
sat = pytest.fixture(after_the_exam)
level = pytest.fixture(either, params=[4, 5])


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(list(words))
    out = capsys.readouterr()
    return code, out.out + out.err


@pytest.mark.parametrize("level", [5])
def test_the_office_does_it_all_by_command(sat: Academy, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    centre = ("--centre", str(sat.centre.root))
    for name in FILES[5]:
        (tmp_path / name).write_bytes(file(name)[1])
    paths = [str(tmp_path / name) for name in FILES[5]]
    came = before_end(sat).isoformat()

    code, text = told(capsys, "exam", "hand-in", "W-01", *paths, "--received", came, "--by", "zhao", *centre)
    assert code == 0 and text.count("sha256 ") == 2 and "Nothing is missing." in text and "LATE" not in text
    code, text = told(capsys, "exam", "hand-in", "W-02", paths[0], "--by", "zhao", *centre)
    assert code == 0 and "LATE: kept, and it does not count" in text and "Still missing: optimisation-plan" in text
    code, text = told(capsys, "exam", "work", "W", *centre)
    assert code == 0 and "in time   optimisation-plan.pdf" in text and "LATE      optimisation-plan.pdf" in text
    assert "missing   business-case" in text and "interview: 0 of 3 marks" in text
    code, text = told(capsys, "exam", "more-days", "W-02", "9", "--reason", "ill", "--by", "zhao", *centre)
    assert code == 0 and "may hand in until" in text
    code, text = told(capsys, "exam", "interview", "W-01", "--by", "S3", "--language", "zh", *centre)
    assert code == 0 and "对数字负责" in text and "a  0 to 4" in text
    code, text = told(capsys, "exam", "interview", "W-01", "--points", "a=3, b=2.5,c=4,d=3，e=2", "--by", "S3", *centre)
    assert code == 0 and "interview: 1 of 3 marks" in text
    code, text = told(capsys, "exam", "interview", "W-01", "--points", "3,2,4", "--by", "S4", *centre)
    assert code == 2 and "points are written a=3,b=2.5,c=4" in text
    code, text = told(capsys, "exam", "interview", "W-03", "--not-held", "did not come", "--by", "zhao", *centre)
    assert code == 0 and "interview 0 points" in text
    certify.mark(sat, "W")
    code, text = told(capsys, "exam", "rate", "W", "--by", "S1", *centre)
    folder = sat.centre.office / "W" / "W-marks-of-S1"
    assert (
        code == 0
        and "1 answer to be marked by S1" in text
        and "Give its folder, with all that is in it, to the marker" in text
    )
    assert {path.suffix for path in (folder / "files").iterdir()} == {".pdf", ".xlsx"}
    links = re.findall(r'href="(files/[^"]+)"', (folder / "booklet.html").read_text("utf-8"))
    assert len(links) == 2 and all((folder / link).stat().st_mode & 0o077 == 0 for link in links)
    code, text = told(capsys, "exam", "work", "W", "--json", *centre)
    assert json.loads(text)["seats"][0]["missing"] == []


@pytest.mark.parametrize("level", [4])
def test_scheduling_by_command_tells_the_days_and_where_the_task_lies(
    academy: Academy, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["exam", "schedule", "X", "--level", "4", "--candidate", "A1:en", "--minutes", "90", "--items", "20"]
    words += ["--purpose", "practice", "--by", "zhao", "--centre", str(academy.centre.root)]

    with pytest.raises(SystemExit):
        main([*words, "--task-given", "tomorrow"])
    assert "a day such as 2026-12-07 is wanted, got 'tomorrow'" in capsys.readouterr().err


def test_a_sitting_without_work_products_says_so(tmp_path: Path) -> None:
    with Academy(tmp_path) as academy:
        academy.store.append("person.recorded", "A1", {"name": "Chen Min"}, "hr")
        certify.schedule(
            academy, "T", 2, [Candidate("A1", "en")], opens_at=NOW, closes_at=NOW + timedelta(hours=2), minutes=120,
            purpose="practice", by="office", length=24,
        )  # fmt: skip

        assert "has no work products" in refusal(work.standings, academy, "T")
        assert "has no work product; its practical is done in the exam room" in refusal(
            work.hand_in, academy, "T-01", [file("plan.pdf")], "office"
        )
