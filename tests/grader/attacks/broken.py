"""Notebooks that are none: torn, empty, nested, huge, of other formats, with the wrong kinds of things in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.grader.attacks.case import FULL, NOT_GRADED, RIGHT, Case, Work


def bytes_of(tries: str, content: bytes) -> Case:
    return Case(tries, lambda work: work.raw(content), NOT_GRADED, "failed")


def wrong(
    tries: str, change: Callable[[Any], object], marks: dict[str, float | None] = NOT_GRADED, state: str = "failed"
) -> Case:
    """Right answers in a notebook that is changed where it should not be."""

    def make(work: Work) -> None:
        work.write(**RIGHT)
        change(work.notebook)

    return Case(tries, make, marks, state)


def mended(tries: str, change: Callable[[Any], object]) -> Case:
    """The same where the grader knows better than the notebook: right answers keep their marks."""
    return wrong(tries, change, FULL, "graded")


def first(notebook: Any, name: str = "t-mean") -> Any:
    return next(cell for cell in notebook["cells"] if cell["id"] == name)


def truncated(work: Work) -> None:
    work.write(**RIGHT)
    work.raw(json.dumps(work.notebook).encode()[:-300])


def thirty_megabytes(work: Work) -> None:
    work.write(**RIGHT)
    text = {"cell_type": "markdown", "id": "long", "metadata": {}, "source": "x" * 100 + "\n" + "words " * 5_000_000}
    work.notebook["cells"].append(text)


def thirty_megabytes_of_outputs(work: Work) -> None:
    work.write(**RIGHT)
    work.cell("table")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 30_000_000}]


def many_cells(work: Work) -> None:
    work.write(**RIGHT)
    for number in range(800):
        work.add("1", f"c{number}")


def in_order_of_bytes(work: Work) -> None:
    work.write(**RIGHT)
    work.raw(b"\xef\xbb\xbf" + json.dumps(work.notebook).encode())


def half_a_character(work: Work) -> None:
    work.write(**RIGHT)
    work.add("'\ud800'", "half")


DEEP = b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b', "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
CASES: dict[str, Case] = {
    "empty": bytes_of("no byte at all", b""),
    "no-json": bytes_of("text", b"hello"),
    "binary": bytes_of("bytes that are no text", bytes(range(256)) * 40),
    "other-encoding": bytes_of("UTF-16", json.dumps({"cells": []}).encode("utf-16")),
    "null-bytes": bytes_of("zeros", bytes(100_000)),
    "list": bytes_of("a list", b"[]"),
    "number": bytes_of("a number", b"9" * 10_000),
    "null": bytes_of("nothing in JSON", b"null"),
    "nested": bytes_of("a hundred thousand lists in each other", DEEP),
    "no-cells": bytes_of("no cells", b'{"metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
    "cells-text": bytes_of(
        "cells that are a text", b'{"cells": "x", "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    ),
    "cells-numbers": bytes_of(
        "cells that are numbers", b'{"cells": [1, null], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    ),
    "old-format": Case(
        "the format of 2011, without a cell",
        lambda work: work.raw(b'{"nbformat": 2, "nbformat_minor": 0, "worksheets": [], "metadata": {}}'),
    ),
    "future-format": bytes_of(
        "a format to come", b'{"cells": [], "metadata": {}, "nbformat": 99, "nbformat_minor": 0}'
    ),
    "format-text": bytes_of(
        "a format in words", b'{"cells": [], "metadata": {}, "nbformat": "four", "nbformat_minor": {}}'
    ),
    "twice-the-same-key": bytes_of(
        "the same key twice", b'{"cells": [], "cells": 7, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    ),
    "truncated": Case("torn in the middle of the last cell", truncated, NOT_GRADED, "failed"),
    "words-list": mended("nbgrader's words as a list", lambda n: first(n)["metadata"].update(nbgrader=["grade"])),
    "words-text": mended("nbgrader's words as a text", lambda n: first(n)["metadata"].update(nbgrader="grade")),
    "words-null": mended("nbgrader's words as nothing", lambda n: first(n)["metadata"].update(nbgrader=None)),
    "name-list": mended("a name that is a list", lambda n: first(n)["metadata"]["nbgrader"].update(grade_id=[1])),
    "name-null": mended("a name that is nothing", lambda n: first(n)["metadata"]["nbgrader"].update(grade_id=None)),
    "name-odd": mended(
        "a name with quotes and slashes",
        lambda n: first(n)["metadata"]["nbgrader"].update(grade_id="'; drop table grade; --/../"),
    ),
    "points-text": mended("points as text", lambda n: first(n)["metadata"]["nbgrader"].update(points="many")),
    "points-nan": mended(
        "points that are not a number", lambda n: first(n)["metadata"]["nbgrader"].update(points=float("nan"))
    ),
    "schema-future": mended(
        "words of a schema to come", lambda n: first(n)["metadata"]["nbgrader"].update(schema_version=99)
    ),
    "schema-text": mended(
        "words of a schema without a number", lambda n: first(n)["metadata"]["nbgrader"].update(schema_version="3")
    ),
    "source-number": wrong("a cell whose text is a number", lambda n: first(n, "table").update(source=7)),
    "source-list": wrong(
        "a cell whose text is a list of numbers", lambda n: first(n, "table").update(source=[7, None])
    ),
    "metadata-list": wrong("the metadata of the notebook as a list", lambda n: n.update(metadata=[])),
    "cell-without-metadata": wrong("a cell without metadata", lambda n: first(n).pop("metadata")),
    "cell-of-a-new-kind": mended("a cell of a kind that nobody knows", lambda n: first(n).update(cell_type="music")),
    "cell-without-kind": wrong("a cell of no kind", lambda n: first(n).pop("cell_type")),
    "outputs-text": wrong("outputs that are a text", lambda n: first(n).update(outputs="4.0")),
    "ids-twice": mended("two cells of one id", lambda n: first(n).update(id="mean")),
    "id-odd": wrong("an id with quotes", lambda n: first(n).update(id="\"'><script>pwned()</script>")),
    "kernel-text": mended("a kernel that is a text", lambda n: n["metadata"].update(kernelspec="python")),
    "language-list": wrong("a language that is a list", lambda n: n["metadata"].update(language_info=["python"])),
    "mark-of-bytes": Case("a mark of the order of bytes before right work", in_order_of_bytes, NOT_GRADED, "failed"),
    "half-a-character-in-a-cell": Case("half of a character in a cell", half_a_character, FULL),
    "thirty-megabytes": Case("right work with thirty megabytes of text", thirty_megabytes, FULL),
    "thirty-megabytes-of-outputs": Case(
        "right work with thirty megabytes of outputs", thirty_megabytes_of_outputs, FULL
    ),
    "many-cells": Case("right work and hundreds of cells", many_cells, FULL),
}
