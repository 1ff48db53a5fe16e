"""Levels, domains, cells and statements of the framework, and the proof that they fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..model import Cell, Domain, Framework, Level, Statement
from ._sheet import Sheet, Table, called, joined, show

__all__ = ["load_framework"]

_CHAPTERS = {"M": 21, "G": 10, "S": 10, "O": 23, "K": 7}
"""Last chapter of each seed book, and the last consulting block."""


def load_framework(path: Path) -> Framework:
    """Read levels, domains, cells and statements, and prove that they fit together.

    Raises :class:`RulesError` with one line for each fault: file and line, what was wanted, what came, what to do.
    """
    sheet = Sheet(path)
    top = Table(sheet, sheet.root, 1, "the file", "version levels demoi domains")
    version = top.text("version")
    levels = tuple(_levels(top))
    leaves = _leaves(top)
    domains = tuple(_domain(sheet, row, line, len(levels), leaves) for row, line in top.rows("domains", "domain"))
    _check_sums(top, levels, domains)
    if not sheet.faults:
        _check_leaves(sheet, leaves, domains)
    sheet.finish()
    return Framework(version, levels, domains)


def _levels(top: Table) -> Iterator[Level]:
    for number, (row, line) in enumerate(top.rows("levels", "level"), start=1):
        table = Table(top.sheet, row, line, f"level {number}", "number code en zh")
        if table.whole("number", 1) not in (number, None):
            table.fault("number", str(number), show(row["number"]), "number the levels 1, 2, 3 ... from the lowest up")
        yield Level(number, table.code(f"L{number}", f"L{number}"), table.both())


def _leaves(top: Table) -> dict[str, int]:
    """The clauses of ``demoi`` with their lines."""
    clauses = top.table("demoi", "")
    leaves: dict[str, int] = {}
    for key in clauses.values:
        if not isinstance(key, str) or not re.fullmatch(r"[1-9](\.[1-9]){1,2}", key):
            clauses.fault(key, 'a clause number in quotes such as "3.3"', show(key), "write it so")
        else:
            clauses.table(key, "en zh").both()
        leaves[str(key)] = clauses.line_of(key)
    return leaves


def _domain(sheet: Sheet, row: Any, line: int, levels: int, leaves: dict[str, int]) -> Domain:
    table = Table(sheet, row, line, called("domain", row), "code en zh core weights cells")
    code = table.code("[A-Z]{2}", "two capital letters such as FC")
    name, core = table.both(), table.yes("core")
    weights = tuple(_weights(table, levels))
    cells = tuple(_cell(sheet, cell, at, code, levels, leaves) for cell, at in table.rows("cells", "cell"))
    held = {cell.level for cell in cells}
    for level, weight in enumerate(weights, start=1):
        if weight and level not in held:
            todo = f"add the cell {code}-{level} or set its weight to 0"
            table.fault("weights", f"weight 0 at level {level}, which has no cell", str(weight), todo)
        if not weight and level in held:
            todo = f"give it a weight or take the cell {code}-{level} out"
            table.fault("weights", f"a weight above 0 at level {level}, which has a cell", "0", todo)
    return Domain(code, name, core, weights, cells)


def _weights(table: Table, levels: int) -> list[int]:
    """The weights, or nothing when one of them cannot be used."""
    rows = table.rows("weights", "weight")
    right = [int(v) for v, _ in rows if isinstance(v, int) and not isinstance(v, bool) and 0 <= v <= 100]
    if len(right) == len(rows) == levels:
        return right
    if rows:
        todo = "give one whole percentage for each level, lowest level first"
        table.fault("weights", f"{levels} whole numbers from 0 to 100", joined([show(v) for v, _ in rows]), todo)
    return []


def _cell(sheet: Sheet, row: Any, line: int, domain: str, levels: int, leaves: dict[str, int]) -> Cell:
    table = Table(sheet, row, line, called("cell", row), "code level seeds demoi statements")
    level = table.whole("level", 1, levels) or 0
    pattern = f"{domain or '[A-Z]+'}-{level or '[1-9]'}"
    code = table.code(pattern, f"{domain or '??'}-{level or '?'}, the domain and the level that it belongs to")
    seeds = tuple(table.texts("seeds", "seed", _is_chapter, "a chapter M1-M21, G1-G10, S1-S10, O1-O23 or K1-K7"))
    clauses = tuple(table.texts("demoi", "clause", leaves.__contains__, "a clause listed under demoi, in quotes"))
    statements = []
    for value, at in table.rows("statements", "statement"):
        entry = Table(sheet, value, at, called("statement", value), "code en zh")
        wanted = f"{code}.1, {code}.2 ..., the code of its cell and a number" if code else "such a code as FC-1.1"
        number = entry.code(rf"{code or '[A-Z]{2}-[1-9]'}\.[1-9]\d*", wanted)
        statements.append(Statement(number, entry.both()))
    return Cell(code, level, tuple(statements), seeds, clauses)


def _is_chapter(seed: str) -> bool:
    match = re.fullmatch(r"([MGSOK])([1-9]\d?)", seed)
    return match is not None and int(match[2]) <= _CHAPTERS[match[1]]


def _check_sums(top: Table, levels: tuple[Level, ...], domains: tuple[Domain, ...]) -> None:
    if not domains or any(not domain.weights for domain in domains):
        return
    for level in levels:
        total = sum(domain.weights[level.number - 1] for domain in domains)
        if total != 100:
            todo = f"change the weight in place {level.number} of one or more domains"
            top.fault("domains", f"weights of level {level.number} that sum to 100", str(total), todo)


def _check_leaves(sheet: Sheet, leaves: dict[str, int], domains: tuple[Domain, ...]) -> None:
    mapped = {clause for domain in domains for cell in domain.cells for clause in cell.demoi}
    for clause, line in leaves.items():
        if clause not in mapped:
            sheet.fault(line, f"demoi {clause}: wanted a cell that names it, got none; add it to the demoi of a cell")
