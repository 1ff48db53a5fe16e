"""The same day has four service levels, and each is named."""

from __future__ import annotations

import pytest

from ccskills.performance import SERVICE_LEVEL_RULES, service_level


# standard.md 5.2: offered 1,000; answered 930, of them 800 within 20 s; abandoned 70, of them 25 within 20 s
@pytest.mark.parametrize(
    ("rule", "printed"),
    [
        ("short_abandons_as_answered", 0.825),
        ("answered", 0.860),
        ("offered", 0.800),
        ("short_abandons_excluded", 0.821),
    ],
)
def test_the_day_of_the_standard_has_four_service_levels(rule: str, printed: float) -> None:
    assert service_level(800, 930, 25, 70, rule) == pytest.approx(printed, abs=0.0005)
    assert set(SERVICE_LEVEL_RULES) >= {rule}


def test_offered_is_the_default_and_intervals_come_as_arrays() -> None:
    assert service_level([80, 30], [90, 40], [0, 0], [10, 20]).tolist() == [0.8, 0.5]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((940, 930, 25, 70), "answered_within must not exceed answered, got 940 of 930"),
        ((800, 930, 75, 70), "abandoned_within must not exceed abandoned, got 75 of 70"),
        ((800, 930, -1, 70), "abandoned_within must be 0 or more, got -1"),
        (
            (0, 0, 0, 0),
            'the denominator of the rule "offered" (answered within T / (answered + abandoned)) must be above 0, '
            "got 0; leave out intervals without contacts",
        ),
        (
            (800, 930, 25, 70, "best"),
            "rule must be one of offered, answered, short_abandons_excluded, short_abandons_as_answered, got 'best'",
        ),
    ],
)
def test_counts_that_cannot_be_are_refused_in_one_sentence(arguments: tuple[int, ...], sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        service_level(*arguments)  # type: ignore[arg-type]

    assert str(error.value) == sentence
