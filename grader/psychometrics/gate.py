"""What may be concluded from how many answers to an item, counted over all the forms that held it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DESCRIPTIVE", "GATES", "Gate", "gate"]


@dataclass(frozen=True)
class Gate:
    """From how many answers on, and what is then allowed."""

    least: int
    name: str
    allows: str


DESCRIPTIVE = "descriptive"

GATES = (
    Gate(
        0,
        DESCRIPTIVE,
        "figures only describe; no item is judged, no form is called fit; the cut comes from the panel alone",
    ),
    Gate(
        30,
        "flags",
        "figures flag items whose key and wording a person looks at again; no item is dropped on figures alone",
    ),
    Gate(
        100,
        "committee",
        "a committee may drop or change an item on its figures; a one-parameter (Rasch) calibration is sound",
    ),
    Gate(300, "two-parameter check", "a two-parameter calibration may check the Rasch one, not replace it"),
    Gate(1000, "two-parameter", "a two-parameter calibration may be used"),
)


def gate(answers: int) -> Gate:
    """The gate that this number of answers has passed.

    >>> gate(29).name, gate(30).name, gate(99).name, gate(100).name
    ('descriptive', 'flags', 'flags', 'committee')
    """
    return next(one for one in reversed(GATES) if answers >= one.least)
