"""Service level by the definition that is named: the same day has four."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._checks import broadcast, choice, collapse, numbers
from .._text import Text

__all__ = ["SERVICE_LEVEL_RULES", "service_level"]


SERVICE_LEVEL_RULES: dict[str, Text] = {
    "offered": Text(
        "answered within T / (answered + abandoned)",
        "T秒内应答量 /（应答量 + 放弃量）",
    ),
    "answered": Text(
        "answered within T / answered",
        "T秒内应答量 / 应答量",
    ),
    "short_abandons_excluded": Text(
        "answered within T / (answered + abandoned after T)",
        "T秒内应答量 /（应答量 + T秒后放弃量）",
    ),
    "short_abandons_as_answered": Text(
        "(answered within T + abandoned within T) / (answered + abandoned)",
        "（T秒内应答量 + T秒内放弃量）/（应答量 + 放弃量）",
    ),
}
"""The four formulas in use, by name; "offered" is the default of the whole library."""


def service_level(
    answered_within: ArrayLike,
    answered: ArrayLike,
    abandoned_within: ArrayLike,
    abandoned: ArrayLike,
    rule: str = "offered",
) -> Any:
    """Service level of an interval or a day by one of the four formulas in use.

    Parameters
    ----------
    answered_within : number or array
        Contacts answered within the target T.
    answered : number or array
        All contacts answered.
    abandoned_within : number or array
        Contacts that hung up within T.
    abandoned : number or array
        All contacts that hung up.
    rule : str, optional
        A name of `SERVICE_LEVEL_RULES`: "offered", "answered", "short_abandons_excluded", "short_abandons_as_answered".

    Returns
    -------
    float or array
        Share between 0 and 1. Percentages of unequal intervals are never averaged: add the counts first.

    Examples
    --------
    >>> service_level(800, 930, 25, 70)
    0.800
    >>> {rule: round(service_level(800, 930, 25, 70, rule), 3) for rule in SERVICE_LEVEL_RULES}
    {'offered': 0.8, 'answered': 0.86, 'short_abandons_excluded': 0.821, 'short_abandons_as_answered': 0.825}
    >>> service_level(940, 930, 25, 70)
    Traceback (most recent call last):
    ValueError: answered_within must not exceed answered, got 940 of 930
    """
    choice("rule", rule, SERVICE_LEVEL_RULES)
    within, taken, short, lost = broadcast(
        answered_within=numbers("answered_within", answered_within, least=0),
        answered=numbers("answered", answered, least=0),
        abandoned_within=numbers("abandoned_within", abandoned_within, least=0),
        abandoned=numbers("abandoned", abandoned, least=0),
    )
    for part, whole, names in ((within, taken, "answered"), (short, lost, "abandoned")):
        if (part > whole).any():
            first = int(np.argmax((part > whole).ravel()))
            got = f"{part.ravel()[first]:g} of {whole.ravel()[first]:g}"
            raise ValueError(f"{names}_within must not exceed {names}, got {got}")
    top = within + short if rule == "short_abandons_as_answered" else within
    bottom = {"answered": taken, "short_abandons_excluded": taken + lost - short}.get(rule, taken + lost)
    if (bottom == 0).any():
        raise ValueError(
            f'the denominator of the rule "{rule}" ({SERVICE_LEVEL_RULES[rule].en}) must be above 0, got 0; '
            "leave out intervals without contacts"
        )
    return collapse(np.asarray(top / bottom))
