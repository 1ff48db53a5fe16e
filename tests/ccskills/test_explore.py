"""Explorers: every sentence says what the library says, no slider raises, the session is left alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from itertools import product
from typing import Any

import ipywidgets as widgets
import matplotlib
import numpy as np
import pandas as pd
import pytest

from ccskills import data, explore, finance, forecasting, performance, quality, reporting, staffing
from ccskills._text import LANGUAGES
from ccskills.explore._calibration import calibration_view, session
from ccskills.explore._case import case_view
from ccskills.explore._control import control_view, error_counts
from ccskills.explore._forecast import forecast_view
from ccskills.explore._scorecard import scorecard_view
from ccskills.explore._shrinkage import shrinkage_view
from ccskills.explore._staffing import staffing_view
from ccskills.reporting import _chart_base

EXPLORERS = [name for name in explore.__all__ if name not in ("forecast", "simulation_day")]


def controls(box: Any) -> list[Any]:
    """What moves: everything but the support, the sentences and the charts."""
    return [child for child in box.children[:-3] if hasattr(child, "value")]


@pytest.fixture(autouse=True)
def paint(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Figures are made but not painted, which takes most of the time, unless a test asks for it."""
    real = _chart_base.png

    def painted(wanted: bool) -> None:
        monkeypatch.setattr(_chart_base, "png", real if wanted else lambda *_: b"")

    painted(False)
    return painted


def words(box: Any) -> str:
    return unescape(re.sub("<[^>]+>", "\n", box.children[-2].value))


def alts(box: Any) -> list[str]:
    return [unescape(alt) for alt in re.findall('<img alt="([^"]*)"', box.children[-1].value)]


@pytest.mark.parametrize("name", explore.__all__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explorer_speaks_its_language_and_leaves_that_of_the_session(name: str, language: str) -> None:
    before = dict(matplotlib.rcParams)

    box = getattr(explore, name)(language)

    assert dict(matplotlib.rcParams) == before
    assert reporting.staffing_chart(13.3, 240).axes[0].get_xlabel() == "Agents"
    assert isinstance(box, widgets.VBox) and "ccskills-explorer" in box._dom_classes
    assert all(control.description for control in controls(box))
    chinese = [bool(re.search("[\u4e00-\u9fff]", text)) for text in (words(box), *alts(box))]
    assert set(chinese) == {language == "zh"}
    assert "ccskills-ask" in box.children[-2].value


def test_an_explorer_in_english_keeps_a_session_in_chinese() -> None:
    reporting.use_language("zh")

    box = explore.staffing("en")

    assert alts(box)[0].startswith("Service level by number of agents")
    assert reporting.staffing_chart(13.3, 240).axes[0].get_xlabel() == "座席人数"


@pytest.mark.parametrize("name", explore.__all__)
def test_an_unknown_language_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="language must be one of en, zh, got 'cn'"):
        getattr(explore, name)("cn")


@pytest.mark.parametrize("name", EXPLORERS)
def test_controls_at_their_ends_never_raise_and_always_say_something(name: str, paint: Callable[[bool], None]) -> None:
    box = getattr(explore, name)()
    ends = {
        control: [control.min, control.max] if hasattr(control, "max") else [option[1] for option in control.options]
        for control in controls(box)
        if not isinstance(control, widgets.Checkbox)
    }

    for control, values in ends.items():
        start = control.value
        for value in values:
            control.value = value
            assert len(words(box).strip()) > 20, (control.description, value)
        control.value = start
    *others, last = ends
    for here, there in ((0, -1), (-1, 0)):
        paint(False)
        last.value = ends[last][there]
        for control in others:
            control.value = ends[control][here]
        paint(True)
        last.value = ends[last][here]
        assert len(words(box).strip()) > 20
        assert "data:image/png;base64,iVBOR" in box.children[-1].value or not alts(box)


def test_a_start_value_beyond_the_slider_lengthens_the_slider() -> None:
    box = explore.staffing(calls=1000, aht_s=240)

    assert (box.children[0].value, box.children[0].max) == (1000, 1000)
    assert words(box).strip().startswith("1000 calls of 240 s are 133.3 erlangs.")


