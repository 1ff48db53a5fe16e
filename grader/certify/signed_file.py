"""The signed file of a certificate that stands: that of its issue, or the one that was signed again after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ..certificates import StatusEntry
from .desk import Academy

__all__ = ["REISSUED", "SignedFile", "digests", "signed_file"]

REISSUED = "certificate.reissued"
"""The fact that a certificate was signed again: same number, same content, another key."""


@dataclass(frozen=True)
class SignedFile:
    """What the registry knows of the file of a certificate."""

    digest: str
    source: Mapping[str, Any]
    """The issuer as it stands in the file: ``did``, ``name``, ``url``."""
    place: StatusEntry | None
    """Its place in the status lists; None from before there were lists."""
    signed_on: date | None = None
    """The day on which it was signed again; None for the file of the issue."""
    former: tuple[str, ...] = ()
    """SHA-256 of the files that it took the place of, the oldest first."""


def signed_file(academy: Academy, number: str) -> SignedFile:
    """The file of a certificate of the registry."""
    again, issued = academy.store.events(REISSUED, number), academy.store.events("certificate.issued", number)
    data = (again or issued)[-1].data
    source = data.get("issuer") or {"did": academy.issuer_did, **_today(academy)}
    place = StatusEntry(source["url"], data["status_list"], data["status_index"]) if "status_index" in data else None
    if not again:
        return SignedFile(data["digest"], source, place)
    former = tuple(event.data["was"]["digest"] for event in again)
    return SignedFile(data["digest"], source, place, date.fromisoformat(data["on"]), former)


def digests(academy: Academy) -> dict[str, str]:
    """SHA-256 of the files that were signed again, by number."""
    return {event.subject: event.data["digest"] for event in academy.store.events(REISSUED)}


def _today(academy: Academy) -> dict[str, Any]:
    return {"name": asdict(academy.issuer.name), "url": academy.issuer.url}
