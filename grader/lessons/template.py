"""The file of a new lesson: its whole frame, with every text that is still to be written marked as such."""

from __future__ import annotations

from pathlib import Path

from grader.errors import InputError, LessonError
from grader.lessons.header import NAME
from grader.lessons.overviews import folder_of
from grader.lessons.shape import CORE
from grader.lessons.sidecar import framework
from grader.model import Cell

__all__ = ["new"]

_FRAME = Path(__file__).with_name("template.md")


def new(source_folder: Path, name: str, domain: str) -> Path:
    """Write ``<level>/<nn>-<slug>.md`` for the statements of ``domain`` at that level; nothing is overwritten."""
    level, _, file = name.removesuffix(".md").partition("/")
    levels = {folder_of(one.number): one for one in framework().levels}
    if level not in levels or not NAME.fullmatch(file):
        raise InputError(
            f"a lesson is named LEVEL/NN-SLUG, e.g. team-leader/02-a-fair-sample, with a level among "
            f"{', '.join(levels)}; got {name!r}"
        )
    cell = _cell(domain, levels[level].number)
    if int(file[:2]) <= len(CORE) and domain in CORE and file[:2] != (wanted := f"0{CORE.index(domain) + 1}"):
        raise InputError(
            f"the lesson on {domain} of a level has the number {wanted}, a further one 05 or more, got {file[:2]}"
        )
    path = source_folder / level / f"{file}.md"
    if path.exists():
        raise LessonError(f"{level}/{file}.md is there already; nothing was changed")
    words = {
        "name": f"{level}/{file}",
        "level": str(levels[level].number),
        "codes": ", ".join(statement.code for statement in cell.statements),
        "goals-en": "\n".join(f"- {statement.text.en} ({statement.code})" for statement in cell.statements),
        "goals-zh": "\n".join(f"- {statement.text.zh}（{statement.code}）" for statement in cell.statements),
    }
    text = _FRAME.read_text("utf-8")
    for word, said in words.items():
        text = text.replace(f"<<{word}>>", said)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _cell(domain: str, level: int) -> Cell:
    for known in framework().domains:
        for cell in known.cells:
            if known.code == domain and cell.level == level:
                return cell
    there = ", ".join(known.code for known in framework().domains if any(cell.level == level for cell in known.cells))
    raise InputError(f"level {level} has no domain {domain!r}; it has {there}")
