"""`academy cert`: certificates are checked, and the centre's public name is told."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from ..centre import Centre
from ._options import Nouns, centre, known, language, read

__all__ = ["registered", "words"]


def words(nouns: Nouns) -> None:
    """Enter the steps."""
    steps = nouns.add_parser("cert", help="certificates").add_subparsers(required=True, metavar="STEP")
    verify = steps.add_parser("verify", help="check a certificate file, without any network")
    verify.add_argument("file", type=Path, help="the certificate's .json")
    verify.add_argument(
        "--issuer", metavar="DID", help="the did:key that you trust (default: this centre's, if it has a key)"
    )
    verify.add_argument("--language", choices=("en", "zh"), default=language(), help="of the answer")
    centre(verify)
    verify.set_defaults(run=_verify)
    issuer = steps.add_parser(
        "issuer", help="print the did:key of this centre: what others check its certificates against"
    )
    centre(issuer)
    issuer.set_defaults(run=_issuer)


def _verify(given: argparse.Namespace) -> int:
    from .. import certificates

    key = Centre(given.centre).key
    trusted = given.issuer or (certificates.did(certificates.load_key(key)) if key.exists() else None)
    verification = certificates.verify(read(given.file), datetime.now(UTC), trusted, given.language)
    for sentence in verification.sentences:
        print(sentence)
    state = registered(given.centre, verification.number) if verification.ok else None
    if state not in (None, "active"):
        print(f"This centre's registry says: {state}.")
    return 0 if verification.ok and state in (None, "active") else 1


def registered(centre: Path, number: str | None) -> str | None:
    """The state of a certificate in a centre's registry; None where it is not known."""
    from ..store import Store

    if number is None or not Centre(centre).registry.exists():
        return None
    with Store(Centre(centre).registry) as store:
        return next((str(row["state"]) for row in store.rows("certificates", number=number)), None)


def _issuer(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        print(academy.issuer_did)
    return 0
