"""Every lesson of the repository proves itself: answers earn all points, stubs none, the story is in the data."""

import ast
import contextlib
import functools
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from ccskills import data, forecasting, staffing
from grader import lessons
from grader.notebooks import choose, read

ROOT = Path(__file__).parents[2]
SOURCE, COURSES = ROOT / "courses" / "source", ROOT / "courses"
FILES = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.glob("*/*.md"))
STAFFED_DAY = SOURCE / "supervisor" / "01-call-history-to-staffed-day.md"
LIMIT_S = 20  # what one run of a lesson may take

RUNNER = """
import ast, contextlib, io, json, pathlib, sys, time

PLAIN = (int, float, str, list, dict, type(None))
found = {}
for name in sys.argv[1:]:
    began, names, marks, texts = time.monotonic(), {"__name__": "__main__"}, {}, []
    for cell in json.loads(pathlib.Path(name).read_text("utf-8"))["cells"]:
        mark = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] != "code":
            continue
        body = ast.parse("".join(cell["source"])).body
        shown = ast.Expression(body.pop().value) if isinstance(body[-1], ast.Expr) else None
        # A test knows what the judge will know: plain values of the learner, and what the test imports itself.
        judged = {key: value for key, value in names.items() if type(value) in PLAIN}
        scope, out = judged if mark.get("grade") else names, io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(compile(ast.Module(body, []), name, "exec"), scope)
                value = eval(compile(shown, name, "eval"), scope) if shown else None
                if hasattr(value, "savefig"):
                    value.savefig(io.BytesIO(), format="png")
            points, said = mark.get("points", 0), out.getvalue()
        except NotImplementedError:
            assert mark["solution"], mark
        except Exception as error:
            if not mark.get("grade"):
                raise
            points, said = 0, f"{type(error).__name__}: {error}"
        if mark.get("grade"):
            marks[mark["grade_id"]] = points
            texts.append(said)
    found[name] = {"marks": marks, "texts": texts, "seconds": time.monotonic() - began}
json.dump(found, sys.stdout)
"""


def code_cells(path, language):
    return [cell for cell in choose(read(path), language).cells if cell.kind == "code"]


