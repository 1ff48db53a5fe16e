"""Text notebooks in two languages: read with the line of every cell, choose a language, write canonical ``.ipynb``."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import yaml
from jupytext.myst import MystMetadataParsingError, myst_to_notebook
from markdown_it import MarkdownIt
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from grader.errors import InputError, Problem
from grader.model import LANGUAGES

__all__ = ["Notebook", "NotebookCell", "choose", "read", "render_html", "replace_file", "to_bytes", "write"]

KEPT_HEADER = ("kernelspec", "language_info", "lesson")
"""What a written notebook keeps of the header: the header of an item or a practical can hold a key."""
MOST_DEPTH = 100
MOST_COLUMNS = 5000
VOLATILE = ("lang", "execution", "ExecuteTime", "trusted")
ODD_LINE_BREAKS = re.compile("[\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00]")
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class _Loader(yaml.CSafeLoader):  # type: ignore[misc]
    """YAML 1.1 in C; ``1e3`` is a number, as it is to ruamel.yaml."""


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
)


@dataclass(frozen=True)
class NotebookCell:
    """A cell: ``kind`` is markdown, code or raw; ``line`` is where its source begins in the file (1 = first line)."""

    kind: str
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    line: int = 1

    @property
    def language(self) -> str | None:
        """``en``, ``zh``, or None for a cell that shows in both."""
        return self.metadata.get("lang")


@dataclass(frozen=True)
class Notebook:
    """A notebook as read: the header, the line of every header entry (``item.kind`` -> 7), and the cells."""

    path: str
    header: Mapping[str, Any]
    lines: Mapping[str, int]
    cells: tuple[NotebookCell, ...]

    def where(self, place: str | int = 1) -> str:
        """``path:line`` of a line number or of a header entry; a missing entry stands where its parent does."""
        while isinstance(place, str) and place not in self.lines:
            place = place.rpartition(".")[0] or 1
        return f"{self.path}:{place if isinstance(place, int) else self.lines[place]}"


def read(path: Path, root: Path | None = None) -> Notebook:
    """Read a MyST text notebook (``.md``).

    ``root`` is the folder that messages name the file from.  Raises :class:`InputError` whose only argument is a
    :class:`Problem` (file, line, one sentence).
    """
    name = path.relative_to(root).as_posix() if root else path.name
    text = _decode(path, name)
    header, lines, body = _header(text, name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            node = myst_to_notebook(body, add_source_map=True)
        except MystMetadataParsingError as error:
            found = re.search(r"at line (\d+)", str(error))
            raise _wrong(
                name, int(found[1]) if found else 1, f"a cell's metadata cannot be read: {_one_line(error)}"
            ) from None
        except (UserWarning, ValueError, yaml.YAMLError, nbformat.ValidationError) as error:
            raise _wrong(name, 1, f"the notebook cannot be read: {_one_line(error)}") from None
    rows = body.splitlines()
    cells = tuple(
        NotebookCell(cell.cell_type, cell.source, _plain(cell.metadata), _first_line(rows, start, cell.source))
        for cell, start in zip(node.cells, node.metadata["source_map"], strict=True)
    )
    for cell in cells:
        if cell.language not in (None, *LANGUAGES):
            raise _wrong(name, cell.line, f'the cell\'s "lang" must be en or zh, got {cell.language!r}')
    return Notebook(name, header, lines, cells)


def choose(notebook: Notebook, language: str) -> Notebook:
    """The notebook in one language: its cells of that language and those without one, none of them marked any more."""
    if language not in LANGUAGES:
        raise InputError(f"the language must be one of {', '.join(LANGUAGES)}, got {language!r}")
    cells = tuple(
        replace(cell, metadata={key: value for key, value in cell.metadata.items() if key != "lang"})
        for cell in notebook.cells
        if cell.language in (None, language)
    )
    return replace(notebook, cells=cells)


def to_bytes(notebook: Notebook) -> bytes:
    """The canonical ``.ipynb``: no outputs or counters, sorted keys, cell ids made from position and text.

    The same notebook gives the same bytes every time; of the header only the kernel and the ``lesson`` entry are kept.
    """
    header = {key: notebook.header[key] for key in KEPT_HEADER if key in notebook.header}
    node = {
        "cells": [_cell_json(number, cell) for number, cell in enumerate(notebook.cells)],
        "metadata": header,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    text = json.dumps(node, ensure_ascii=False, sort_keys=True, indent=1, default=_iso, allow_nan=False) + "\n"
    try:
        nbformat.validate(_reads(text))
    except nbformat.ValidationError as error:
        raise InputError(f"{notebook.path} does not make a valid notebook: {_one_line(error)}") from None
    return text.encode()


def write(notebook: Notebook, path: Path) -> None:
    """Write the canonical ``.ipynb`` to ``path``: all of it or, when anything fails, nothing."""
    replace_file(path, to_bytes(notebook))


def replace_file(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``: all of it or, when anything fails, nothing; missing folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def render_html(markdown: str) -> str:
    """Markdown (CommonMark and tables) as HTML that is safe on an exam page: raw HTML is shown, never obeyed.

    >>> render_html("**80 %** of <b>calls</b>")
    '<p><strong>80 %</strong> of &lt;b&gt;calls&lt;/b&gt;</p>'
    """
    return str(MARKDOWN.render(markdown)).strip()


def _reads(text: str) -> Any:
    return nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]


def _decode(path: Path, name: str) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _wrong(name, line, "the file must be UTF-8 text, this line is not; save it as UTF-8") from None
    except OSError as error:
        raise _wrong(name, 1, f"the file cannot be read: {error.strerror}") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if path.suffix == ".md" and (odd := ODD_LINE_BREAKS.search(text)):
        line = text[: odd.start()].count("\n") + 1
        raise _wrong(name, line, f"the line holds the control character U+{ord(odd[0]):04X}; delete it")
    return text


def _header(text: str, name: str) -> tuple[dict[str, Any], dict[str, int], str]:
    """The YAML header, the line of each entry, and the text with the header blanked (so that lines stay the same)."""
    found = re.match(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", text, re.DOTALL)
    if not found:
        raise _wrong(name, 1, "the file must begin with a header between two lines of ---, and it does not")
    body = "\n" * found[0].count("\n") + text[found.end() :]
    if (line := _deep(found[1])) is not None:
        raise _wrong(name, line + 2, f"entries must not nest more than {MOST_DEPTH} deep, nor a line be so long")
    if (line := _alias(found[1])) is not None:
        raise _wrong(name, line + 2, "an entry points at another one (`&` and `*`); write its value out")
    if quick := _quick_header(found[1]):
        return *quick, body
    loaded = _slow_header(found[1], name)
    if not isinstance(loaded, CommentedMap):
        raise _wrong(name, 2, "the header must be a list of entries such as `kernelspec: ...`")
    return _plain(loaded), dict(_entry_lines(loaded, "")), body


def _deep(text: str) -> int | None:
    """The 0-based line at which a header nests too deep for any reader of YAML; None for every sensible one."""
    for line, row in enumerate(text.split("\n")):
        if len(row) > MOST_COLUMNS:
            return line
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", text):
        depth = max(0, depth + (1 if bracket[0] in "[{" else -1))
        if depth > MOST_DEPTH:
            return text[: bracket.start()].count("\n")
    return None


def _alias(text: str) -> int | None:
    """The 0-based line of the first alias, which could make a few lines as large as the memory; None without one."""
    if "*" not in text:
        return None
    try:
        return next((one.start_mark.line for one in yaml.scan(text, _Loader) if isinstance(one, yaml.AliasToken)), None)
    except yaml.YAMLError:
        return None


def _quick_header(text: str) -> tuple[dict[str, Any], dict[str, int]] | None:
    """Header and lines by the reader in C; None for any header that it does not read at once, sound or not."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[str, int] = {}
        if not isinstance(node, yaml.MappingNode) or not _node_lines(node, "", lines):
            return None
        return _plain(loader.construct_document(node)), lines
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    finally:
        loader.dispose()


