"""`academy cert`: certificates are checked, and the centre's public name is told."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..centre import Centre
from ..errors import InputError
from ..model import Bilingual
from . import cert_credentials, cert_measures
from ._options import Nouns, answers_in, centre, known, read, step, tell

if TYPE_CHECKING:
    from ..certificates import Verification

__all__ = ["registry_says", "words"]

_NOT_KNOWN = 3
"""Exit code of a check that found nothing wrong and does not know everything."""
_STATE = Bilingual("This centre's registry says: {}.", "本中心登记簿显示的状态：{}。")
_UNKNOWN = Bilingual(
    "This centre's registry has no certificate of this number.", "本中心的登记簿中没有这个编号的证书。"
)
_OTHER = Bilingual(
    "This centre's registry has another file under this number.", "本中心登记簿中，这个编号对应的是另一份文件。"
)
_AGAIN = Bilingual(
    "The key of this file was stolen, and the certificate was signed again on {}: ask its holder for the new file.",
    "本文件的签名密钥已被盗，证书已于{}重新签名：请向持证人索取新文件。",
)
_STOLEN = Bilingual(
    "Its key was stolen (told on {}), and this centre's registry does not know this file: take it for a forgery.",
    "其签名密钥已被盗（{}公布），且本中心的登记簿中没有这份文件：请视为伪造。",
)


def words(nouns: Nouns) -> None:
    """Enter the steps."""
    steps = nouns.add_parser("cert", help="certificates").add_subparsers(required=True, metavar="STEP")
    verify = steps.add_parser(
        "verify",
        help="check a certificate file, without any network",
        description="Checks a certificate file, a badge or a record, without any network. Whether it was withdrawn or "
        "suspended since, the issuer's status lists say (--status-list), at the issuing centre its registry. The exit "
        "code is 0 when everything holds and is known, 1 when something is wrong, 2 when nothing could be checked, and "
        f"{_NOT_KNOWN} when nothing is wrong but no list says whether it still stands, or no key to trust was named.",
    )
    verify.add_argument("file", type=Path, help="the certificate's .json, its badge (.svg, .png), or a record")
    verify.add_argument(
        "--issuer", metavar="DID", action="append",
        help="the did:key that you trust; give it again for each key of an issuer (default: this centre's)",
    )  # fmt: skip
    verify.add_argument(
        "--status-list", metavar="FILE", type=Path, action="append", default=[], dest="lists",
        help="a status list that the issuer publishes, or the folder that holds them; may be given again",
    )  # fmt: skip
    answers_in(verify)
    verify.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
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
    issuer.add_argument(
        "--json", action="store_true", help="every key that ever signed, with days and reasons, as JSON"
    )
    issuer.set_defaults(run=_issuer)
    cert_measures.words(steps)
    cert_credentials.words(steps)


def _verify(given: argparse.Namespace) -> int:
    from .. import certificates

    own = _own(given.centre)
    trusted = [_did(issuer) for issuer in given.issuer or ()] or own or None
    lists = [read(path) for path in _files(given.lists)]
    data = read(given.file)
    check = certificates.verify_record if certificates.is_record(data) else certificates.verify
    found = check(data, datetime.now(UTC), trusted, given.language, lists)
    parts = [part for part in found.members or (found,) if part.ok] if found.ok else []
    answers = [(part, *registry_says(given.centre, part)) for part in parts if part.number and part.issuer in own]
    settled = not found.unsettled or len(answers) == len(parts)
    told = [
        f"{part.number}: {text.say(given.language)}" if found.members else text.say(given.language)
        for part, _, text in sorted(answers, key=lambda answer: answer[1])
    ]
    sentences = [*told, *(one for one in found.sentences if not (settled and one in found.unsettled))]
    good = found.ok and all(stands for _, stands, _ in answers)
    known = good and settled and trusted is not None
    about = {"number": found.number, "issuer": found.issuer, "status": found.status}
    document = {"ok": good, "known": known, **about, "valid_until": found.valid_until, "sentences": sentences}
    tell(given, document, sentences)
    return 0 if known else _NOT_KNOWN if good else 1


def registry_says(centre: Path, found: Verification) -> tuple[bool, Bilingual]:
    """Whether a certificate that a centre's own key signed stands by its registry, and what that says."""
    from .. import certify
    from ..certify.signed_file import signed_file
    from ..ladder import STATES

    with certify.Academy(centre) as academy:
        row = next(iter(academy.store.rows("certificates", number=found.number)), None)
        stolen = certify.keys.stolen(academy, found.issuer or "")
        file = signed_file(academy, row["number"]) if row else None
    if row is not None and file is not None and file.digest == found.digest:
        state = str(row["state"])
        if stands := state == "active":
            followed = row["renewed_from"] and row["renewed_from"] <= f"{datetime.now(UTC):%Y-%m-%d}"
            state = "replaced" if followed else "in force"
        said = STATES.get(state, Bilingual(state, state))
        return stands, Bilingual(_STATE.en.format(said.en), _STATE.zh.format(said.zh))
    if file is not None and found.digest in file.former:
        return False, Bilingual(_AGAIN.en.format(file.signed_on), _AGAIN.zh.format(file.signed_on))
    if stolen:
        return False, Bilingual(_STOLEN.en.format(stolen), _STOLEN.zh.format(stolen))
    return False, _UNKNOWN if row is None else _OTHER


def _did(text: str) -> str:
    """An issuer that somebody trusts, when it can be one."""
    from ..certificates import public_key

    try:
        public_key(text.strip())
    except ValueError as error:
        raise InputError(
            f"--issuer wants the did:key:z... that the issuer publishes, whole; got {text[:60]!r}"
        ) from error
    return text.strip()


def _own(centre: Path) -> Collection[str]:
    """The keys of this centre, that of today and those before it; none where there is no centre."""
    from .. import certify

    if not Centre(centre).registry.exists():
        return ()
    with certify.Academy(centre) as academy:
        return academy.trusted()


def _files(given: list[Path]) -> list[Path]:
    """The status lists that were named; of a folder, those that lie in it or in its ``status``."""
    found = []
    for path in given:
        inside = [path]
        if path.is_dir():  # other files may lie beside: the certificate itself, the register
            near = sorted([*path.glob("*.json"), *path.glob("status/*.json")])
            inside = [one for one in near if b"BitstringStatusListCredential" in read(one)]
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


def _issuer(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        keys = certify.keys.known_keys(academy)
    tell(given, {"keys": [asdict(key) for key in keys]}, [keys[-1].did])
    return 0
