"""`academy exam decide`, `review`, `confirm`, `issue`, `results`, `show`: from marks to certificates."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..errors import InputError
from ._options import Nouns, known, language, many, progress, say_problems, step, tell

if TYPE_CHECKING:
    from ..certify.second_look import Looked

__all__ = ["words"]


def words(steps: Nouns) -> None:
    """Enter the steps."""
    step(
        steps, "decide", "propose the decisions from marks and cuts", _decide,
        more="Run it when every mark is given. It only proposes: somebody else confirms. After an appeal was upheld, "
        "it proposes the decision of that seat anew.",
    )  # fmt: skip
    review = step(
        steps, "review", "look again at the marks of seats near the cut", _review, apart=True,
        reads=lambda given: given.finding is None and given.mend is None,
        more="Without --seat it lists the seats that wait. With --seat it shows every question with answer, key and "
        "points (for the exam office only). With --finding it records what you found; what is to be mended is mended "
        "with --mend, and the decision proposed again.",
    )  # fmt: skip
    review.add_argument("--seat", help="number of the seat, e.g. TL-2026-11-03")
    review.add_argument("--finding", choices=("stands", "mend"), help="the marks stand, or one is to be mended")
    review.add_argument(
        "--mend", metavar="SLOT", help="after the finding mend: give this answer its right mark, as somebody else"
    )
    review.add_argument("--points", type=float, help="what it earns; left out for an answer that people mark again")
    review.add_argument("--note", default="", help="what you found; wanted with mend")
    review.add_argument("--language", choices=("en", "zh"), default=language(), help="of the questions shown")
    confirm = step(
        steps, "confirm", "confirm the decisions as the second person", _confirm, apart=True,
        more="Nobody confirms who proposed the decision, marked the seat, sat it, manages or taught the candidate, or "
        "declared a conflict of interest. A seat near the cut waits for `academy exam review`.",
    )  # fmt: skip
    confirm.add_argument(
        "--seat", action="append", default=[], metavar="SEAT", help="only this seat; once for each (default: all)"
    )
    step(steps, "issue", "issue the certificates of those who passed", _issue)
    step(
        steps, "results", "write the page of every candidate and record that it was published", _results,
        more="One page for each seat, in English and Chinese, without questions and keys. The days for an appeal count "
        "from the first time. Run it again after certificates are issued or an appeal is decided.",
    )  # fmt: skip
    step(steps, "show", "the table of a sitting: people, marks, decisions, certificates", _show, acts=False)


def _decide(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        decisions = certify.decide(academy, given.sitting, given.by)
        near = [row["seat"] for row in certify.waiting_for_review(academy, given.sitting)]
    lines = []
    for decision in decisions:
        lines += [f"{decision.seat:20}  {decision.outcome}", *(f"    {reason}" for reason in decision.reasons)]
    if near:
        lines.append(f"Near the cut, to be looked at again (academy exam review): {', '.join(near)}")
    lines.append("Proposed. A second person confirms: academy exam confirm")
    tell(given, {"sitting": given.sitting, "decisions": [asdict(one) for one in decisions], "review": near}, lines)
    return 0


def _review(given: argparse.Namespace) -> int:
    from .. import certify

    if given.seat is None and (given.finding or given.note or given.mend):
        raise InputError("a finding is about one seat; name it with --seat")
    if given.mend and given.finding:
        raise InputError("--finding says what you found and --mend gives the right mark afterwards; use one of the two")
    with certify.Academy(known(given.centre)) as academy:
        academy.sitting(given.sitting)
        if given.seat is None:
            rows = certify.waiting_for_review(academy, given.sitting)
            names = ("seat", "outcome", "written_points", "written_max", "written_cut", "error", "finding")
            document: object = {
                "sitting": given.sitting,
                "waiting": [{name: row[name] for name in names} for row in rows],
            }
            lines = [
                f"{row['seat']:20}  {round(row['written_points'], 2):g} of {row['written_max']:g} points, cut "
                f"{row['written_cut']:g} +- {row['error']:.1f}{', to be mended' if row['finding'] else ''}"
                for row in rows
            ] or ["No seat waits for a second look."]
        elif given.mend:
            academy.seat(given.seat, given.sitting)
            after = certify.mend(academy, given.seat, given.mend, given.by, given.note, given.points)
            document = {"seat": given.seat, "mended": given.mend, "points": given.points, "by": given.by}
            lines = [f"{given.seat}/{given.mend} is being mended by {given.by}. Now {after}"]
        elif given.finding is None:
            academy.seat(given.seat, given.sitting)
            looked = certify.second_look.look(academy, given.seat, given.language)
            document, lines = {"seat": given.seat, "questions": [asdict(one) for one in looked]}, list(_looked(looked))
        else:
            academy.seat(given.seat, given.sitting)
            certify.review(academy, given.seat, given.by, given.finding, given.note)
            document = {"seat": given.seat, "finding": given.finding, "by": given.by}
            lines = [f"{given.by} looked at {given.seat} again: {given.finding}"]
    tell(given, document, lines)
    return 0


def _looked(questions: list[Looked]) -> Iterator[str]:
    for one in questions:
        points = "no mark yet" if one.points is None else f"{one.points:g} of {one.max_points:g}"
        yield f"{one.slot}  {one.item}  {points}, by {one.marker or 'nobody'}{f': {one.note}' if one.note else ''}"
        for name, text in (("question", one.question), ("answer", one.answer or "-"), ("key", one.key)):
            if text:
                first, *rest = text.splitlines()
                yield f"    {name:9} {first}"
                yield from (f"    {'':9} {line}" for line in rest)
        yield ""


def _confirm(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        confirmed = certify.confirm(academy, given.sitting, given.by, given.seat)
        state = academy.sitting(given.sitting)["state"]
    lines = [f"{many(len(confirmed), 'decision')} confirmed by {given.by}"]
    if state != "decided":
        lines.append("Others still wait; the sitting is decided when all are confirmed.")
    tell(given, {"sitting": given.sitting, "confirmed": confirmed, "state": state}, lines)
    return 0


def _issue(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy, progress("certificate") as told:
        issued = certify.issue(academy, given.sitting, given.by, progress=told)
        paths = [academy.centre.certificates / f"{number}.json" for number in issued.numbers]
    say_problems(issued.refused)
    line = f"{many(len(issued.numbers), 'certificate')} issued, {len(issued.refused)} could not be"
    document = {"sitting": given.sitting, "issued": paths, "refused": [str(one) for one in issued.refused]}
    tell(given, document, [*map(str, paths), line])
    return 1 if issued.refused else 0


def _results(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy, progress("page") as told:
        paths = certify.publish(academy, given.sitting, given.by, progress=told)
        until = {path.stem: academy.seat(path.stem)["appeal_until"] for path in paths}
    pages = [{"seat": path.stem, "page": path, "appeal_until": until[path.stem]} for path in paths]
    lines = [f"{path}  (appeal until {until[path.stem]})" for path in paths]
    tell(given, {"sitting": given.sitting, "pages": pages}, [*lines, f"{many(len(paths), 'result')} published"])
    return 0


def _show(given: argparse.Namespace) -> int:
    from .. import certify, reports

    with certify.Academy(known(given.centre)) as academy:
        sitting = academy.sitting(given.sitting)
        text = reports.decision_text(academy.store, given.sitting, language())
        seats = academy.seats(given.sitting)
        decisions = academy.store.rows("decisions", sitting=given.sitting)
    tell(given, {"sitting": sitting, "seats": seats, "decisions": decisions}, [text])
    return 0
