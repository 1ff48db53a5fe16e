"""Measures against a certificate, or lifting one: which there are, and from which state each is possible."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["MEASURES", "against_measure"]

MEASURES: Mapping[str, str] = {
    "suspend": "certificate.suspended",
    "withdraw": "certificate.withdrawn",
    "reduce": "certificate.reduced",
    "reinstate": "certificate.reinstated",
}
"""Every measure with the kind of the fact by which it takes effect."""

_FROM = {
    "suspend": ("coming", "in force", "due", "grace"),
    "withdraw": ("coming", "in force", "due", "grace", "lapsed", "suspended", "replaced"),
    "reduce": ("in force", "due", "suspended"),
    "reinstate": ("suspended",),
}


def against_measure(measure: str, state: str) -> str | None:
    """Why a measure cannot be taken for a certificate that stands so; None when it can.

    >>> against_measure("withdraw", "lapsed"), against_measure("reinstate", "withdrawn")
    (None, 'it is withdrawn, and only one that is suspended can be reinstated')
    """
    if state in _FROM[measure]:
        return None
    past = {"suspend": "suspended", "withdraw": "withdrawn", "reduce": "reduced", "reinstate": "reinstated"}[measure]
    states = _FROM[measure]
    allowed = states[0] if len(states) == 1 else f"{', '.join(states[:-1])} or {states[-1]}"
    return f"it is {state}, and only one that is {allowed} can be {past}"
