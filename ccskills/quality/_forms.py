"""Evaluation forms: what is marked in a contact, what it is worth, and which errors stand outside every score."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._checks import Floats, choice, columns, number, share
from .._guards import labels
from .._text import Text
from ._allocation import column_names
from ._sampling import wilson_interval

__all__ = [
    "CRITICAL_CLASSES",
    "EvaluationForm",
    "FormItem",
    "check_form",
    "form_report",
    "item_shares",
    "score",
    "standard_form",
]

CRITICAL_CLASSES = ("customer", "business", "compliance")
"""Classes of critical errors: wrong for the customer, costly for the business, against law or privacy."""

Mark = str | float
# Words and the numbers of a form on paper say the same.
GRADED: tuple[tuple[Mark, float | None], ...] = (
    ("met", 1.0),
    ("partly", 0.5),
    ("not met", 0.0),
    ("n/a", None),
    (2, 1.0),
    (1, 0.5),
    (0, 0.0),
)
YES_NO: tuple[tuple[Mark, float | None], ...] = (("met", 1.0), ("not met", 0.0), ("n/a", None), (1, 1.0), (0, 0.0))


@dataclass(frozen=True)
class FormItem:
    """One line of an evaluation form: either worth points, or critical and worth none.

    >>> FormItem("identity", Text("checks identity", "核实身份"), weight=20, critical="compliance")
    Traceback (most recent call last):
    ValueError: a critical item has no weight, it stands outside the score, got weight 20 for 'identity'
    """

    key: str
    """Name of the item's column in a table of evaluations."""
    name: Text
    """What is asked, in both languages."""
    weight: float = 0.0
    """Points that the item is worth among the non-critical ones; 0 for a critical item."""
    critical: str | None = None
    """Class of the error when a critical item is not met: customer, business or compliance; None: not critical."""
    options: tuple[tuple[Mark, float | None], ...] | None = None
    """Marks (words or numbers) and the share of the points that each earns, None where the item does not apply. None
    stands for met, partly, not met, n/a or 2, 1, 0; for critical items met, not met, n/a or 1, 0."""

    def __post_init__(self) -> None:
        if not isinstance(self.key, str) or not isinstance(self.name, Text):
            raise TypeError(f"an item needs a key and a Text as name, got {self.key!r} and {self.name!r}")
        if self.options is not None and not _pairs(self.options):
            raise TypeError(f"options must be pairs of a mark and its share or None, got {str(self.options)[:60]!r}")
        if self.critical is None:
            number("weight", self.weight, above=0)
        else:
            choice("critical", self.critical, CRITICAL_CLASSES)
            if self.weight != 0:
                raise ValueError(
                    f"a critical item has no weight, it stands outside the score, got weight {self.weight:g} "
                    f"for {self.key!r}"
                )
        earned = [value for _, value in self.marks() if value is not None]
        share("options", earned)
        if self.critical is not None and not set(earned) <= {0.0, 1.0}:
            raise ValueError(
                f"a critical item is met or not, got options {', '.join(map(str, earned))} for {self.key!r}"
            )

    def marks(self) -> tuple[tuple[Mark, float | None], ...]:
        """The marks that may be given, with what each earns."""
        if self.options is not None:
            return self.options
        return GRADED if self.critical is None else YES_NO


def _pairs(options: Any) -> bool:
    """True for pairs of a mark and a number or None."""
    return (
        isinstance(options, tuple)
        and all(
            isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], (str, int, float)) for pair in options
        )
        and any(pair[1] is not None for pair in options)
    )


@dataclass(frozen=True)
class EvaluationForm:
    """An evaluation form: its items and the score that passes."""

    name: Text
    """Name of the form."""
    items: tuple[FormItem, ...]
    """Items in the order of the form; at least one is not critical."""
    pass_score: float = 80.0
    """Non-critical score that passes [points of 100], if there is no critical error."""

    def __post_init__(self) -> None:
        if not isinstance(self.name, Text):
            raise TypeError(f"name must be a Text with the words in both languages, got {self.name!r}")
        if not isinstance(self.items, tuple) or not all(isinstance(item, FormItem) for item in self.items):
            raise TypeError(f"items must be a tuple of FormItem, got {str(self.items)[:60]!r}")
        keys = [item.key for item in self.items]
        if len(set(keys)) != len(keys):
            raise ValueError(f"items must have different keys, got {', '.join(keys)}")
        if all(item.critical is not None for item in self.items):
            raise ValueError(f"a form must have at least one item that is not critical, got {len(keys)} critical items")
        if number("pass_score", self.pass_score, least=0) > 100:
            raise ValueError(f"pass_score must be at most 100 points, got {self.pass_score:g}")


