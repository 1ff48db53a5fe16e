"""A person's record: every certificate that stands, in one signed file, and as a paper in each language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import certificates, ladder
from ..certificates import Line
from ..errors import InputError, RuleBroken
from ..model import LANGUAGES, digest
from .desk import Academy
from .putting import put
from .signed_file import signed_file

__all__ = ["write_record"]

_OUT = ("suspended", "withdrawn", "reduced")
_HOLDS = ("in force", "due")


def write_record(academy: Academy, person: str, folder: Path, by: str, at: datetime | None = None) -> list[Path]:
    """Write a person's record into ``folder``: the signed file, and a PDF in each language; kept as a fact.

    The centre keeps no copy.  Raises :class:`RuleBroken` when no certificate of the person stands.
    """
    name = academy.person(person)["name"]
    made = (at or datetime.now(UTC)).replace(microsecond=0)
    lines = [line for row in _rows(academy, person) if (line := _line(academy, row, made)) is not None]
    if not lines:
        raise RuleBroken(f"{person} has no certificate that stands, so that a record would be empty")
    members = [line.document for line in lines]
    words = academy.scheme.blocked_words
    document = certificates.record(person, name, members, academy.issuer, academy.signing_key(), made, words)
    content = {".json": certificates.credential_bytes(document)}
    for language in LANGUAGES:
        content[f"-{language}.pdf"] = certificates.record_pdf(
            document, name, lines, academy.issuer, academy.scheme, made, language
        )
    stem = f"record-{re.sub(r'[^0-9A-Za-z._-]', '_', person)}"
    paths = put(folder, {f"{stem}{ending}": data for ending, data in content.items()})
    numbers = [str(one["credentialSubject"]["licenseNumber"]) for one in members]
    fact = {"person": person, "certificates": numbers, "digest": digest(document)}
    academy.store.append("record.issued", person, fact, by)
    return paths


def _rows(academy: Academy, person: str) -> list[dict[str, Any]]:
    rows = academy.store.rows("certificates", person=person)
    return sorted(rows, key=lambda row: (row["issued_on"], row["level"], row["number"]))


def _line(academy: Academy, row: Mapping[str, Any], made: datetime) -> Line | None:
    state = ladder.state_of(row, made.date(), academy.scheme.keeping)
    if state in _OUT:
        return None
    file = academy.centre.certificates / f"{row['number']}.json"
    try:
        data = file.read_bytes()
        document = json.loads(data)
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read; restore it from a backup") from error
    if digest(document) != signed_file(academy, row["number"]).digest:
        raise InputError(f"{file} is not the one that was issued; restore it from a backup")
    issued = academy.store.events("certificate.issued", row["number"])[-1].data
    framework = academy.rules_of(issued["rules"])[0] if "rules" in issued else academy.framework
    return Line(document, row["level"], row["purpose"], ladder.STATES[state], state in _HOLDS, framework)
