"""A panel's ratings to a cut, and Hofstee's check of it, each held against a second derivation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader import psychometrics as stats
from grader.errors import InputError

RATINGS = {
    "J1": (0.60, 0.70, 0.40, 0.55, 0.80), "J2": (0.65, 0.75, 0.50, 0.60, 0.85), "J3": (0.50, 0.60, 0.45, 0.50, 0.70),
    "J4": (0.70, 0.80, 0.55, 0.65, 0.90), "J5": (0.55, 0.75, 0.35, 0.60, 0.75), "J6": (0.60, 0.65, 0.50, 0.40, 0.80),
}  # fmt: skip
POINTS = {"a": 1.0, "b": 1.0, "c": 1.0, "d": 4.0, "e": 1.0}


def ratings() -> dict[str, dict[str, float]]:
    return {judge: dict(zip(POINTS, shares, strict=True)) for judge, shares in RATINGS.items()}


def test_the_cut_and_its_error_are_those_of_another_program() -> None:
    cut = stats.angoff(ratings(), POINTS)

    # R 4.2.2: r %*% points; t.test(cuts)$estimate and $stderr; cor with the other judges' means; sd.
    assert [judge.cut for judge in cut.judges] == pytest.approx([4.70, 5.15, 4.25, 5.55, 4.80, 4.15])
    assert (cut.points, cut.se) == pytest.approx((4.766666667, 0.2170509413), abs=1e-9)
    assert [judge.agreement for judge in cut.judges] == pytest.approx(
        [0.9878147796, 0.9992362190, 0.9653656553, 0.9992362190, 0.8769412386, 0.8125723534], abs=1e-9
    )
    assert [item.spread for item in cut.items] == pytest.approx(
        [0.07071067812, 0.07359800722, 0.07359800722, 0.08944271910, 0.07071067812], abs=1e-9
    )
    assert [item.mean for item in cut.items] == pytest.approx([0.6, 0.7083333333, 0.4583333333, 0.55, 0.8], abs=1e-9)


def test_an_item_on_which_the_judges_lie_far_apart_is_to_be_discussed() -> None:
    far = ratings()
    far["J1"]["c"], far["J2"]["c"] = 0.95, 0.10

    assert [item.item for item in stats.angoff(far, POINTS).items if item.discuss] == ["c"]


def test_a_judge_who_tells_no_item_from_another_has_no_agreement() -> None:
    flat = ratings() | {"J1": dict.fromkeys(POINTS, 0.5)}
    judge = stats.angoff(flat, POINTS).judges[0]

    assert (judge.agreement, judge.spread) == (None, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"J1": {"a": 0.5}}, "judge J1 rates each item of the form once; look at b, c, d, e"),
        ({"J1": dict.fromkeys(POINTS, 60.0)}, "judge J1 gives a rating that is no share from 0 to 1"),
        ({"J1": dict.fromkeys("abcdef", 0.5)}, "look at f"),
    ],
)
def test_ratings_that_do_not_fit_the_form_are_refused(change: dict[str, dict[str, float]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        stats.angoff(ratings() | change, POINTS)


def test_one_judge_makes_no_cut() -> None:
    with pytest.raises(InputError, match="wants two judges or more, got 1"):
        stats.angoff({"J1": dict.fromkeys(POINTS, 0.5)}, POINTS)


# --- Hofstee ---


def test_the_compromise_of_a_small_group_is_the_one_found_on_paper() -> None:
    """Ten people with 1 to 10 points of 10; cuts from 4 to 8 points, failures from 10 to 50 %.

    On paper: the line falls by 10 % for each point from (4, 50 %) to (8, 10 %); of the staircase, 30 % lie below 4,
    40 % from there to 5. At 5 the line stands at 40 %: they meet there.
    """
    found = stats.hofstee(np.arange(1.0, 11), 10, stats.Bounds(0.4, 0.8, 0.1, 0.5))

    assert found.met
    assert (found.cut, found.failing) == (pytest.approx(5), pytest.approx(0.4))
    assert found.verdict == "the lines meet at 5.0 points, where 40% fail"


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        (
            [1, 1, 1, 9],
            "back to the panel: at the lowest acceptable cut 4.0 already 75% fail, and the judges accept 50% at most",
        ),
        (
            [9, 9, 9, 9],
            "back to the panel: at the highest acceptable cut 8.0 only 0% fail, and the judges want 10% at least",
        ),
    ],
)
def test_without_a_meeting_it_goes_back_to_the_panel(scores: list[float], sentence: str) -> None:
    found = stats.hofstee(np.array(scores, dtype=float), 10, stats.Bounds(0.4, 0.8, 0.1, 0.5))

    assert not found.met
    assert (found.cut, found.failing, found.verdict) == (None, None, sentence)


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=50),
    st.lists(st.integers(0, 100), min_size=2, max_size=2, unique=True),
    st.lists(st.integers(0, 100), min_size=2, max_size=2, unique=True),
)
def test_the_meeting_is_the_one_that_scanning_finds(scores: list[int], cuts: list[int], fails: list[int]) -> None:
    """A second derivation: the first of 40,000 cuts at which the share below it has reached the line."""
    totals = np.array(scores, dtype=float)
    (low, high), (least, most) = sorted(cuts), sorted(fails)
    found = stats.hofstee(totals, 40, stats.Bounds(low / 100, high / 100, least / 100, most / 100))

    # The scan starts a hair above the lowest cut, where a score on it already counts as below.
    grid = np.linspace(low / 100 * 40, high / 100 * 40, 40_001)
    share = (totals[:, None] < grid - 1e-9).mean(axis=0)
    line = (most - (most - least) * (grid - grid[0]) / (grid[-1] - grid[0])) / 100
    reached = share >= line - 1e-12
    if share[0] > most / 100:
        assert not found.met
        return
    assume(abs(share[-1] - least / 100) > 1e-9)
    assert found.met == bool(reached.any())
    if found.cut is not None:
        assert found.cut == pytest.approx(grid[np.argmax(reached)], abs=2e-3 * (1 + high - low) / 40)
        assert found.failing == (totals < found.cut - 1e-9).mean() <= most / 100 + 1e-9


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ((0.8, 0.4, 0.1, 0.5), "the lowest cut lies below the highest"),
        ((0.4, 0.8, 0.5, 0.5), "the lowest share of failures too"),
        ((0.4, 80, 0.1, 0.5), "are shares from 0 to 1"),
    ],
)
def test_bounds_that_cannot_be_are_refused(bounds: tuple[float, float, float, float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        stats.Bounds(*bounds)


def test_the_panel_speaks_by_its_mean() -> None:
    panel = stats.mean_bounds([stats.Bounds(0.4, 0.6, 0.1, 0.3), stats.Bounds(0.6, 0.8, 0.2, 0.5)])

    assert (panel.cut_least, panel.cut_most, panel.fail_least, panel.fail_most) == pytest.approx((0.5, 0.7, 0.15, 0.4))
    with pytest.raises(InputError, match="no judge has said"):
        stats.mean_bounds([])
