"""After the marks: what the answers say of the items and of the forms, and whether a form is fit for certification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .. import decisions, psychometrics
from ..errors import InputError, RuleBroken
from ..model import Cut, Form
from ..psychometrics import Answers, Consistency, Fitness, ItemFigures, OptionFigures
from ._answers import MARKED, Sat
from .cuts import cut_of
from .desk import Academy

__all__ = ["FormFigures", "ItemRow", "Statistics", "check_certifiable", "fitness", "statistics"]


@dataclass(frozen=True)
class ItemRow:
    """An item on one form, with what all forms together say of it."""

    slot: str
    item: str
    """``id@version``."""
    kind: str
    points: float
    here: float
    """Facility on this form alone."""
    alpha_without: float | None
    pooled: ItemFigures
    languages: Mapping[str, tuple[int, float]]
    """Answers and facility by language, over all forms."""
    options: tuple[OptionFigures, ...]
    """Over all forms; of a calculation its commonest wrong numbers. Empty for other kinds."""
    pilot: bool = False
    """Only tried out here: it counts in no total, and in no figure of the form."""

    @property
    def flags(self) -> tuple[str, ...]:
        """Why a person should look at the item again."""
        options = (f"{row.option}: {flag}" for row in self.options for flag in row.flags)
        return (*self.pooled.flags, *options)


@dataclass(frozen=True)
class FormFigures:
    """One form, over all sittings of its kind that used it."""

    form: str
    digest: str
    candidates: int
    max_points: float
    mean: float
    spread: float | None
    """Standard deviation of the totals."""
    lowest: float
    highest: float
    alpha: float | None
    alpha_interval: tuple[float, float] | None
    """95 % interval."""
    sem: float | None
    """Standard error of measurement, in points."""
    cut: float
    cut_se: float | None
    """None for a cut from the author's estimates."""
    cut_method: str
    sem_at_cut: float | None
    passing: float
    """Share of the candidates that reached the cut."""
    consistency: Consistency | None
    unknown: str
    """Why a figure is not there; empty when all are."""
    fitness: Fitness
    items: tuple[ItemRow, ...]


@dataclass(frozen=True)
class Statistics:
    """The forms of a sitting."""

    sitting: str
    purpose: str
    forms: tuple[FormFigures, ...]
    left_out: tuple[str, ...]
    """Seats of the sitting that do not count: a mark is missing, or the person had sat the same form before."""


def statistics(academy: Academy, sitting: str) -> Statistics:
    """The figures of every form of a marked sitting, with the answers of all sittings of the same kind.

    A demonstration counts with demonstrations only; practice and certification sittings count together, where practice
    had to use exam items. Of somebody who sat a form twice only the first time counts.
    """
    row = academy.sitting(sitting, *MARKED)
    sat = Sat(academy, demonstration=row["purpose"] == "demonstration")
    own = academy.seats(sitting)
    digests = dict.fromkeys(seat["form_digest"] for seat in sorted(own, key=lambda seat: str(seat["form"])))
    if not any(digest in sat.forms for digest in digests):
        raise RuleBroken(f"nobody of sitting {sitting} has all marks yet, so there is nothing to count")
    pooled = psychometrics.item_figures(
        [group for digest, group in sat.answers.items() if sat.forms[digest].level == row["level"]],
        academy.scheme.quality,
    )
    forms = tuple(_figures(academy, sat, digest, pooled) for digest in digests if digest in sat.forms)
    left_out = {seat["seat"] for seat in own} & set(sat.left_out)
    return Statistics(sitting, row["purpose"], forms, tuple(sorted(left_out)))


def fitness(academy: Academy, form: Form) -> Fitness:
    """Whether ``form`` is fit for certification, by its cut and by the answers to it up to now."""
    sat = Sat(academy, demonstration=False, digest=form.digest)
    cut = cut_of(academy, form.digest)
    if form.digest not in sat.forms:
        return _fitness(academy, form, cut, 0, None, None)
    group = sat.answers[form.digest]
    alpha = psychometrics.alpha(group.counting.points)
    _, consistency, _ = _errors(group, alpha, _points(cut, form))
    return _fitness(academy, form, cut, len(group.seats), alpha, consistency)


