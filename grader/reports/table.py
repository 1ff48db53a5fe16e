"""The table of one sitting for the exam office: people, marks, decisions, certificates."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from ..certificates import number_text
from ..model import Bilingual
from ..store import Store

__all__ = ["decision_table", "decision_text", "in_columns"]

_HEADS = {
    "seat": Bilingual("seat", "考位"),
    "name": Bilingual("name", "姓名"),
    "written": Bilingual("written", "笔试"),
    "practical": Bilingual("practical", "实操"),
    "outcome": Bilingual("outcome", "结果"),
    "confirmed_by": Bilingual("confirmed by", "确认人"),
    "certificate": Bilingual("certificate", "证书编号"),
    "valid_until": Bilingual("valid until", "有效期至"),
}
_OUTCOMES = {
    "pass": Bilingual("pass", "通过"),
    "fail": Bilingual("fail", "未通过"),
    "absent": Bilingual("absent", "缺考"),
    None: Bilingual("undecided", "未评定"),
}


def decision_table(store: Store, sitting: str) -> list[dict[str, Any]]:
    """One row for each seat of the sitting: points and cuts, outcome, who confirmed it, and the certificate.

    What is not there yet is None.
    """
    people = {row["person"]: row for row in store.rows("people")}
    decisions = {row["seat"]: row for row in store.rows("decisions", sitting=sitting)}
    certificates = {row["seat"]: row for row in store.rows("certificates") if row["state"] != "withdrawn"}
    rows = []
    for seat in store.rows("seats", sitting=sitting):
        decision, certificate = decisions.get(seat["seat"], {}), certificates.get(seat["seat"], {})
        figures = ("written_points", "written_max", "written_cut", "practical_points", "practical_max", "practical_cut")
        rows.append(
            {
                "seat": seat["seat"],
                "person": seat["person"],
                "name": people.get(seat["person"], {}).get("name", ""),
                "handed_in": seat["handed_in_how"],
                **{figure: decision.get(figure) for figure in figures},
                "outcome": decision.get("outcome"),
                "proposed_by": decision.get("proposed_by"),
                "confirmed_by": decision.get("confirmed_by"),
                "certificate": certificate.get("number"),
                "valid_until": certificate.get("valid_until"),
            }
        )
    return sorted(rows, key=lambda row: str(row["seat"]))


def decision_text(store: Store, sitting: str, language: str = "en") -> str:
    """:func:`decision_table` as lines for a terminal, columns in step whatever the script of the names."""
    lines = [[head.say(language) for head in _HEADS.values()]]
    names = {str(row["person"]).casefold(): row for row in store.rows("people")}
    for row in decision_table(store, sitting):
        scores = {part: _score(row, part, language) for part in ("written", "practical")}
        said = {**row, **scores, "outcome": _outcome(row).say(language)}
        # As on the certificate: who gave a number of the roster alone is called by name, too.
        if known := names.get(str(row["confirmed_by"]).strip().casefold()):
            said["confirmed_by"] = f"{known['person']} {known['name'] or ''}".strip()
        lines.append([said[column] for column in _HEADS])
    return "\n".join(in_columns(lines))


def in_columns(rows: Sequence[Sequence[object]]) -> list[str]:
    """Rows of a table as lines for a terminal, in step whatever the script; a cell never draws on the terminal.

    Only the last cell of a row, which pushes nothing aside, may be long.

    >>> in_columns([["seat", "name"], ["TL-1-01", "陈晓敏"]])
    ['seat     name', 'TL-1-01  陈晓敏']
    """
    lines = [[*map(_plain, row[:-1]), *(_plain(cell, 300) for cell in row[-1:])] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _outcome(row: dict[str, Any]) -> Bilingual:
    said = _OUTCOMES[row["outcome"]]
    if row["outcome"] is None or row["confirmed_by"] is not None:
        return said
    return Bilingual(f"{said.en}, proposed", f"{said.zh}，待确认")


def _score(row: dict[str, Any], part: str, language: str) -> str:
    if row[f"{part}_points"] is None:
        return ""
    points, maximum, cut = (number_text(row[f"{part}_{what}"]) for what in ("points", "max", "cut"))
    return Bilingual(f"{points}/{maximum} (cut {cut})", f"{points}/{maximum}（合格线{cut}）").say(language)


def _plain(value: object, longest: int = 40) -> str:
    text = "" if value is None else str(value)
    # A name with a line break or an escape code must not draw on the terminal.
    text = "".join(character if character.isprintable() else "?" for character in text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
