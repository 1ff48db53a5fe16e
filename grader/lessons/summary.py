"""The last section of a lesson on one sheet of paper: a page of its own, complete offline, made to be printed."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence

from grader.lessons.sidecar import headings
from grader.model import Bilingual
from grader.notebooks import Notebook, NotebookCell, choose, render_html

__all__ = ["last_section", "summary"]


def last_section(cells: Sequence[NotebookCell]) -> tuple[str, str]:
    """Heading and Markdown of what stands from the last heading of level 2 to the end; empty when there is none."""
    places = [(number, text) for number, cell in enumerate(cells) for _, level, text in headings([cell]) if level == 2]
    if not places:
        return "", ""
    number, title = places[-1]
    lines = cells[number].source.split("\n")
    start = max(place for place, line in enumerate(lines) if line.startswith("## "))
    rest = ["\n".join(lines[start + 1 :]), *(cell.source for cell in cells[number + 1 :] if cell.kind == "markdown")]
    return title, "\n\n".join(part.strip() for part in rest).strip()


def summary(lesson: Notebook, language: str, level: Bilingual) -> bytes:
    """The page as HTML."""
    told = lesson.header["lesson"]
    title, text = last_section(choose(lesson, language).cells)
    return _PAGE.format(
        lang={"en": "en", "zh": "zh-CN"}[language],
        title=html.escape(told["title"][language]),
        level=html.escape(level.say(language)),
        codes=" ".join(told["statements"]),
        heading=html.escape(title),
        body=_TABLE.sub(_labelled, render_html(text)),
    ).encode()


_TABLE = re.compile(r"<table>.*?</table>", re.S)
_LABEL = 22
"""Latin letters of the longest label that a column of labels is kept from folding for."""


def _labelled(table: re.Match[str]) -> str:
    """A table whose first column stays on one line when all that stands there is short."""
    cells = re.findall(r"<tr>\s*<t[dh][^>]*>(.*?)</t[dh]>", table[0], re.S)
    labels = [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in cells]
    wide = max(
        (sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in label) for label in labels), default=0
    )
    return table[0].replace("<table>", '<table class="labelled">', 1) if wide <= _LABEL else table[0]


_PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light; }}
body {{ font: 11pt/1.45 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; color: #1a1a1a;
  background: #fff; max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem; }}
header {{ border-bottom: 3px solid #0072b2; margin-bottom: .8rem; }}
h1 {{ font-size: 1.5em; margin: 0 0 .2rem; line-height: 1.25; }}
h2 {{ font-size: 1.15em; margin: .8rem 0 .3rem; }}
header p {{ margin: 0 0 .4rem; color: #444; }}
table {{ border-collapse: collapse; width: 100%; margin: .5rem 0; }}
th, td {{ border: 1px solid #999; padding: .3em .5em; text-align: left; vertical-align: top; }}
th, td {{ overflow-wrap: break-word; }}
th, td:first-child {{ word-break: keep-all; }}
.labelled tr > :first-child {{ white-space: nowrap; }}
th {{ background: #eef3f7; }}
blockquote {{ border-left: 3px solid #0072b2; margin: .5rem 0; padding: .1rem .8rem; }}
tr, li, blockquote {{ break-inside: avoid; }}
@media print {{
  @page {{ margin: 12mm; }}
  body {{ font-size: 9.5pt; margin: 0; padding: 0; max-width: none; }}
  th {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
}}
</style>
</head>
<body>
<main>
<header>
<h1>{title}</h1>
<p>{level} · {codes}</p>
</header>
<h2>{heading}</h2>
{body}
</main>
</body>
</html>
"""
