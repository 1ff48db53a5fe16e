"""Packs the figures of the HR page into one short text: columns as numbers of few bytes, compressed, in base64."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..certificates import BANDS, band
from ..ladder import STATES as CERTIFICATE_STATES
from ._read import Whole
from .figures import CELLS, Overview, Results
from .words import OUTCOMES, SPOKEN, STATES

__all__ = ["pack", "packed"]

_TYPES = (np.uint8, np.uint16, np.int32)
_SPEED = 1
"""Of zlib: a third of the time of its usual 6, and a tenth more in the file."""


def pack(shown: Overview) -> str:
    """What the page's script reads: a header of words and lists, then columns, each at a place that the header names.

    People who left are not on the page; their columns come last and are cut off.
    """
    people, papers, results = shown.people, shown.papers, shown.results
    present = people.present
    whose = int(np.searchsorted(papers.person, present))
    decided = int(np.searchsorted(results.person, present))
    cells = shown.cells
    columns: dict[str, Any] = {
        "cellState": (cells.state + 128 * cells.sample)[:present].ravel(),
        "cellDay": cells.day[:present].ravel(),
        "wanted": (people.wanted + 128 * people.by_role)[:present],
        "papers": np.bincount(papers.person[:whose], minlength=present),
        "paperLevel": papers.level[:whose],
        "paperState": (papers.state + 128 * papers.sample)[:whose],
        "paperBegins": papers.begins[:whose],
        "paperDays": (papers.ends - papers.begins)[:whose],
        "results": np.bincount(results.person[:decided], minlength=present),
        "resultLevel": results.level[:decided],
        "resultDay": results.on[:decided],
        "resultSample": results.sample[:decided],
        "resultPoints": np.rint(np.array(results.points[:decided], float).ravel() * 100).astype(np.int64),
        "resultBands": _bands(results, decided, [domain.code for domain in shown.framework.domains]),
        "ending": np.array(shown.ending(), np.int64),
        "gaps": np.array(shown.gaps(), np.int64),
    }
    named = {"site": people.site, "team": people.team, "role": people.role, "manager": people.manager}
    sitting, outcome = results.sitting[:decided], [list(OUTCOMES).index(one) for one in results.outcome[:decided]]
    columns["resultOutcome"] = np.array(outcome, np.int64)
    words = {}
    for name, column in (*((name, column[:present]) for name, column in named.items()), ("sitting", sitting)):
        words[name], columns[name] = _coded(column)
    texts = {"number": people.number[:present], "name": people.name[:present], "paperNumber": papers.number[:whose]}
    header = {
        "today": shown.today.isoformat(),
        "people": present,
        "words": words,
        "texts": {name: _lines(column) for name, column in texts.items()},
        **_terms(shown),
    }
    return base64.b64encode(zlib.compress(packed(header, columns), _SPEED)).decode()


def packed(header: Mapping[str, Any], columns: Mapping[str, Whole]) -> bytes:
    """Length of the header, header, columns; each column begins at a multiple of four after the header."""
    parts, places, at = [], {}, 0
    for name, column in columns.items():
        kind = next(kind for kind in _TYPES if _fits(column, kind))
        data = column.astype(kind).tobytes()
        places[name] = [np.dtype(kind).name, at, len(column)]
        data += b"\0" * (-len(data) % 4)
        parts.append(data)
        at += len(data)
    head = json.dumps({**header, "columns": places}, ensure_ascii=False, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 4)
    return b"".join([len(head).to_bytes(4, "little"), head, *parts])


def _fits(column: Whole, kind: Any) -> bool:
    limits = np.iinfo(kind)
    return not len(column) or (int(column.min()) >= limits.min and int(column.max()) <= limits.max)


def _bands(results: Results, count: int, codes: Sequence[str]) -> Whole:
    """The bands of every domain of a decision in one number, two bits each."""
    found = np.zeros(count, np.int64)
    known: dict[tuple[float, float], int] = {}
    for at in range(count):
        marks = results.marks(at)
        for place, code in enumerate(codes):
            if code in marks:
                score = (marks[code][0], marks[code][1])
                if score not in known:
                    known[score] = band(*score)
                found[at] |= known[score] << 2 * place
    return found


def _coded(column: Sequence[str]) -> tuple[list[str], Whole]:
    """The different texts of a column, and the place of each row's among them."""
    words = sorted(set(column))
    place = {word: at for at, word in enumerate(words)}
    return [_line(word) for word in words], np.array([place[word] for word in column], np.int64)


def _lines(column: Sequence[str]) -> str:
    text = "\n".join(column)
    return text if text.count("\n") == max(len(column) - 1, 0) else "\n".join(map(_line, column))


def _line(text: str) -> str:
    return text.replace("\n", " ")


def _terms(shown: Overview) -> dict[str, Any]:
    """Names of levels, domains and states in both languages, and the words of what the script writes."""
    framework = shown.framework
    return {
        "levels": [[level.code, level.name.en, level.name.zh] for level in framework.levels],
        "domains": [[one.code, one.name.en, one.name.zh, list(one.weights)] for one in framework.domains],
        "states": [[state, STATES[state].en, STATES[state].zh] for state in CELLS],
        "paperStates": [CELLS.index(state) for state in CERTIFICATE_STATES],
        "outcomes": [[code, text.en, text.zh] for code, text in OUTCOMES.items()],
        "bands": [[text.en, text.zh] for text in BANDS],
        "say": {name: [text.en, text.zh] for name, text in SPOKEN.items()},
    }
