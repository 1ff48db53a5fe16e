"""Who is ready for the next level by results, ability and potential: words and what is missing, never a score."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..ladder import add_months
from ..model import PARTS, Bilingual, PromotionRules
from .figures import CELLS, Overview
from .lists import Column, Listed, Term, Value, band_names, entry, level_term, newest_results, who, who_columns
from .words import READY, STATES, WORDS

__all__ = ["Ready", "readiness", "ready"]

STATES_OF = ("ready", "near", "not-yet")
"""All three parts met; one is not; more are not."""


class Ready(NamedTuple):
    """Where somebody stands on the way to a level; what is missing stands beside each word."""

    person: int
    target: int
    results: str
    ability: str
    potential: str
    missing: tuple[Bilingual, ...]

    @property
    def state(self) -> str:
        """``ready`` when all three are met, ``near`` when one is not, else ``not-yet``."""
        open_ = [self.results, self.ability, self.potential].count("met")
        return STATES_OF[min(3 - open_, 2)]


def readiness(shown: Overview, rules: PromotionRules) -> Iterator[Ready]:
    """Everybody who has not left and has a level above, in the order of the people.

    The level looked at is the one above the job's; of somebody whose job names none, the highest held, or else the
    first.
    """
    top = len(shown.framework.levels)
    newest = newest_results(shown)
    since = {part: add_months(shown.today, -rules.parts[part].months).isoformat() for part in PARTS}
    for person in range(shown.people.present):
        wanted, held = int(shown.people.wanted[person]), int(shown.highest[person])
        target = wanted + 1 if wanted else max(1, held)
        if target > top:
            continue
        missing: list[Bilingual] = []
        said = {part: _appraised(shown, rules, person, part, since[part], missing) for part in PARTS}
        ability = _ability(shown, person, target, held, newest.get((person, target)), missing)
        yield Ready(person, target, said["results"], ability, said["potential"], tuple(missing))


def _appraised(
    shown: Overview, rules: PromotionRules, person: int, part: str, since: str, missing: list[Bilingual]
) -> str:
    """``met``, ``below``, ``few`` or ``none`` by the newest appraisal of each appraiser."""
    rule = rules.parts[part]
    rated = shown.appraisals.get((person, part), {})
    found = [rating for on, rating in rated.values() if on >= since and rating in rules.scale]
    name = READY[part]
    if low := [rating for rating in found if not rules.enough(rating, part)]:
        least = rules.scale[rule.least]
        missing.append(_fill("below", name, rules.scale[min(low, key=list(rules.scale).index)], least))
        return "below"
    if len(found) < rule.appraisers:
        word = "few" if found else "old" if rated else "none"
        missing.append(_fill(word, name, len(found), rule.appraisers, rule.months))
        return "few" if found else "none"
    return "met"


def _ability(shown: Overview, person: int, target: int, held: int, result: int | None, missing: list[Bilingual]) -> str:
    """``met`` when a certificate of the level or a higher one is in force, else ``not-met``, and what is missing."""
    if held >= target:
        return "met"
    level = shown.framework.level(target)
    cells = shown.cells
    state = CELLS[cells.state[person, target - 1]]
    if state in ("in force", "due") and cells.sample[person, target - 1]:
        missing.append(_fill("only_sample", level.name))
    else:
        missing.append(_fill("no_certificate", level.name, STATES[state]))
    if result is not None and (weak := band_names(shown, result, target)):
        missing.append(_fill("developing", weak))
    if state in ("none", "failed", "absent", "lapsed", "withdrawn", "reduced"):
        may = entry(shown, person, target)
        if may.code != "open":
            missing.append(_fill(f"entry_{may.code}", level.name))
    return "not-met"


def _fill(word: str, *values: Bilingual | int) -> Bilingual:
    said = ([value.say(one) if isinstance(value, Bilingual) else value for value in values] for one in ("en", "zh"))
    return Bilingual(*(READY[word].say(one).format(*each) for one, each in zip(("en", "zh"), said, strict=True)))


def ready(shown: Overview, rules: PromotionRules, fits: Callable[[int], bool]) -> Listed:
    """The promotion view, who is ready first."""
    names = ("target_next", "results_part", "ability", "potential", "readiness", "missing")
    heads = ("target", "results", "ability", "potential", "state", "missing")
    columns = (
        *who_columns(), Column("job_level", WORDS["wanted"]),
        *(Column(name, WORDS[word]) for name, word in zip(heads, names, strict=True)),
    )  # fmt: skip
    return Listed("ready", WORDS["ready"], columns, _rows(shown, rules, fits))


def _rows(shown: Overview, rules: PromotionRules, fits: Callable[[int], bool]) -> Iterator[list[Value]]:
    found = sorted(readiness(shown, rules), key=lambda one: STATES_OF.index(one.state))
    for one in found:
        if not fits(one.person):
            continue
        said = Bilingual("; ".join(text.en for text in one.missing), "；".join(text.zh for text in one.missing))
        yield [
            *who(shown, one.person), level_term(shown.framework, int(shown.people.wanted[one.person])),
            level_term(shown.framework, one.target),
            *(Term(code, READY[f"is_{code}"]) for code in (one.results, one.ability, one.potential)),
            Term(one.state, READY[one.state]), Term(said.en, said) if one.missing else None,
        ]  # fmt: skip