def check_certifiable(academy: Academy, forms: Iterable[Form]) -> None:
    """Refuse a form for a certification sitting: one without a panel's cut, or one that its answers show to be unfit.

    What cannot be known yet, because too few have sat the form, stands in no one's way.
    """
    for form in forms:
        if cut_of(academy, form.digest) is None:
            raise RuleBroken(
                f"a certification sitting wants a cut score set by a panel (modified Angoff), and form {form.id} has "
                "none; let a panel judge it (academy exam panel)"
            )
        verdict = fitness(academy, form)
        if verdict.fit is False:
            raise RuleBroken(f"form {form.id} is {verdict.sentence}; take another one")


def _figures(academy: Academy, sat: Sat, digest: str, pooled: Mapping[str, ItemFigures]) -> FormFigures:
    form, group, cut = sat.forms[digest], sat.answers[digest], cut_of(academy, digest)
    totals, points = group.totals, _points(cut, form)
    alpha = psychometrics.alpha(group.counting.points)
    at_cut, consistency, unknown = _errors(group, alpha, points)
    return FormFigures(
        form=form.id,
        digest=digest,
        candidates=len(totals),
        max_points=group.max_points,
        mean=float(totals.mean()),
        spread=float(totals.std(ddof=1)) if len(totals) > 1 else None,
        lowest=float(totals.min()),
        highest=float(totals.max()),
        alpha=alpha,
        alpha_interval=_interval(group, alpha),
        sem=None if alpha is None else psychometrics.sem(totals, alpha),
        cut=points,
        cut_se=cut.se if cut else None,
        cut_method=f"{cut.method}, panel {cut.panel}" if cut else "author's Angoff",
        sem_at_cut=at_cut,
        passing=float((totals >= points - 1e-9).mean()),
        consistency=consistency,
        unknown=unknown,
        fitness=_fitness(academy, form, cut, len(totals), alpha, consistency),
        items=tuple(_items(sat, digest, pooled)),
    )


def _items(sat: Sat, digest: str, pooled: Mapping[str, ItemFigures]) -> list[ItemRow]:
    form, group = sat.forms[digest], sat.answers[digest]
    rows = zip(form.slots, group.items, psychometrics.alpha_without(group), strict=True)
    return [
        ItemRow(
            slot=slot.name,
            item=item,
            kind=slot.question.kind,
            points=slot.question.points,
            here=float(group.points[:, column].mean() / group.most[column]),
            alpha_without=without,
            pooled=pooled[item],
            languages=sat.languages(item),
            options=tuple(sat.options(slot.question)),
            pilot=slot.question.item_id in form.pilot,
        )
        for column, (slot, item, without) in enumerate(rows)
    ]


def _points(cut: Cut | None, form: Form) -> float:
    return cut.points if cut else decisions.angoff_cut(form)


def _errors(group: Answers, alpha: float | None, cut: float) -> tuple[float | None, Consistency | None, str]:
    """Error at the cut, consistency, and why one of them is not there."""
    totals, at_cut = group.totals, None
    if alpha is None:
        return None, None, "fewer than two candidates, or all with the same total: no error can be computed"
    try:
        mean, variance = float(totals.mean()), float(totals.var(ddof=1))
        at_cut = psychometrics.sem_at(cut, mean, variance, group.max_points, alpha)
        return at_cut, psychometrics.livingston_lewis(totals, group.max_points, cut, alpha), ""
    except InputError as error:
        return at_cut, None, str(error)


def _interval(group: Answers, alpha: float | None) -> tuple[float, float] | None:
    people, items = group.counting.points.shape
    return None if alpha is None or alpha >= 1 else psychometrics.alpha_interval(alpha, people, items)


def _fitness(
    academy: Academy, form: Form, cut: Cut | None, answers: int, alpha: float | None, consistency: Consistency | None
) -> Fitness:
    return psychometrics.fitness(
        scored=len(form.scored),
        scored_wanted=academy.scheme.level(form.level).scored,
        judges=len(cut.judges) if cut else None,
        answers=answers,
        alpha=alpha,
        consistency=consistency.consistency if consistency else None,
        quality=academy.scheme.quality,
    )
