"""`academy cert badge`, `status-list`, `rotate-key`: what the centre gives out about its certificates, and its keys."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..centre import Centre
from ..errors import InputError
from ._options import Nouns, alone, by, centre, known, many, progress, say_problems, step, tell

__all__ = ["words"]

_OTHER_KEY = "; signed by the key of today, as that of its certificates is lost, stolen or not in keys/archive"
_AFTER = "Send the holders their new files, and publish: academy cert status-list, academy cert register"
_NUMBER = ("number", "number of the certificate, e.g. L2-202612-D9C5BC7D")


def words(steps: Nouns) -> None:
    """Enter the steps."""
    lists = steps.add_parser(
        "status-list",
        help="write the signed lists of withdrawn and suspended certificates",
        description="Writes the status lists (W3C Bitstring Status List 1.0) as files for the issuer's web page, "
        "that the address of centre.json serves status/revocation-1.json and status/suspension-1.json. They name "
        "nobody and no number. Run it after every measure, and before the lists of last time run out.",
    )
    lists.add_argument(
        "folder", type=Path, nargs="?", help="folder of the web page; the files go into its status/ (default: public/ "
        "in the centre)",
    )  # fmt: skip
    lists.add_argument(
        "--days",
        type=_days,
        default=7,
        help="days for which the lists serve; then they are stale (default: %(default)s)",
    )
    centre(lists)
    by(lists)
    lists.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    lists.set_defaults(run=alone(_status_list))

    badge = step(
        steps, "badge", "draw the badge of a certificate, with the signed file in the picture", _badge, about=_NUMBER,
        acts=False, more="Writes NUMBER.svg and NUMBER.png. Whoever has the picture can check it with `academy cert "
        "verify`, or with any program that reads Open Badges 3.0.",
    )  # fmt: skip
    badge.add_argument("--folder", type=Path, help="where to write (default: certificates/ in the centre)")

    register = steps.add_parser(
        "register",
        help="write the public register: certificates in force of those who agreed",
        description="Writes register/index.html (English and Chinese) and register/register.json for the issuer's web "
        "page. Only holders whose consent is recorded (academy hr consent) stand in it, with what they agreed to.",
    )
    register.add_argument(
        "folder", type=Path, nargs="?",
        help="folder of the web page; the files go into its register/ (default: public/ in the centre)",
    )  # fmt: skip
    centre(register)
    by(register)
    register.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    register.set_defaults(run=alone(_register))

    record = step(
        steps, "transcript", "write a person's record: all certificates that stand, signed, and on paper", _transcript,
        about=("person", "staff number, e.g. A1001"),
        more="A signed file (Comprehensive Learner Record 2.0) and a PDF in each language, for the person; the centre "
        "keeps no copy. Suspended, withdrawn and reduced certificates are left out.",
    )  # fmt: skip
    record.add_argument("--folder", type=Path, default=Path(), help="where to write (default: the current folder)")

    key = steps.add_parser(
        "rotate-key",
        help="put a new signing key in the place of the old one",
        description="Two people do it together; docs/key-ceremony.md says how. Certificates signed before stay as good "
        "as they were: the old key goes into keys/archive. Make the new key known afterwards (`academy cert issuer`) "
        "and publish the status lists.",
    )
    key.add_argument(
        "--reason", required=True, choices=("planned", "lost", "stolen"),
        help="lost: nobody has it any more; stolen: somebody else may have it, so it never signs again",
    )  # fmt: skip
    key.add_argument("--note", required=True, help="what happened, in words, as the registry will say")
    key.add_argument("--with", dest="witness", required=True, metavar="WHO", help="the second person who is there")
    centre(key)
    by(key, apart=True)
    key.set_defaults(run=alone(_rotate))
    _reissue_words(steps)


def _reissue_words(steps: Nouns) -> None:
    again = steps.add_parser(
        "reissue",
        help="sign again, with the key of today, what a stolen key had signed",
        description="After the key was changed because it was stolen: certificates that stand get a new file and new "
        "papers, with the same number and the same content, and the old file is refused from then on. Two people do it "
        "together; docs/key-ceremony.md says how. What is signed is proved first: it must be what was issued.",
    )
    again.add_argument("numbers", metavar="number", nargs="*", help="numbers of certificates, e.g. L2-202612-D9C5BC7D")
    again.add_argument("--all", action="store_true", help="every certificate that stands and that a stolen key signed")
    again.add_argument("--note", required=True, help="why, in words, as the registry will say")
    again.add_argument("--with", dest="witness", required=True, metavar="WHO", help="the second person who is there")
    centre(again)
    by(again, apart=True)
    again.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    again.set_defaults(run=alone(_reissue))


def _reissue(given: argparse.Namespace) -> int:
    from .. import certify

    if given.all is bool(given.numbers):
        raise InputError("name the certificates to sign again, or all of them with --all")
    with certify.Academy(known(given.centre)) as academy, progress("certificate") as told:
        numbers = certify.reissuing.to_reissue(academy) if given.all else given.numbers
        made = certify.reissuing.reissue(academy, numbers, given.by, given.witness, given.note, progress=told)
    say_problems(made.refused)
    lines = [f"{number}: signed again" for number in made.numbers]
    lines += [] if numbers else ["No certificate that stands was signed by a stolen key."]
    lines += [_AFTER] if made.numbers else []
    refused = [{"number": one.where, "reason": one.sentence} for one in made.refused]
    tell(given, {"reissued": made.numbers, "refused": refused}, lines)
    return 1 if made.refused else 0


def _rotate(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        new = certify.keys.rotate(academy, given.reason, given.note, given.by, given.witness)
        waiting = certify.reissuing.to_reissue(academy) if given.reason == "stolen" else []
    print(f"The new key is {new}")
    if waiting:
        count = many(len(waiting), "certificate")
        print(f"Signed by the stolen key and still standing: {count}; academy cert reissue --all signs again")
    print("Put a copy of keys/ into the safe, make the new key known, and publish the status lists again.")
    return 0


def _badge(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        paths = certify.badges.draw_badge(academy, given.number, given.folder)
    tell(given, {"number": given.number, "files": [str(path) for path in paths]}, map(str, paths))
    return 0


def _transcript(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        paths = certify.transcript.write_record(academy, given.person, given.folder, given.by)
    tell(given, {"person": given.person, "files": [str(path) for path in paths]}, map(str, paths))
    return 0


def _register(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        page, count = certify.register.publish_register(academy, given.folder or academy.centre.public, given.by)
    none = [] if count else ["Nobody who agreed (hr consent) holds a certificate in force; samples are never shown."]
    tell(given, {"page": str(page), "entries": count}, [f"{page}: {many(count, 'certificate')}", *none])
    return 0


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 366):
        raise argparse.ArgumentTypeError(f"whole days from 1 to 366 are wanted, got {text!r}")
    return int(text)


def _status_list(given: argparse.Namespace) -> int:
    from .. import certify

    folder = given.folder or Centre(given.centre).public
    with certify.Academy(known(given.centre)) as academy:
        made = certify.statuslist.publish_status(academy, folder, given.by, given.days)
    rows = [
        {"file": str(folder / "status" / f"{one.name}.json"), "revision": one.revision, "set": len(one.places),
         "address": one.document["id"], "serves_until": one.document["validUntil"], "own_key": one.own_key}
        for one in made
    ]  # fmt: skip
    lines = (
        f"{row['file']}: revision {row['revision']}, {many(len(one.places), 'certificate')} set, serves until "
        f"{one.ends:%Y-%m-%d %H:%M} UTC{'' if one.own_key else _OTHER_KEY}"
        for row, one in zip(rows, made, strict=True)
    )
    tell(given, {"lists": rows}, lines)
    return 0
