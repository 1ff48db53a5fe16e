"""Certificates that a stolen key had signed are signed again: same number, same content, the key of today."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from .. import certificates, ladder
from ..certificates import Facts, Issuer
from ..errors import AcademyError, InputError, Problem, RuleBroken
from ..model import Bilingual, digest
from . import keys
from .desk import Academy
from .issuing import facts_as_issued, write_files
from .signed_file import REISSUED, SignedFile, signed_file
from .statuslist import new_place

__all__ = ["Reissued", "reissue", "to_reissue"]

_STANDING = ("coming", "in force", "due", "grace", "suspended")


@dataclass(frozen=True)
class Reissued:
    """Numbers that were signed again, and those that could not be, each with the reason."""

    numbers: tuple[str, ...]
    refused: tuple[Problem, ...]


def to_reissue(academy: Academy, today: date | None = None) -> list[str]:
    """Every certificate that stands, or may again, and whose file a stolen key has signed; by number."""
    taken = {one.data["follows"] for one in academy.rotations() if one.data["reason"] == "stolen"}
    if not taken:
        return []
    day, rules = today or _today(), academy.scheme.keeping
    rows = (row for row in academy.store.rows("certificates") if ladder.state_of(row, day, rules) in _STANDING)
    return sorted(row["number"] for row in rows if signed_file(academy, row["number"]).source["did"] in taken)


def reissue(
    academy: Academy,
    numbers: Sequence[str],
    by: str,
    witness: str,
    note: str,
    today: date | None = None,
    progress: Callable[[str], None] = lambda number: None,
) -> Reissued:
    """Sign certificates again with the key of today, and draw their papers; two people do it together.

    The content is that of the issue and is proved before: with the stolen key it must give the file that was issued.
    The new file has a place of its own in the status lists, and the old one's is set as withdrawn. A certificate that
    cannot be signed again stops no other.
    """
    keys.check_two(academy, by, witness)
    if not note.strip():
        raise InputError("signing again wants its reason in words, got an empty text")
    if twice := sorted({number for number in numbers if list(numbers).count(number) > 1}):
        raise InputError(f"{', '.join(twice)} is named twice; name every certificate once")
    day = today or _today()
    drafts: list[tuple[SignedFile, Facts]] = []
    refused: list[Problem] = []
    academy.signing_key()  # refused here when it is not at hand
    for number in numbers:
        try:
            drafts.append(_draft(academy, number, day))
        except AcademyError as error:
            refused.append(Problem(number, str(error)))
    pressed = certificates.press_all([facts for _, facts in drafts], academy.issuer, academy.centre.key)
    done: list[str] = []
    for (old, facts), made in zip(drafts, pressed, strict=True):
        progress(facts.number)
        if isinstance(made, str):
            refused.append(Problem(facts.number, made))
            continue
        write_files(academy.centre.certificates, facts.number, made)
        fact = _fact(academy, old, facts, digest(made.document))
        academy.store.append(REISSUED, facts.number, fact | {"note": note.strip(), "with": witness.strip()}, by)
        done.append(facts.number)
    return Reissued(tuple(done), tuple(refused))


def _draft(academy: Academy, number: str, day: date) -> tuple[SignedFile, Facts]:
    """The file that is to be replaced, and what the new one says."""
    rows = academy.store.rows("certificates", number=number)
    if not rows:
        raise InputError(f"the registry has no certificate {number!r}; see academy hr report for those that it has")
    state = ladder.state_of(rows[0], day, academy.scheme.keeping)
    if state not in _STANDING:
        raise RuleBroken(f"it is {ladder.STATES[state].en}, and only one that stands is signed again")
    old = signed_file(academy, number)
    if keys.stolen(academy, old.source["did"]) is None:
        raise RuleBroken("the key that signed it was not stolen, so its file is as good as it was")
    facts = facts_as_issued(academy, rows[0], old)
    _check_same(academy, facts, old)
    return old, replace(facts, status=new_place(academy), signed_on=day)


def _check_same(academy: Academy, facts: Facts, old: SignedFile) -> None:
    """Refuse to sign what is not known to be what was issued."""
    key = academy.key_of(old.source["did"])
    if key is None:
        raise InputError(
            f"the stolen key {old.source['did']} is not in keys/archive, and without it nobody can "
            "prove what was issued; put it back from the safe or a backup"
        )
    name = Bilingual(old.source["name"]["en"], old.source["name"]["zh"])
    if digest(certificates.credential(facts, Issuer(name, old.source["url"]), key)) != old.digest:
        raise RuleBroken(
            "what the registry and the papers say does not give the file that was issued; audit it first (academy cert "
            f"trace {facts.number})"
        )


def _fact(academy: Academy, old: SignedFile, facts: Facts, new: str) -> dict[str, Any]:
    assert facts.status is not None and facts.signed_on is not None
    place: Mapping[str, Any] = {"status_list": old.place.number, "status_index": old.place.index} if old.place else {}
    return {
        "on": facts.signed_on.isoformat(),
        "digest": new,
        "status_list": facts.status.number,
        "status_index": facts.status.index,
        "issuer": {"did": academy.issuer_did, "name": asdict(academy.issuer.name), "url": academy.issuer.url},
        "was": {"digest": old.digest, "did": old.source["did"], **place},
    }


def _today() -> date:
    return datetime.now(UTC).date()