def _node_lines(node: yaml.Node, prefix: str, lines: dict[str, int]) -> bool:
    """Enter the line of each entry below ``node``; False for what only the slow reader judges: twice, merged, alias."""
    if isinstance(node, yaml.MappingNode):
        places = [(key.value, key, child) for key, child in node.value]
    elif isinstance(node, yaml.SequenceNode):
        places = [(str(index), child, child) for index, child in enumerate(node.value)]
    else:
        return True
    for key, at, child in places:
        place = f"{prefix}{key}"
        if not isinstance(key, str) or key == "<<" or place in lines:
            return False
        lines[place] = at.start_mark.line + 2
        if not _node_lines(child, f"{place}.", lines):
            return False
    return True


def _slow_header(text: str, name: str) -> Any:
    """The header by ruamel.yaml, which says what is wrong with an entry given twice; the quick reader does not."""
    reader = YAML(typ="rt")
    reader.version = (
        1,
        1,
    )  # as jupytext reads it: else `on: yes` would be text here and true after a save in JupyterLab
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of numbers that YAML 1.1 and 1.2 write otherwise
            loaded = reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = str(error.problem or error.context).split("\n")[0]
        raise _wrong(
            name,
            mark.line + 2 if mark else 1,
            f"the header is not valid YAML ({reason}); look at indents, quotes and colons here and in the line above",
        ) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise _wrong(
            name, 1, f"the header is not valid YAML ({_one_line(error)}); mend it or put it in quotes"
        ) from None
    return loaded


def _entry_lines(value: Any, prefix: str) -> Iterator[tuple[str, int]]:
    """``dotted.name`` and line of each entry below ``value``; the header's first line is the file's second."""
    if isinstance(value, CommentedMap):
        places = [(str(key), value.lc.key(key)[0], child) for key, child in value.items()]
    elif isinstance(value, CommentedSeq):
        places = [(str(index), value.lc.item(index)[0], child) for index, child in enumerate(value)]
    else:
        return
    for key, line, child in places:
        yield prefix + key, line + 2
        yield from _entry_lines(child, f"{prefix}{key}.")


def _plain(value: Any) -> Any:
    """Plain dicts, lists, str, int, float of what YAML and nbformat hand out."""
    if isinstance(value, Mapping):
        return {str(key): _plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(child) for child in value]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def _first_line(rows: list[str], start: int, source: str) -> int:
    """The 1-based line where ``source`` begins, at or after the 0-based line ``start`` (options come before code)."""
    wanted = [line.rstrip() for line in source.split("\n")]
    for index in range(start, len(rows) - len(wanted) + 1):
        if [row.rstrip() for row in rows[index : index + len(wanted)]] == wanted:
            return index + 1
    return start + 1


def _cell_json(number: int, cell: NotebookCell) -> dict[str, Any]:
    metadata = {key: value for key, value in cell.metadata.items() if key not in VOLATILE}
    identity = hashlib.sha256(f"{number}\n{cell.kind}\n{cell.source}".encode()).hexdigest()[:12]
    source = cell.source.splitlines(keepends=True)
    made = {"cell_type": cell.kind, "id": identity, "metadata": metadata, "source": source}
    return made | {"outputs": [], "execution_count": None} if cell.kind == "code" else made


def _iso(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a notebook")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _wrong(name: str, line: int, sentence: str) -> InputError:
    return InputError(Problem(f"{name}:{line}", sentence))