def test_the_staffing_sentence_is_what_the_library_says_with_patience_too() -> None:
    view = staffing_view(200, 300, 85, 15, 28, 120, "en")

    load = staffing.offered_load(200, 300)
    agents = staffing.agents_required(load, 300, 0.85, 15, 120)
    served = staffing.erlang_a(load, agents, 300, 120, 15)
    assert f"{load:.1f} erlangs. {agents} agents answer {served.service_level:.1%} within 15 s" in view.says
    assert f"occupancy of {served.occupancy:.1%}" in view.says
    assert f"{served.abandonment:.1%} of the callers hang up" in view.says
    scheduled = staffing.agents_required(load, 300, 0.85, 15, 120, shrinkage=0.28)
    assert f"28% shrinkage {scheduled} must be scheduled" in view.says


def test_the_roster_is_divided_and_the_wrong_way_is_told_by_how_many_it_is_short() -> None:
    view = shrinkage_view(100, "multiply", {"leave": 0.2}, {"sickness": 0.1}, "en")

    # 100 / 0.7 = 142.86; 100 x 1.3 = 130, of whom 70 % remain
    assert "143 on the roster leave 100.1 on the phones for the 100" in view.says
    assert "roster of 130: 91.0 remain, 9.0 too few" in view.says
    assert "20% planned, 10% on the day" in view.says
    assert "from 130 to 91" in reporting.describe(view.charts[0])


@pytest.mark.parametrize(
    ("planned", "sentence"),
    [
        ({"leave": 0.6, "training": 0.4}, "100% of paid time: nobody would be left"),
        ({"leave": 0.0, "training": 0.0}, "everybody on the roster is on the phones: 50 for 50."),
        ({"leave": 0.01, "training": 0.0}, "Multiplying gives 51, too"),
    ],
)
def test_all_no_and_hardly_any_shrinkage_have_a_sentence_of_their_own(planned: dict[str, float], sentence: str) -> None:
    assert sentence in shrinkage_view(50, "divide", planned, {"sickness": 0.0}, "en").says


@pytest.mark.parametrize("name", ["centre", "bank_calls"])
def test_the_forecast_explorer_tells_the_error_of_a_forecast_of_the_past_made_by_the_library(name: str) -> None:
    view = forecast_view(name, "weekday_median", 5, 3, "wape_hour", False, "en")

    calls = data.centre().intervals["offered"] if name == "centre" else data.half_hours(data.load("bank_calls"))
    days = calls.index.normalize().unique()
    first = len(days) - 20 - 3 * (7 if name == "centre" else 5)
    known = calls[calls.index < days[first]]
    made = forecasting.forecast(known, 5, "weekday_median")
    assert made.index.normalize().unique().tolist() == days[first : first + 5].tolist()
    found = forecasting.accuracy(calls[made.index], made)
    assert f"Forecast on {days[first - 1]:%Y-%m-%d} for 5 open days" in view.says
    assert f"missed {found.wape:.1%} of the volume" in view.says and f"bias {found.bias:+.1%}" in view.says
    hours = forecasting.accuracy_by(calls[made.index], made, "hour")["wape"]
    low, high = hours.idxmin(), hours.idxmax()
    assert f"from {hours[low]:.1%} ({low}) to {hours[high]:.1%} ({high})" in reporting.describe(view.charts[1])


def test_telling_the_forecast_of_the_spring_festival_takes_most_of_the_error_away() -> None:
    weeks = int(
        re.findall(r"Choose (\d+) weeks", forecast_view("centre", "ridge_profile", 10, 0, "bias_day", False, "en").ask)[
            0
        ]
    )

    deaf = forecast_view("centre", "ridge_profile", 10, weeks, "wape_day", False, "en").says
    told = forecast_view("centre", "ridge_profile", 10, weeks, "wape_day", True, "en").says

    assert "Spring Festival. The forecast was not told." in deaf and "not told" not in told
    missed = [float(re.findall(r"missed ([\d.]+)%", text)[0]) for text in (deaf, told)]
    assert missed[1] < missed[0] / 2


def test_nobody_can_learn_beforehand_of_the_first_campaign_or_of_an_outage() -> None:
    calls = data.centre().intervals["offered"]
    days = calls.index.normalize().unique()
    for event, name in (("2025-11-10", "Upgrade campaign"), ("2026-04-15", "Carrier line down, then a rush")):
        weeks = -(-(len(days) - 20 - days.get_loc(pd.Timestamp(event))) // 7)

        says = forecast_view("centre", "seasonal_naive", 10, weeks, "wape_day", True, "en").says

        assert f"Nothing could be learnt beforehand about: {name}." in says


def test_the_forecast_explorer_goes_as_far_back_as_its_data_and_asks_nothing_of_events_of_a_bank() -> None:
    box = explore.forecast(data="centre", method="weekday_median", horizon_days=20)
    source, _, _, weeks, _, events = controls(box)

    weeks.value = weeks.max
    oldest = words(box)
    source.value = "bank_calls"

    assert "Forecast on 2025-03-03" in oldest
    assert weeks.value == weeks.max == 20 and events.disabled
    assert "Forecast on 2003-" in words(box)


def marked(name: str) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(["agreed", "Li", "Wang", "Zhao"], session(name), strict=True)))


