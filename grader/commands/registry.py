"""`academy registry`: the record of everything is checked, backed up, restored, rebuilt, written out and cleared."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from ..centre import Centre
from . import registry_keeping
from ._options import Nouns, by, centre, known, many, progress

__all__ = ["words"]


def words(nouns: Nouns) -> None:
    """Enter the steps."""
    steps = nouns.add_parser("registry", help="the record of everything").add_subparsers(required=True, metavar="STEP")
    verify = steps.add_parser("verify", help="check that no fact was changed, removed, moved or cut off")
    centre(verify)
    verify.set_defaults(run=_verify)
    backup = steps.add_parser(
        "backup",
        help="write the whole centre into one file, also while people work",
        description="The file holds answers, names and the key that signs certificates: keep it as you keep those.",
    )
    backup.add_argument(
        "file", type=Path, nargs="?", help="the .tar.gz to write (default: NAME-DATE.tar.gz in the current folder)"
    )
    backup.add_argument("--without-keys", action="store_true", help="leave out the private keys")
    centre(backup)
    backup.set_defaults(run=_backup)
    restore = steps.add_parser("restore", help="make a centre of a backup, in a new folder, and verify it")
    restore.add_argument("file", type=Path, help="the .tar.gz")
    centre(restore)
    by(restore, apart=True, makes=True)
    restore.set_defaults(run=_restore)
    rebuild = steps.add_parser("rebuild", help="make views and indexes of the registry anew; no fact is touched")
    centre(rebuild)
    rebuild.set_defaults(run=_rebuild)
    export = steps.add_parser("export", help="write all facts and tables into a new folder (JSON lines, CSV)")
    export.add_argument("folder", type=Path, help="a new folder")
    export.add_argument(
        "--without-content", action="store_true", help="the chain alone: enough to prove it, and nobody's data"
    )
    centre(export)
    export.set_defaults(run=_export)
    registry_keeping.words(steps)


def _verify(given: argparse.Namespace) -> int:
    from ..store import Store

    with Store(Centre(known(given.centre)).registry) as store:
        broken = store.verify()
        count, head = store.head()
    for sentence in broken:
        print(sentence)
    print(f"{many(count, 'fact')}, {'the chain holds' if not broken else many(len(broken), 'break')}; head {head}")
    return 1 if broken else 0


def _backup(given: argparse.Namespace) -> int:
    from .. import upkeep

    root = known(given.centre).resolve()
    target = given.file or Path(f"{root.name}-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.tar.gz")
    with progress("file") as told:
        found = upkeep.back_up(Centre(root), target, keys=not given.without_keys, progress=told)
    print(f"{target}: {many(found.files, 'file')}, {many(found.facts, 'fact')}, head {found.head}")
    print("It holds the private key: keep it secret." if found.with_keys else "It holds no private key.")
    return 0


def _restore(given: argparse.Namespace) -> int:
    from .. import upkeep

    found = upkeep.restore(given.file, given.centre, given.by)
    print(f"{given.centre}: {many(found.files, 'file')} of {found.made_at}, {many(found.facts, 'fact')}, verified")
    if not found.with_keys:
        print("The backup has no private key: put keys/issuer.pem back, nothing is signed without it.")
    return 0


def _rebuild(given: argparse.Namespace) -> int:
    from ..store import Store

    with Store(Centre(known(given.centre)).registry) as store:
        store.rebuild()
        broken = store.verify()
    for sentence in broken:
        print(sentence)
    print("Views and indexes are made anew" + ("" if not broken else f"; {many(len(broken), 'break')} left"))
    return 1 if broken else 0


def _export(given: argparse.Namespace) -> int:
    from .. import upkeep
    from ..store import Store

    with Store(Centre(known(given.centre)).registry) as store:
        count, files = upkeep.export(store, given.folder, content=not given.without_content)
    print(f"{given.folder}: {many(count, 'fact')} in {many(len(files), 'file')}")
    return 0
