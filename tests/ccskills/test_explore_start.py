"""What an explorer starts from: sliders with room above, and the name of what is counted."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from ccskills import explore


def sliders(box: Any) -> list[Any]:
    return [child for child in box.children if hasattr(child, "max")]


def alt(box: Any) -> str:
    return unescape(re.findall('<img alt="([^"]*)"', box.children[-1].value)[0])


def test_a_business_case_of_usual_size_keeps_its_sliders() -> None:
    ends = [(one.min, one.max, one.step) for one in sliders(explore.business_case())]

    # what docs and lessons show: thousands up to 1000, 600 and 300, 25%, ten years, 5 to 50% wrong
    assert ends == [(10, 1000, 10), (0, 600, 10), (0, 300, 5), (0, 25, 0.5), (1, 10, 1), (5, 50, 5)]


@pytest.mark.parametrize(
    "given",
    [
        {"investment": 400, "benefit": 662, "cost": 432},
        {"investment": 300_000, "benefit": 180_000, "cost": 30_000},
        {"benefit": 599, "rate": 0.3, "years": 12},
        {"investment": 123_457, "benefit": 1234.5},
        {"rate": 0.9},
    ],
)
def test_every_slider_of_a_business_case_has_room_above_its_first_value(given: dict[str, float]) -> None:
    box = explore.business_case(**given)  # type: ignore[arg-type]

    for one in sliders(box)[:5]:
        assert one.max >= min(1.1 * one.value, 100) and one.min <= one.value
        one.value = one.max
        assert "NPV" in box.children[-2].value
    assert sliders(box)[3].max <= 100


def test_a_long_slider_has_steps_that_a_hand_can_hit() -> None:
    investment, benefit, *_ = sliders(explore.business_case(investment=300_000, benefit=180_000))

    for one in (investment, benefit):
        assert (one.max - one.min) / one.step <= 1000
        assert (one.value - one.min) % one.step == 0


def test_the_control_chart_takes_the_name_of_what_is_counted() -> None:
    plain, named = explore.control_chart(), explore.control_chart(error_rate=0.2, label="Calls not solved")

    assert alt(plain).startswith("Share of errors (p chart): 24 points")
    assert alt(named).startswith("Calls not solved (p chart): 24 points")
    chinese = explore.control_chart("zh", 0.2, label="没有解决的电话占比")
    assert alt(chinese).startswith("没有解决的电话占比（p控制图）：24个点")
    words = chinese.children[-2].value + "".join(child.description for child in sliders(chinese))
    assert "差错" not in words


def test_a_name_that_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="label must be words, got 3"):
        explore.control_chart(label=3)  # type: ignore[arg-type]
