"""The admission slips of a sitting: one page to print and cut apart, a slip for each candidate in their language."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ..model import Bilingual
from .desk import Academy

__all__ = ["slips"]

PAGE = Path(__file__).with_name("slips.html")
_WORDS = {
    "slip": Bilingual("Admission slip", "准考单"),
    "seat": Bilingual("Seat number", "考位号"),
    "code": Bilingual("Access code", "入场码"),
    "opens": Bilingual("The room is open", "考场开放时间"),
    "minutes": Bilingual("Working time", "考试时间"),
    "more": Bilingual("Arranged for you", "为您安排"),
    "address": Bilingual("Address of the exam room", "考场网址"),
    "help": Bilingual(
        "Open the address, enter the seat number, then the access code. Keep this slip: with it you can go on at "
        "another computer. Show it to nobody.",
        "打开网址，输入考位号，再输入入场码。请保管好本单：换电脑时凭它继续考试。请勿给他人看。",
    ),
    "invigilator": Bilingual("For the invigilator", "监考用"),
    "watch": Bilingual(
        "Open the address, choose For invigilators, enter your name and this code.",
        "打开网址，点“监考入口”，输入您的姓名和此码。",
    ),
}
_DAY = {"en": "%-d %B %Y, ", "zh": "%Y年%-m月%-d日 "}


def slips(academy: Academy, sitting: str) -> Path:
    """Write the slips into the office's papers, where only the office can read them; returns the page."""
    about = academy.sitting(sitting)
    cards = {card["seat"]: card for card in academy.read_office(sitting, "cards.json")}
    made = [_slip(about, row, cards[row["seat"]], academy) for row in academy.seats(sitting)]
    page = PAGE.read_text("utf-8").replace("{{title}}", html.escape(sitting))
    page = page.replace("{{slips}}", "\n".join([*made, _watcher(about, cards["invigilator"]["code"])]))
    academy.write_office(sitting, "slips.html", page.encode())
    return academy.centre.office / sitting / "slips.html"


def _slip(about: Mapping[str, Any], row: Mapping[str, Any], card: Mapping[str, Any], academy: Academy) -> str:
    language = str(row["language"])
    facts = [
        ("opens", _window(about, language)),
        ("minutes", Bilingual(f"{row['minutes']:g} minutes", f"{row['minutes']:g}分钟").say(language)),
        ("more", _more(academy, row, language)),
        ("address", ""),
    ]
    lines = "".join(
        f"<dt>{_WORDS[name].say(language)}</dt><dd>{html.escape(said) or '&nbsp;'}</dd>"
        for name, said in facts
        if said or name == "address"
    )
    big = "".join(
        f"<div><dt>{_WORDS[name].say(language)}</dt><dd>{html.escape(said)}</dd></div>"
        for name, said in (("seat", row["seat"]), ("code", card["code"]))
    )
    title = Bilingual(about["title_en"], about["title_zh"]).say(language)
    return (
        f'<section lang="{"zh-CN" if language == "zh" else "en"}"><p class="over">{_WORDS["slip"].say(language)} · '
        f"{html.escape(title)}</p><h2>{html.escape(card['name'])} <small>{html.escape(row['person'])}</small></h2>"
        f'<dl class="big">{big}</dl><dl>{lines}</dl><p class="help">{_WORDS["help"].say(language)}</p></section>'
    )


def _watcher(about: Mapping[str, Any], code: str) -> str:
    both = [f"{_WORDS[name].en} · {_WORDS[name].zh}" for name in ("invigilator", "code")]
    return (
        f'<section class="watch"><p class="over">{both[0]} · {html.escape(about["sitting"])}</p>'
        f'<dl class="big"><div><dt>{both[1]}</dt><dd>{html.escape(code)}</dd></div></dl>'
        f'<p class="help">{_WORDS["watch"].en}</p><p class="help" lang="zh-CN">{_WORDS["watch"].zh}</p></section>'
    )


def _window(about: Mapping[str, Any], language: str) -> str:
    opens, closes = (datetime.fromisoformat(about[name]).astimezone() for name in ("opens_at", "closes_at"))
    first = opens.strftime(f"{_DAY[language]}%H:%M")
    last = closes.strftime("%H:%M" if opens.date() == closes.date() else f"{_DAY[language]}%H:%M")
    return Bilingual(f"{first} to {last} {closes:%Z}", f"{first}至{last}（{closes:%Z}）").say(language)


def _more(academy: Academy, row: Mapping[str, Any], language: str) -> str:
    """Extra time and what else is arranged, as it was granted with the seat."""
    given = academy.store.events("seat.assigned", row["seat"])[-1].data
    return "; ".join(_said(given, language)) if language == "en" else "；".join(_said(given, language))


def _said(given: Mapping[str, Any], language: str) -> Iterator[str]:
    arranged = given.get("accommodations") or {}
    for number, words in (
        (given.get("extra_min") or 0, Bilingual("{:g} minutes more", "延长{:g}分钟")),
        (arranged.get("break_min", 0), Bilingual("own breaks of {:g} minutes in all", "自行休息共{:g}分钟")),
        (arranged.get("type_percent", 100) - 100, Bilingual("letters larger by {:g} %", "字号放大{:g}%")),
    ):
        if number:
            yield words.say(language).format(number)
