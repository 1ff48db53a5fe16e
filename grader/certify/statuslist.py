"""Places of certificates in the status lists, and the lists themselves, as the centre publishes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .. import certificates
from ..certificates import STATUS_PURPOSES, StatusEntry
from ..errors import InputError
from ..model import digest
from .desk import Academy
from .signed_file import REISSUED

__all__ = ["DAYS", "Published", "new_place", "publish_status"]

DAYS = 7
"""A list serves so many days; whoever reads it later is told that it is stale."""
_TRIES = 24
"""So many places in vain tell that a list is nearly full: at three quarters that happens once in a thousand times."""
_OPENED, _PUBLISHED = "status.opened", "status.published"
_STATES = {"revocation": ("withdrawn", "reduced"), "suspension": ("suspended",)}


@dataclass(frozen=True)
class Published:
    """A list as it was published: ``places`` are those that are set."""

    name: str
    revision: int
    places: tuple[int, ...]
    made: datetime
    ends: datetime
    document: Mapping[str, Any]
    own_key: bool
    """Whether the key of its certificates signed it; else the key of today, which readers have to trust as well."""


def new_place(academy: Academy) -> StatusEntry:
    """A free place for a new certificate, drawn at random in a list of the centre's key; opens a list when needed."""
    base, who = academy.issuer.url, academy.issuer_did
    number = next((n for n, opened in _lists(academy) if (opened["url"], opened["did"]) == (base, who)), None)
    while True:
        if number is None:
            number = len(_lists(academy)) + 1
            academy.store.append(_OPENED, str(number), {"url": base, "did": who}, "academy")
        for _ in range(_TRIES):
            place = number, certificates.draw()
            if place not in academy.places_drawn and _free(academy, *place):
                academy.places_drawn.add(place)
                return StatusEntry(base, *place)
        number = None


def publish_status(
    academy: Academy, folder: Path, by: str, days: int = DAYS, at: datetime | None = None
) -> list[Published]:
    """Sign every list as the registry stands and write it into ``folder``/status; kept as facts ``status.published``.

    A list is signed with the key of its certificates, so that a reader needs to trust no other; where that key is lost
    or was stolen, with the key of today.

    Raises :class:`InputError` when no certificate names a list yet.
    """
    if not (lists := _lists(academy)):
        raise InputError("no certificate names a status list yet; the first list is opened when one is issued")
    now = (at or datetime.now(UTC)).replace(microsecond=0)
    made = []
    places = _places(academy)
    for number, opened in lists:
        for purpose in STATUS_PURPOSES:
            name = f"{purpose}-{number}"
            before = academy.store.events(_PUBLISHED, name)
            found = places.get((number, purpose), set())
            if purpose == "revocation" and before:
                found |= {*before[-1].data["places"]}  # final, also when what we knew of the certificate was redacted
            key = academy.key_for_lists(opened["did"])
            document = certificates.status_list(
                certificates.list_address(opened["url"], purpose, number),
                purpose,
                found,
                academy.issuer,
                key,
                now,
                now + timedelta(days=days),
            )
            ends = now + timedelta(days=days)
            own = certificates.did(key) == opened["did"]
            made.append(Published(name, len(before) + 1, tuple(sorted(found)), now, ends, document, own))
    _write(folder / "status", made)
    academy.store.append_all([(_PUBLISHED, one.name, _fact(one)) for one in made], by)
    return made


def _fact(one: Published) -> dict[str, Any]:
    return {
        "revision": one.revision,
        "digest": digest(one.document),
        "places": list(one.places),
        "made": one.document["validFrom"],
        "ends": one.document["validUntil"],
    }


def _write(folder: Path, made: list[Published]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in made:
            part = folder / f".{one.name}.part"
            part.write_bytes(certificates.credential_bytes(one.document))
            part.replace(folder / f"{one.name}.json")
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}); name a folder that you may write") from error


def _lists(academy: Academy) -> list[tuple[int, Mapping[str, Any]]]:
    """Every list that was opened, the newest first: its number, address and key."""
    return [(int(event.subject), event.data) for event in reversed(academy.store.events(_OPENED))]


def _free(academy: Academy, number: int, index: int) -> bool:
    if academy.store.rows("certificates", status_index=index, status_list=number):
        return False
    if (number, index) in academy.places_again:
        return False
    # A withdrawn certificate keeps its place, also after all else about it was redacted.
    before = academy.store.events(_PUBLISHED, f"revocation-{number}")
    return not before or index not in before[-1].data["places"]


def _places(academy: Academy) -> dict[tuple[int, str], set[int]]:
    """The places to set, by list and purpose."""
    found: dict[tuple[int, str], set[int]] = {}
    again: dict[str, tuple[int, int]] = {}
    for event in academy.store.events(REISSUED):  # the file that was signed again before counts no more
        again[event.subject] = event.data["status_list"], event.data["status_index"]
        if "status_index" in (was := event.data["was"]):
            found.setdefault((was["status_list"], "revocation"), set()).add(was["status_index"])
    for row in _touched(academy):
        place = again.get(row["number"], (row["status_list"], row["status_index"]))
        for purpose, states in _STATES.items():
            if row["state"] in states and place[1] is not None:
                found.setdefault((place[0], purpose), set()).add(place[1])
    return found


def _touched(academy: Academy) -> Iterator[Mapping[str, Any]]:
    """The certificates against which any measure was ever taken."""
    kinds = ("certificate.suspended", "certificate.withdrawn", "certificate.reduced")
    for number in sorted({event.subject for kind in kinds for event in academy.store.events(kind)}):
        yield from academy.store.rows("certificates", number=number)
