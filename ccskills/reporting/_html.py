"""A report as one HTML page that needs nothing else: style, charts and words are inside."""

from __future__ import annotations

import base64
import os
from html import escape
from pathlib import Path

import pandas as pd

from .._text import Text
from ._chart_base import describe, png
from ._model import Report, Section, kind_of, shown, written
from ._write import write_whole

__all__ = ["page", "to_html"]

STYLE = """
.ccs-report { font-family: system-ui, "Segoe UI", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif;
  color: #1c1c1c; background: #fff; max-width: 68rem; margin: 0 auto; padding: 1rem 1.5rem; line-height: 1.5; }
.ccs-report h1 { font-size: 1.6rem; margin: .2rem 0; }
.ccs-report h2 { font-size: 1.2rem; margin: 2rem 0 .3rem; border-top: 2px solid #0072b2; padding-top: .6rem; }
.ccs-report .period { color: #555; margin: 0 0 1rem; }
.ccs-report .failed { border-left: 6px solid #d55e00; background: #fdf1e9; padding: .6rem 1rem; margin: 1rem 0; }
.ccs-report .passed { border-left: 6px solid #009e73; background: #eaf6f2; padding: .6rem 1rem; margin: 1rem 0; }
.ccs-report .scroll { overflow-x: auto; }
.ccs-report table { border-collapse: collapse; font-size: .85rem; margin: .6rem 0; min-width: 40%; }
.ccs-report caption { text-align: left; font-weight: 600; padding: .2rem 0; }
.ccs-report th, .ccs-report td { padding: .25rem .6rem; border-bottom: 1px solid #d9d9d9; text-align: left;
  vertical-align: top; }
.ccs-report thead th { background: #eef3f7; border-bottom: 2px solid #0072b2; white-space: nowrap; }
.ccs-report .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.ccs-report th { word-break: keep-all; }
.ccs-report tbody th { font-weight: 400; white-space: nowrap; }
.ccs-report tr.total > * { font-weight: 600; border-top: 2px solid #888; }
.ccs-report img { max-width: 100%; height: auto; margin: .5rem 0; }
.ccs-report td { white-space: nowrap; }
.ccs-report .wide th, .ccs-report .wide td { white-space: normal; }
@media print { .ccs-report { max-width: none; padding: 0; font-size: 10pt; }
  .ccs-report h2, .ccs-report caption { break-after: avoid; } .ccs-report table { font-size: 7.5pt; }
  .ccs-report thead th, .ccs-report tbody th, .ccs-report td { white-space: normal; }
  .ccs-report th, .ccs-report td { padding: .1rem .3rem; }
  .ccs-report img, .ccs-report tr { break-inside: avoid; }
  .ccs-report thead { display: table-header-group; } .ccs-report .scroll { overflow: visible; } }
"""
LANG = {"en": "en", "zh": "zh-CN"}


def to_html(report: Report, path: str | os.PathLike[str]) -> Path:
    """Write a report as one HTML page that can be mailed, printed and read aloud.

    Parameters
    ----------
    report : Report
        From `report`.
    path : str or Path
        File to write, ending in .html; it is replaced whole or not at all.

    Returns
    -------
    Path
        The file.

    Examples
    --------
    >>> from ccskills.data import centre
    >>> from ccskills.reporting import report, to_html
    >>> to_html(report(centre(days=14).intervals), "no/such/folder/report.html")
    Traceback (most recent call last):
    ValueError: path must lie in a folder that exists, got no folder 'no/such/folder'
    """
    return write_whole(path, ".html", lambda file: file.write(page(a_report(report)).encode("utf-8")))


def a_report(report: Report) -> Report:
    """`report` when it is one."""
    if not isinstance(report, Report):
        raise TypeError(f"report must be a Report, got {type(report).__name__}")
    return report


def page(report: Report, whole: bool = True) -> str:
    """The page, or the part of it that a notebook shows."""
    parts = [
        f'<main class="ccs-report" lang="{LANG[report.language]}">',
        f"<h1>{escape(report.title)}</h1>",
        f'<p class="period">{escape(report.period)}</p>',
        _verdict(report),
        _heading(Text("Findings", "要点"), report),
        *(f"<p>{escape(text)}</p>" for text in (*report.findings, *report.notes)),
        *(_section(part, report) for part in report.sections),
        _heading(Text("Definitions", "指标定义"), report),
        _plain(report.definitions, DEFINITIONS, report.language, Text("What each measure counts", "各指标的口径")),
        _heading(Text("Checks", "校验"), report),
        _plain(check_table(report), CHECKS, report.language, Text("What was checked", "校验项目与结果")),
        "</main>",
    ]
    body = f"<style>{STYLE}</style>\n" + "\n".join(parts)
    if not whole:
        return body
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head = f"<head>{meta}<title>{escape(report.title)}</title></head>"
    return f'<!DOCTYPE html>\n<html lang="{LANG[report.language]}">\n{head}\n<body>\n{body}\n</body>\n</html>\n'


