"""The practical task proves itself: model answers earn all points, an untouched one none, known mistakes none."""

import functools
import json
import math
import warnings
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from grader import rules
from grader.notebooks import choose, read, to_bytes

FOLDER = Path(__file__).parents[2] / "question_bank" / "practicals"
TEAM_LEADER = FOLDER / "team-leader.md"
ANSWERS = ("load_erlangs", "agents_needed", "agents_rostered", "missed_interval", "driver", "accuracy")
SEEDS = range(20)
TESTS = ("p1", "p2a", "p2b", "p3", "p4a", "p4b", "p4c")


def mark(cell):
    """The nbgrader metadata of a cell, empty when it has none."""
    return cell.metadata.get("nbgrader", {})


@functools.cache
def cells_of(language):
    return choose(read(TEAM_LEADER), language).cells


def test_a_supervised_practical_has_the_time_that_the_scheme_gives_it():
    bank = FOLDER.parent
    scheme = rules.load_scheme(bank / "scheme.yml", rules.load_framework(bank / "framework.yml"))
    promised = {level.level: level.practical_minutes for level in scheme.levels}
    given = {header["level"]: header.get("minutes") for header in headers()}

    assert {level for level, minutes in promised.items() if minutes} == {1, 2, 3}
    assert given == promised


def headers():
    return [read(path).header["practical"] for path in sorted(FOLDER.glob("*.md"))]


def seat_data(seed):
    """The files of the seat drawn by ``seed``."""
    namespace = {}
    (drawer,) = (cell for cell in cells_of("en") if "seat-data" in cell.metadata.get("tags", []))
    exec(drawer.source, namespace)
    return namespace["data"](np.random.default_rng(seed))


@pytest.fixture
def seat(tmp_path, monkeypatch):
    """A function that lays the files of a seat into the current directory."""
    monkeypatch.chdir(tmp_path)

    def lay(seed):
        files = seat_data(seed)
        for name, frame in files.items():
            frame.to_csv(name, index=False)
        return files

    with pd.option_context("display.max_rows", 60, "display.max_columns", 20, "display.max_colwidth", None):
        yield lay


def solve(language="en"):
    """What the candidate's side holds after the model answers have run: the named answers, as plain data."""
    namespace = {}
    for cell in cells_of(language):
        if cell.kind == "code" and "seat-data" not in cell.metadata.get("tags", []) and not mark(cell).get("grade"):
            exec(cell.source, namespace)
    return json.loads(json.dumps({name: namespace[name] for name in ANSWERS}))


def judge(answers):
    """The points of every test cell; like the judge, it knows the seat's files and the plain answers, nothing else."""
    points = {}
    for cell in cells_of("en"):
        if cell.kind == "code" and mark(cell).get("grade"):
            namespace = dict(answers)
            try:
                exec(cell.source, namespace)
                points[mark(cell)["grade_id"]] = mark(cell)["points"]
            except (AssertionError, NameError, KeyError, TypeError, ValueError):
                points[mark(cell)["grade_id"]] = 0
    return points


