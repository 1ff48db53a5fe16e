"""Charts and the explorer: both languages, words for who does not see, no setting changed behind one's back."""

from __future__ import annotations

import warnings
from html import unescape
from io import BytesIO

import matplotlib
import pandas as pd
import pytest
from matplotlib.figure import Figure

from ccskills import data, explore, forecasting, reporting, staffing

LANGUAGES = ("en", "zh")


def charts() -> dict[str, Figure]:
    ours = data.centre(days=70)
    calls = ours.intervals["offered"]
    day = ours.intervals.loc["2025-03-10"]
    assert isinstance(day, pd.DataFrame)
    needed = staffing.agents_required(staffing.offered_load(day["offered"], 292), 292)
    return {
        "history": reporting.history_chart(calls, ours.events),
        "forecast": reporting.forecast_chart(forecasting.forecast(calls[calls.index < "2025-03-03"], 7), calls),
        "staffing": reporting.staffing_chart(load=40 / 3, aht_s=240, patience_s=180),
        "day": reporting.day_plan_chart(pd.Series(needed, index=day.index), day["staffed"]),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_drawn_with_every_character_and_described(language: str) -> None:
    reporting.use_language(language)

    for figure in charts().values():
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a character that no font has is a warning of matplotlib
            figure.savefig(BytesIO(), format="png")
        text = reporting.describe(figure)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text) == (language == "zh")
        assert text.endswith("." if language == "en" else "。")


def test_labels_follow_the_language() -> None:
    words = {}
    for language in LANGUAGES:
        reporting.use_language(language)
        words[language] = reporting.staffing_chart(40 / 3, 240).axes[0].get_xlabel()

    assert words == {"en": "Agents", "zh": "座席人数"}


def test_the_staffing_chart_says_what_the_table_of_the_standard_says() -> None:
    # standard.md 5.3: 16 agents 69.0 %, 17 agents 81.0 % at 13.33 erlangs
    text = reporting.describe(reporting.staffing_chart(staffing.offered_load(100, 240), aht_s=240))

    assert "17 agents reach 81.0%" in text and "one agent fewer reaches 69.0%" in text


def test_drawing_in_english_changes_no_setting() -> None:
    before = dict(matplotlib.rcParams)

    charts()

    assert dict(matplotlib.rcParams) == before


def test_chinese_changes_the_font_and_the_minus_sign_only() -> None:
    before = dict(matplotlib.rcParams)

    reporting.use_language("zh")

    after = dict(matplotlib.rcParams)
    assert {name for name in after if after[name] != before[name]} <= {"font.sans-serif", "axes.unicode_minus"}
    assert after["font.sans-serif"][0] == "Noto Sans CJK SC"


@pytest.mark.parametrize("load", [0.05, 1.0, 5000.0])
def test_the_staffing_chart_holds_at_any_size(load: float) -> None:
    assert reporting.describe(reporting.staffing_chart(load, 240, patience_s=60))


def test_charts_refuse_what_they_cannot_draw() -> None:
    with pytest.raises(TypeError, match="history must be a pandas Series on a DatetimeIndex, got list"):
        reporting.history_chart([1, 2])
    with pytest.raises(
        ValueError, match="forecast must have the columns mean, lower and upper, got no lower and no upper"
    ):
        reporting.forecast_chart(pd.DataFrame({"mean": [1.0]}))
    with pytest.raises(ValueError, match="load must be above 0, got 0"):
        reporting.staffing_chart(0, 240)


@pytest.mark.parametrize("language", LANGUAGES)
def test_moving_a_slider_changes_the_sentence_and_the_picture(language: str) -> None:
    box = explore.staffing(language)
    calls, sentence, picture = box.children[0], box.children[-2], box.children[-1]
    before = sentence.value, picture.value

    calls.value = 200

    # standard.md 5.3: 200 calls of 240 s need 32 agents, 83.3 % busy; 32 / 0.7 = 45.7 -> 46
    assert "32" in sentence.value and "83.3%" in sentence.value and "46" in sentence.value
    assert (sentence.value, picture.value) != before
    assert 'alt="' in unescape(picture.value) and "data:image/png;base64," in picture.value


def test_the_explorer_needs_nobody_without_calls_and_speaks_of_who_hangs_up() -> None:
    box = explore.staffing("en", calls=0)
    assert box.children[-2].value == "<p>Without calls nobody is needed.</p>"

    box = explore.staffing("en", calls=100, patience_s=180)
    assert "of the callers hang up" in box.children[-2].value
