"""The charts of cases: drawn by their own code, once for each language, and kept as pictures beside them."""

from __future__ import annotations

import io
from typing import Any

from grader.authoring.shelf import Shelf
from grader.bank.cases import chart_code, code_digest, picture
from grader.errors import InputError, Problem
from grader.model import LANGUAGES
from grader.notebooks import read

__all__ = ["draw_charts"]

DOTS_PER_INCH = 100


def draw_charts(shelf: Shelf) -> list[str]:
    """Draw the chart of every case whose picture is missing or older than its code; the names of what was written.

    Raises :class:`InputError` that names the case and the line when its code fails or returns no figure.
    """
    written = []
    for path in sorted((shelf.folder / "cases").glob("*.md")):
        notebook = read(path, shelf.folder)
        cell = chart_code(notebook)
        if cell is None:
            continue
        mark = code_digest(cell.source)
        for language in LANGUAGES:
            file = picture(path, language)
            if file.is_file() and mark.encode() in file.read_bytes():
                continue
            data = _drawn(cell.source, language, notebook.where(cell.line), mark)
            temporary = file.with_suffix(".part")
            temporary.write_bytes(data)
            temporary.replace(file)
            written.append(file.relative_to(shelf.folder).as_posix())
    return written


def _drawn(code: str, language: str, where: str, mark: str) -> bytes:
    names: dict[str, Any] = {"__name__": "case"}
    data = io.BytesIO()
    try:
        exec(compile(code, where, "exec"), names)
        figure = names["chart"](language)
        figure.savefig(data, format="png", dpi=DOTS_PER_INCH, bbox_inches="tight", metadata={"Source": mark})
    except Exception as error:  # whatever the author's code raises is the author's to mend
        said = " ".join(str(error).split())[:160]
        raise InputError(
            Problem(where, f"the chart in {language} failed with {type(error).__name__}: {said}")
        ) from error
    return data.getvalue()
