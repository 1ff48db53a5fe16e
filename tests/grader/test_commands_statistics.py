"""`academy exam statistics` and `academy exam panel` as an exam secretary types them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from grader.certify import Academy
from grader.commands import main
from tests.grader.sat_form import FORM, SITTING, everybody, office_form, schedule, sit
from tests.grader.test_certify_panel import JUDGES, filled, steady


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """A centre in which forty people have sat a form."""
    with Academy(tmp_path / "centre") as academy:
        form = office_form(academy)
        schedule(academy, form, [f"A{number}" for number in range(40)])
        sit(academy, form, everybody(form, 40))
    (tmp_path / "centre" / "centre.json").write_text('{"by": "head"}', "utf-8")
    return tmp_path / "centre"


def exam(centre: Path, *words: str) -> int:
    return main(["exam", *words, "--centre", str(centre)])


def test_statistics_say_in_lines_what_the_form_is_worth(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exam(centre, "statistics", SITTING) == 0
    said = capsys.readouterr().out

    assert "Form F1 (" in said and "40 candidates" in said
    assert "not fit for certification: scored items 10, wanted 60 or more; judges of the cut no panel" in said
    assert "no item is dropped on figures alone" in said
    assert "nobody chose c" in said and "who chose what" in said


def test_how_many_answers_there_are_is_told_in_a_sentence_that_means_something(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Academy(tmp_path / "centre") as academy:
        form = office_form(academy)
        schedule(academy, form, [f"A{number}" for number in range(8)])
        sit(academy, form, everybody(form, 8))

    assert exam(tmp_path / "centre", "statistics", SITTING) == 0
    assert "10 items with fewer than 30 answers (descriptive): figures only describe" in capsys.readouterr().out
    monkeypatch.setenv("ACADEMY_LANGUAGE", "zh")
    assert exam(tmp_path / "centre", "statistics", SITTING) == 0
    assert "10题的作答不足30个（描述）：数字只作描述；" in capsys.readouterr().out


def test_statistics_as_json_are_one_document_of_numbers(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exam(centre, "statistics", SITTING, "--json") == 0
    (form,) = json.loads(capsys.readouterr().out)["forms"]

    assert form["fit"] is False and form["verdict"].startswith("not fit for certification")
    for name in ("alpha", "sem", "cut", "sem_at_cut", "passing", "mean"):
        assert isinstance(form[name], float), name
    assert isinstance(form["consistency"]["consistency"], float)
    assert isinstance(form["items"][0]["pooled"]["facility"], float)
    assert isinstance(form["items"][0]["options"][0]["share"], float)


def test_the_table_of_items_goes_into_a_file_that_a_spreadsheet_opens(
    centre: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exam(centre, "statistics", SITTING, "--csv", str(tmp_path / "items.csv")) == 0
    rows = list(csv.DictReader((tmp_path / "items.csv").read_text("utf-8-sig").splitlines()))

    assert len(rows) == 10 and {row["answers"] for row in rows} == {"40"}
    assert {(row["answers_en"], row["answers_zh"]) for row in rows} == {("20", "20")}
    capsys.readouterr()
    assert exam(centre, "statistics", SITTING, "--csv", str(tmp_path / "none" / "items.csv")) == 2
    assert "cannot be written (No such file or directory)" in capsys.readouterr().err


def test_a_panel_from_its_sheets_to_the_cut(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = [word for judge in JUDGES for word in ("--judge", judge)]
    for round_, more in ((1, ["--form", FORM, *named]), (2, [])):
        assert exam(centre, "panel", "sheet", "P1", "--round", str(round_), *more) == 0
        paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
        assert [path.name for path in paths] == [f"round-{round_}-{judge}.csv" for judge in JUDGES]
        for number, path in enumerate(paths):
            assert path.stat().st_mode & 0o077 == 0
            path.write_bytes(filled(path.read_bytes(), steady(number)))
        assert exam(centre, "panel", "rate", "P1", *map(str, paths)) == 0
        assert capsys.readouterr().out.endswith("9 sheets taken in, 0 could not be\n")

    assert exam(centre, "panel", "show", "P1") == 0
    said = capsys.readouterr().out
    assert "round 2: cut 7.04 points, standard error 0.24, 9 judges" in said
    assert "Hofstee: the judges can answer for cuts from 3.9 to 10.4 points" in said and "nothing is open" in said
    assert "what 40 candidates earned, item by item, correlate" in said
    assert exam(centre, "panel", "set", "P1", "--by", "head") == 0
    assert capsys.readouterr().out == "the cut is 7 points, standard error 0.24, modified Angoff by 9 judges\n"
    assert exam(centre, "panel", "show", "P1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["cut"]["points"] == 7.0
    assert exam(centre, "statistics", SITTING) == 0
    assert "cut 7 points (modified Angoff, panel P1)" in capsys.readouterr().out


def test_a_chinese_sheet_has_chinese_heads_and_kinds_and_is_read_like_an_english_one(
    centre: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACADEMY_LANGUAGE", "zh")
    named = [word for judge in JUDGES for word in ("--judge", judge)]
    for round_, more in ((1, ["--form", FORM, *named]), (2, [])):
        assert exam(centre, "panel", "sheet", "P1", "--round", str(round_), *more) == 0
        paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
        seen = ["本人首轮", "评审组平均", "评审组最低", "评审组最高", "考生得分率"] if round_ == 2 else []
        for number, path in enumerate(paths):
            data = path.read_bytes()
            head, _, first, *_ = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
            fixed = ["试卷", "轮次", "题位", "试题", "题型", "分值", "题目", "选项", "答案"]
            assert head == [*fixed, *seen, f"J{number + 1}"]
            assert first[4] in ("单选", "多选", "数值", "排序", "配对", "简答")
            path.write_bytes(filled(data, steady(number)))
        assert exam(centre, "panel", "rate", "P1", *map(str, paths)) == 0, capsys.readouterr()
        capsys.readouterr()

    assert exam(centre, "panel", "set", "P1", "--by", "head") == 0
    said = capsys.readouterr()
    assert "改良Angoff法" in said.out and "modified" not in said.out, said


def test_sheets_that_lie_there_are_not_written_over(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["panel", "sheet", "P1", "--form", FORM, "--judge", "J1"]
    assert exam(centre, *words) == 0
    path = Path(capsys.readouterr().out.strip())
    path.write_bytes(filled(path.read_bytes(), steady(0)))
    before = path.read_bytes()

    assert exam(centre, *words) == 2
    assert "is there already and may be filled; move it away first" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_one_bad_sheet_stops_no_other(centre: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["panel", "sheet", "P1", "--form", FORM, "--judge", "J1", "--judge", "J2"]
    exam(centre, *words)
    first, second = (Path(line) for line in capsys.readouterr().out.splitlines())
    second.write_bytes(filled(second.read_bytes(), steady(1)))

    assert exam(centre, "panel", "rate", "P1", str(first), str(tmp_path / "none.csv"), str(second)) == 1
    said = capsys.readouterr()
    assert "1 sheet taken in, 2 could not be" in said.out
    assert "J1 rates" in said.err and "none.csv cannot be read" in said.err and said.err.count("\n") == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["statistics", "TL-9"], "there is no sitting 'TL-9'"),
        (["panel", "show", "P9"], "there is no panel 'P9' with ratings; the registry knows none"),
        (["panel", "set", "P9"], "there is no panel 'P9'"),
        (["panel", "sheet", "P1", "--judge", "J1"], "a panel begins with a form; name it with --form"),
        (["panel", "sheet", "../P1", "--form", FORM, "--judge", "J1"], "a panel is named by letters"),
        (["panel", "sheet", "P1", "--form", FORM, "--judge", "李明"], "a judge is named by 1 to 40 letters"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    centre: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exam(centre, *words) == 2

    said = capsys.readouterr().err
    assert sentence in said and said.startswith("academy: ") and said.count("\n") == 1
