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
from ._options import Nouns, centre, known, language, read, step, tell

if TYPE_CHECKING:
    from ..certificates import Verification

__all__ = ["against", "words"]

_STATE = Bilingual("This centre's registry says: {}.", "本中心登记簿显示的状态：{}。")
_UNKNOWN = Bilingual(
    "This centre's registry has no certificate of this number.", "本中心的登记簿中没有这个编号的证书。"
)
_OTHER = Bilingual(
    "This centre's registry has another file under this number.", "本中心登记簿中，这个编号对应的是另一份文件。"
)
_STOLEN = Bilingual(
    "Its key was stolen (told on {}), and this centre's registry does not know this file: take it for a forgery.",
    "其签名密钥已被盗（{}公布），且本中心的登记簿中没有这份文件：请视为伪造。",
)


def words(nouns: Nouns) -> None:
    """Enter the steps."""
    steps = nouns.add_parser("cert", help="certificates").add_subparsers(required=True, metavar="STEP")
    verify = steps.add_parser("verify", help="check a certificate file, without any network")
    verify.add_argument("file", type=Path, help="the certificate's .json, its badge (.svg, .png), or a record")
    verify.add_argument(
        "--issuer", metavar="DID", action="append",
        help="the did:key that you trust; give it again for each key of an issuer (default: this centre's)",
    )  # fmt: skip
    verify.add_argument(
        "--status-list", metavar="FILE", type=Path, action="append", default=[], dest="lists",
        help="a status list that the issuer publishes, or the folder that holds them; may be given again",
    )  # fmt: skip
    verify.add_argument("--language", choices=("en", "zh"), default=language(), help="of the answer")
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
    verification = check(data, datetime.now(UTC), trusted, given.language, lists)
    ours = verification.ok and verification.number is not None and verification.issuer in own
    told = against(given.centre, verification) if ours else None
    sentences = [*verification.sentences, *([told.say(given.language)] if told else [])]
    good = verification.ok and not told
    found = {"number": verification.number, "issuer": verification.issuer, "status": verification.status}
    tell(given, {"ok": good, **found, "valid_until": verification.valid_until, "sentences": sentences}, sentences)
    return 0 if good else 1


def against(centre: Path, found: Verification) -> Bilingual | None:
    """What a centre's registry says against a certificate that one of its own keys signed."""
    from .. import certify
    from ..ladder import STATES

    with certify.Academy(centre) as academy:
        row = next(iter(academy.store.rows("certificates", number=found.number)), None)
        stolen = certify.keys.stolen(academy, found.issuer or "")
    if row is not None and row["digest"] == found.digest:
        state = str(row["state"])
        said = STATES.get(state, Bilingual(state, state))
        return None if state == "active" else Bilingual(_STATE.en.format(said.en), _STATE.zh.format(said.zh))
    if stolen:
        return Bilingual(_STOLEN.en.format(stolen), _STOLEN.zh.format(stolen))
    return _UNKNOWN if row is None else _OTHER


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
