"""The key that signs certificates, and the one that takes its place: planned, or because it was lost or stolen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .. import certificates
from ..certificates import load_key
from ..errors import InputError, RuleBroken
from .conflicts import identity
from .desk import Academy

__all__ = ["REASONS", "Key", "check_two", "known_keys", "rotate", "stolen"]

REASONS = ("planned", "lost", "stolen")


@dataclass(frozen=True)
class Key:
    """A key of the centre as it makes it known: from when it signed, until when, and why no longer."""

    did: str
    since: str | None
    until: str | None
    reason: str | None


def rotate(academy: Academy, reason: str, note: str, by: str, witness: str) -> str:
    """Put a new key in the place of the one that signs; returns its did:key.

    The old one goes into the archive, where it still proves what it signed and signs the status lists of its own
    certificates; one that was stolen never signs again.  ``planned`` and ``stolen`` want the old key at its place,
    ``lost`` wants it gone.
    """
    if not note.strip():
        raise InputError("a change of the key wants its reason in words, got an empty text")
    check_two(academy, by, witness)
    path = academy.centre.key
    old = _old(academy, path, reason)
    archive = academy.centre.archived_key(old)
    archive.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        shutil.copy2(path, archive)
    made = archive.with_name("next.pem")
    made.unlink(missing_ok=True)  # of a change that was cut off before it was written down
    new = certificates.did(certificates.new_key(made))
    made.replace(academy.centre.archived_key(new))
    fact = {"follows": old, "on": f"{datetime.now(UTC):%Y-%m-%d}", "reason": reason, "note": note.strip()}
    academy.store.append("key.rotated", new, fact | {"with": witness.strip()}, by)
    return certificates.did(academy.signing_key())  # which takes the new key to its place


def check_two(academy: Academy, by: str, witness: str) -> None:
    """Refuse one person who stands for two."""
    if not witness.strip() or identity(academy, witness) == identity(academy, by):
        raise RuleBroken(f"two people use the key together: {by} and somebody else, got {witness.strip()!r}")


def _old(academy: Academy, path: Path, reason: str) -> str:
    """The key that is followed; refuses a reason that does not fit what lies there."""
    if reason != "lost":
        if not path.exists():
            raise InputError(f"{path} is missing: put it back, or say that the key is lost (--reason lost)")
        return certificates.did(load_key(path))
    if path.exists():
        raise RuleBroken(f"the key is not lost, it lies in {path}; the reason is planned, or stolen")
    if (last := academy.last_key()) is None:
        raise InputError("no certificate was signed yet, so that no key can be lost; the first one is made by itself")
    return last


def known_keys(academy: Academy) -> list[Key]:
    """Every key that ever signed for the centre, the oldest first, as it is to be made known."""
    rotations = academy.rotations()
    since: str | None = None
    keys = []
    for rotation in rotations:
        keys.append(Key(rotation.data["follows"], since, rotation.data["on"], rotation.data["reason"]))
        since = rotation.data["on"]
    return [*keys, Key(rotations[-1].subject if rotations else academy.issuer_did, since, None, None)]


def stolen(academy: Academy, did: str) -> str | None:
    """The day on which it was told that this key was stolen; None when it was not."""
    return next(_stolen(academy, did), None)


def _stolen(academy: Academy, did: str) -> Iterator[str]:
    for rotation in academy.rotations():
        if rotation.data["follows"] == did and rotation.data["reason"] == "stolen":
            yield rotation.data["on"]