def standard_form() -> EvaluationForm:
    """A form to start from: seven items worth 100 points, and one critical item of each class.

    It is the form of `data.centre().evaluations` and `data.centre().calibration`.

    Returns
    -------
    EvaluationForm

    Examples
    --------
    >>> form = standard_form()
    >>> [item.key for item in form.items if item.critical]
    ['customer_critical', 'business_critical', 'compliance_critical']
    >>> form.items[0].name.say("zh")
    '规范问候，报出姓名并表示愿意帮助'
    """
    return EvaluationForm(
        Text("Contact evaluation", "服务质量评分表"),
        (
            FormItem("greeting", Text("greets, gives a name and offers help", "规范问候，报出姓名并表示愿意帮助"), 10),
            FormItem("listening", Text("listens, asks and confirms the need", "耐心倾听，提问并确认客户需求"), 20),
            FormItem("explanation", Text("explains clearly, checks it is understood", "解释清晰，确认客户理解"), 24),
            FormItem("tone", Text("is friendly and patient throughout", "全程语气亲和、耐心"), 18),
            FormItem("hold_handling", Text("announces holds", "保持前告知客户"), 8, options=YES_NO),
            FormItem("closing", Text("sums up, agrees what comes next", "总结要点，约定后续安排"), 8),
            FormItem("notes", Text("leaves a complete ticket", "工单记录完整"), 12, options=YES_NO),
            FormItem("customer_critical", Text("the answer is right", "答复正确"), critical="customer"),
            FormItem("business_critical", Text("recorded and charged right", "记录与计费正确"), critical="business"),
            FormItem("compliance_critical", Text("identity, privacy kept", "核身与隐私保护"), critical="compliance"),
        ),
    )


def check_form(form: Any) -> None:
    """Refuse what is no form."""
    if not isinstance(form, EvaluationForm):
        raise TypeError(f"form must be an EvaluationForm, such as standard_form(), got {type(form).__name__}")


def item_shares(form: EvaluationForm, evaluations: Any) -> pd.DataFrame:
    """The share of each item's points that each contact earned, nan inside where the item did not apply."""
    check_form(form)
    table = columns("evaluations", evaluations, [item.key for item in form.items])
    return pd.DataFrame({item.key: _earned(item, table[item.key]) for item in form.items}, index=table.index)


def _earned(item: FormItem, marks: pd.Series) -> Floats:
    known = {mark: np.nan if value is None else value for mark, value in item.marks()}
    given = marks.tolist()
    bad = [at for at, mark in enumerate(given) if not isinstance(mark, Hashable) or mark not in known]
    if bad:
        raise ValueError(
            f"marks of item {item.key!r} must be one of {', '.join(map(str, known))}, "
            f"got {given[bad[0]]!r} in row {marks.index[bad[0]]!r}"
        )
    return np.array([known[mark] for mark in given], dtype=np.float64)


