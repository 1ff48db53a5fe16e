"""The cut that a panel has set for a form, as the registry tells it, and who has judged the form."""

from __future__ import annotations

from ..model import Cut
from .desk import Academy

__all__ = ["METHOD", "cut_of", "judges_of"]

METHOD = "modified Angoff"
"""How a panel sets a cut, in the words of a certificate."""


def cut_of(academy: Academy, form_digest: str) -> Cut | None:
    """The cut that a panel has set for a form; None while none has."""
    events = academy.store.events("cut.set", form_digest)
    if not events:
        return None
    said = events[-1].data
    return Cut(
        form_digest, float(said["cut"]), float(said["se"]), said["method"], tuple(said["judges"]), said["panel"],
        events[-1].by, events[-1].at,
    )  # fmt: skip


def judges_of(academy: Academy, form_digest: str) -> set[str]:
    """Whoever was given a sheet of a form, or has rated it, has seen it and is never to sit it."""
    events = [*academy.store.events("panel.sheet"), *academy.store.events("panel.rated")]
    return {event.data["judge"] for event in events if event.data["form_digest"] == form_digest}
