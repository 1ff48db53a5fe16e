"""A marker's booklet: one HTML file with the answers to mark, without names, and the marks that come back from it."""

from __future__ import annotations

import csv
import hmac
import html
import io
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from .. import nbcourse, notebooks, seats
from ..errors import InputError
from ..model import Criterion
from .booklet_words import WORDS, say
from .conflicts import identity
from .desk import Academy
from .handwork import Handwork, works
from .rating import to_mark

__all__ = ["Booklet", "booklet", "read_marks"]

PAGE = Path(__file__).with_name("booklet.html")
FILES = "files"
"""The folder beside a booklet in which the files of work products lie."""
MOST_STEPS = 9
"""More steps than these are typed into a field instead of being chosen from buttons."""
MOST_ROWS = 200
"""Rows of a candidate's data file that a marker is shown."""
LONGEST_NOTE = 1000
_OFFICE = "booklets.json"

Name = Callable[[str], str]
"""What an answer ``seat/slot`` is called in a booklet."""


@dataclass(frozen=True)
class Booklet:
    """A booklet as it is handed to its marker."""

    html: str
    answers: int
    withheld: int
    """Answers that this marker may not mark, for a conflict of interest."""
    files: Mapping[str, bytes]
    """Files of work products, by the names under which the page links to them: they lie in a folder beside it."""


def booklet(academy: Academy, sitting: str, marker: str, language: str) -> Booklet:
    """The answers that ``marker`` has still to mark, question by question, in an order of the marker's own.

    Nothing in it tells a name, a seat, a form or what another marker gave; ``language`` is that of the page, while
    question, rubric and answer are in the language of the candidate.
    """
    mine, withheld = to_mark(academy, sitting, marker)
    token = _tokens(academy, sitting, marker)
    mine.sort(key=lambda one: (one.part != "written", *_question_key(one), token(one.place)))
    sections = []
    for number, (_, group) in enumerate(groupby(mine, _question_key), start=1):
        sections.append(_section(academy, sitting, number, list(group), token, language))
    about = {"booklet": 1, "sitting": sitting, "marker": marker, "id": token("booklet"), "answers": len(mine)}
    words = {name: text.say(language) for name, text in WORDS.items()}
    fields = {
        "language": {"en": "en", "zh": "zh-CN"}[language],
        "title": html.escape(say("title", language)),
        "sitting": html.escape(sitting),
        "marker": html.escape(marker),
        "lead": html.escape(say("lead", language)),
        "sections": "\n".join(sections) or f'<p class="empty">{html.escape(say("nothing", language))}</p>',
        "about": _embedded(about),
        "words": _embedded(words),
        **{f"say_{name}": html.escape(text) for name, text in words.items()},
    }
    # In one pass: what a candidate wrote is never taken for a field.
    page = re.sub(r"\{\{(\w+)\}\}", lambda field: fields[field[1]], PAGE.read_text("utf-8"))
    files = {f"{FILES}/{name}": data for work in mine if work.files for name, data in _handed(academy, work, token)}
    return Booklet(page, len(mine), withheld, files)


def read_marks(academy: Academy, sitting: str, marker: str, data: bytes) -> dict[str, Mapping[str, Any]]:
    """The marks in a file that the booklet's page wrote, by ``seat/slot``; refused unless it is this marker's."""
    try:
        document = json.loads(data)
        theirs, of, marks = document["marker"], document["sitting"], document["marks"]
        found = {
            str(one["answer"]): {"criteria": dict(one["criteria"]), "note": str(one["note"])[:LONGEST_NOTE]}
            for one in marks
        }
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("that is no file of marks; save it again from the page of the booklet") from error
    if of != sitting or identity(academy, str(theirs)) != identity(academy, marker):
        raise InputError(f"the file holds marks of {theirs} for sitting {of}, not of {marker} for {sitting}")
    token = _tokens(academy, sitting, marker)
    places = {token(one.place): one.place for one in works(academy, sitting)}
    if strange := sorted(set(found) - set(places)):
        raise InputError(f"the file names an answer {strange[0]} that the booklet of {marker} does not have")
    if len(found) != len(marks):
        raise InputError("the file names an answer twice; save it again from the page of the booklet")
    return {places[name]: mark for name, mark in found.items()}


def _tokens(academy: Academy, sitting: str, marker: str) -> Name:
    """What stands for an answer in a marker's booklet: only the office, which has the secret, knows whose it is."""
    academy.sitting(sitting, "marked", "decided")
    if not (academy.centre.office / sitting / _OFFICE).exists():
        academy.write_office(sitting, _OFFICE, {"secret": secrets.token_hex(32)})
    secret = str(academy.read_office(sitting, _OFFICE)["secret"]).encode()
    who = identity(academy, marker)
    return lambda place: hmac.new(secret, f"{who}\0{place}".encode(), "sha256").hexdigest()[:16]


def _question_key(work: Handwork) -> tuple[str, str, int, int, str]:
    slot = work.slot if work.part == "practical" else ""
    return (work.item.id, slot, work.item.version, work.item.variant or 0, work.language)


# --- the page ---------------------------------------------------------------------------------------------------------