def score(form: EvaluationForm, evaluations: pd.DataFrame) -> pd.DataFrame:
    """Score evaluated contacts: points for what is not critical, and critical errors beside them, never blended.

    score = 100 x sum of weight x share earned / sum of weight, over the non-critical items that apply.

    Parameters
    ----------
    form : EvaluationForm
        The form, from `standard_form` or your own.
    evaluations : DataFrame
        One row per evaluated contact with a column per item, which holds the item's marks: by default "met", "partly",
        "not met", "n/a" or the numbers 2, 1, 0 (for critical items 1, 0). Other columns are not looked at.

    Returns
    -------
    DataFrame
        On the index of `evaluations`: score [points of 100], the number of critical errors in each class of the form,
        and passed: the pass score is reached and there is no critical error.

    Notes
    -----
    An item that does not apply counts neither way: its weight falls on the others in proportion.

    Examples
    --------
    >>> form = EvaluationForm(
    ...     Text("short form", "简表"),
    ...     (
    ...         FormItem("tone", Text("is polite", "礼貌"), 60),
    ...         FormItem("record", Text("leaves a record", "有记录"), 40),
    ...         FormItem("identity", Text("checks identity", "核实身份"), critical="compliance"),
    ...     ),
    ... )
    >>> calls = pd.DataFrame({
    ...     "tone": ["met", "partly", "met"], "record": ["met", "met", "n/a"], "identity": ["met", "n/a", "not met"]})
    >>> score(form, calls)
       score  compliance  passed
    0  100.0           0    True
    1   70.0           0   False
    2  100.0           1   False
    """
    shares = item_shares(form, evaluations)
    graded = [item for item in form.items if item.critical is None]
    earned = shares[[item.key for item in graded]].to_numpy()
    weights = np.where(np.isnan(earned), 0.0, np.array([item.weight for item in graded]))
    if (nothing := weights.sum(axis=1) == 0).any():
        row = shares.index[int(np.argmax(nothing))]
        raise ValueError(f"at least one item with points must apply to every contact, got none in row {row!r}")
    points = 100 * (weights * np.nan_to_num(earned)).sum(axis=1) / weights.sum(axis=1)
    result = pd.DataFrame({"score": points}, index=shares.index)
    for kind in _classes(form):
        keys = [item.key for item in form.items if item.critical == kind]
        result[kind] = (shares[keys] == 0).sum(axis=1)
    result["passed"] = (points >= form.pass_score - 1e-9) & (result[_classes(form)].sum(axis=1) == 0)
    return result


def _classes(form: EvaluationForm) -> list[str]:
    """The classes of critical errors that the form asks for, in their usual order."""
    return [kind for kind in CRITICAL_CLASSES if any(item.critical == kind for item in form.items)]


def form_report(
    form: EvaluationForm, evaluations: pd.DataFrame, by: str | Sequence[str] | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Quality of all contacts, or by team, agent or channel: one figure per class of critical error, with its limits.

    Parameters
    ----------
    form : EvaluationForm
        The form that the contacts were marked on.
    evaluations : DataFrame
        As for `score`, with the columns that `by` names.
    by : str or list of str, optional
        Columns to report by, such as "agent_id"; None reports all contacts in one row.
    confidence : float, optional
        Share of such (Wilson) intervals that hold the truth.

    Returns
    -------
    DataFrame
        Indexed by `by`: contacts, score (mean non-critical score [points of 100]), and for each class of the form and
        for `passed` the share of contacts without an error (that passed) with its limits, as in customer,
        customer_lower, customer_upper.

    Examples
    --------
    >>> contacts = pd.DataFrame("met", index=range(5), columns=[item.key for item in standard_form().items])
    >>> contacts["team"] = ["A", "A", "A", "B", "B"]
    >>> contacts.loc[4, "customer_critical"] = "not met"
    >>> report = form_report(standard_form(), contacts, by="team")
    >>> report[["contacts", "score", "customer", "customer_lower", "customer_upper"]].round(2)
          contacts  score  customer  customer_lower  customer_upper
    team
    A            3  100.0       1.0            0.44            1.00
    B            2  100.0       0.5            0.09            0.91
    """
    keys = [] if by is None else column_names("by", by)
    table = columns("evaluations", evaluations, keys)
    marked = score(form, table)
    if not keys:
        return pd.DataFrame([_figures(form, marked, confidence)], index=pd.Index(["all"], name="group"))
    labels(table, *keys)
    for key in keys:
        if table[key].isna().any():
            raise ValueError(f"evaluations must have a {key} in every row, got none in {table[key].isna().sum()}")
    groups = marked.groupby([table[key] for key in keys], sort=True)
    rows = {group: _figures(form, part, confidence) for group, part in groups}
    index: pd.Index = pd.MultiIndex.from_tuples(rows, names=keys)
    if len(keys) == 1:
        index = index.get_level_values(0)
    return pd.DataFrame(list(rows.values()), index=index)


def _figures(form: EvaluationForm, marked: pd.DataFrame, confidence: float) -> dict[str, float]:
    """One row of the report."""
    figures: dict[str, float] = {"contacts": len(marked), "score": float(marked["score"].mean())}
    clean = {kind: int((marked[kind] == 0).sum()) for kind in _classes(form)} | {"passed": int(marked["passed"].sum())}
    for name, hits in clean.items():
        found = wilson_interval(hits, len(marked), confidence)
        figures |= {name: found.share, f"{name}_lower": found.lower, f"{name}_upper": found.upper}
    return figures
