"""What stands at the end of an item's text: a list of options or steps, or a table of pairs, each with its line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.errors import Problem
from grader.notebooks import Notebook, NotebookCell

__all__ = ["Entry", "Reader", "Stop", "headings", "read_rubric", "split"]

MARKDOWN = MarkdownIt("commonmark").enable("table")
TICKED = re.compile(r"[-*+]\s+\[([ xX])\]\s+(\S.*)")
SCORED = re.compile(r"[-*+]\s+\((\d+(?:\.5)?)\)\s+(\S.*)", re.DOTALL)
TASKS = ("bullet_list_open", "a task list of options, `- [x] right` and `- [ ] wrong`")
ENDINGS = {
    "choice": TASKS,
    "multi": TASKS,
    "order": ("ordered_list_open", "the steps in their right order as a list `1.`, `2.`, ..."),
    "match": ("table_open", "a table of two columns, left | right"),
}


class Stop(Exception):
    """A part cannot be read any further; its problem is already noted."""


@dataclass
class Entry:
    """One option, step, pair or criterion of one language."""

    line: int
    text: str
    right: bool = False
    reason: str = ""
    other: str = ""
    points: float = 0.0


@dataclass
class Reader:
    """The notebook being read, its kind, and what was found wrong so far."""

    notebook: Notebook
    kind: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, sentence: str) -> None:
        """Note a problem and read on."""
        self.problems.append(Problem(self.notebook.where(line), sentence))

    def stop(self, line: int, sentence: str) -> Stop:
        """Note a problem; the caller raises what it gets, since nothing can be read below it."""
        self.wrong(line, sentence)
        return Stop()


def split(reader: Reader, cell: NotebookCell) -> tuple[str, list[Entry]]:
    """The stem, and the options, steps or pairs that stand at the end of the cell."""
    tokens = MARKDOWN.parse(cell.source)
    blocks = [token for token in tokens if token.level == 0 and token.nesting >= 0]
    last = blocks[-1]
    start, end = last.map or [0, 0]
    rows = cell.source.split("\n")
    inner = [token for token in tokens if token.map and start <= token.map[0] < end]
    wanted = ENDINGS.get(reader.kind)
    if wanted is None:
        if last.type == "bullet_list_open" and TICKED.match(rows[start]):
            reader.wrong(
                cell.line + start, f"an item of kind {reader.kind} takes no options; delete them or change the kind"
            )
        return cell.source.strip(), []
    if last.type != wanted[0]:
        raise reader.stop(
            cell.line + start, f"the {cell.language} text of kind {reader.kind} must end with {wanted[1]}"
        )
    if not "\n".join(rows[:start]).strip():
        raise reader.stop(cell.line, f"the {cell.language} text has no question above its {reader.kind} list")
    entries = _pairs(reader, cell, inner) if reader.kind == "match" else _listed(reader, cell, inner, rows)
    return "\n".join(rows[:start]).strip(), entries


def _listed(reader: Reader, cell: NotebookCell, inner: Sequence[Token], rows: list[str]) -> list[Entry]:
    """The entries of a list: an option's first line is its text and what is nested below it is its reason."""
    entries = []
    for token in inner:
        if token.type != "list_item_open" or token.level != 1 or token.map is None:
            continue
        line = cell.line + token.map[0]
        first, *rest = rows[token.map[0] : token.map[1]]
        nested = "\n".join(row.strip() for row in rest).strip()
        if reader.kind == "order":
            text = first.strip().split(maxsplit=1)[1] if len(first.split()) > 1 else ""
            if not text or nested:
                raise reader.stop(line, "a step must stand on one line; what belongs to it goes into the reason cell")
            entries.append(Entry(line, text.strip()))
        elif found := TICKED.match(first.strip()):
            entries.append(Entry(line, found[2].strip(), right=found[1] != " ", reason=nested))
        else:
            raise reader.stop(
                line, "the last list must hold options only, `- [x] right` or `- [ ] wrong`; put a paragraph before it"
            )
    return entries


def _pairs(reader: Reader, cell: NotebookCell, inner: Sequence[Token]) -> list[Entry]:
    entries: list[Entry] = []
    cells: list[str] = []
    row_line = cell.line
    in_body = False
    for token in inner:
        if token.type == "tr_open" and token.map:
            cells, row_line = [], cell.line + token.map[0]
        elif token.type == "tbody_open":
            in_body = True
        elif token.type == "inline":
            cells.append(token.content.strip())
            if len(cells) == 2 and in_body:
                entries.append(Entry(row_line, cells[0], other=cells[1]))
            elif len(cells) > 2:
                raise reader.stop(
                    row_line, "the table of a match must have two columns, left | right; this row has more"
                )
    for entry in entries:
        if not entry.other:
            raise reader.stop(
                entry.line, "the right side of a pair must not be empty (an empty left side makes a distractor)"
            )
    return entries


def headings(cell: NotebookCell) -> tuple[str, str]:
    """What stands above the two columns of a match's table; empty where nothing does."""
    found: list[str] = []
    for token in MARKDOWN.parse(cell.source):
        if token.type == "thead_open":
            found = []  # the last table of the cell is the one of the pairs
        elif token.type == "inline" and token.level == 4 and len(found) < 2:
            found.append(token.content.strip())
    return (found[0], found[1]) if len(found) == 2 else ("", "")


def read_rubric(reader: Reader, cells: Sequence[NotebookCell]) -> list[Entry]:
    """The lines of a rubric with the points that each can earn."""
    entries = []
    for cell in cells:
        rows = cell.source.split("\n")
        for token in MARKDOWN.parse(cell.source):
            if token.type != "list_item_open" or token.level != 1 or token.map is None:
                continue
            line = cell.line + token.map[0]
            found = SCORED.fullmatch("\n".join(rows[token.map[0] : token.map[1]]).strip())
            if not found:
                raise reader.stop(line, "a line of a rubric must be `- (2) what earns the two points`")
            entries.append(Entry(line, found[2], points=float(found[1])))
    return entries