def points(path, kind="code"):
    """The points of every graded cell by its name."""
    graded = [cell for cell in read(path).cells if cell.metadata.get("nbgrader", {}).get("grade") and cell.kind == kind]
    return {cell.metadata["nbgrader"]["grade_id"]: cell.metadata["nbgrader"]["points"] for cell in graded}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Each lesson run from top to bottom in one process, warnings being errors: answers and stubs, both languages."""
    folder = tmp_path_factory.mktemp("runs")
    names = []
    for number, file in enumerate(FILES):
        for language in ("en", "zh"):
            notebook = json.dumps(lessons.source(SOURCE / file, language)).encode()
            for what, content in (("answers", notebook), ("stubs", lessons.built(SOURCE / file, language))):
                names.append(f"{number}-{language}-{what}.ipynb")
                (folder / names[-1]).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUNNER, *names],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == ""
    found = json.loads(done.stdout)
    return {(FILES[int(name[0])], *name.removesuffix(".ipynb").split("-")[1:]): run for name, run in found.items()}


@pytest.mark.parametrize("file", FILES)
def test_a_lesson_holds_every_rule(file):
    assert [str(problem) for problem in lessons.check(SOURCE / file)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("file", FILES)
def test_the_answers_of_the_author_earn_every_point_in_silence(file, language, runs):
    run = runs[file, language, "answers"]

    assert run["marks"] == points(SOURCE / file)
    assert run["seconds"] < LIMIT_S


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("file", FILES)
def test_an_untouched_lesson_earns_nothing_and_says_in_its_language_what_to_do(file, language, runs):
    run, says = runs[file, language, "stubs"], {"en": "has no", "zh": "还没有作答"}[language]

    assert run["marks"] == dict.fromkeys(points(SOURCE / file), 0)
    assert [text for text in run["texts"] if says not in text] == []


@pytest.mark.parametrize("file", FILES)
def test_the_checks_speak_the_language_of_the_edition(file, runs):
    for what in ("answers", "stubs"):
        assert not any(re.search("[一-鿿]", text) for text in runs[file, "en", what]["texts"])
        assert all(re.search("[一-鿿]", text) for text in runs[file, "zh", what]["texts"])


def test_the_built_notebooks_are_what_the_sources_build():
    assert lessons.stale(SOURCE, COURSES) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("file", FILES)
def test_a_built_notebook_holds_no_answer(file, language):
    notebook = json.loads((COURSES / language / file).with_suffix(".ipynb").read_text("utf-8"))
    text = "".join("".join(cell["source"]) for cell in notebook["cells"])
    solutions = [
        line.strip()
        for cell in read(SOURCE / file).cells
        if "BEGIN SOLUTION" in cell.source
        for line in cell.source.partition("### BEGIN SOLUTION\n")[2].partition("### END SOLUTION")[0].splitlines()
    ]
    hidden = [
        line.strip()
        for cell in read(SOURCE / file).cells
        if "BEGIN HIDDEN" in cell.source
        for line in cell.source.partition("### BEGIN HIDDEN TESTS\n")[2].partition("### END HIDDEN")[0].splitlines()
    ]

    assert solutions
    assert hidden
    assert [line for line in solutions + hidden if line in text] == []
    assert not re.search("SOLUTION|HIDDEN|Model answer|参考答案", text)
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook["cells"])


def test_the_syllabus_says_what_the_headers_say():
    syllabus = YAML(typ="safe").load(COURSES / "syllabus.yml")
    listed = {
        f"{level['folder']}/{lesson['slug']}.md": {"level": level["level"]} | lesson
        for level in syllabus["levels"]
        for lesson in level["lessons"]
    }

    assert sorted(listed) == FILES
    for file, entry in listed.items():
        header = read(SOURCE / file).header["lesson"]
        assert {key: entry[key] for key in ("title", "level", "minutes", "statements")} == {
            key: header[key] for key in ("title", "level", "minutes", "statements")
        }


# --- from call history to a staffed day -------------------------------------------------------------------------------


@functools.cache
def test_cells():
    return {
        cell.metadata["nbgrader"]["grade_id"]: cell.source
        for cell in code_cells(STAFFED_DAY, "en")
        if cell.metadata.get("nbgrader", {}).get("grade")
    }


test_cells.__test__ = False


def judge(name, hidden=True, **answers):
    """None when the test cell ``name`` lets the answers pass, else what it says; not ``hidden``: as learners run it."""
    code = test_cells()[name]
    if not hidden:
        code = code.partition("### BEGIN HIDDEN TESTS")[0]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, {"language": "en"} | answers)
    except AssertionError as error:
        return str(error) or "hidden"
    return None


RIGHT = {
    "e1": {"outage_start": "2026-04-15 10:00", "outage_end": "2026-04-15 13:30"},
    "e2": {"wape_pct": 10.6, "bias_pct": 4.5},  # by hand: 35 / 330 and 15 / 330
    "e3a": {"best_method": "ridge_profile"},
    "e5a": {"rostered_1000": 68},  # by hand: 46 / 0.68 = 67.6
    "e5b": {"worst_category": "leave", "worst_hours": 12.7},  # by hand: 54.5 - 0.085 * 491.5
}
MISTAKES = [
    ("e1", {"outage_end": "2026-04-15 11:30"}, "Who are these callers"),
    ("e1", {"outage_end": "2026-04-15 12:30"}, "hidden"),
    ("e1", {"outage_start": "2026-04-15 10:30"}, "still outside"),
    ("e1", {"outage_start": "2026-04-14 10:00"}, "15 April"),
    ("e1", {"outage_end": "2026-04-15 13:59"}, "Half hours begin"),
    ("e1", {"outage_end": "2026-04-15 14:00"}, "hidden"),
    ("e2", {"wape_pct": 0.106}, "percent is wanted"),
    ("e2", {"wape_pct": 21.3}, "that is the MAPE"),
    ("e2", {"wape_pct": 10.1}, "divided by the forecast"),
    ("e2", {"bias_pct": 21.3}, "cannot be larger"),
    ("e2", {"bias_pct": -4.5}, "hidden"),
    ("e3a", {"best_method": "last Monday"}, "is one of"),
    ("e3a", {"best_method": "seasonal_naive"}, "last week over again"),
    ("e3a", {"best_method": "weekday_median"}, "hidden"),
    ("e5a", {"rostered_1000": 61}, "multiply by"),
    ("e5a", {"rostered_1000": 66}, "right for 30 %"),
    ("e5a", {"rostered_1000": 67.6}, "whole people"),
    ("e5a", {"rostered_1000": 46}, "more people"),
    ("e5a", {"rostered_1000": 67}, "hidden"),
    ("e5a", {"rostered_1000": 69}, "hidden"),
    ("e5b", {"worst_category": "holiday"}, "is one of"),
    ("e5b", {"worst_hours": 54.5}, "all hours of the category"),
    ("e5b", {"worst_hours": 2.6}, "percentage points"),
    ("e5b", {"worst_category": "breaks", "worst_hours": 8.3}, "hidden"),
]


@pytest.mark.parametrize("name", RIGHT)
def test_an_answer_worked_out_by_hand_passes(name):
    assert judge(name, **RIGHT[name]) is None


@pytest.mark.parametrize(("name", "wrong", "says"), MISTAKES)
def test_a_usual_mistake_earns_nothing_and_is_explained_where_that_gives_no_key_away(name, wrong, says):
    answers = RIGHT[name] | wrong

    assert says in judge(name, **answers)
    assert (judge(name, hidden=False, **answers) is None) == (says == "hidden")


def test_positions_and_service_levels_are_judged_by_the_formulas_and_not_by_a_typed_key():
    load, late = float(staffing.offered_load(242.7, 315)), float(staffing.offered_load(226, 313.7))
    agents = next(n for n in range(1, 99) if staffing.erlang_c(load, n, 315).service_level >= 0.8)
    level_a = 100 * float(staffing.erlang_a(late, 30, 313.7, patience_s=150).service_level)

    assert judge("e4a", agents_1000=agents) is None
    assert judge("e4a", agents_1000=agents + 1) == "hidden"
    assert "load rounded up" in judge("e4a", agents_1000=43)
    assert "295 seconds" in judge("e4a", agents_1000=46)
    assert "grows without end" in judge("e4a", agents_1000=42)
    assert judge("e4b", level_c_pct=0.0, level_a_pct=level_a) is None
    assert judge("e4b", level_c_pct=0.0, level_a_pct=30.1) == "hidden"
    assert "swapped" in judge("e4b", level_c_pct=level_a, level_a_pct=1.0)
    assert "percent is wanted" in judge("e4b", level_c_pct=0.0, level_a_pct=level_a / 100)


def test_the_bank_is_judged_by_a_backtest_of_the_bank():
    bank = forecasting.backtest(data.half_hours(data.load("bank_calls")), horizon_days=5, origins=8)
    best = 100 * bank.groupby("method")[["wape", "bias"]].mean().loc["ridge_profile"]

    assert judge("e3b", best_wape_pct=best["wape"], best_bias_pct=best["bias"]) is None
    assert judge("e3b", best_wape_pct=best["wape"] + 0.2, best_bias_pct=best["bias"]) == "hidden"
    assert "percent is wanted" in judge("e3b", best_wape_pct=best["wape"] / 100, best_bias_pct=0.0)
    assert "swapped" in judge("e3b", best_wape_pct=1.5, best_bias_pct=best["wape"])
    assert "our hotline" in judge("e3b", best_wape_pct=9.2, best_bias_pct=1.1)


def test_every_number_that_the_story_tells_is_in_the_data():
    text = " ".join(cell.source for cell in choose(read(STAFFED_DAY), "en").cells if cell.kind == "markdown")
    ours = data.centre()
    offered, day = ours.intervals["offered"], ours.intervals.loc["2026-08-17"]
    board = day.loc["2026-08-17 10:30"]
    calls = forecasting.clean(offered, ours.events).history
    trial = 100 * forecasting.backtest(calls, horizon_days=7, origins=8).groupby("method")[["wape", "bias"]].mean()
    foreseen = forecasting.forecast(calls[:"2026-08-16"], 1, "ridge_profile")["mean"].sum()
    recent = ours.intervals.loc["2026-08-03":"2026-08-30"]
    aht_s = round((recent["answered"] * recent["aht_s"]).sum() / recent["answered"].sum())
    peak = forecasting.forecast(calls, 8, "ridge_profile").loc["2026-09-07 10:00", "mean"]
    load = float(staffing.offered_load(peak, aht_s))
    lost = [100 * float(staffing.erlang_a(load, n, aht_s, 150).abandonment) for n in (42, 46)]
    shrinkage = ours.shrinkage.loc["2026-08-17"]
    away = 100 * shrinkage.drop("paid").sum() / shrinkage["paid"]
    replayed = staffing.erlang_a(
        staffing.offered_load(board["offered"], board["aht_s"]), board["staffed"], board["aht_s"], 150
    )

    told = [
        f"{board['offered']:.0f} calls offered, {board['abandoned']:.0f} callers gone, "
        f"{100 * board['answered_within'] / board['offered']:.0f} % answered within 20 seconds",
        f"{board['scheduled']:.0f} people on the roster, {board['staffed']:.0f} on the phones",
        f"misplaces {trial.loc['seasonal_naive', 'wape']:.1f} % of the calls, "
        f"the median of eight weeks {trial.loc['weekday_median', 'wape']:.1f} %",
        f"And `ridge_profile`? {trial.loc['ridge_profile', 'wape']:.1f} %",
        f"on the whole it is {trial.loc['ridge_profile', 'bias']:.1f} % too high",
        f"where the median is {trial.loc['weekday_median', 'bias']:.1f} % too high",
        f"{day['offered'].sum():,} calls came, {foreseen:,.0f} were foreseen",
        f"that day was {100 * day['answered_within'].sum() / day['offered'].sum():.0f} %",
        f"{peak:.1f} × {aht_s} ÷ 1,800 = {load:.1f} erlangs",
        f"Erlang C wants {staffing.agents_required(load, aht_s)}, Erlang A with patience 150 only "
        f"{staffing.agents_required(load, aht_s, patience_s=150)}",
        f"with 42 about {lost[0]:.0f} % of the callers hang up, with 46 about {lost[1]:.0f} %",
        f"was bad, {100 * board['answered_within'] / board['offered']:.1f} %",
        f"Erlang A says {100 * replayed.service_level:.1f} %",
        f"On 17 August {away:.1f} % of the paid time was gone",
        f"planned 3.0 % of {shrinkage['paid']} paid hours, that is 0.030 × {shrinkage['paid']} = "
        f"{0.03 * shrinkage['paid']:.1f}",
    ]

    assert [sentence for sentence in told if sentence not in text] == []


def test_the_two_rosters_deliver_what_the_story_says():
    scope = {}
    for cell in code_cells(STAFFED_DAY, "en"):
        mark = cell.metadata.get("nbgrader", {})
        if not mark:
            body = ast.parse(cell.source).body
            shown = body.pop().value if isinstance(body[-1], ast.Expr) else None
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(ast.Module(body, []), "cell", "exec"), scope)
            if shown is not None and "paid_hours" in cell.source:
                table = eval(compile(ast.Expression(shown), "cell", "eval"), scope)
    text = " ".join(cell.source for cell in choose(read(STAFFED_DAY), "en").cells if cell.kind == "markdown")

    multiplied, divided = table.loc["multiplied"], table.loc["divided"]

    assert multiplied["level_at_30_pct"] >= 80
    assert f"that roster delivers {multiplied['level_at_37.4_pct']:.0f} %" in text
    assert f"The divided one holds {divided['level_at_37.4_pct']:.0f} %" in text
    assert f"The price is {divided['paid_hours'] - multiplied['paid_hours']:.0f} paid hours" in text
