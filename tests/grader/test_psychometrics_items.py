"""What is said of items, options and a whole form: correlations within forms, gates, flags and verdicts."""

from __future__ import annotations

import numpy as np
import pytest

from grader import psychometrics as stats
from grader.errors import InputError
from tests.grader.quality_rules import QUALITY


def test_an_item_on_two_forms_of_unequal_difficulty_gets_no_correlation_from_the_difference() -> None:
    rng = np.random.default_rng(5)

    def form(shift: float) -> stats.Answers:
        # The item is a coin of its own; on the easy form everything, the item too, is easier.
        rest = (rng.random((400, 9)) < 0.4 + shift).astype(float)
        coin = (rng.random((400, 1)) < 0.4 + shift).astype(float)
        names = ["x", *(f"{shift}-{number}" for number in range(9))]
        return stats.answers([str(n) for n in range(400)], names, [1] * 10, np.hstack([coin, rest]))

    easy, hard = form(0.4), form(0.0)
    both = stats.item_figures([easy, hard], QUALITY)["x"]
    naive = np.corrcoef(
        np.concatenate([easy.points[:, 0], hard.points[:, 0]]), np.concatenate([easy.rest(0), hard.rest(0)])
    )[0, 1]

    assert (both.answers, both.forms) == (800, 2)
    assert naive > 0.3
    assert both.discrimination is not None and abs(both.discrimination) < 0.1


def test_below_thirty_answers_nothing_is_flagged_and_from_thirty_on_a_reversed_item_is() -> None:
    ability = np.arange(40.0)
    rows = np.array([[ability[n] < 20, *(ability[n] > cut for cut in range(2, 38, 4))] for n in range(40)], dtype=float)
    names = [f"i{number}" for number in range(10)]

    def figures(count: int) -> stats.ItemFigures:
        chosen = rows[np.linspace(0, 39, count).astype(int)]
        group = stats.answers([str(n) for n in range(count)], names, [1] * 10, chosen)
        return stats.item_figures([group], QUALITY)["i0"]

    assert figures(29).flags == () and figures(29).stage == "descriptive"
    assert figures(30).flags == ("negative: look at the key",) and figures(30).stage == "flags"


def test_easy_hard_weak_and_unanswered_items_are_called_so() -> None:
    rng = np.random.default_rng(1)
    ability = rng.normal(size=200)
    shares = [0.97, 0.10, 0.5, 0.5, 0.5, 0.5]
    rows = np.array([[float(ability[n] > np.quantile(ability, 1 - share)) for share in shares] for n in range(200)])
    rows[:, 2] = rng.random(200) < 0.5
    rows[:, 3] = 1.0
    group = stats.answers([str(n) for n in range(200)], list("abcdef"), [1] * 6, rows)
    figures = stats.item_figures([group], QUALITY)

    assert figures["a"].flags[0] == "easy"
    assert figures["b"].flags == ("hard",)
    assert figures["c"].flags[-1] in ("weak", "negative: look at the key")
    assert figures["d"].flags == ("easy", "everybody alike") and figures["d"].discrimination is None
    assert figures["e"].flags == ()


