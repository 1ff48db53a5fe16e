"""The lists of HR: headings in both languages and rows of plain values, for terminal, CSV, JSON and Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

from ..certificates import BANDS, band
from ..ladder import STATES as CERTIFICATE_STATES
from ..ladder import may_sit
from ..model import Bilingual, Domain, Framework
from ._read import EPOCH, day_of
from .figures import CELLS, Overview
from .words import ENTRY, OUTCOMES, PURPOSES, SAMPLES, STATES, WORDS

__all__ = ["Column", "Listed", "Term", "Value", "chosen", "expiring", "gaps", "matrix", "results", "who", "who_columns"]


class Term(NamedTuple):
    """A word of ours: its code for programs, its text for people."""

    code: str
    text: Bilingual


Value: TypeAlias = "str | int | float | date | Term | None"


class Column(NamedTuple):
    """A column of a list: its name for programs and its heading for people."""

    name: str
    head: Bilingual


@dataclass(frozen=True)
class Listed:
    """A list: its columns, and rows of values in their order."""

    name: str
    title: Bilingual
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]


_TERMS, _PAPER_TERMS = (
    tuple((Term(code, STATES[code]), Term(f"{code}, sample", SAMPLES[code])) for code in codes)
    for codes in (CELLS, CERTIFICATE_STATES)
)
"""What is said of a state, and of a sample in it."""
_BANDS = tuple(Term(str(place), text) for place, text in enumerate(BANDS))
_WHO = ("number", "name", "site", "team", "role", "manager")


def who_columns() -> tuple[Column, ...]:
    """The columns that say who somebody is."""
    return tuple(Column("person" if name == "number" else name, WORDS[name]) for name in _WHO)


def who(shown: Overview, person: int) -> list[Value]:
    """Who somebody is."""
    return [getattr(shown.people, name)[person] for name in _WHO]


def chosen(
    shown: Overview, site: str | None = None, team: str | None = None, level: int | None = None
) -> Callable[[int], bool]:
    """Whether somebody is of this site and team, and holds this level or has a job that asks for it."""
    people = shown.people

    def fits(person: int) -> bool:
        if site not in (None, people.site[person]) or team not in (None, people.team[person]):
            return False
        return level is None or bool(shown.held[person, level - 1]) or int(people.wanted[person]) == level

    return fits


def matrix(shown: Overview, fits: Callable[[int], bool], *, domains: bool = True) -> Listed:
    """People by levels, and with ``domains`` their bands in the newest result of each."""
    framework, cells, results = shown.framework, shown.cells, shown.results
    columns = [*who_columns(), Column("job_level", WORDS["wanted"])]
    for level in framework.levels:
        columns.append(Column(level.code, Bilingual(f"{level.code} {level.name.en}", f"{level.code} {level.name.zh}")))
        columns.append(Column(f"{level.code}_day", _beside(level.code, "day")))
    if domains:
        columns += [Column("result_level", WORDS["result_level"]), Column("result_on", WORDS["result_on"])]
        columns += [Column(domain.code, domain.name) for domain in framework.domains]
    newest = {int(person): at for at, person in reversed(list(enumerate(results.person)))}

    def rows() -> Iterator[list[Value]]:
        for person in filter(fits, range(shown.people.present)):
            row = [*who(shown, person), level_term(shown.framework, int(shown.people.wanted[person]))]
            columns_of = (column[person].tolist() for column in (cells.state, cells.day, cells.sample))
            for state, day, sample in zip(*columns_of, strict=True):
                row += [_TERMS[state][sample], day_of(day) if day else None]
            yield [*row, *(_newest(shown, newest.get(person)) if domains else ())]

    return Listed("matrix", WORDS["matrix"], tuple(columns), rows())


def _newest(shown: Overview, result: int | None) -> list[Value]:
    domains = shown.framework.domains
    if result is None:
        return [None] * (2 + len(domains))
    marks = shown.results.marks(result)
    bands = [band(*marks[domain.code][:2]) if domain.code in marks else 0 for domain in domains]
    return [
        level_term(shown.framework, int(shown.results.level[result])), day_of(shown.results.on[result]),
        *(_BANDS[place] if place else None for place in bands),
    ]  # fmt: skip


def expiring(shown: Overview, fits: Callable[[int], bool], days: int | None = None) -> Listed:
    """Certificates to renew, soonest first, with the days that are left; ``days``: only those that end so soon."""
    papers = shown.papers
    names = ("certificate", "level", "state", "issued", "until", "days")
    columns = (*who_columns(), *(Column(name, WORDS[name]) for name in names))
    today = (shown.today - EPOCH).days

    def rows() -> Iterator[list[Value]]:
        for at in shown.ending():
            person, left = int(papers.person[at]), int(papers.ends[at]) - today
            if fits(person) and (days is None or left <= days):
                yield [
                    *who(shown, person), papers.number[at], level_term(shown.framework, int(papers.level[at])),
                    _PAPER_TERMS[papers.state[at]][papers.sample[at]],
                    day_of(papers.begins[at]), day_of(papers.ends[at]), left,
                ]  # fmt: skip

    return Listed("expiring", WORDS["ending"], columns, rows())


def gaps(shown: Overview, fits: Callable[[int], bool], *, beyond: bool = False) -> Listed:
    """What each person lacks for the level that the job asks for; ``beyond``: for the next level above that, too."""
    names = ("for", "target", "state", "developing", "unseen", "entry")
    columns = (*who_columns(), *(Column(name, WORDS[name]) for name in names))
    return Listed("gaps", WORDS["gaps"], columns, _gap_rows(shown, fits, beyond))


def newest_results(shown: Overview) -> dict[tuple[int, int], int]:
    """The newest decision of each person at each level at which the person sat."""
    results = shown.results
    return {
        (int(results.person[at]), int(results.level[at])): at
        for at in range(len(results.person) - 1, -1, -1)
        if results.outcome[at] != "absent"
    }


def _gap_rows(shown: Overview, fits: Callable[[int], bool], beyond: bool) -> Iterator[list[Value]]:
    missing, top = set(shown.gaps()), len(shown.framework.levels)
    newest = newest_results(shown)
    for person in range(shown.people.present):
        if not (beyond or person in missing) or not fits(person):
            continue
        wanted = int(shown.people.wanted[person])
        targets = [("job", wanted)] if person in missing else []
        if beyond and (above := max(wanted, int(shown.highest[person])) + 1) <= top:
            targets.append(("next", above))
        for kind, level in targets:
            yield _gap(shown, person, kind, level, newest.get((person, level)))


def _gap(shown: Overview, person: int, kind: str, level: int, result: int | None) -> list[Value]:
    weak = developing(shown, result, level) if result is not None else []
    return [
        *who(shown, person), Term(kind, WORDS[f"for_{kind}"]), level_term(shown.framework, level),
        _TERMS[shown.cells.state[person, level - 1]][shown.cells.sample[person, level - 1]],
        Term(" ".join(one.code for one in weak), _names(weak)) if weak else None,
        Term("no", WORDS["unseen_no"]) if result is not None else Term("yes", WORDS["unseen_yes"]),
        entry(shown, person, level),
    ]  # fmt: skip


def developing(shown: Overview, result: int, level: int) -> list[Domain]:
    """The domains of a level that are developing in a result: below half of their points."""
    marks = shown.results.marks(result)
    asked = (domain for domain in shown.framework.domains if domain.weights[level - 1] > 0)
    return [one for one in asked if one.code in marks and band(*marks[one.code][:2]) == 1]


def band_names(shown: Overview, result: int, level: int) -> Bilingual | None:
    """The names of those domains, None when there are none."""
    weak = developing(shown, result, level)
    return _names(weak) if weak else None


def _names(domains: Sequence[Domain]) -> Bilingual:
    return Bilingual(", ".join(one.name.en for one in domains), "、".join(one.name.zh for one in domains))


def entry(shown: Overview, person: int, level: int) -> Term:
    """Whether somebody may sit for a level by the entry rules of the scheme."""
    row = {"person": shown.people.number[person], "hired_on": shown.people.hired_on[person]}
    if not may_sit(shown.scheme.level(level), row, shown.certificates(person), shown.today):
        code = "open"
    else:
        code = "later" if row["hired_on"] else "unknown"
    return Term(code, ENTRY[code])


def level_term(framework: Framework, number: int) -> Term | None:
    if not number:
        return None
    level = framework.level(number)
    return Term(level.code, Bilingual(f"{level.code} {level.name.en}", f"{level.code} {level.name.zh}"))


def _beside(code: str, word: str) -> Bilingual:
    return Bilingual(f"{code} {WORDS[word].en}", f"{code} {WORDS[word].zh}")


def results(shown: Overview, fits: Callable[[int], bool]) -> Listed:
    """Every confirmed decision, by person, the newest first."""
    found, domains = shown.results, shown.framework.domains
    names = ("level", "sitting", "date", "outcome", "purpose")
    columns = [*who_columns(), *(Column(name, WORDS[name]) for name in names)]
    for part in ("written", "practical"):
        for what in ("points", "maximum", "cut"):
            head = Bilingual(*(f"{WORDS[part].say(one)} {WORDS[what].say(one)}" for one in ("en", "zh")))
            columns.append(Column(f"{part}_{what}", head))
    columns += [Column("proposed_by", WORDS["proposed"]), Column("confirmed_by", WORDS["confirmed"])]
    columns += [Column(domain.code, domain.name) for domain in domains]

    def rows() -> Iterator[list[Value]]:
        for at, person in enumerate(found.person.tolist()):
            if person < shown.people.present and fits(person):
                marks = found.marks(at)
                bands = [band(*marks[domain.code][:2]) if domain.code in marks else 0 for domain in domains]
                purpose = found.purpose[at]
                yield [
                    *who(shown, person), level_term(shown.framework, int(found.level[at])), found.sitting[at],
                    day_of(found.on[at]),
                    Term(found.outcome[at], OUTCOMES[found.outcome[at]]), Term(purpose, PURPOSES[purpose]),
                    *found.points[at], found.proposed_by[at], found.confirmed_by[at],
                    *(_BANDS[place] if place else None for place in bands),
                ]  # fmt: skip

    return Listed("results", WORDS["results"], tuple(columns), rows())
