"""Which candidate gets which form: none that the person has seen, and for certification nothing that comes again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..errors import InputError, RuleBroken
from ..model import Form
from .assembly import shelf, stored
from .conflicts import identity
from .cuts import judges_of
from .desk import Academy
from .exposure import scored_of, seen_by, uses_of
from .statistics import check_certifiable

__all__ = ["allot", "taken_from_shelf"]

CERTIFICATION = "certification"


def taken_from_shelf(
    academy: Academy, level: int, purpose: str, names: Sequence[str], minutes: float, on: date
) -> list[Form]:
    """The forms that a sitting takes from the shelf: sets or single forms by their names.

    Without names, a sitting for certification takes every form of its level that is fit for it, and any other sitting
    takes none. :class:`RuleBroken` says why a form may not be used.
    """
    there = [
        one for one in shelf(academy, level) if purpose == one.purpose or CERTIFICATION not in (purpose, one.purpose)
    ]
    if not names:
        if purpose != CERTIFICATION:
            return []
        fit = [one.form for one in there if one.holds and one.cut is not None]
        if not fit:
            raise RuleBroken(
                "a certification sitting wants a cut score set by a panel (modified Angoff), and no form of level "
                f"{level} on the shelf has one; assemble forms, let a panel judge them (academy exam panel), or use "
                "--purpose practice or demonstration"
            )
        ids = fit
    else:
        ids = [one.form for name in names for one in there if name in (one.form, one.set)]
        for name in names:
            if not any(name in (one.form, one.set) for one in there):
                raise InputError(_unknown(academy, name, level, purpose))
    made = [stored(academy, form_id) for form_id in dict.fromkeys(ids)]
    _check(academy, made, purpose, minutes, on)
    return made


def allot(academy: Academy, people: Sequence[str], made: Sequence[Form], purpose: str) -> list[Form]:
    """The form of every candidate, in their order; the forms are given out evenly.

    Nobody gets a form that they have sat, or judged on a panel. Who sits for certification again gets no item that they
    met in a certification sitting, beside the anchors; otherwise as few as can be.
    """
    judges = {form.digest: {identity(academy, name) for name in judges_of(academy, form.digest)} for form in made}
    given = dict.fromkeys((form.digest for form in made), 0)
    chosen = []
    for person in people:
        met = seen_by(academy, person)
        before = set().union(*(ids for ids, kind in met.values() if CERTIFICATION == purpose == kind))
        anywhere = set().union(*(ids for ids, _ in met.values()))
        ways = [
            (len((scored_of(form) & anywhere) - set(form.anchors)), given[form.digest], place)
            for place, form in enumerate(made)
            if form.digest not in met
            and identity(academy, person) not in judges[form.digest]
            and not (scored_of(form) & before) - set(form.anchors)
        ]
        if not ways:
            raise RuleBroken(
                f"{person} has seen {'the form' if len(made) == 1 else 'each of the forms'} "
                f"{', '.join(form.id for form in made)}, or questions of it; assemble another set for this candidate"
            )
        form = made[min(ways)[2]]
        given[form.digest] += 1
        chosen.append(form)
    return chosen


def _unknown(academy: Academy, name: str, level: int, purpose: str) -> str:
    for one in shelf(academy):
        if name in (one.form, one.set):
            if one.level != level:
                return f"{name} is of level {one.level}, and the sitting is of level {level}"
            return (
                f"{name} was assembled for {one.purpose} and is not given out for {purpose}: "
                "a form serves certification or it does not"
            )
    return f"no form or set {name!r} is on the shelf; see those that are there with `academy exam forms`"


def _check(academy: Academy, made: Sequence[Form], purpose: str, minutes: float, on: date) -> None:
    first = made[0]
    for form in made:
        if _layout(form) != _layout(first):
            raise RuleBroken(
                f"the forms {first.id} and {form.id} differ in their number of questions or points; "
                "one sitting takes forms of one shape"
            )
        if form.minutes > minutes:
            raise InputError(
                f"the questions of form {form.id} want {form.minutes:g} minutes and the written part has {minutes:g}; "
                "give --minutes more"
            )
        if retired := sorted(item for item in scored_of(form) & set(academy.items) if _is_retired(academy, item)):
            raise RuleBroken(
                f"{retired[0]} on form {form.id} was retired since the form was assembled; assemble a new set"
            )
    if purpose != CERTIFICATION:
        return
    check_certifiable(academy, made)
    uses, most = uses_of(academy, on, shelf=False), academy.scheme.forms.uses
    for form in made:
        if broken := [line for line in form.proof if not line.holds]:
            raise RuleBroken(
                f"form {form.id} is not fit for certification: {broken[0].constraint} wants {broken[0].wanted} and has "
                f"{broken[0].has}"
            )
        if worn := sorted(item for item in scored_of(form) if uses.get(item, 0) >= most):
            raise RuleBroken(
                f"{worn[0]} on form {form.id} was used in {uses[worn[0]]} sittings of the last "
                f"{academy.scheme.forms.use_months} months, {most} are allowed; assemble a new set"
            )


def _is_retired(academy: Academy, item: str) -> bool:
    return academy.items[item].status == "retired"


def _layout(form: Form) -> list[float]:
    return [slot.question.points for slot in form.slots]