@functools.cache
def released(language):
    """The notebook as nbgrader would release it: no solutions, no hidden tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's imports warn about themselves
        from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions
    notebook = nbformat.reads(to_bytes(choose(read(TEAM_LEADER), language)).decode(), as_version=4)
    for step in (ClearSolutions(), ClearHiddenTests()):
        notebook, _ = step.preprocess(notebook, {})
    return notebook


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_answers_earn_every_point_silently(seed, language, seat, capsys):
    seat(seed)

    points = judge(solve(language))

    assert points == {"p1": 2, "p2a": 1, "p2b": 2, "p3": 2, "p4a": 1, "p4b": 1, "p4c": 1}
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_untouched_notebook_earns_nothing(language, seat):
    seat(1)
    namespace = {}
    for cell in released(language).cells:
        if cell.cell_type == "code" and mark(cell).get("solution"):
            with pytest.raises(NotImplementedError):
                exec(cell.source, namespace)

    points = judge({name: namespace[name] for name in ANSWERS if name in namespace})

    assert points == dict.fromkeys(TESTS, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_known_mistakes_earn_nothing(seed, seat):
    files = seat(seed)
    right = solve()
    contacts, row = files["contacts.csv"], files["interval_report.csv"].set_index("interval").loc["10:30"]
    shrinkage = row["shrinkage_pct"] / 100
    net = right["agents_needed"]
    actual_load = row["calls_actual"] * row["aht_actual_s"] / 1800
    by_colleague, by_line = {}, {}
    for name, lines in contacts.groupby("class"):
        by_colleague[name] = 100 - 20 * lines[lines["colleague"] == "error"]["contact"].nunique()
        by_line[name] = 100 * float((lines["reference"] == "ok").mean())

    assert judge(right | {"load_erlangs": float(actual_load)})["p1"] == 0
    assert judge(right | {"load_erlangs": right["load_erlangs"] / 60})["p1"] == 0
    assert judge(right | {"agents_needed": math.ceil(right["load_erlangs"])})["p2a"] == 0
    assert judge(right | {"agents_rostered": math.ceil(net * (1 + shrinkage))})["p2b"] == 0
    assert judge(right | {"agents_rostered": math.floor(net / (1 - shrinkage))})["p2b"] == 0
    assert judge(right | {"agents_rostered": net / (1 - shrinkage)})["p2b"] == 0
    for cause in {"volume", "aht", "staff", "weather"} - {right["driver"]}:
        assert judge(right | {"driver": cause})["p3"] == 0
    assert judge(right | {"missed_interval": "10:30"})["p3"] == 0
    assert sum(list(judge(right | {"accuracy": by_colleague}).values())[-3:]) < 2
    assert sum(list(judge(right | {"accuracy": by_line}).values())[-3:]) < 3
    assert sum(list(judge(right | {"accuracy": {k: v / 100 for k, v in right["accuracy"].items()}}).values())[-3:]) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_slip_in_the_positions_is_not_punished_twice(seed, seat):
    row = seat(seed)["interval_report.csv"].set_index("interval").loc["10:30"]
    right = solve()
    slip = right["agents_needed"] + 1
    rostered = math.ceil(slip / (1 - row["shrinkage_pct"] / 100))

    points = judge(right | {"agents_needed": slip, "agents_rostered": rostered})

    assert (points["p2a"], points["p2b"]) == (0, 2)


def test_the_visible_checks_help_with_the_form_and_do_not_tell_the_key(seat):
    seat(2)
    wrong = {
        "load_erlangs": 9.5,
        "agents_needed": 11,
        "agents_rostered": 12,
        "missed_interval": "09:00",
        "driver": "aht",
        "accuracy": {"customer": 50, "business": 50, "compliance": 50},
    }
    malformed = {
        "load_erlangs": 0.3,
        "agents_needed": 17.4,
        "agents_rostered": 24.3,
        "missed_interval": "9 o'clock",
        "driver": "phones",
        "accuracy": {"customer": 0.5, "business": 0.5, "compliance": 0.5},
    }
    visible = [cell for cell in released("en").cells if cell.cell_type == "code" and mark(cell).get("grade")]

    for cell in visible:
        assert "HIDDEN" not in cell.source
        exec(cell.source, dict(wrong))
        with pytest.raises(AssertionError, match=r"wanted|driver|missed_interval"):
            exec(cell.source, dict(malformed))
    assert judge(wrong) == dict.fromkeys(TESTS, 0)


def test_both_languages_carry_the_same_graded_cells():
    def graded(language):
        return [mark(cell) for cell in cells_of(language) if mark(cell)]

    identities = [entry["grade_id"] for entry in graded("en")]

    assert graded("en") == graded("zh")
    assert len(identities) == len(set(identities))
    assert sum(entry["points"] for entry in graded("en") if entry["grade"]) == 16


def test_the_prompt_and_the_rubric_survive_in_cells_that_cannot_be_edited():
    for language, points in (("en", "Points"), ("zh", "分值")):
        cells = released(language).cells
        (answer,) = (place for place, cell in enumerate(cells) if mark(cell).get("grade_id") == "p5")
        rubric = cells[answer - 1]

        assert cells[answer].source == "YOUR ANSWER HERE"
        assert points in rubric.source
        assert rubric.metadata["editable"] is False
        assert rubric.source.count("\n| 1 |") == mark(cells[answer])["points"]


def test_the_same_seed_gives_the_same_files_and_another_seed_others():
    first, again, other = (
        {name: frame.to_csv(index=False) for name, frame in seat_data(seed).items()} for seed in (7, 7, 8)
    )

    assert first == again
    assert all(first[name] != other[name] for name in first)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_morning_is_one_that_a_floor_manager_would_believe(seed):
    report = seat_data(seed)["interval_report.csv"]

    assert 8 <= len(report) <= 10
    assert (report["service_level_pct"] < 70).sum() == 1
    assert (report["service_level_pct"] >= 80).sum() == len(report) - 1
    assert report["agents_present"].le(report["agents_scheduled"]).all()
    assert report["aht_actual_s"].between(220, 420).all()