def _section(academy: Academy, sitting: str, number: int, group: Sequence[Handwork], token: Name, language: str) -> str:
    """One question with all its answers."""
    first, step = group[0], academy.scheme.marking.step
    shown = f'lang="{"zh-CN" if first.language == "zh" else "en"}"'
    head = html.escape(say("question", language).format(number=number, points=f"{first.points:g}"))
    answers = [
        _answer(
            _shown(academy, sitting, work, token, language),
            _tables(academy, work),
            token(work.place),
            work,
            (place, len(group)),
            step,
            language,
        )
        for place, work in enumerate(group, start=1)
    ]
    sample = _sample(academy, first)
    model = (
        f"<details><summary>{html.escape(say('sample', language))}</summary>"
        f"<div {shown}>{notebooks.render_html(sample)}</div></details>"
        if sample
        else ""
    )
    return (
        f'<section aria-labelledby="q{number}"><h2 id="q{number}">{head}</h2>'
        f'<div class="question" {shown}>{notebooks.render_html(first.question.say(first.language))}</div>{model}'
        f"{''.join(answers)}</section>"
    )


def _answer(
    text: str, tables: str, name: str, work: Handwork, place: tuple[int, int], step: float, language: str
) -> str:
    head = html.escape(say("answer", language).format(number=place[0], of=place[1]))
    shown = f'lang="{"zh-CN" if work.language == "zh" else "en"}"'
    lines = "".join(_line(name, line, step, shown) for line in work.rubric)
    note = html.escape(say("note", language))
    return (
        f'<article data-answer="{name}" data-points="{work.points:g}" aria-labelledby="h{name}">'
        f'<header><h3 id="h{name}">{head}</h3><span class="sum"></span></header>'
        f'{tables}<blockquote class="text" {shown}>{text}</blockquote>'
        f'<div class="rubric">{lines}</div>'
        f'<label class="note">{note}<textarea rows="2" maxlength="{LONGEST_NOTE}" data-note></textarea></label>'
        "</article>"
    )


def _line(name: str, line: Criterion, step: float, shown: str) -> str:
    """A criterion with a button for each number of points, or a field when there are too many."""
    legend, field = notebooks.render_html(line.text.say("zh" if "zh" in shown else "en")), f"{name}-{line.id}"
    if round(line.points / step) + 1 > MOST_STEPS:
        given = f'<input type="number" min="0" max="{line.points:g}" step="{step:g}" data-criterion="{line.id}">'
        return f"<fieldset><legend {shown}>{legend}</legend><label>0-{line.points:g} {given}</label></fieldset>"
    buttons = "".join(
        f'<label><input type="radio" name="{field}" value="{points:g}" data-criterion="{line.id}">'
        f"<span>{points:g}</span></label>"
        for points in _steps(line.points, step)
    )
    return f'<fieldset><legend {shown}>{legend}</legend><div class="points">{buttons}</div></fieldset>'


def _steps(points: float, step: float) -> Iterable[float]:
    count = int(points / step + 1e-9)
    every = [step * number for number in range(count + 1)]
    return every if every[-1] == points else [*every, points]


def _shown(academy: Academy, sitting: str, work: Handwork, token: Name, language: str) -> str:
    """What the candidate wrote, or links to what was handed in with what is missing of it."""
    if not work.files:
        return html.escape(_text(academy, sitting, work))
    handed = dict(_handed(academy, work, token))
    links = [f'<a href="{FILES}/{name}" target="_blank">{name.partition("-")[2]}</a>' for name in handed]
    folder = seats.find(academy.centre.room, work.seat).work()
    wanted = [one["name"] for one in folder.plan["files"] if one["part"] == work.slot] if folder else []
    missing = [name for name in wanted if not any(file.partition("-")[2].startswith(f"{name}.") for file in handed)]
    told = [html.escape(say("missing", language).format(files=", ".join(missing)))] if missing else []
    return "\n".join([*links, *told])


def _handed(academy: Academy, work: Handwork, token: Name) -> Iterator[tuple[str, bytes]]:
    """The files of a part that count, under names that tell nobody."""
    folder = seats.find(academy.centre.room, work.seat).work()
    if folder is None:
        return
    parts = {one["name"]: one["part"] for one in folder.plan["files"]}
    for name, one in folder.counting().items():
        if parts[name] == work.slot:
            yield f"{token(work.place)}-{name}.{one.format}", folder.data(one)


def _text(academy: Academy, sitting: str, work: Handwork) -> str:
    """What the candidate wrote."""
    if work.part == "written":
        handed = seats.find(academy.centre.room, work.seat).handed_in()
        return str(handed.answers[work.slot]) if handed else ""
    texts = nbcourse.answer_texts(academy.centre.course, sitting, work.person)
    return texts.get("practical", {}).get(work.slot, "")


def _tables(academy: Academy, work: Handwork) -> str:
    """The seat's own data, to which an answer of the practical refers; names stand in none of it."""
    if work.part == "written" or work.files:
        return ""
    files = seats.find(academy.centre.room, work.seat).practical()
    return "".join(
        f"<details><summary>{html.escape(name)}</summary>"
        f'<div class="data" tabindex="0" role="group" aria-label="{html.escape(name)}">{_table(data)}</div></details>'
        for name, data in files.items()
        if name.endswith(".csv")
    )


def _table(data: bytes) -> str:
    rows = list(csv.reader(io.StringIO(data.decode())))[: MOST_ROWS + 1]
    cells = [
        "".join(f"<{kind}>{html.escape(cell)}</{kind}>" for cell in row)
        for kind, row in zip(["th", *["td"] * len(rows)], rows, strict=False)
    ]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _sample(academy: Academy, work: Handwork) -> str:
    """An answer that earns all points: of the practical as it was set, or of the bank while the item is the same."""
    item = academy.items.get(work.item.id)
    if work.part == "practical" or item is None or item.version != work.item.version:
        return work.sample
    samples = item.body.get("samples", {}).get(work.language, ())
    return max(samples, default=(0.0, ""))[1]


def _embedded(value: Any) -> str:
    """JSON inside a page: nothing in it can end the script element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
