"""The HR page: one HTML file that needs nothing else, with counters, what ends, who holds what, and results."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template

from ..model import Bilingual
from ._pack import pack
from .figures import Overview
from .words import WORDS

__all__ = ["hr_page"]

_FOLDER = Path(__file__).parent


def hr_page(shown: Overview, language: str = "en") -> str:
    """The page as HTML, opening in ``language``; both languages are inside and a button changes them.

    It holds no request to anywhere and a policy that forbids any; nothing of the registry is read as markup: it lies
    packed in one block of data, and the script draws the rows that are looked at.
    """
    style, *scripts = ((_FOLDER / name).read_text("utf-8") for name in ("page.css", "cells.js", "page.js"))
    script = "\n".join(scripts)
    template = Template((_FOLDER / "page.html").read_text("utf-8"))
    return template.substitute(
        lang="zh-CN" if language == "zh" else "en",
        language=language,
        title=escape(WORDS["title"].say(language)),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        body=_Page(shown, language).body(),
        data=pack(shown),
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class _Page:
    """Writes the frame of the page in the order in which it is read; its rows the script draws."""

    def __init__(self, shown: Overview, language: str) -> None:
        self.shown = shown
        self.language = language
        self.levels = shown.framework.levels

    def body(self) -> str:
        """All of it."""
        parts = [self.head(), "<main>", self.counters(), self.filters()]
        parts += [f'<div class="short">{self.ending()}{self.gaps()}</div>', self.matrix(), self.results(), "</main>"]
        close = self.say("close", "button", more="type=button data-close")
        dialog = f'<dialog id="person" aria-labelledby="person-name"><div class="body"></div>{close}</dialog>'
        return "\n".join([*parts, f"<footer>{self.say('foot', 'p')}</footer>", dialog])

    def text(self, text: Bilingual, tag: str = "span", kind: str = "", more: str = "") -> str:
        """A text in both languages, of which the page's script shows one; ``kind`` is the class of the tag."""
        attributes = (f' class="{kind}"' if kind else "") + (f" {more}" if more else "")
        return (
            f'<{tag}{attributes} data-en="{escape(text.en)}" data-zh="{escape(text.zh)}">'
            f"{escape(text.say(self.language))}</{tag}>"
        )

    def say(self, word: str, tag: str = "span", kind: str = "", more: str = "", **values: object) -> str:
        """A word of :data:`WORDS` with its values."""
        en, zh = (WORDS[word].say(language).format(**values) for language in ("en", "zh"))
        return self.text(Bilingual(en, zh), tag, kind, more)

    def label(self, word: str) -> str:
        """Attributes that name a control in both languages."""
        text = WORDS[word]
        return (
            f'aria-label="{escape(text.say(self.language))}" data-label-en="{escape(text.en)}" '
            f'data-label-zh="{escape(text.zh)}"'
        )

    def head(self) -> str:
        """Title, day, and the buttons for language and printing."""
        notice = self.say("samples", "p", "notice") if self.shown.samples else ""
        buttons = "".join(
            f'<button type="button" data-speak="{code}" lang="{lang}" aria-pressed="false">{name}</button>'
            for code, lang, name in (("en", "en", "English"), ("zh", "zh-CN", "中文"))
        )
        title = self.say("title", "h1") + self.say("as_of", "p", "faint", day=self.shown.today)
        print_it = self.say("print", "button", "", "type=button data-print")
        group = f'<div class="push group" role="group" {self.label("language")}>{buttons}</div>'
        waiting = self.say("opening", "p", "notice waiting", "id=waiting role=status")
        waiting += f"<noscript>{self.say('no_script', 'p', 'notice')}</noscript>"
        waiting += self.say("too_old", "p", "notice", "id=too-old hidden")
        return f"<header><div>{title}</div>{group}{print_it}{waiting}{notice}</header>"

    def counters(self) -> str:
        """The figures that are asked for first."""
        shown = self.shown
        rows = (
            ("n_people", (shown.people.present, 0), ""),
            ("n_held", shown.count("in force", "due"), "good"),
            ("n_expiring", shown.count("due"), "warn"),
            ("n_expired", shown.count("grace", "lapsed", "suspended", "withdrawn", "reduced"), "bad"),
            ("n_open", shown.count("scheduled", "in-progress"), "info"),
            ("n_gaps", (len(shown.gaps()), 0), "bad"),
        )
        days = shown.scheme.keeping.window_days
        items = (
            f'<li class="{tone}"><b>{real:,}</b>{self.say(word, days=days)}'
            f"{self.say('n_sample', 'small', count=f'{sample:,}') if sample else ''}</li>"
            for word, (real, sample), tone in rows
        )
        return f'<ul class="counters">{"".join(items)}</ul>'

    def ending(self) -> str:
        """Certificates that end soon or have ended."""
        names = ("person", "level", "until", "days", "certificate", "manager")
        return self.section("ending", self.table("ending", [WORDS[name] for name in names], "no_ending"))

    def gaps(self) -> str:
        """People whose job asks for a level that they do not hold."""
        names = ("person", "wanted", "state", "lacks", "manager")
        table = self.table("gaps", [WORDS[name] for name in names], "no_gaps")
        return self.section("gaps", table + self.say("gap_note", "p", "faint small"))

    def matrix(self) -> str:
        """People by levels."""
        names = [WORDS[name] for name in ("person", "site", "team", "role")]
        names += [Bilingual(f"{level.code} {level.name.en}", f"{level.code} {level.name.zh}") for level in self.levels]
        return self.section("matrix", self.table("matrix", names, "no_people"))

    def results(self) -> str:
        """The newest decision of each person, domains as bands."""
        names = [WORDS[name] for name in ("person", "level", "date", "outcome", "written", "practical")]
        domains = self.shown.framework.domains
        names += [Bilingual(f"{one.code} {one.name.en}", f"{one.code} {one.name.zh}") for one in domains]
        note = self.say("results_note", "p", "faint small")
        return self.section("results", note + self.table("results", names, "no_results"), "results")

    # --- pieces -------------------------------------------------------------------------------------------------------

    def section(self, word: str, content: str, kind: str = "") -> str:
        """A part of the page under its heading, with how many rows are shown."""
        # The region that scrolls is the landmark of this name; the section around it needs none.
        heading = self.say(word, "h2", more=f"id=h-{word}")
        count = f'<span class="faint small" data-counts="{word}"></span>'
        wide = self.say("sideways", "span", "sideways small", more=f'data-wide="{word}" hidden')
        line = f'<div class="line">{heading}{count}{wide}</div>'
        return f'<section class="{kind}">{line}{content}</section>'

    def table(self, name: str, heads: Iterable[Bilingual], empty: str) -> str:
        """A table whose columns sort by a button; a sentence stands there when there is nothing in it."""
        # No <button>: Chromium leaves one out where a heading is printed again on the next page.
        buttons = [self.text(text, "span", "sort", 'role="button" tabindex="0"') for text in heads]
        head = "".join(f'<th scope="col" aria-sort="none">{button}</th>' for button in buttons)
        columns = "".join(f'<col class="c{at}">' for at in range(len(buttons)))
        return (
            f"{self.say(empty, 'p', 'empty', f'data-empty={name} hidden')}"
            f'<div class="scroll" tabindex="0" role="region" aria-labelledby="h-{name}"><table id="{name}">'
            f"<colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody></tbody></table></div>"
            f'<p class="printed small" data-printed="{name}" hidden></p>'
        )

    def filters(self) -> str:
        """Search box and selections."""
        people = self.shown.people
        choices = []
        for name, values in (("site", people.site), ("team", people.team)):
            options = "".join(
                f'<option value="{escape(value)}">{escape(value[:60]) or "–"}</option>'
                for value in sorted(set(values[: people.present]))
            )
            choices.append(self.choice(name, f"all_{name}s", options))
        levels = "".join(
            self.text(
                Bilingual(*(WORDS["holds"].say(code).format(level=level.name.say(code)) for code in ("en", "zh"))),
                "option",
                more=f"value={level.number}",
            )
            for level in self.levels
        )
        choices.append(self.choice("level", "all_levels", levels + self.say("holds_none", "option", more="value=none")))
        hint = escape(WORDS["search"].say(self.language))
        box = f'<input type="search" name="search" placeholder="{hint}" data-on="placeholder" {self.label("search")}>'
        reset = self.say("reset", "button", more="type=reset")
        shown = f'<span class="faint" role="status"><b id="shown"></b> {self.say("shown")}</span>'
        return f'<form name="filters" class="filters" role="search">{box}{"".join(choices)}{reset}{shown}</form>'

    def choice(self, name: str, everything: str, options: str) -> str:
        """A selection whose first entry filters nothing."""
        first = self.say(everything, "option", more='value=""')
        return f'<select name="{name}" {self.label(name)}>{first}{options}</select>'
