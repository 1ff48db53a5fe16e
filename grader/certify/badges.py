"""The badge of an issued certificate: a picture that carries the signed file."""

from __future__ import annotations

import json
from pathlib import Path

from .. import certificates
from ..certificates import Issuer, Look
from ..errors import InputError
from ..model import Bilingual
from .desk import Academy
from .putting import put

__all__ = ["draw_badge"]


def draw_badge(academy: Academy, number: str, folder: Path | None = None) -> list[Path]:
    """Write the badge of a certificate as SVG and PNG beside its file, or into ``folder``; the paths."""
    folder = folder or academy.centre.certificates
    issued = academy.store.events("certificate.issued", number)
    if not issued:
        raise InputError(f"the registry has no certificate {number!r}; see academy hr report for those that it has")
    fact = issued[-1].data
    file = academy.centre.certificates / f"{number}.json"
    try:
        document = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read; restore it from a backup") from error
    rules = academy.rules_of(fact["rules"]) if "rules" in fact else (academy.framework, academy.scheme)
    framework, scheme = rules
    source = fact.get("issuer", {})
    name = Bilingual(**source["name"]) if "name" in source else academy.issuer.name
    rung = framework.level(fact["level"])
    look = Look(
        rung.number, len(framework.levels), rung.name, scheme.certificate,
        Issuer(name, source.get("url", "")), fact["purpose"],
    )  # fmt: skip
    pictures = certificates.badge(document, look, scheme.blocked_words)
    return put(folder, {f"{number}.{kind}": data for kind, data in pictures.items()})
