"""`academy cert`: certificates are checked, and the centre's public name is told."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from ..centre import Centre
from ..errors import InputError
from . import cert_credentials
from ._options import Nouns, centre, known, language, read, step, tell

__all__ = ["registered", "words"]


def words(nouns: Nouns) -> None:
    """Enter the steps."""
    steps = nouns.add_parser("cert", help="certificates").add_subparsers(required=True, metavar="STEP")
    verify = steps.add_parser("verify", help="check a certificate file, without any network")
    verify.add_argument("file", type=Path, help="the certificate's .json")
    verify.add_argument(
        "--issuer", metavar="DID", action="append",
        help="the did:key that you trust; give it again for each key of an issuer (default: this centre's)",
    )  # fmt: skip
    verify.add_argument(
        "--status-list", metavar="FILE", type=Path, action="append", default=[], dest="lists",
        help="a status list that the issuer publishes, or the folder that holds them; may be given again",
    )  # fmt: skip
    verify.add_argument("--language", choices=("en", "zh"), default=language(), help="of the answer")
    centre(verify)
    verify.set_defaults(run=_verify)
    trace = step(
        steps,
        "trace",
        "audit a certificate: from its file back to the items that were asked",
        _trace,
        about=("number", "number of the certificate, e.g. L2-202612-D9C5BC7D"),
        acts=False,
        more="Each link is computed again: credential, decision, cut, marks (keys, sandbox and judge), answers, form.",
    )
    trace.add_argument("--short", action="store_true", help="a line for each link, and everything that is wrong")
    issuer = steps.add_parser(
        "issuer", help="print the did:key of this centre: what others check its certificates against"
    )
    centre(issuer)
    issuer.set_defaults(run=_issuer)
    cert_credentials.words(steps)


def _verify(given: argparse.Namespace) -> int:
    from .. import certificates

    trusted = given.issuer or _own(given.centre)
    lists = [read(path) for path in _files(given.lists)]
    verification = certificates.verify(read(given.file), datetime.now(UTC), trusted, given.language, lists)
    for sentence in verification.sentences:
        print(sentence)
    state = registered(given.centre, verification.number) if verification.ok else None
    if state not in (None, "active"):
        print(f"This centre's registry says: {state}.")
    return 0 if verification.ok and state in (None, "active") else 1


def _own(centre: Path) -> Collection[str] | None:
    """The keys of this centre, that of today and those before it; None where there is no centre with a key."""
    from .. import certify

    if not (Centre(centre).key.exists() and Centre(centre).registry.exists()):
        return None
    with certify.Academy(centre) as academy:
        return academy.trusted()


def _files(given: list[Path]) -> list[Path]:
    """The status lists that were named; of a folder, those that lie in it or in its ``status``."""
    found = []
    for path in given:
        inside = sorted([*path.glob("*.json"), *path.glob("status/*.json")]) if path.is_dir() else [path]
        if not inside:
            raise InputError(f"{path} holds no status list; name the folder into which the issuer's lists were put")
        found += inside
    return found


def _trace(given: argparse.Namespace) -> int:
    from .. import certify

    links, holds = [], True
    with certify.Academy(known(given.centre)) as academy:
        for link in certify.trace(academy, given.number):
            links.append({"link": link.name, "holds": link.holds, "said": link.said, "wrong": link.wrong})
            holds = holds and link.holds
            if given.json:
                continue
            print(f"{link.name}: {'holds' if link.holds else 'DOES NOT HOLD'}")
            for sentence in [*([] if given.short else link.said), *(f"!! {wrong}" for wrong in link.wrong)]:
                print(f"  {sentence}")
    tell(given, {"number": given.number, "holds": holds, "links": links}, [])
    return 0 if holds else 1


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
