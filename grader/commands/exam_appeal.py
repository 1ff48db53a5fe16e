"""`academy exam appeal`: a candidate does not agree, and somebody apart looks into it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import UTC, datetime

from ._options import Nouns, known, language, many, step, tell

__all__ = ["words"]

_APPEAL = ("appeal", "name of the appeal, e.g. TL-2026-11-03-A1")


def words(steps: Nouns) -> None:
    """Enter the steps of an appeal."""
    nouns = steps.add_parser(
        "appeal", help="appeals against a result: file, remark, award, decide, same, list"
    ).add_subparsers(required=True, metavar="WHAT")
    file = step(
        nouns, "file", "file the appeal of a candidate", _file,
        about=("seat", "number of the seat, e.g. TL-2026-11-03"),
        more="Possible from the day on which the result was published until the day that stands on the candidate's "
        "page. The grounds are those of question_bank/scheme.yml.",
    )  # fmt: skip
    file.add_argument("--ground", required=True, help="what it rests on: a word of the scheme, e.g. marking")
    file.add_argument("--text", required=True, help="what happened, in the candidate's words")
    remark = step(
        nouns, "remark", "have answers marked again by another marker", _remark, about=_APPEAL, apart=True,
        more="The other marker then marks them like any blind marker: academy exam rate.",
    )  # fmt: skip
    remark.add_argument(
        "--slot", action="append", default=[], metavar="SLOT",
        help="only this answer, e.g. q24; once for each (default: all that people marked)",
    )  # fmt: skip
    award = step(
        nouns, "award", "give an answer other points than its key, for a fault of the question", _award,
        about=_APPEAL, apart=True,
        more="For answers that the program marked. Who does so has marked the seat: somebody else decides the appeal.",
    )  # fmt: skip
    award.add_argument("--slot", required=True, help="the answer, e.g. q07")
    award.add_argument("--points", type=float, required=True, help="what it earns now")
    award.add_argument("--reason", required=True, help="what is wrong with the question or its key")
    decide = step(
        nouns, "decide", "decide the appeal", _decide, about=_APPEAL, apart=True,
        more="Nobody decides who had a part in the result or is near the candidate. After `upheld`, run exam decide, "
        "confirm, issue and results again: they concern that seat alone.",
    )  # fmt: skip
    decide.add_argument("--outcome", choices=("upheld", "dismissed"), required=True, help="what it came to")
    decide.add_argument("--reason", required=True, help="why, as the candidate will read it")
    same = step(
        nouns, "same", "find the others who had a question at fault, and give them the same", _same, about=_APPEAL,
        apart=True, reads=lambda given: not given.award,
        more="After an upheld appeal in which a question was awarded. Lists every seat, of any sitting, that had the "
        "same version of the question and earned less. With --award each of them gets the same points, as a fact of "
        "its own; a confirmed decision is opened again: then exam decide, confirm, issue and results.",
    )  # fmt: skip
    same.add_argument("--award", action="store_true", help="give it to all whom --by may award")
    same.add_argument("--reason", default="", help="why, as the candidates will read it (default: that of the appeal)")
    step(nouns, "list", "the appeals of a sitting and by when each is to be decided", _list, acts=False)


def _file(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        name = certify.appeals.file(academy, given.seat, given.by, given.ground, given.text)
        (row,) = academy.store.rows("appeals", appeal=name)
    tell(given, row, [f"{name} is filed and to be decided by {row['decide_by']}"])
    return 0


def _remark(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        slots = certify.appeals.order_remark(academy, given.appeal, given.by, given.slot)
        (row,) = academy.store.rows("appeals", appeal=given.appeal)
    line = f"{', '.join(slots)} of {row['seat']} will be marked again: academy exam rate {row['sitting']} --by MARKER"
    tell(given, {"appeal": given.appeal, "seat": row["seat"], "slots": slots}, [line])
    return 0


def _award(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        certify.appeals.award(academy, given.appeal, given.by, given.slot, given.points, given.reason)
    document = {"appeal": given.appeal, "slot": given.slot, "points": given.points}
    tell(given, document, [f"{given.slot} earns {given.points:g} now; somebody else decides {given.appeal}"])
    return 0


def _decide(given: argparse.Namespace) -> int:
    from .. import certify

    with certify.Academy(known(given.centre)) as academy:
        certify.appeals.settle(academy, given.appeal, given.by, given.outcome, given.reason)
        others = certify.appeals.others(academy, given.appeal)
        (row,) = academy.store.rows("appeals", appeal=given.appeal)
    lines = [f"{given.appeal} is {given.outcome}"]
    if given.outcome == "upheld":
        lines.append(f"Now decide and confirm again: academy exam decide {row['sitting']}")
    if others:
        had = "had the same question and earned less on it"
        lines.append(f"{many(others, 'other seat')} {had}: academy exam appeal same {given.appeal}")
    lines.append(
        f"The candidate reads the reason on the result page, made anew by: academy exam results {row['sitting']}"
    )
    tell(given, row, lines)
    return 0


def _same(given: argparse.Namespace) -> int:
    from .. import certify, reports
    from ..certify import same_question

    with certify.Academy(known(given.centre)) as academy:
        if given.award:
            found = same_question.award_same(academy, given.appeal, given.by, given.reason)
        else:
            found = same_question.same_question(academy, given.appeal)
    heads = ["seat", "sitting", "person", "question", "has", "gets", "decision", ""]
    rows = [
        [
            one.seat, one.sitting, one.person, one.slot, f"{one.points:g}", "-" if one.left else f"{one.worth:g}",
            "opens again" if one.decided else "not confirmed yet", one.left,
        ]
        for one in found
    ]  # fmt: skip
    lines = reports.in_columns([heads, *rows]) if rows else ["Nobody else had this question and earned less on it."]
    done = [one for one in found if not one.left]
    if given.award and done:
        sittings = ", ".join(dict.fromkeys(one.sitting for one in done))
        lines.append(f"{many(len(done), 'answer')} awarded. Now decide and confirm again in {sittings}")
    elif done:
        lines.append(f"Give them the same: academy exam appeal same {given.appeal} --award --by WHO")
    document = {"appeal": given.appeal, "awarded": given.award, "seats": [asdict(one) for one in found]}
    tell(given, document, lines)
    return 0


def _list(given: argparse.Namespace) -> int:
    from .. import certify, reports

    today = datetime.now(UTC).date().isoformat()
    with certify.Academy(known(given.centre)) as academy:
        academy.sitting(given.sitting)
        rows = academy.store.rows("appeals", sitting=given.sitting)
        told = {code: ground.zh for code, ground in academy.scheme.appeal.grounds.items()} if language() == "zh" else {}
    table: list[list[object]] = [["appeal", "ground", "filed", "decide by", "state"]]
    for row in rows:
        waits = "overdue" if row["decide_by"] < today else "re-marking" if row["remarked"] else "to be decided"
        ground = told.get(row["ground"], row["ground"])
        table.append([row["appeal"], ground, row["filed_on"], row["decide_by"], row["outcome"] or waits])
    lines = reports.in_columns(table) if rows else [f"Nobody has appealed in {given.sitting}."]
    tell(given, {"sitting": given.sitting, "appeals": rows}, lines)
    return 0
