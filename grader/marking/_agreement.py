"""How far blind markers agree, by question and by marker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Agreement", "DoubleMark", "agreement", "agreement_by_marker", "agreement_by_question"]


@dataclass(frozen=True)
class DoubleMark:
    """One answer with the first two marks that it got, of markers in the order of their names."""

    question: str
    first: str
    second: str
    points: tuple[float, float]


@dataclass(frozen=True)
class Agreement:
    """Agreement on some answers."""

    answers: int
    equal: float
    """Share of answers with equal marks."""
    within: float
    """Share of answers whose marks differ by no more than the limit."""
    lean: float
    """Mean of the first mark less the second, in points: above 0 the first marker gives more."""
    kappa: float | None
    """Weighted kappa (quadratic weights); None when all marks are alike, or there is one answer only."""
    icc: float | None
    """Intraclass correlation of single marks: ICC(2,1) when the same two marked everything, else ICC(1,1)."""
    icc_form: str


def agreement(marks: Sequence[DoubleMark], difference: float) -> Agreement:
    """Agreement of two marks on each of some answers, at least one; markers may differ from answer to answer."""
    from ccskills.quality import cohen_kappa, icc

    pairs = [mark.points for mark in marks]
    gaps = [abs(one - two) for one, two in pairs]
    form = "ICC(2,1)" if len({(mark.first, mark.second) for mark in marks}) == 1 else "ICC(1,1)"
    kappa = single = None
    if len(pairs) > 1 and len({mark for pair in pairs for mark in pair}) > 1:
        kappa = cohen_kappa([one for one, _ in pairs], [two for _, two in pairs], weights="quadratic").kappa
        if len({sum(pair) for pair in pairs}) > 1:  # reliability needs answers that differ
            single = float(icc(pairs).set_index("form").loc[form, "icc"])
    return Agreement(
        answers=len(pairs),
        equal=sum(gap == 0 for gap in gaps) / len(pairs),
        within=sum(gap <= difference for gap in gaps) / len(pairs),
        lean=sum(one - two for one, two in pairs) / len(pairs),
        kappa=kappa,
        icc=single,
        icc_form=form,
    )


def agreement_by_question(marks: Iterable[DoubleMark], difference: float) -> dict[str, Agreement]:
    """Agreement on each question."""
    every = list(marks)
    questions = sorted({mark.question for mark in every})
    return {name: agreement([mark for mark in every if mark.question == name], difference) for name in questions}


def agreement_by_marker(marks: Iterable[DoubleMark], difference: float) -> dict[str, Agreement]:
    """Agreement of each marker with whoever was the other one: ``lean`` above 0 says that this marker gives more."""
    mine: dict[str, list[DoubleMark]] = {}
    for mark in marks:
        mine.setdefault(mark.first, []).append(mark)
        turned = DoubleMark(mark.question, mark.second, mark.first, (mark.points[1], mark.points[0]))
        mine.setdefault(mark.second, []).append(turned)
    return {name: agreement(mine[name], difference) for name in sorted(mine)}
