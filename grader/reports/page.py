"""The HR page: one HTML file that needs nothing else, with counters, what ends, who holds what, and results."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import date
from html import escape
from pathlib import Path
from string import Template

from ..certificates import BANDS, Score, band, number_text
from ..model import Bilingual, Framework
from ..store import Store
from .figures import Holding, Overview, Person, Result, overview
from .words import OUTCOMES, STATES, WORDS

__all__ = ["hr_page"]

_FOLDER = Path(__file__).parent
_PIPS = ("–", "●○○", "●●○", "●●●")


def hr_page(store: Store, framework: Framework, today: date, language: str = "en") -> str:
    """The page as HTML, opening in ``language``; both languages are inside and a button changes them.

    It holds no request to anywhere and a policy that forbids any; nothing of the registry is read as markup.
    """
    shown = overview(store, framework, today)
    style, script = ((_FOLDER / name).read_text("utf-8") for name in ("page.css", "page.js"))
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
    )


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class _Page:
    """Writes the parts of the page in the order in which they are read."""

    def __init__(self, shown: Overview, language: str) -> None:
        self.shown = shown
        self.language = language
        self.levels = shown.framework.levels

    def body(self) -> str:
        """All of it."""
        parts = [self.head(), self.counters(), f'<div class="two">{self.ending()}{self.gaps()}</div>', self.matrix()]
        return "\n".join([*parts, self.results(), f"<footer>{self.say('foot', 'p')}</footer>"])

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
        return self.labelled(WORDS[word])

    def labelled(self, text: Bilingual) -> str:
        """Attributes that say what stands there to who cannot see it."""
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
        return f"<header><div>{title}</div>{group}{print_it}</header>{notice}"

    def counters(self) -> str:
        """The figures that are asked for first."""
        shown = self.shown
        rows = (
            ("n_people", len(shown.people), ""),
            ("n_held", shown.count("held", "expiring"), "good"),
            ("n_expiring", shown.count("expiring"), "warn"),
            ("n_expired", shown.count("expired", "suspended", "withdrawn"), "bad"),
            ("n_open", shown.count("scheduled", "in-progress"), "info"),
            ("n_gaps", len(shown.gaps()), "bad"),
        )
        items = (f'<li class="{tone}"><b>{figure}</b>{self.say(word)}</li>' for word, figure, tone in rows)
        return f'<ul class="counters">{"".join(items)}</ul>'

    def ending(self) -> str:
        """Certificates that end soon or have ended."""
        rows = []
        for person, paper in self.shown.ending():
            words = "left" if paper.days >= 0 else "ago"
            state = "expiring" if paper.days >= 0 else "expired"
            days = self.chip(
                Holding(state, None, None, paper.purpose != "certification"), self.say(words, days=abs(paper.days))
            )
            cells = (
                f'<td>{self.text(self.levels[paper.level - 1].name)}</td><td class="day">{paper.valid_until}</td>'
                f'<td data-value="{paper.days}">{days}</td><td>{escape(paper.number)}</td>'
            )
            rows.append(self.row(person, f"{cells}<td>{self.clamped(person.manager)}</td>"))
        names = ("person", "level", "until", "days", "certificate", "manager")
        return self.section("ending", self.table("ending", [WORDS[name] for name in names], rows, "no_ending"))

    def gaps(self) -> str:
        """People whose role asks for a level that they do not hold."""
        rows = [
            self.row(
                person,
                f"<td>{self.text(self.levels[level - 1].name)}</td>"
                f"<td>{self.chip(person.levels[level - 1])}</td><td>{self.clamped(person.manager)}</td>",
            )
            for person, level in self.shown.gaps()
        ]
        table = self.table("gaps", [WORDS[name] for name in ("person", "level", "state", "manager")], rows, "no_gaps")
        return self.section("gaps", table + self.say("gap_note", "p", "faint small"))

    def matrix(self) -> str:
        """People by levels, with the filters that serve every table of the page."""
        rows = []
        for person in self.shown.people:
            cells = "".join(
                f'<td class="cell" data-value="{self.rank(holding)}">{self.chip(holding)}</td>'
                for holding in person.levels
            )
            rows.append(
                self.row(
                    person,
                    f"<td>{self.clamped(person.site)}</td><td>{self.clamped(person.team)}</td>"
                    f"<td>{self.clamped(person.role)}</td>{cells}",
                )
            )
        names = [WORDS[name] for name in ("person", "site", "team", "role")]
        names += [Bilingual(f"{level.code} {level.name.en}", f"{level.code} {level.name.zh}") for level in self.levels]
        return self.section("matrix", self.filters() + self.table("matrix", names, rows, "no_results"))

    def results(self) -> str:
        """The newest decision of each person, domains as bands."""
        domains = self.shown.framework.domains
        rows = [self.result_row(person, person.results[0]) for person in self.shown.people if person.results]
        names = [WORDS[name] for name in ("person", "level", "date", "outcome", "written", "practical")]
        names += [Bilingual(f"{one.code} {one.name.en}", f"{one.code} {one.name.zh}") for one in domains]
        note = self.say("results_note", "p", "faint small")
        return self.section("results", note + self.table("results", names, rows, "no_results"), "results")

    def result_row(self, person: Person, result: Result) -> str:
        """One person's newest decision."""
        state = {"pass": "held", "fail": "failed"}.get(result.outcome, "absent")
        outcome = self.chip(Holding(state, None, None, result.purpose != "certification"), "", OUTCOMES[result.outcome])
        level = self.text(self.levels[result.level - 1].name)
        cells = [f'<td>{level}</td><td class="day">{result.on}</td><td>{outcome}</td>']
        cells += [self.score(result.written), self.score(result.practical)]
        for domain in self.shown.framework.domains:
            points, most = result.domains.get(domain.code, (0.0, 0.0))
            place = band(points, most)
            share = points / most if most else -1
            pips = f'<span role="img" {self.labelled(BANDS[place])}>{_PIPS[place]}</span>'
            cells.append(f'<td data-value="{share:.3f}" class="pips b{place}">{pips}</td>')
        return self.row(person, "".join(cells))

    def score(self, score: Score) -> str:
        """Points of the maximum, and the points that were needed."""
        said = self.say("score", points=number_text(score.points), maximum=number_text(score.maximum))
        needed = self.say("score_cut", "small", "faint", cut=number_text(score.cut))
        share = score.points / score.maximum if score.maximum else 0
        return f'<td class="number" data-value="{share:.4f}">{said}<br>{needed}</td>'

    # --- pieces -------------------------------------------------------------------------------------------------------

    def section(self, word: str, content: str, kind: str = "") -> str:
        """A part of the page under its heading."""
        heading = self.say(word, "h2", more=f"id=h-{word}")
        return f'<section aria-labelledby="h-{word}" class="{kind}">{heading}{content}</section>'

    def table(self, name: str, heads: Iterable[Bilingual], rows: list[str], empty: str) -> str:
        """A table whose columns sort by a button, or a sentence when there is nothing in it."""
        if not rows:
            return self.say(empty, "p", "empty")
        # No <button>: Chromium leaves one out where a heading is printed again on the next page.
        buttons = (self.text(text, "span", "sort", 'role="button" tabindex="0"') for text in heads)
        head = "".join(f'<th scope="col" aria-sort="none">{button}</th>' for button in buttons)
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-labelledby="h-{name}"><table id="{name}">'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        )

    def row(self, person: Person, cells: str) -> str:
        """A row of one person, with what the filters look at."""
        holds = " ".join(str(level.number) for level in self.levels if person.holds(level.number))
        find = " ".join((person.name, person.number, person.role, person.team, person.site)).lower()
        return (
            f'<tr data-find="{escape(find)}" data-site="{escape(person.site)}" data-team="{escape(person.team)}" '
            f'data-holds="{holds}"><th scope="row" data-value="{escape(person.name or person.number)}">'
            f'{self.clamped(person.name)}<span class="faint small">{escape(person.number)}</span></th>{cells}</tr>'
        )

    def clamped(self, text: str) -> str:
        """A text of the registry in at most two lines, whole when pointed at."""
        return f'<span class="clamp" title="{escape(text)}">{escape(text)}</span>'

    def chip(self, holding: Holding, more: str | None = None, word: Bilingual | None = None) -> str:
        """A state in words and colour, with its day beneath."""
        if more is None:
            more = ""
            if holding.day is not None:
                more = self.say("until_day" if holding.state in ("held", "expiring") else "on_day", day=holding.day)
        if holding.state == "none":
            return f'<span class="none" role="img" {self.labelled(STATES["none"])}>–</span>'
        tag = self.say("sample", "span", "tag") if holding.sample else ""
        small = f"<small>{more}</small>" if more else ""
        return (
            f'<span class="chip s-{holding.state}">{self.text(word or STATES[holding.state], "b")}{tag}{small}</span>'
        )

    def rank(self, holding: Holding) -> str:
        """What a column of the matrix is sorted by: best state first, then the day."""
        return f"{list(STATES).index(holding.state):02} {holding.day or ''}"

    def filters(self) -> str:
        """Search box and selections."""
        people = self.shown.people
        choices = []
        for name, values in (
            ("site", {person.site for person in people}),
            ("team", {person.team for person in people}),
        ):
            options = "".join(
                f'<option value="{escape(value)}">{escape(value[:60]) or "–"}</option>' for value in sorted(values)
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
        shown = (
            f'<span class="faint" role="status"><b data-counts="matrix">{len(people)}</b> {self.say("shown")}</span>'
        )
        return f'<form name="filters" class="filters" role="search">{box}{"".join(choices)}{reset}{shown}</form>'

    def choice(self, name: str, everything: str, options: str) -> str:
        """A selection whose first entry filters nothing."""
        first = self.say(everything, "option", more='value=""')
        return f'<select name="{name}" {self.label(name)}>{first}{options}</select>'