def test_the_gates_stand_where_the_rule_says() -> None:
    names = [stats.gate(count).name for count in (0, 29, 30, 99, 100, 299, 300, 999, 1000)]

    assert names == [
        "descriptive", "descriptive", "flags", "flags", "committee", "committee", "two-parameter check",
        "two-parameter check", "two-parameter",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("items", "most", "points", "words"),
    [
        (["a"], [1], [[1]], "two items or more"),
        (["a", "b"], [1, 1], [[1, 0, 1]], "got 2 items and 3 columns"),
        (["a", "a"], [1, 1], [[1, 0]], "an item stands twice"),
        (["a", "b"], [1, 1], [[1, float("nan")]], "holds no gap"),
        (["a", "b"], [1, 1], [[1, 2]], "points lie between 0 and the most"),
    ],
)
def test_a_table_that_is_none_is_refused(
    items: list[str], most: list[float], points: list[list[float]], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        stats.answers(["s"], items, most, points)


def test_the_option_table_counts_who_chose_what_by_thirds() -> None:
    # Nine candidates with 1 to 9 points on the rest; written out by hand.
    chosen = [["b"], ["b"], [], ["a"], ["b"], ["a"], ["a"], ["a"], ["a"]]
    rows = {
        row.option: row for row in stats.option_table(chosen, {"a": True, "b": False, "c": False}, np.arange(1.0, 10.0))
    }

    assert {name: row.chosen for name, row in rows.items()} == {"a": 5, "b": 3, "c": 0, stats.NO_ANSWER: 1}
    assert (rows["a"].low, rows["a"].middle, rows["a"].high) == (0, pytest.approx(2 / 3), 1)
    assert (rows["b"].low, rows["b"].middle, rows["b"].high) == (pytest.approx(2 / 3), pytest.approx(1 / 3), 0)
    # By hand: sum of deviations of the a-choosers (4, 6, 7, 8, 9 about 5) = 9; sqrt(5 * 4 / 9 * 60) = 11.547.
    assert rows["a"].correlation == pytest.approx(9 / 11.5470054, abs=1e-8)
    assert rows["c"].correlation is None
    assert all(row.flags == () for row in rows.values())


def test_a_wrong_key_and_an_idle_distractor_are_flagged_from_thirty_answers_on() -> None:
    rest = np.arange(60.0)
    chosen = [["b"] if score > 30 else ["a"] for score in rest]
    rows = {row.option: row for row in stats.option_table(chosen, {"a": True, "b": False, "c": False}, rest)}

    assert rows["b"].flags == ("the best chose it rather than the key",)
    assert rows["c"].flags == ("nobody chose it",)
    assert rows["a"].flags == ()


def test_a_choice_that_the_item_does_not_have_is_refused() -> None:
    with pytest.raises(InputError, match="the item has the options a, b, an answer names z"):
        stats.option_table([["z"]], {"a": True, "b": False}, np.array([1.0]))


def test_thirds_of_scores_that_are_all_equal_are_no_error() -> None:
    rows = stats.option_table([["a"], ["b"]], {"a": True, "b": False}, np.array([3.0, 3.0]))

    assert [row.correlation for row in rows] == [None, None, None]


def verdict(**changed: object) -> stats.Fitness:
    wanted = {
        "scored": 80, "scored_wanted": 80, "judges": 10, "answers": 120, "alpha": 0.86, "consistency": 0.88,
        "quality": QUALITY,
    }  # fmt: skip
    return stats.fitness(**(wanted | changed))  # type: ignore[arg-type]


def test_a_form_that_has_everything_says_that_it_is_fit() -> None:
    assert verdict().fit is True and verdict().sentence == "fit for certification"


@pytest.mark.parametrize(
    ("changed", "fit", "words"),
    [
        ({"alpha": 0.799}, False, "not fit for certification: alpha 0.799, wanted 0.80 or more"),
        ({"consistency": 0.849}, False, "decision consistency 0.849, wanted 0.85 or more"),
        ({"consistency": None}, False, "decision consistency cannot be computed"),
        ({"judges": None}, False, "judges of the cut no panel, wanted 8 to 12"),
        ({"judges": 7}, False, "judges of the cut 7, wanted 8 to 12"),
        ({"judges": 13}, False, "judges of the cut 13, wanted 8 to 12"),
        ({"scored": 24}, False, "scored items 24, wanted 80 or more"),
        ({"answers": 29, "alpha": 0.5}, None, "not yet known to be fit for certification: alpha of 29 candidates"),
        ({"answers": 29, "scored": 24}, False, "not fit for certification: scored items 24"),
    ],
)
def test_a_form_says_why_it_is_not_fit(changed: dict[str, object], fit: bool | None, words: str) -> None:
    found = verdict(**changed)

    assert found.fit is fit
    assert words in found.sentence
