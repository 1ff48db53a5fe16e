"""`academy registry`: the record of everything is checked."""

from __future__ import annotations

import argparse

from ..centre import Centre
from ._options import Nouns, centre, known, many

__all__ = ["words"]


def words(nouns: Nouns) -> None:
    """Enter the step."""
    steps = nouns.add_parser("registry", help="the record of everything").add_subparsers(required=True, metavar="STEP")
    verify = steps.add_parser("verify", help="check that no fact was changed, removed or moved")
    centre(verify)
    verify.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> int:
    from ..store import Store

    with Store(Centre(known(given.centre)).registry) as store:
        broken = store.verify()
        count = len(store.events())
    for sentence in broken:
        print(sentence)
    print(f"{many(count, 'fact')}, {'the chain holds' if not broken else many(len(broken), 'break')}")
    return 1 if broken else 0
