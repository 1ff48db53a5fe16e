"""The simulated day as an explorer: it shows what the floor knows, goes forwards only, and ends with the debrief."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from ccskills import explore, staffing
from ccskills.explore._day import needed, simulation_day
from ccskills.simulation import Day

LEVERS = ["overtime", "early_leave", "move_break", "cancel_training", "callback", "borrow"]


@pytest.fixture(autouse=True)
def unpainted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are made but not painted, which takes most of the time."""
    monkeypatch.setattr("ccskills.reporting._chart_base.png", lambda *_: b"")


def parts(box: Any) -> tuple[dict[str, Any], Any, Any]:
    """The fields by lever, the button that lets time pass, and the one for another day."""
    return dict(zip(LEVERS, box.children[:6], strict=True)), box.children[6], box.children[7]


def words(box: Any) -> str:
    return unescape(re.sub("<[^>]+>", "\n", box.children[-2].value)).strip()


def test_the_fields_decide_and_the_sentence_tells_the_half_hour_that_passed() -> None:
    mine, twin = Day(seed=7), Day(seed=7)
    box = simulation_day(day=mine)
    fields = dict(zip(LEVERS, box.children[:6], strict=True))

    fields["move_break"].value, fields["overtime"].value, fields["callback"].value = 2, 5, True
    box.children[6].click()
    row = twin.step(move_break=2, overtime=5, callback=True)

    assert mine.log[LEVERS].to_numpy().tolist() == [[5, 0, 2, False, True, 0]]
    assert words(box).startswith(
        f"It is 08:30. In the half hour {row['offered']:.0f} called, {row['forecast']:.0f} were foreseen; "
        f"{row['service_level']:.0%} were answered within 20 s"
    )
    budget = twin.situation().budget_left
    assert f"Left in the budget: {budget:,.0f}." in words(box)
    assert [fields[name].value for name in LEVERS] == [0, 0, 0, False, False, 0]


def test_fields_allow_what_the_day_allows_and_say_what_it_costs() -> None:
    box = explore.simulation_day(seed=7)
    fields, _, _ = parts(box)

    levers = Day(seed=7).situation().levers
    for name in ("overtime", "early_leave", "move_break", "borrow"):
        assert fields[name].max == levers.loc[name, "most_now"]
        assert f"at most {levers.loc[name, 'most_now']} now" in fields[name].description
    assert fields["overtime"].description == "overtime (people, an hour each): at most 13 now, 60 each, acts in 30 min"
    assert "saves 50 each" in fields["early_leave"].description


def test_a_decision_beyond_the_budget_costs_no_time() -> None:
    mine = Day(seed=7, budget=300)
    box = simulation_day(day=mine)
    fields = dict(zip(LEVERS, box.children[:6], strict=True))

    fields["overtime"].value, fields["borrow"].value = 4, 3
    box.children[6].click()

    assert words(box) == "This would cost 510, and 300 are left. Nothing was decided; take something back."
    assert mine.log.empty and fields["overtime"].value == 4 and not box.children[6].disabled


def test_the_table_ahead_shows_what_erlang_a_needs_against_the_plan() -> None:
    day = Day(seed=7)
    box = simulation_day(day=day)

    ahead = day.situation().ahead.head(6)
    load = staffing.offered_load(ahead["forecast"], 300)
    need = staffing.agents_required(load, 300, patience_s=180)
    assert (needed(day, ahead["forecast"]) == need).all()
    rows = re.findall(
        r'<tr><th scope="row">(.*?)</th><td>(\d+)</td><td>(\d+)</td><td>(\d+)</td>', box.children[-1].value
    )
    assert [int(row[2]) for row in rows] == list(need)
    assert [int(row[3]) for row in rows] == ahead["agents"].round().astype(int).tolist()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_news_is_told_once_and_the_day_ends_with_its_debrief(language: str) -> None:
    box = explore.simulation_day(language, seed=7, level="calm")
    fields, onwards, again = parts(box)
    twin = Day(7, "calm")
    told = [words(box)]

    later, now = {
        "en": ("Start another day (when this one is over)", "Start another day"),
        "zh": ("再来一天（这一天结束后可用）", "再来一天"),
    }[language]
    while not twin.over:
        assert again.disabled and (again.description, again.tooltip) == (later, later)
        onwards.click()
        twin.step()
        told.append(words(box))

    for news in twin.situation(language).news:
        assert sum(news in text for text in told[:-1]) <= 1
    report = [line for line in twin.report(language).split("\n") if line]
    assert [line for line in told[-1].split("\n") if line][: len(report)] == report
    assert onwards.disabled and all(field.disabled for field in fields.values())
    onwards.click()
    assert not again.disabled and (again.description, again.tooltip) == (now, now)
    again.click()
    assert not onwards.disabled and again.disabled and again.description == later
    assert ("一天开始" if language == "zh" else "the day begins") in words(box)


def test_a_day_of_the_notebook_offers_no_other_day_and_something_else_is_refused() -> None:
    box = simulation_day(day=Day(seed=3))

    assert len(box.children) == 6 + 1 + 3
    with pytest.raises(TypeError, match=r"day must be a Day of ccskills\.simulation, got int"):
        simulation_day(day=3)  # type: ignore[arg-type]


def test_a_day_that_is_over_shows_its_debrief_at_once() -> None:
    day = Day(seed=7, level="calm")
    while not day.over:
        day.step()

    box = simulation_day(day=day)

    assert words(box).startswith("Score: 0 of 100") and box.children[6].disabled