def _heading(text: Text, report: Report) -> str:
    return f"<h2>{escape(text.say(report.language))}</h2>"


DEFINITIONS = {
    "measure": Text("Measure", "指标"),
    "formula": Text("Formula", "公式"),
    "better": Text("Better", "方向"),
    "note": Text("Beware", "注意"),
}
CHECKS = {
    "name": Text("Check", "校验项目"),
    "result": Text("Result", "结果"),
    "finding": Text("Finding", "说明"),
}


def check_table(report: Report) -> pd.DataFrame:
    """The checks as they are printed."""
    words = [Text("passed", "通过") if passed else Text("FAILED", "未通过") for passed in report.checks["passed"]]
    result = [word.say(report.language) for word in words]
    return report.checks[["name", "finding"]].assign(result=result)[["name", "result", "finding"]]


def verdict(report: Report) -> tuple[str, list[str]]:
    """What the checks say: one sentence, and the failed ones each with its finding."""
    failed = report.checks[~report.checks["passed"]]
    if failed.empty:
        return written(Text("All {} checks passed.", "全部{}项校验通过。"), report.language, len(report.checks)), []
    words = Text(
        "Do not pass this report on yet: {} of {} checks failed.", "本报表暂不可发出：{1}项校验中{0}项未通过。"
    )
    lines = [
        written(Text("{}: {}", "{}：{}"), report.language, row.name_, row.finding)
        for row in failed.rename(columns={"name": "name_"}).itertuples()
    ]
    return written(words, report.language, len(failed), len(report.checks)), lines


def _verdict(report: Report) -> str:
    sentence, lines = verdict(report)
    if not lines:
        return f'<p class="passed">{escape(sentence)}</p>'
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<div class="failed" role="alert"><strong>{escape(sentence)}</strong><ul>{items}</ul></div>'


def _section(part: Section, report: Report) -> str:
    lines = [f"<h2>{escape(part.heading)}</h2>", f"<p>{escape(part.sentence)}</p>"]
    if part.chart is not None:
        data = base64.b64encode(png(part.chart, report.language)).decode("ascii")
        alt = escape(describe(part.chart), quote=True)
        lines.append(f'<img alt="{alt}" width="768" src="data:image/png;base64,{data}">')
    return "\n".join([*lines, _table(part)])


def _table(part: Section) -> str:
    """The table of a section; its first column names the rows."""
    numeric = [is_number(part, name) for name in part.table.columns]
    shape = list(zip(part.table.columns, numeric, strict=True))
    head = "".join(f'<th scope="col"{_class(right)}>{escape(part.labels[name])}</th>' for name, right in shape)
    body = []
    for row in range(len(part.table)):
        cells = []
        for column, (name, right) in enumerate(shape):
            text = escape(shown(part.table[name].iloc[row], kind_of(part, name, row)))
            cells.append(f"<td{_class(right)}>{text}</td>" if column else f'<th scope="row">{text}</th>')
        style = ' class="total"' if is_total(part, row) else ""
        body.append(f"<tr{style}>{''.join(cells)}</tr>")
    return _framed(part.heading, head, body)


def is_number(part: Section, name: str) -> bool:
    """Whether a column holds numbers, which are set to the right."""
    return part.kinds.get(name, "text") not in ("text", "clock", "date", "moment") or name in (
        "gap",
        "change",
        "target",
    )


def is_total(part: Section, row: int) -> bool:
    """Whether a row is the total of those above it."""
    return row == len(part.table) - 1 and str(part.table.iloc[row, 0]) in ("Total", "合计")


def _class(right: bool) -> str:
    return ' class="n"' if right else ""


def _framed(caption: str, head: str, body: list[str], wide: bool = False) -> str:
    style = ' class="wide"' if wide else ""
    rows = "\n".join(body)
    return (
        f'<div class="scroll"><table{style}><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def _plain(table: pd.DataFrame, labels: dict[str, Text], language: str, caption: Text) -> str:
    """A table of words."""
    head = "".join(f'<th scope="col">{escape(labels[name].say(language))}</th>' for name in table.columns)
    body = []
    for row in table.itertuples(index=False):
        first, *rest = (escape(str(cell)) for cell in row)
        body.append(f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>')
    return _framed(caption.say(language), head, body, wide=True)
