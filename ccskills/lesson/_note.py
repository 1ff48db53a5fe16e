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
body .jp-RenderedHTMLCommon table.dataframe tbody th { white-space: nowrap; text-align: left; }
body .jp-RenderedHTMLCommon table.dataframe thead th:first-child { text-align: left; }
.jp-OutputArea-child:has(style.ccskills-look) { display: none; }
</style>"""
"""How outputs and tables of a notebook are set, for as long as the output of its first cell stands there."""

_LEFT = ' style="text-align: left"'
_ROW = re.compile(r"<tr[ >].*?</tr>", re.S)
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
    """A table as it shows itself, with words flush left and dates that stay on one line."""
    shown = frame._repr_html_()
    if not shown:
        return None
    if frame.columns.nlevels == 1:
        left = [_of_words(frame.iloc[:, number]) for number in range(frame.shape[1])]
        shown = _ROW.sub(lambda row: _set_left(row[0], left), shown)
    return _DATE.sub(r'<span style="white-space:nowrap">\g<0></span>', shown)


def _of_words(column: Any) -> bool:
    """Whether most values begin with a letter: figures, also those with their unit, stay flush right."""
    begins = [value.lstrip()[:1].isalpha() for value in column.dropna() if isinstance(value, str)]
    return 2 * sum(begins) > len(column)


def _set_left(row: str, left: Sequence[bool]) -> str:
    """A row with those of its cells flush left, counted from its end, whose column holds words."""
    start, *cells = re.split(r"(?=<t[dh]>)", row)
    if len(cells) <= len(left):  # columns were left out, or none has a heading of its own
        return row
    before = len(cells) - len(left)
    moved = [
        cell[:3] + _LEFT + cell[3:] if to_left else cell for cell, to_left in zip(cells[before:], left, strict=True)
    ]
    return start + "".join([*cells[:before], *moved])


def publish(shell: Any, said: Note) -> None:
    """Put a note below the running cell of the notebook ``shell``."""
    shell.display_pub.publish({"text/plain": said.text, "text/html": said.html})
