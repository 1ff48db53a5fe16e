"""`academy hr consent`: what a holder agreed to have shown in the public register."""

from __future__ import annotations

import argparse

from ..errors import InputError
from ._options import Nouns, day, known, language, step, tell

__all__ = ["words"]

_SHOWN = {"number": "编号", "level": "等级", "name": "姓名", "until": "有效期至", "file": "文件的SHA-256"}
"""What the register shows, as a Chinese answer names it."""


def words(steps: Nouns) -> None:
    """Enter the steps."""
    consent = step(
        steps, "consent", "record what a person agreed to have shown in the public register", _consent,
        about=("person", "staff number, e.g. A1001"),
        more="Who agrees stands there with number and level of every certificate in force, and with what is named "
        "here. It counts from the next `academy cert register` on, and can be taken back at any time.",
    )  # fmt: skip
    consent.add_argument(
        "--show", nargs="*", metavar="WHAT", help="beside number and level: name, until (the last day), file (the "
        "SHA-256 of the signed file); nothing: number and level alone",
    )  # fmt: skip
    consent.add_argument("--take-back", action="store_true", help="the person does not want to be shown any more")
    consent.add_argument(
        "--how", required=True, help="where it is written, e.g. form signed on 3 March, personnel file"
    )
    consent.add_argument("--on", type=day, metavar="DATE", help="the day of the consent (default: today)")


def _consent(given: argparse.Namespace) -> int:
    from .. import certify

    if given.take_back == (given.show is not None):
        raise InputError("say what is agreed to with --show, or --take-back: one of the two")
    shows = None if given.take_back else given.show
    with certify.Academy(known(given.centre)) as academy:
        certify.consent.record_consent(academy, given.person, shows, given.how, given.by, given.on)
    shown = ["number", "level", *(shows or ())]
    it = ", ".join(_SHOWN.get(one, one) if language() == "zh" else one for one in shown)
    said = "is not shown any more" if shows is None else f"is shown with {it}"
    tell(
        given, {"person": given.person, "register": shows is not None, "shows": shows or []},
        [f"{given.person} {said}, from the next `academy cert register` on"],
    )  # fmt: skip
    return 0
