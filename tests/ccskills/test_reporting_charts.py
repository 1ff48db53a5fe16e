"""Charts draw the data they are given, say it in both languages, and take what the other modules return."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ccskills import data, experience, finance, maturity, performance, quality, reporting, risk, simulation

LANGUAGES = ("en", "zh")
START = pd.date_range("2026-01-05 09:00", periods=6, freq="30min", name="start")
LONG = ["线路故障需上门（当天）", "package change (new tariff)", "身份核验未通过", "fault on the line, engineer needed"]
DAYS = pd.date_range("2026-01-05", periods=6, name="day")


def series(*values: float) -> pd.Series:
    return pd.Series(values, START[: len(values)])


def scored() -> pd.DataFrame:
    values = {"service_level": 0.78, "abandonment": 0.04, "csat": 0.9}
    return performance.scorecard(
        values, {"service_level": 0.8, "abandonment": 0.05, "csat": 0.85}, {key: 1 / 3 for key in values}
    )


def marks() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    names = np.repeat(["Li", "Wang", "Zhao"], 12)
    truth = rng.integers(60, 95, names.size)
    shift = np.select([names == "Wang", names == "Zhao"], [-9, 4], 0)
    return pd.DataFrame(
        {"assessor": names, "score": truth + shift + rng.integers(-2, 3, names.size), "reference": truth}
    )


def rated() -> maturity.Assessment:
    sheet = maturity.points("park")
    return maturity.assess(sheet.assign(level=1 + np.arange(len(sheet)) % 4, evidence="seen"), "park")


def case() -> finance.BusinessCase:
    return finance.business_case(300_000, [120_000, 180_000, 180_000], costs=30_000, rate=0.10)


def swings() -> pd.DataFrame:
    def saving(calls: float, minutes: float, wage: float) -> float:
        return finance.business_case(150_000, [calls * minutes / 60 * wage] * 3).npv

    return finance.sensitivity(
        saving, {"calls": 60_000, "minutes": 2, "wage": 50}, {"minutes": (0.5, 2.5), "wage": (45, 55)}
    )


def simulated() -> pd.DataFrame:
    return simulation.simulate([40, 60, 50], 240, [9, 10, 9], patience_s=120, replications=4, seed=1).intervals


CHARTS: dict[str, Callable[[], Figure]] = {
    "intraday": lambda: reporting.intraday_chart(
        series(100, 120, 110, 90, 80, 60), series(110, 132), series(*[100.0] * 6)
    ),
    "simulated day": lambda: reporting.simulation_day_chart(simulated()),
    "adherence": lambda: reporting.adherence_chart(
        pd.DataFrame({"adherence": [0.94, 0.81], "conformance": [0.99, 1.02]}, ["Li", "王芳"])
    ),
    "heat map": lambda: reporting.heat_map_chart(data.centre(days=21).intervals["offered"]),
    "control": lambda: reporting.control_chart(quality.p_chart([4, 5, 3, 6, 4, 14], [100] * 6)),
    "single values": lambda: reporting.control_chart(quality.xmr_chart([240, 250, 245, 255, 248, 320, 250])),
    "pareto": lambda: reporting.pareto_chart(quality.pareto(["bill"] * 60 + ["line"] * 30 + ["other"] * 10)),
    "pareto of forty": lambda: reporting.pareto_chart(
        quality.pareto([f"{name}{k}" for k in range(10) for name in LONG], range(80, 0, -2))
    ),
    "bars of long names": lambda: reporting.comparison_chart(
        pd.DataFrame(np.arange(24.0).reshape(4, 6), LONG, [f"班组{k}" for k in range(6)])
    ),
    "funnel": lambda: reporting.funnel_chart(
        performance.funnel(
            pd.Series({"A": 4, "B": 30, "C": 52, "D": 18}), pd.Series({"A": 12, "B": 180, "C": 170, "D": 150})
        )
    ),
    "pareto of parts": lambda: reporting.pareto_chart(
        quality.pareto(
            ["hold_handling", "wrap-up", "opening", "explanation_given", "empathy", "closing", "verification"]
        ),
        counted="points",
    ),
    "histogram": lambda: reporting.histogram_chart([240, 260, 300, 310, 420], 200, 400),
    "bias": lambda: reporting.assessor_bias_chart(quality.assessor_bias(marks())),
    "scorecard": lambda: reporting.scorecard_chart(scored()),
    "trend": lambda: reporting.trend_chart(pd.Series([0.8, 0.7, 0.9, 0.8, 0.85, 0.6], DAYS), 0.8, shares=True),
    "trend of odd days": lambda: reporting.trend_chart(
        pd.Series(range(8), pd.to_datetime(["2025-11-30", "2025-12-01", *(f"2026-01-0{day}" for day in range(1, 7))])),
        3,
        lower_is_better=True,
    ),
    "bars": lambda: reporting.comparison_chart(pd.DataFrame({"A": [1.0, 2.0], "B": [2.0, 3.0]}, ["May", "June"])),
    "lines": lambda: reporting.comparison_chart(
        pd.DataFrame(np.arange(30.0).reshape(6, 5), DAYS, list("ABCDE")), "line"
    ),
    "maturity": lambda: reporting.maturity_chart(rated().clauses, target=3),
    "drivers": lambda: reporting.importance_performance_chart(
        experience.importance_performance(
            pd.Series({"solved": 0.32, "wait": 0.20, "tone": 0.12}),
            pd.Series({"solved": 3.6, "wait": 4.1, "tone": 4.6}),
        )
    ),
    "nps": lambda: reporting.nps_chart(
        experience.nps_by(
            pd.DataFrame({"channel": ["voice"] * 6 + ["chat"] * 4, "nps": [10, 9, 9, 8, 7, 2, 9, 3, 6, 5]}), "channel"
        )
    ),
    "waterfall": lambda: reporting.waterfall_chart(pd.Series({"volume": 120.0, "wages": 60.0, "time": -45.0}), 1000),
    "waterfall across zero": lambda: reporting.waterfall_chart(pd.Series({"calls": -3.5, "recruits": 5.25}), -1.5),
    "cash flow": lambda: reporting.cash_flow_chart(case()),
    "tornado": lambda: reporting.tornado_chart(swings()),
    "risk": lambda: reporting.risk_matrix_chart(
        risk.matrix(pd.DataFrame({"risk": ["line down", "flu"], "likelihood": [2, 4], "impact": [5, 3]}))
    ),
}


def drawn(figure: Figure) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a character that no font has is a warning of matplotlib
        figure.savefig(BytesIO(), format="png")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_drawn_and_described_in_the_language(name: str, language: str) -> None:
    reporting.use_language(language)

    figure = CHARTS[name]()

    drawn(figure)
    text = reporting.describe(figure)
    own = text if not any(name in text for name in LONG) else text.split(":")[0]  # without Chinese names of the data
    assert any("\u4e00" <= letter <= "\u9fff" for letter in own.replace("王芳", "")) == (language == "zh")
    assert text.endswith("." if language == "en" else "。") and "nan" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_no_tick_label_covers_its_neighbour(name: str, language: str) -> None:
    reporting.use_language(language)
    figure = CHARTS[name]()

    drawn(figure)

    for axes in figure.axes:
        for axis in (axis for axis in (axes.xaxis, axes.yaxis) if axis.get_visible()):
            labels = [label for label in axis.get_ticklabels() if label.get_text() and label.get_visible()]
            upright = [label for label in labels if label.get_rotation() == 0]
            boxes = [label.get_window_extent() for label in upright]
            for first, second in combinations(boxes, 2):
                assert not first.padded(-1).overlaps(second.padded(-1)), name


def test_an_english_chart_shows_chinese_names() -> None:
    figure = reporting.scorecard_chart(
        pd.DataFrame({"metric": ["一组", "二组"], "attainment": [1.0, 0.8], "status": ["met", "missed"]})
    )

    drawn(figure)


def test_the_lines_of_the_intraday_chart_are_the_data() -> None:
    figure = CHARTS["intraday"]()

    forecast, actual, _, later = figure.axes[0].get_lines()
    assert np.asarray(forecast.get_ydata()).tolist() == [100, 120, 110, 90, 80, 60]
    assert np.asarray(actual.get_ydata()).tolist() == [110, 132]
    assert np.asarray(later.get_xdata()).tolist() == [2, 3, 4, 5]


def test_a_control_chart_marks_the_point_that_is_out() -> None:
    # limits by hand: p = 36/600 = 0.06, 3 sqrt(0.06 * 0.94 / 100) = 0.0712; 14 of 100 lies above 0.1312
    found = quality.p_chart([4, 5, 3, 6, 4, 14], [100] * 6)

    figure = reporting.control_chart(found)

    points, signal = figure.axes[0].get_lines()[0], figure.axes[0].get_lines()[-1]
    assert np.asarray(points.get_ydata()).tolist() == [0.04, 0.05, 0.03, 0.06, 0.04, 0.14]
    assert np.asarray(signal.get_xdata()).tolist() == [5] and np.asarray(signal.get_ydata()).tolist() == [0.14]
    assert "signals at 6 (14.0%)" in reporting.describe(figure)


def test_a_waterfall_ends_where_the_changes_lead() -> None:
    figure = reporting.waterfall_chart(pd.Series({"volume": 120.0, "wages": 60.0, "time": -45.0}), 1000)

    heights = [bar.get_height() for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]
    assert heights[:2] == [1000, 1135] and sorted(heights[2:]) == [-45, 60, 120]


@given(st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=8), st.floats(0, 1e7))
@settings(max_examples=10, deadline=None)
def test_a_waterfall_stands_on_any_numbers(steps: list[float], start: float) -> None:
    figure = reporting.waterfall_chart(pd.Series(steps, [f"step {k}" for k in range(len(steps))]), start)

    ends = [bar.get_height() for bar in figure.axes[0].patches[:2] if isinstance(bar, Rectangle)]
    assert ends == pytest.approx([start, start + sum(steps)], abs=1e-3)


def test_the_cash_flow_says_when_the_money_is_back() -> None:
    # -300, +90, +150, +150 (thousands): cumulative -300, -210, -60, +90
    text = reporting.describe(reporting.cash_flow_chart(case()))

    assert (
        text
        == "Cash flow: 300,000 at most is tied up (period 0); the money is back in period 3; +90,000 after period 3."
    )


def test_the_heat_map_holds_means_per_hour_and_leaves_closed_hours_empty() -> None:
    times = pd.DatetimeIndex(["2026-01-05 09:00", "2026-01-05 09:30", "2026-01-12 09:00", "2026-01-12 11:00"])

    figure = reporting.heat_map_chart(pd.Series([10, 20, 50, 7], times))

    drawn_cells: Any = figure.axes[0].get_images()[0].get_array()
    cells = np.ma.filled(drawn_cells.astype(float), np.nan)
    np.testing.assert_array_equal(cells, [[40.0, np.nan, 7.0]])


def test_the_second_line_of_the_day_plan_has_a_name() -> None:
    figure = reporting.day_plan_chart(series(10, 17, 12), series(12, 15, 12), label="present")

    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "present" in names and "planned" not in names
    assert "15 present" in reporting.describe(figure)


REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "actual of another day": (
        lambda: reporting.intraday_chart(series(1, 2), pd.Series([1.0], START[:1] + pd.Timedelta(days=1))),
        ValueError,
        "actual must hold intervals of the forecast, got none of them",
    ),
    "percent for a share": (
        lambda: reporting.adherence_chart(pd.DataFrame({"adherence": [94], "conformance": [0.9]})),
        ValueError,
        "adherence must be a share between 0 and 1, got 94 at position 0; write 0.94",
    ),
    "no service level": (
        lambda: reporting.simulation_day_chart(
            pd.DataFrame({"offered": [0], "service_level": [np.nan], "staffed": [1]}, START[:1])
        ),
        ValueError,
        "intervals must hold at least one service level, got none",
    ),
    "no control chart": (
        lambda: reporting.control_chart([1, 2]),  # type: ignore[arg-type]
        TypeError,
        "chart_of must be a ControlChart of ccskills.quality, got list",
    ),
    "unknown status": (
        lambda: reporting.scorecard_chart(pd.DataFrame({"metric": ["a"], "attainment": [1.0], "status": ["good"]})),
        ValueError,
        "status must be one of met, near, missed, got 'good'",
    ),
    "limits the wrong way round": (
        lambda: reporting.histogram_chart([1, 2], 5, 4),
        ValueError,
        "lower must be below upper, got 5 and 4",
    ),
    "an impossible impact": (
        lambda: reporting.risk_matrix_chart(pd.DataFrame({"risk": ["a"], "likelihood": [1], "impact": [7]})),
        ValueError,
        "impact must be a whole number from 1 to 5, got 7",
    ),
    "a score outside its margin": (
        lambda: reporting.nps_chart(pd.DataFrame({"nps": [30], "lower": [31], "upper": [40]})),
        ValueError,
        "nps must lie between lower and upper in every group, got one outside",
    ),
    "too many panels": (
        lambda: reporting.comparison_chart(pd.DataFrame(np.ones((2, 13)))),
        ValueError,
        "table must have from 1 to 12 columns, got 13",
    ),
    "level 6": (
        lambda: reporting.maturity_chart(pd.DataFrame({"mean": [6.0]}, ["a"])),
        ValueError,
        "mean must be at most 5, got 6",
    ),
    "empty": (
        lambda: reporting.pareto_chart(pd.DataFrame(columns=["count", "share", "cumulative"])),
        ValueError,
        "causes must hold at least one row, got none",
    ),
    "changes as a list": (
        lambda: reporting.waterfall_chart([1, 2], 3),
        TypeError,
        "changes must be a pandas Series, got list",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(what: str) -> None:
    call, kind, sentence = REFUSED[what]

    with pytest.raises(kind) as caught:
        call()

    assert str(caught.value) == sentence