def test_kappa_alpha_and_bias_of_the_session_are_those_of_the_library() -> None:
    marks = marked("session")

    view = calibration_view(marks, "", "en")

    alpha = quality.krippendorff_alpha(marks[["Li", "Wang", "Zhao"]], level="ordinal").alpha
    assert f"alpha is {alpha:.2f}" in view.says
    (table,) = view.tables.values()
    for name in ("Li", "Wang", "Zhao"):
        same = (marks[name] == marks["agreed"]).mean()
        kappa = quality.cohen_kappa(marks["agreed"].tolist(), marks[name].tolist()).kappa
        bias = 50 * (marks[name] - marks["agreed"]).mean()
        assert table.loc[name].tolist()[:3] == [f"{same:.0%}", f"{kappa:.2f}", f"{bias:+.1f}"]
    assert "Wang (-25, strict), Zhao (+10, mild)" in view.says


def test_assessors_who_agree_can_all_be_wrong_and_agreement_can_be_chance() -> None:
    strict, easy = (calibration_view(marked(name), "", "en") for name in ("strict", "easy"))

    assert "alpha is 1.00" in strict.says and "Li (-40, strict), Wang (-40, strict), Zhao (-40, strict)" in strict.says
    assert [row[0] for row in next(iter(easy.tables.values())).to_numpy()] == ["80%"] * 3
    assert "every kappa is -0.11" in easy.says  # observed 0.8, chance 0.82: (0.8 - 0.82) / 0.18


def test_pressing_a_mark_goes_round_the_scale_and_moves_the_bias() -> None:
    box = explore.calibration()
    grid = box.children[1]
    wang_1 = next(
        child for child in grid.children if getattr(child, "tooltip", "") == "Wang, contact 1; press to change"
    )
    seen = [wang_1.description]

    for _ in range(3):
        wang_1.click()
        seen.append(wang_1.description)

    assert seen == ["partly", "not met", "met", "partly"]
    wang_1.click()
    assert "Wang (-30, strict)" in words(box)
    box.children[0].value = "alike"
    assert "every kappa is 1.00" in words(box)
    for child in grid.children:
        if isinstance(child, widgets.Button):
            while child.description != "met":
                child.click()
    assert "use one mark only: alpha does not exist" in words(box)


def test_the_luck_of_a_year_is_the_same_whatever_is_put_into_it() -> None:
    quiet = error_counts(0.1, 0, 15, 0, 18, 150, 3)
    shifted = error_counts(0.1, 6, 15, 0, 18, 150, 3)

    assert (quiet[:14] == shifted[:14]).all() and (shifted[14:] > quiet[14:]).all()
    many = np.concatenate([error_counts(0.1, 0, 15, 0, 18, 150, seed) for seed in range(1, 200)])
    assert many.mean() == pytest.approx(15, abs=0.2) and many.std() == pytest.approx(np.sqrt(13.5), rel=0.03)


@pytest.mark.parametrize("rules", ["limit", "run", "western", "all"])
def test_each_signal_of_the_chart_is_named_and_judged_by_what_was_put_in(rules: str) -> None:
    view = control_view(0.1, 6, 15, 20, 18, 150, rules, 1, "en")

    applied = {"limit": ("limit",), "run": ("limit", "run"), "all": tuple(quality.RULES)}.get(
        rules, ("limit", "two_of_three", "four_of_five", "run")
    )
    counts = pd.Series(error_counts(0.1, 6, 15, 20, 18, 150, 1), np.arange(1, 25))
    made = quality.p_chart(counts, 150, base=12, rules=applied)
    for rule, row in made.signals.groupby("rule").first().iterrows():
        assert f"Week {row['label']}: {quality.RULES[str(rule)].en}." in view.says
    assert f"centre {made.centre[0]:.1%}, from {made.lower[0]:.1%} to {made.upper[0]:.1%}" in view.says
    assert "The bad week is found: a special cause" in view.says
    late = [label for label in made.signals["label"] if label >= 15 and label != 18]
    seen = f"found in week {min(late)}, week {min(late) - 14} after it began" if late else "does not see it yet"
    assert seen in view.says


