"""The page that gives a work product's task to the candidates: days, files, task and rubric; never a model answer."""

from __future__ import annotations

from html import escape

from .. import notebooks
from ..exams import Practical, WorkProduct
from ..model import Bilingual
from .workdays import Window

__all__ = ["task_page"]

_STYLE = """
body { margin: 0; color: #1b2430; background: #f3f5f7; font: 106%/1.6 -apple-system, "Segoe UI", Roboto, "Noto Sans",
  system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere; }
main { max-width: 54rem; margin: 0 auto; padding: 1.6rem clamp(1rem, 3vw, 2.4rem) 4rem; background: #fff; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { margin-top: 2rem; font-size: 1.25rem; color: #084a50; }
.sitting { margin: 0 0 1rem; font-weight: 650; font-size: 1.15rem; } code { white-space: nowrap; }
.window { padding: .2rem 1.1rem .4rem; background: #e6f2f2; border-left: 6px solid #0b5f66; border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: 1rem 0; }
th, td { border: 1px solid #c9d1da; padding: .4rem .7rem; text-align: left; vertical-align: top; }
th { background: #f3f5f7; } code { background: #f3f5f7; padding: 0 .25em; border-radius: 4px; }
.window h2 { margin: .8rem 0 0; }
@media print { body { background: none; } main { padding: 0; } tr { break-inside: avoid; } }
"""

WORDS = {
    "window": Bilingual("Time", "提交期限"),
    "days": Bilingual(
        "{count} working days. The task is given out on {given}, which does not count; the first day is {first}, the "
        "last {last}. Files that reach the exam office by 24:00 of that day count ({until}).",
        "共{count}个工作日。任务于{given}发放，当天不计；第一天为{first}，最后一天为{last}。"
        "当天24:00前送达考务人员的文件有效（{until}）。",
    ),
    "counted": Bilingual("Days that count: {days}.", "计入的工作日：{days}。"),
    "later": Bilingual(
        "You may hand a file in again until then: the newest counts. What comes later is kept and does not count; a "
        "part of which nothing came earns 0 points. For illness or another good reason ask the exam office for more "
        "days before the end.",
        "期限之内可以重新提交，以最后一次为准。逾期送达的会留存，但不计分；一份文件也没有收到的部分得0分。"
        "因病或有其他正当理由的，请在截止前向考务人员申请延期。",
    ),
    "files": Bilingual("Files to hand in", "提交的文件"),
    "heads": Bilingual("File|What|At most", "文件名|内容|大小上限"),
    "or": Bilingual(" or ", "或"),
    "interview": Bilingual(
        "Then an interview of {minutes} minutes with a panel of {panel}.",
        "随后接受{panel}人评审组面谈，{minutes}分钟。",
    ),
    "receipt": Bilingual(
        "For every file you get a receipt with its time and its SHA-256. Keep it; you may compare it with your own "
        "file.",
        "每份文件都有回执，写明送达时间和SHA-256校验值。请妥善保存，也可以与自己的文件核对。",
    ),
}


def task_page(practical: Practical, window: Window, title: Bilingual, language: str) -> str:
    """The task in one language as one HTML file."""
    assert practical.work is not None  # only a work product is given out so
    cells = [
        notebooks.render_html(cell.source)
        for cell in practical.source.cells
        if cell.kind == "markdown" and cell.language in (None, language) and not cell.metadata.get("nbgrader")
    ]
    said = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{said}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title.say(language))}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<p class="sitting">{escape(title.say(language))}</p>\n'
        f"{_window(window, language)}\n{_files(practical.work, language)}\n{''.join(cells)}\n"
        "</main>\n</body>\n</html>\n"
    )


def _say(word: str, language: str, **values: object) -> str:
    return escape(WORDS[word].say(language).format(**values))


def _window(window: Window, language: str) -> str:
    days = [day.isoformat() for day in window.days]
    words = {
        "count": len(days), "given": window.given_on.isoformat(), "first": days[0], "last": days[-1],
        "until": window.ends_at,
    }  # fmt: skip
    counted = ("、" if language == "zh" else ", ").join(days)
    return (
        f'<div class="window"><h2>{_say("window", language)}</h2><p>{_say("days", language, **words)}</p>'
        f"<p>{_say('counted', language, days=counted)}</p><p>{_say('later', language)}</p>"
        f"<p>{_say('receipt', language)}</p></div>"
    )


def _files(work: WorkProduct, language: str) -> str:
    heads = "".join(f"<th>{head}</th>" for head in _say("heads", language).split("|"))
    joint = WORDS["or"].say(language)
    rows = "".join(
        f"<tr><td>{joint.join(f'<code>{one.name}.{format_}</code>' for format_ in one.formats)}</td>"
        f"<td>{escape(one.title.say(language))}</td><td>{one.megabytes} MB</td></tr>"
        for one in work.files
    )
    table = f"<h2>{_say('files', language)}</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    if work.interview is None:
        return table
    words = {"minutes": work.interview.minutes, "panel": work.interview.panel}
    return f"{table}<p>{_say('interview', language, **words)}</p>"
