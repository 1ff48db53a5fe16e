"""Who is ready for the next level, and the appraisals that say it: one by one or from a file, unsound ones refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.store import Store
from tests.grader.hr_answers import Run, appraise, fixtures, rows

store, shown, run = fixtures()


def one(run: Run, person: str) -> dict[str, Any]:
    return next(row for row in rows(run, "ready") if row["person"] == person)


def test_nobody_is_ready_without_appraisals_and_what_is_missing_is_said(run: Run) -> None:
    found = one(run, "P010")  # supervisor, holds level 3

    assert (found["target"], found["results"], found["ability"], found["potential"]) == (
        "L4",
        "none",
        "not-met",
        "none",
    )
    assert found["state"] == "not-yet"
    assert found["missing"].split("; ")[:3] == [
        "results: not appraised", "potential: not appraised", "ability: no certificate of Manager in force (none)",
    ]  # fmt: skip


def test_somebody_with_all_three_is_ready_and_nothing_is_missing(run: Run, store: Store) -> None:
    store.append("person.recorded", "P010", {"name": "李雯", "role": "x", "job_level": "L2"}, "hr")
    appraise(run, "P010", "results", "sound", "P012")
    appraise(run, "P010", "potential", "strong", "P012")
    found = one(run, "P010")
    assert (found["state"], found["potential"]) == ("near", "few")
    assert found["missing"] == "potential: appraised by 1 of 2 people"

    appraise(run, "P010", "potential", "sound", "P008")

    found = one(run, "P010")
    assert (found["target"], found["ability"], found["state"], found["missing"]) == ("L3", "met", "ready", None)
    assert rows(run, "ready")[0]["person"] == "P010", "who is ready stands first"


def test_one_low_rating_is_not_outweighed_and_a_newer_one_of_the_same_person_replaces_it(run: Run) -> None:
    appraise(run, "P010", "results", "weak", "P012")
    appraise(run, "P010", "results", "strong", "P008")
    found = one(run, "P010")
    assert found["results"] == "below"
    assert "results: rated weak, at least sound is wanted" in found["missing"]

    appraise(run, "P010", "results", "sound", "P012", on="2026-11-01")

    assert one(run, "P010")["results"] == "met"


def test_an_old_appraisal_says_nothing_any_more(run: Run) -> None:
    appraise(run, "P010", "results", "strong", "P012", on="2025-11-20")  # a year and a day before TODAY

    found = one(run, "P010")
    assert found["results"] == "none" and "results: no appraisal within 12 months" in found["missing"]

    appraise(run, "P010", "results", "strong", "P012", on="2025-11-21")
    assert one(run, "P010")["results"] == "met"


def test_no_figure_is_made_of_the_three_parts(run: Run) -> None:
    appraise(run, "P010", "results", "strong", "P012")

    values = [value for row in rows(run, "ready") for value in row.values()]
    assert not [value for value in values if isinstance(value, (int, float))]


def test_somebody_at_the_top_has_no_next_level(run: Run) -> None:
    assert "P015" not in {row["person"] for row in rows(run, "ready")}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"--rating": "great"}, "P010: the rating is one of weak (不足), sound (合格), strong (突出), got 'great'"),
        ({"--on": "2099-01-01"}, "P010: an appraisal of 2099-01-01 lies in the future"),
        ({"--appraiser": "P010"}, "nobody appraises themselves, and P010 is P010"),
        ({"--evidence": ""}, "an appraisal of one person needs --evidence"),
    ],
)
def test_an_unsound_appraisal_is_refused(run: Run, store: Store, change: dict[str, str], sentence: str) -> None:
    words = {"--part": "results", "--rating": "sound", "--on": "2026-10-01", "--appraiser": "P012",
             "--evidence": "sheet 7", "--by": "hr"} | change  # fmt: skip

    code, said = run("appraise", "P010", *(text for pair in words.items() for text in pair))

    assert code == 2 and sentence in said
    assert store.events("appraisal.recorded") == []


def test_a_file_of_appraisals_is_recorded_whole_or_not_at_all_and_once(run: Run, store: Store, tmp_path: Path) -> None:
    head = "person,part,rating,on,appraiser,evidence\n"
    good = "P010,results,sound,2026-10-01,P012,sheet 7\nP001,potential,strong,2026-10-01,P012,sheet 8\n"
    file = tmp_path / "a.csv"
    file.write_text(head + good + "P002,results,superb,2026-10-01,P012,sheet 9\n", "utf-8-sig")
    code, said = run("appraise", "--file", str(file), "--by", "hr")
    assert code == 2 and "P002: the rating is one of" in said and store.events("appraisal.recorded") == []

    file.write_text(head + good, "utf-8-sig")
    assert run("appraise", "--file", str(file), "--by", "hr") == (0, "2 appraisals recorded, 0 known already\n")
    assert run("appraise", "--file", str(file), "--by", "hr") == (0, "0 appraisals recorded, 2 known already\n")


def test_a_file_of_appraisals_may_be_written_in_chinese(run: Run, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "考核.csv"
    file.write_text("工号,项目,等次,日期,评价人,依据\nP010,业绩,合格,2026-10-01,P012,三季度计分卡\n", "gb18030")

    assert run("appraise", "--file", str(file), "--by", "hr") == (0, "1 appraisal recorded, 0 known already\n")

    (event,) = store.events("appraisal.recorded")
    assert (event.data["part"], event.data["rating"], event.data["evidence"]) == ("results", "sound", "三季度计分卡")


def test_appraisals_come_from_a_file_in_the_forms_of_dates_that_people_type(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "考核.csv"
    head = "工号,项目,评级,日期,考核人,依据"
    file.write_text(f"{head}\nP010,业绩,合格,2026年10月1日,P012,表7\nP010,潜力,突出,2026/10/12,P012,表7\n", "utf-8")
    assert run("appraise", "--file", str(file), "--by", "hr")[0] == 0
    assert (one(run, "P010")["results"], one(run, "P010")["potential"]) == ("met", "few")

    file.write_text(f"{head}\nP010,业绩,合格,2026-11-01,P012,表7\nP008,业绩,合格,明天,P012,表7\n", "utf-8")
    code, said = run("appraise", "--file", str(file), "--by", "hr")
    assert code != 0
    assert "考核.csv, row 3: P008: the day of an appraisal is a date such as 2026-10-31, got '明天'" in said
