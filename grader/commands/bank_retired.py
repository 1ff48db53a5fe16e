"""What retiring an item leaves behind: the sittings that asked it, and what becomes of their results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..errors import AcademyError
from ._options import known

__all__ = ["asked", "asked_lines"]


def asked(centre: Path, item: str) -> Mapping[str, str] | None:
    """The sittings of a centre that asked the item, with their states; None where registry or papers cannot be read."""
    from .. import certify
    from ..certify import exposure

    try:
        with certify.Academy(known(centre)) as academy:
            return exposure.asked_in(academy, item)
    except AcademyError:  # authors need not have a centre: the item is retired all the same
        return None


def asked_lines(centre: Path, item: str, found: Mapping[str, str] | None) -> Iterator[str]:
    """The same for the person at the keyboard, with what is to be done."""
    if found is None:
        yield (
            f"registry and papers of {centre} cannot be read here, so it is not known which sittings asked it; the "
            f"exam office sees them by `academy bank review {item} --centre DIR`"
        )
        return
    running = [sitting for sitting, state in found.items() if state == "scheduled"]
    past = [sitting for sitting in found if sitting not in running]
    if past:
        yield (
            f"sittings that asked it: {', '.join(past)}; their results stay until an appeal against the question is "
            "upheld, then `academy exam appeal same APPEAL` finds everybody else who had it"
        )
    if running:
        yield f"sittings not closed yet whose papers hold it: {', '.join(running)}; tell the exam office"
    if not found:
        yield f"no sitting of {centre} has asked it, so no result there rests on it"
