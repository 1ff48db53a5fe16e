"""What a lesson says beside its cells: the same words as accessible HTML and as plain text."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from html import escape
from typing import Any

__all__ = ["LANG", "LOOK", "Note", "note", "picture", "publish", "table"]

LANG = {"en": "en", "zh": "zh-CN"}
_COLOURS = {"alert": "#b3261e", "status": "#1b7f4d", "note": "#0072b2"}
"""Of the bar at the side; the words themselves say what happened."""

# JupyterLab breaks printed lines anywhere, and squeezes columns of a table until Chinese words break in them.
LOOK = """<style class="ccskills-look">
body .jp-OutputArea-output pre { word-break: normal; overflow-wrap: anywhere; }
body .jp-RenderedHTMLCommon :is(th, td:first-child, .dataframe td) { word-break: keep-all; overflow-wrap: break-word; }
body .jp-RenderedHTMLCommon table.dataframe { max-width: 690px; }
body .jp-RenderedHTMLCommon table.dataframe tbody th { white-space: nowrap; text-align: left; }
body .jp-RenderedHTMLCommon table.dataframe thead th:first-child { text-align: left; }
.jp-OutputArea-child:has(style.ccskills-look) { display: none; }
</style>"""
"""How outputs and tables of a notebook are set, for as long as the output of its first cell stands there."""

_ROW = re.compile(r"<tr[ >].*?</tr>", re.S)
_NO_FIGURES = re.compile(r"(?:\b|_)(?:id|year)$|(?:编号|年份)$")
_LARGE = re.compile(r"^<td>(-?\d{4,})\b")
_HEADING = re.compile(
    r"(<th[^>]*>[^<>]*[\u4e00-\u9fff][（）%]*)([A-Za-z]\w{2,}</th>)(?=(?:(?!</thead>|<tbody).)*</thead>)", re.S
)
_DATE = re.compile(r"\b\d{4}-\d\d(?:-\d\d)?(?: \d\d:\d\d(?::\d\d)?)?\b")


class Note:
    """A few words in a notebook: HTML where it is shown, plain text everywhere else."""

    def __init__(self, text: str, html: str) -> None:
        self.text, self.html = text, html

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def note(
    language: str, paragraphs: Sequence[str], *, role: str = "note", code: str = "", html: str | None = None
) -> Note:
    """Paragraphs, the first of them strong, and a line of code; ``html`` stands for all but the first paragraph."""
    first, *others = paragraphs
    body = "".join(f"<p>{escape(one)}</p>" for one in others) if html is None else html
    quoted = f'<pre style="overflow-x:auto"><code>{escape(code)}</code></pre>' if code else ""
    style = f"border-left:4px solid {_COLOURS[role]};padding:.1rem .8rem;margin:.3rem 0"
    shown = f'<div role="{role}" lang="{LANG[language]}" style="{style}">'
    shown += f"<p><strong>{escape(first)}</strong></p>{body}{quoted}</div>"
    lines = [*paragraphs, *(f"    {line}" for line in code.split("\n") if code)]
    return Note("\n".join(lines), shown)


def picture(figure: Any) -> dict[str, str]:
    """A chart with its sentence as the text for people who do not see it; nothing for one that has no sentence."""
    said = str(figure.get_label())
    if not said:
        return {}
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", bbox_inches="tight")
    source = base64.b64encode(drawn.getvalue()).decode()
    return {"text/html": f'<img alt="{escape(said)}" src="data:image/png;base64,{source}" style="max-width:100%">'}


def table(frame: Any) -> str | None:
    """A table as it shows itself, easier to read.

    Words stand flush left, thousands are marked where a figure has five digits or more, a Chinese heading stands above
    the name that is typed, and dates stay on one line.
    """
    shown = frame._repr_html_()
    if not shown:
        return None
    if frame.columns.nlevels == 1:
        kinds = [_kind(str(name), column) for name, column in frame.items()]
        columns = [frame.iloc[:, number] for number, kind in enumerate(kinds) if kind == "figures"]
        grouped = any(map(_large, columns))
        shown = _ROW.sub(lambda row: _set(row[0], kinds, grouped), shown)
    shown = _HEADING.sub(r"\1<br>\2", shown)
    return _DATE.sub(r'<span style="white-space:nowrap">\g<0></span>', shown)


def _kind(name: str, column: Any) -> str:
    """``words`` where most values begin with a letter, ``figures`` that are no names and no years."""
    if column.dtype.kind in "iuf":
        return "" if _NO_FIGURES.search(name) else "figures"
    begins = [value.lstrip()[:1].isalpha() for value in column.dropna() if isinstance(value, str)]
    return "words" if 2 * sum(begins) > len(column) else ""


def _large(column: Any) -> bool:
    known = column.dropna()
    return bool(len(known) and known.abs().max() >= 10_000)


def _set(row: str, kinds: Sequence[str], grouped: bool) -> str:
    """A row with its cells set by the kind of their column, counted from its end; ``grouped``: thousands are marked."""
    start, *cells = re.split(r"(?=<t[dh]>)", row)
    if len(cells) <= len(kinds):  # columns were left out
        return row
    before = len(cells) - len(kinds)
    for number, kind in enumerate(kinds, before):
        if kind == "words":
            cells[number] = cells[number][:3] + ' style="text-align: left"' + cells[number][3:]
        elif kind == "figures" and grouped:
            cells[number] = _LARGE.sub(lambda found: f"<td>{int(found[1]):,}", cells[number])
    return start + "".join(cells)


def publish(shell: Any, said: Note) -> None:
    """Put a note below the running cell of the notebook ``shell``."""
    shell.display_pub.publish({"text/plain": said.text, "text/html": said.html})