def test_a_steady_process_has_common_causes_only_and_a_false_alarm_is_called_one() -> None:
    steady, alarm = (control_view(0.1, 0, 15, 0, 18, 150, "run", seed, "en").says for seed in (1, 3))

    assert "common causes only" in steady
    assert "False alarm in week 10: nothing happened then, chance alone did it." in alarm


def test_a_bad_week_in_the_base_spoils_the_limits() -> None:
    says = control_view(0.1, 0, 15, 30, 5, 150, "run", 1, "en").says

    assert "lies in the base period" in says and "False alarm" not in says


CARD = {"service_level": 0.82, "first_contact_resolution": 0.74, "csat": 0.81, "abandonment": 0.05}
GATE = {"compliance_critical_accuracy": 0.97}
TARGETS = {"service_level": 0.8, "first_contact_resolution": 0.78, "csat": 0.9, "abandonment": 0.05}


@pytest.mark.parametrize("gated", [True, False])
def test_the_total_is_that_of_the_library_and_weights_may_be_parts_of_any_size(gated: bool) -> None:
    parts = {"service_level": 6, "first_contact_resolution": 6, "csat": 6, "abandonment": 2}

    view = scorecard_view(CARD | GATE, TARGETS, parts, gated, "en")

    weights = {"service_level": 0.3, "first_contact_resolution": 0.3, "csat": 0.3, "abandonment": 0.1}
    card = performance.scorecard(CARD, TARGETS, weights)
    total = 60.0 if gated else card.attrs["total"]
    assert view.says.startswith(f"{total:.1f} points of 100: 2 of 5 targets met.")
    # 30 x (1 - 0.81 / 0.9) = 3.0
    assert "Most points are lost on customer satisfaction: 3.0 of 30." in view.says
    assert ("The gate is shut" in view.says) == gated


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_scorecard_opens_with_its_gate_passed(language: str) -> None:
    box = explore.scorecard(language)

    # 30 x 0.82 / 0.80 + 30 x 0.74 / 0.78 + 30 x 0.81 / 0.90 + 10 = 96.21
    assert re.findall(r"\d+\.\d", box.children[-2].value)[0] == "96.2"
    words = {"en": "The gate is shut", "zh": "否决项生效"}[language]
    assert words not in box.children[-2].value
    assert words in scorecard_view(CARD | GATE, TARGETS, dict.fromkeys(CARD, 1), True, language).says


def test_a_scorecard_without_weights_has_no_total() -> None:
    view = scorecard_view(CARD | GATE, TARGETS, dict.fromkeys(CARD, 0), True, "zh")

    assert view.says == "没有权重，就没有总分。" and not view.charts


def test_a_result_that_the_card_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match=r"values must be of service_level, .* got 'nps'"):
        explore.scorecard(values={"nps": 0.3})


@pytest.mark.parametrize(("benefit", "rate", "years"), [(180, 8, 3), (100, 0, 5), (0, 25, 1)])
def test_the_business_case_says_what_the_library_says_and_breaks_even_where_it_says(
    benefit: float, rate: float, years: int
) -> None:
    view = case_view(300, benefit, 30, rate, years, 20, "en")

    case = finance.business_case(300, [benefit] * years, 30, rate / 100)
    assert f"The case is worth {case.npv:+,.0f} thousand" in view.says
    back = "not back within" if case.payback_periods is None else f"back after {case.payback_periods:.1f} years"
    assert back in view.says
    even = float(re.findall(r"benefit of ([\d,]+) thousand", view.says)[0].replace(",", ""))
    around = [finance.business_case(300, [even + step] * years, 30, rate / 100).npv for step in (-0.51, 0.51)]
    assert around[0] <= 0 <= around[1]


def test_rounding_errors_of_floats_put_nobody_more_on_the_wrong_roster() -> None:
    says = shrinkage_view(10, "multiply", {"leave": 0.1}, {"sickness": 0.0}, "en").says

    assert "roster of 11: 9.9 remain, 0.1 too few" in says  # 10 x 1.1 is 11.000000000000002 in floats


def test_the_right_roster_is_that_of_the_library_for_every_need() -> None:
    for agents, leave in product((1, 17, 99, 300), (0.05, 0.3)):
        says = shrinkage_view(agents, "divide", {"leave": leave}, {"sickness": 0.0}, "en").says

        assert f"Dividing, {staffing.agents_scheduled(agents, leave)} on the roster" in says
