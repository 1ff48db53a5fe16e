"""`academy cert status | renew | suspend | withdraw | reduce | reinstate ...`: what becomes of a certificate."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..model import Bilingual
from ._options import Nouns, answers_in, centre, day, known, step, tell

if TYPE_CHECKING:
    from ..certify.measures import Taken

__all__ = ["words"]

_NUMBER = ("number", "number of the certificate, e.g. L2-202612-D9C5BC7D")
_HEAD = Bilingual("{number}: level {level}, {person} {name}", "{number}：第{level}级，{person} {name}")
_ON = Bilingual("on {on}: {state}", "{on}的状态：{state}")
_PAST, _NEXT = Bilingual("so far", "经过"), Bilingual("next", "接下来")
_NOTHING = Bilingual("Nothing waits for anybody.", "没有待办事项。")
_TWO = (
    "One person proposes, another confirms (academy cert confirm); neither is near the holder or marked or decided on "
    "the seat. With --ground request, the holder's own wish, it takes effect at once."
)


def words(steps: Nouns) -> None:
    """Enter the steps."""
    _looks(steps)
    step(
        steps, "renew", "issue the certificate that follows one, when its hours are there", _renew, about=_NUMBER,
        more="Possible from the day that academy cert status names until the end of the days of grace. The new one "
        "begins when the old one ends, and its months are counted from that day, also when it is renewed late.",
    )  # fmt: skip
    _measure(steps, "suspend", "take a certificate out of force for a time", _TWO)
    _measure(steps, "withdraw", "take a certificate out of force for good", _TWO)
    reduce = _measure(steps, "reduce", "put a certificate of a lower level in the place of one", _TWO)
    reduce.add_argument("--to", type=int, required=True, dest="level", metavar="LEVEL", help="the lower level, e.g. 1")
    _measure(
        steps, "reinstate", "put a suspended certificate in force again",
        "It rests on the ground of the suspension. One person proposes, another confirms; a suspension that the holder "
        "asked for is lifted at once.", ground=False,
    )  # fmt: skip
    confirm = "The second person: not whoever proposed it, nor near the holder, nor marker or decider of the seat."
    step(steps, "confirm", "confirm the measure that was proposed", _confirm, about=_NUMBER, apart=True, more=confirm)
    refuse = step(
        steps, "refuse", "turn down the measure that was proposed", _refuse, about=_NUMBER, apart=True,
        more="Also for whoever proposed it and takes it back.",
    )  # fmt: skip
    refuse.add_argument("--reason", required=True, help="why")
    _appeals(steps)


def _looks(steps: Nouns) -> None:
    status = step(
        steps, "status", "where a certificate stands, what became of it, and what comes next", _status, about=_NUMBER,
        acts=False, more="Nothing is written.",
    )  # fmt: skip
    status.add_argument("--on", type=day, metavar="DATE", help="the day to look from (default: today)")
    answers_in(status)
    waiting = steps.add_parser(
        "waiting",
        help="what waits for somebody: proposals, appeals, suspensions that end",
        description="Measures that wait for the second person, appeals that are to be decided, and suspensions that "
        "end within 30 days, the most urgent first.",
    )
    waiting.add_argument("--on", type=day, metavar="DATE", help="the day to look from (default: today)")
    answers_in(waiting)
    waiting.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    centre(waiting)
    waiting.set_defaults(run=_waiting)


def _measure(steps: Nouns, name: str, text: str, more: str, *, ground: bool = True) -> argparse.ArgumentParser:
    found = step(steps, name, text, lambda given: _propose(given, name), about=_NUMBER, apart=True, more=more)
    found.add_argument("--note", required=True, help="what happened, as the holder will read it")
    if ground:
        found.add_argument(
            "--ground", required=True, help="what it rests on: request, fraud, misuse, conduct, evidence or error"
        )
    return found


def _appeals(steps: Nouns) -> None:
    nouns = steps.add_parser("appeal", help="appeals against a measure: file, decide").add_subparsers(
        required=True, metavar="WHAT"
    )
    file = step(
        nouns, "file", "file the holder's appeal against the measure in effect", _appeal, about=_NUMBER,
        more="Possible until the day that stands in the letter. The measure stays in effect meanwhile.",
    )  # fmt: skip
    file.add_argument("--text", required=True, help="why, in the holder's words")
    decide = step(
        nouns, "decide", "decide the appeal against a measure", _decide, about=_NUMBER, apart=True,
        more="Nobody decides who proposed or confirmed the measure, marked or decided on the seat, or is near the "
        "holder. Upheld, a suspension is lifted, and what was withdrawn or reduced gets a new certificate as it was.",
    )  # fmt: skip
    decide.add_argument("--outcome", choices=("upheld", "dismissed"), required=True, help="what it came to")
    decide.add_argument("--reason", required=True, help="why, as the holder will read it")


def _status(given: argparse.Namespace) -> int:
    from .. import certify
    from ..ladder import STATES

    with certify.Academy(known(given.centre)) as academy:
        found = certify.history(academy, given.number, given.on, given.language)
        name = academy.name(found.person)
    spoken = given.language
    head = _HEAD.say(spoken).format(number=found.number, level=found.level, person=found.person, name=name)
    lines = [head, _ON.say(spoken).format(on=found.on, state=STATES[found.state].say(spoken)), _PAST.say(spoken)]
    lines += [f"  {line}" for line in found.past]
    lines += [_NEXT.say(spoken), *(f"  {line}" for line in found.coming)] if found.coming else []
    tell(given, asdict(found), lines)
    return 0


def _waiting(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        found = certify.waiting(academy, given.on, given.language)
    lines = [f"{one.number}  {one.by or ' ' * 10}  {one.what}" for one in found]
    lines = lines or [_NOTHING.say(given.language)]
    tell(given, {"waiting": [asdict(one) for one in found]}, lines)
    return 0


def _renew(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        new = certify.renewing.renew(academy, given.number, given.by)
        (row,) = academy.store.rows("certificates", number=new)
    tell(given, row, [f"{new} renews {given.number}: it holds from {row['issued_on']} to {row['valid_until']}"])
    return 0


def _propose(given: argparse.Namespace, measure: str) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        found = certify.measures.propose(
            academy, given.number, measure, given.by, given.note, ground=getattr(given, "ground", None),
            level=getattr(given, "level", None),
        )  # fmt: skip
    return _tell_taken(given, found)


def _confirm(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        found = certify.measures.confirm(academy, given.number, given.by)
    return _tell_taken(given, found)


def _tell_taken(given: argparse.Namespace, found: Taken) -> int:
    done = {"suspend": "suspended", "withdraw": "withdrawn", "reduce": "reduced", "reinstate": "reinstated"}
    if found.waits:
        proposed = f"It is proposed to {found.measure} {found.number}, which stands as it did"
        lines = [f"{proposed}; a second person confirms: academy cert confirm {found.number}"]
    else:
        lines = [f"{found.number} is {done[found.measure]}"]
        lines += [f"{found.new} takes its place"] if found.new else []
        lines += [f"The holder may appeal until {found.appeal_until}"] if found.appeal_until else []
        lines += [f"{other}, of the same holder and level, stands as it did" for other in found.others]
        lines.append("The letter to the holder: academy hr reminders; what others check by: academy cert status-list")
    tell(given, asdict(found), lines)
    return 0


def _refuse(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        measure = certify.measures.refuse(academy, given.number, given.by, given.reason)
    document = {"number": given.number, "measure": measure, "refused_by": given.by}
    tell(given, document, [f"The proposal to {measure} {given.number} is turned down; it stands as it did"])
    return 0


def _appeal(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        by = certify.measures.appeal(academy, given.number, given.by, given.text)
    tell(given, {"number": given.number, "decide_by": by}, [f"The appeal is filed and to be decided by {by}"])
    return 0


def _decide(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        found = certify.measures.settle(academy, given.number, given.by, given.outcome, given.reason)
    lines = [f"The appeal about {given.number} is {given.outcome}"]
    lines += [f"{found.new} takes the place of {given.number}"] if found.new else []
    tell(given, asdict(found), lines)
    return 0
