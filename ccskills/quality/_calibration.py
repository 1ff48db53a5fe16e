"""Calibration of assessors: who marks too mildly or strictly, who drifts, and which items nobody reads alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from .._checks import Floats, columns, number, numbers
from .._guards import labels, one_share
from .._text import Text
from ._agreement import cohen_kappa
from ._forms import EvaluationForm, check_form, item_shares, score
from ._reliability import icc

__all__ = ["CalibrationReport", "assessor_bias", "calibration_report"]

MONTH_DAYS = 365.25 / 12
# Whether a threshold is kept, and what there is to say about it.
Finding = tuple[bool, Text]


def assessor_bias(evaluations: pd.DataFrame, tolerance: float = 5.0, confidence: float = 0.95) -> pd.DataFrame:
    """How far each assessor marks from the reference score, how evenly, and whether it grows with time.

    Parameters
    ----------
    evaluations : DataFrame
        One row per contact that was marked twice: assessor, score, reference [points of 100], and date for the drift.
    tolerance : float, optional
        Deviation that is tolerated for one contact, in both directions [points].
    confidence : float, optional
        Share of such (t) intervals that hold the truth.

    Returns
    -------
    DataFrame
        Indexed by assessor: contacts, bias (mean of score - reference; above 0 is mild), lower, upper, sd (of the
        deviations), within_tolerance (share of contacts). With dates also drift_per_month [points] and its limits
        drift_lower, drift_upper; nan for who has fewer than three contacts or only one date.

    Examples
    --------
    >>> marks = pd.DataFrame({
    ...     "assessor": ["Li", "Li", "Li", "Wang", "Wang", "Wang"],
    ...     "score": [88, 92, 79, 70, 81, 65],
    ...     "reference": [87, 90, 80, 80, 90, 76]})
    >>> assessor_bias(marks).round(2)
              contacts   bias  lower  upper    sd  within_tolerance
    assessor
    Li               3   0.67  -3.13   4.46  1.53               1.0
    Wang             3 -10.00 -12.48  -7.52  1.00               0.0
    >>> assessor_bias(marks.head(1))
    Traceback (most recent call last):
    ValueError: each assessor must have at least two contacts with a reference, got 1 for Li
    """
    table = columns("evaluations", evaluations, ["assessor", "score", "reference"])
    limit = number("tolerance", tolerance, above=0)
    level = (1 + one_share("confidence", confidence, zero=False, one=False)) / 2
    labels(table, "assessor")
    if table["assessor"].isna().any():
        raise ValueError(
            f"evaluations must name an assessor in every row, got none in {table['assessor'].isna().sum()}"
        )
    points = {name: numbers(name, table[name], least=0) for name in ("score", "reference")}
    for name, given in points.items():
        if (high := given > 100).any():
            raise ValueError(f"{name} must be at most 100 points, got {given[high][0]:g}")
    gap = points["score"] - points["reference"]
    months = _months(table["date"]) if "date" in table.columns else None
    rows = {}
    for assessor, at in table.reset_index(drop=True).groupby("assessor").indices.items():
        if at.size < 2:
            raise ValueError(f"each assessor must have at least two contacts with a reference, got 1 for {assessor}")
        rows[assessor] = _deviation(gap[at], limit, level)
        if months is not None:
            rows[assessor] |= _drift(gap[at], months[at], level)
    result = pd.DataFrame.from_dict(rows, orient="index").rename_axis(index="assessor")
    return result.astype({"contacts": np.int64})


def _months(dates: pd.Series) -> Floats:
    """Months since the first date."""
    if not pd.api.types.is_datetime64_any_dtype(dates):
        raise TypeError(f"date must be a column of dates, got {dates.dtype}")
    if dates.isna().any():
        raise ValueError(f"date must hold a date in every row, got none in {dates.isna().sum()}")
    months: Floats = ((dates - dates.min()).dt.total_seconds() / 86_400 / MONTH_DAYS).to_numpy(dtype=np.float64)
    return months


def _deviation(gap: Floats, limit: float, level: float) -> dict[str, Any]:
    bias, sd = float(gap.mean()), float(gap.std(ddof=1))
    half = float(stdtrit(gap.size - 1, level)) * sd / np.sqrt(gap.size)
    within = float((np.abs(gap) <= limit + 1e-9).mean())
    return {
        "contacts": gap.size,
        "bias": bias,
        "lower": bias - half,
        "upper": bias + half,
        "sd": sd,
        "within_tolerance": within,
    }


def _drift(gap: Floats, months: Floats, level: float) -> dict[str, Any]:
    """Slope of the deviation over time by least squares."""
    n, centred = gap.size, months - months.mean()
    room = float(centred @ centred)
    if n < 3 or room == 0:
        return dict.fromkeys(["drift_per_month", "drift_lower", "drift_upper"], float("nan"))
    slope = float(centred @ gap) / room
    rest = gap - gap.mean() - slope * centred
    half = float(stdtrit(n - 2, level)) * float(np.sqrt(rest @ rest / (n - 2) / room))
    return {"drift_per_month": slope, "drift_lower": slope - half, "drift_upper": slope + half}


@dataclass(frozen=True)
class CalibrationReport:
    """What a calibration session showed."""

    passed: bool
    """True when every threshold is kept."""
    assessors: pd.DataFrame
    """By assessor: as `assessor_bias`, and missed: critical errors of the reference that the assessor did not mark."""
    items: pd.DataFrame
    """By item, the worst first: critical (class or ""), between_raters (share of pairs of raters with the same mark),
    agreement (share of marks equal to the reference), kappa (with the
    reference; <NA> when the reference holds one mark only, or no error of a critical item)."""
    missed: pd.DataFrame
    """Each critical error of the reference: contact, item, critical (its class), missed (raters), share."""
    icc: float | None
    """ICC(2,1) of the raters' total scores; None when the scores do not differ."""
    findings: tuple[Text, ...]
    """The verdict and its reasons, in both languages."""

    def say(self, language: str = "en") -> str:
        """The findings in "en" or "zh", one a line."""
        return "\n".join(finding.say(language) for finding in self.findings)


def calibration_report(
    form: EvaluationForm,
    marks: pd.DataFrame,
    reference: pd.DataFrame,
    tolerance: float = 5.0,
    least_kappa: float = 0.7,
    most_missed: float = 0.1,
) -> CalibrationReport:
    """Result of a calibration session in which several raters marked the same contacts.

    It passes when every rater's mean deviation from the reference score is within the tolerance, every critical item
    has a kappa of at least `least_kappa` with the reference, and no critical error was missed by a larger share of
    raters than `most_missed`.

    Parameters
    ----------
    form : EvaluationForm
        The form that was used.
    marks : DataFrame
        Columns contact, assessor and one per item; every assessor marked every contact once.
    reference : DataFrame
        Columns contact and one per item: the agreed marks.
    tolerance : float, optional
        Mean deviation that is tolerated [points of 100].
    least_kappa : float, optional
        Kappa that a critical item needs.
    most_missed : float, optional
        Share of raters who may miss one critical error.

    Returns
    -------
    CalibrationReport

    Notes
    -----
    An item on which raters differ among themselves is probably badly worded; one on which they agree against the
    reference has been taught differently. With few contacts kappa is rough: read `agreement` beside it.

    Examples
    --------
    >>> from ccskills.quality import standard_form
    >>> form = standard_form()
    >>> keys = [item.key for item in form.items]
    >>> reference = pd.DataFrame("met", index=range(4), columns=keys).assign(contact=[1, 2, 3, 4])
    >>> reference.loc[[0, 1], "compliance_critical"] = "not met"
    >>> marks = pd.concat([reference.assign(assessor=name) for name in ("Li", "Wang", "Zhao")], ignore_index=True)
    >>> calibration_report(form, marks, reference).passed
    True
    >>> marks.loc[0, "compliance_critical"] = "met"  # Li misses one
    >>> report = calibration_report(form, marks, reference)
    >>> print(report.findings[0].en)
    The session does not pass: 1 of 3 thresholds is missed.
    >>> print(report.findings[3].en)
    Critical errors missed by more than 10% of raters: compliance_critical in contact 1 (1 of 3).
    >>> report.missed["share"].tolist()
    [0.333, 0.0]
    """
    limit = number("tolerance", tolerance, above=0)
    needed, allowed = one_share("least_kappa", least_kappa), one_share("most_missed", most_missed)
    check_form(form)
    given, agreed = _session(form, marks, reference)
    given_shares, agreed_shares = item_shares(form, given), item_shares(form, agreed)
    expected = agreed_shares.loc[given.index.get_level_values("contact")].set_axis(given.index)
    missed = _missed(form, given_shares, agreed_shares)
    totals = pd.DataFrame({"score": score(form, given)["score"]})
    totals["reference"] = score(form, agreed)["score"].loc[given.index.get_level_values("contact")].to_numpy()
    totals["assessor"] = given.index.get_level_values("assessor")
    raters = assessor_bias(totals, limit)
    critical = [item.key for item in form.items if item.critical]
    lost = (expected[critical] == 0) & (given_shares[critical] != 0)
    raters["missed"] = lost.sum(axis=1).groupby(level="assessor").sum()
    items = _items(form, given_shares, expected)
    zh_names = {item.key: item.name.zh for item in form.items}
    thresholds = (
        _said_bias(raters, limit),
        _said_kappa(items, zh_names, needed),
        _said_missed(missed, zh_names, len(raters), allowed),
    )
    broken = sum(not kept for kept, _ in thresholds)
    return CalibrationReport(
        passed=not broken,
        assessors=raters,
        items=items,
        missed=missed,
        icc=_total_agreement(totals["score"].unstack("assessor")),
        findings=(_verdict(broken), *(words for _, words in thresholds), _worst(items, zh_names)),
    )


def _session(form: EvaluationForm, marks: Any, reference: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Marks by contact and rater and the reference by contact, when every rater marked every contact once."""
    keys = [item.key for item in form.items]
    for name, table, by in (("marks", marks, ["contact", "assessor"]), ("reference", reference, ["contact"])):
        labels(columns(name, table, [*by, *keys]), *by)
        if gone := [column for column in by if table[column].isna().any()]:
            raise ValueError(f"{name} must have a {gone[0]} in every row, got an empty cell")
    one_kind = pd.concat([marks["contact"], reference["contact"]]).astype(object)
    labels(pd.DataFrame({"contact": one_kind}), "contact")
    given = columns("marks", marks, ["contact", "assessor", *keys]).set_index(["contact", "assessor"]).sort_index()
    agreed = columns("reference", reference, ["contact", *keys]).set_index("contact").sort_index()
    if agreed.index.has_duplicates:
        raise ValueError(
            f"reference must hold each contact once, got {agreed.index[agreed.index.duplicated()][0]} twice"
        )
    if given.index.has_duplicates:
        contact, rater = given.index[given.index.duplicated()][0]
        raise ValueError(f"each rater must mark each contact once, got {rater} twice on {contact}")
    if len(agreed) < 2:
        raise ValueError(f"a session needs at least two contacts, got {len(agreed)}")
    raters = given.index.unique("assessor")
    if len(raters) < 2:
        raise ValueError(f"a session needs at least two raters, got {len(raters)}")
    whole = pd.MultiIndex.from_product([agreed.index, raters])
    if len(absent := whole.difference(given.index)):
        raise ValueError(
            f"every rater must mark every contact of the reference, got no {absent[0][0]} by {absent[0][1]}"
        )
    if len(unknown := given.index.difference(whole)):
        raise ValueError(f"marks must be of contacts of the reference, got {unknown[0][0]}, which is not in it")
    return given, agreed


def _missed(form: EvaluationForm, given: pd.DataFrame, agreed: pd.DataFrame) -> pd.DataFrame:
    """Each critical error of the reference, and how many raters did not mark it."""
    rows = []
    for item in form.items:
        if item.critical is None:
            continue
        for contact in agreed.index[agreed[item.key] == 0]:
            marks = given[item.key].xs(contact, level="contact")
            lost = int((marks != 0).sum())
            rows.append((contact, item.key, item.critical, lost, lost / len(marks)))
    return pd.DataFrame(rows, columns=["contact", "item", "critical", "missed", "share"])


def _items(form: EvaluationForm, given: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
    """Agreement on each item, the worst first; "does not apply" is a mark like any other."""
    rows = []
    for item in form.items:
        marks, right = (table[item.key].fillna(-1.0) for table in (given, expected))
        grid = marks.unstack("assessor").to_numpy()
        counts = np.array([(grid == mark).sum(axis=1) for mark in np.unique(grid)], dtype=np.float64)
        pairs = float((counts * (counts - 1)).sum() / grid.shape[0] / (grid.shape[1] * (grid.shape[1] - 1)))
        tested = right.nunique() > 1 and (item.critical is None or (right == 0).any())
        kappa = cohen_kappa(marks.tolist(), right.tolist()).kappa if tested else pd.NA
        rows.append((item.key, item.critical or "", pairs, float((marks == right).mean()), kappa))
    table = pd.DataFrame(rows, columns=["item", "critical", "between_raters", "agreement", "kappa"]).set_index("item")
    return table.astype({"kappa": "Float64"}).sort_values(["between_raters", "agreement"], kind="stable")


def _said_bias(raters: pd.DataFrame, limit: float) -> Finding:
    off = raters.loc[raters["bias"].abs() > limit + 1e-9, "bias"]
    if off.empty:
        return True, Text(
            f"Mean deviation: all raters are within {limit:g} points of the reference.",
            f"平均偏差：所有质检员均在标准分±{limit:g}分以内。",
        )
    en = ", ".join(f"{name} ({bias:+.1f})" for name, bias in off.items())
    zh = "、".join(f"{name}（{bias:+.1f}）" for name, bias in off.items())
    return False, Text(
        f"Mean deviation: beyond {limit:g} points of the reference: {en}.",
        f"平均偏差超出标准分±{limit:g}分：{zh}。",
    )


def _said_kappa(items: pd.DataFrame, zh_names: dict[str, str], needed: float) -> Finding:
    kappas = items.loc[items["critical"] != "", "kappa"]
    low, untested = kappas[(kappas < needed).fillna(False)], list(kappas.index[kappas.isna()])
    en = ", ".join(f"{key} ({kappa:.2f})" for key, kappa in low.items())
    zh = "、".join(f"“{zh_names[key]}”（{kappa:.2f}）" for key, kappa in low.items())
    said_en = f"kappa below {needed:g}: {en}" if len(low) else f"none has a kappa below {needed:g}"
    said_zh = f"Kappa低于{needed:g}的有{zh}" if len(low) else f"没有一项的Kappa低于{needed:g}"
    if untested:
        said_en += f"; not tested, for lack of such an error: {', '.join(untested)}"
        said_zh += f"；样本中没有相应错误、无法检验的有{'、'.join(f'“{zh_names[key]}”' for key in untested)}"
    return low.empty, Text(f"Critical items: {said_en}.", f"致命项：{said_zh}。")


def _said_missed(missed: pd.DataFrame, zh_names: dict[str, str], total: int, allowed: float) -> Finding:
    lost = missed[missed["share"] > allowed + 1e-9]
    if lost.empty:
        return True, Text(
            f"Critical errors: none is missed by more than {allowed:.0%} of raters.",
            f"致命错误：没有一处被超过{allowed:.0%}的质检员漏判。",
        )
    errors = list(zip(lost["item"], lost["contact"], lost["missed"], strict=True))
    en = ", ".join(f"{key} in contact {contact} ({n} of {total})" for key, contact, n in errors)
    zh = "、".join(f"联络{contact}的“{zh_names[key]}”（{total}人中{n}人漏判）" for key, contact, n in errors)
    return False, Text(
        f"Critical errors missed by more than {allowed:.0%} of raters: {en}.",
        f"被超过{allowed:.0%}的质检员漏判的致命错误：{zh}。",
    )


def _verdict(broken: int) -> Text:
    if not broken:
        return Text("The session passes: all 3 thresholds are kept.", "本次校准合格：3项标准全部达到。")
    verb = "is" if broken == 1 else "are"
    return Text(
        f"The session does not pass: {broken} of 3 thresholds {verb} missed.",
        f"本次校准不合格：3项标准中有{broken}项未达到。",
    )


def _worst(items: pd.DataFrame, zh_names: dict[str, str]) -> Text:
    key, alike = items.index[0], float(items["between_raters"].iloc[0])
    if alike == 1:
        return Text("Raters agree among themselves on every item.", "质检员之间在所有评分项上判断一致。")
    return Text(
        f"Raters differ most on {key} ({alike:.0%} of pairs agree): look at its wording first.",
        f"质检员之间分歧最大的是“{zh_names[key]}”（两两一致率{alike:.0%}），应先检查该项的表述。",
    )


def _total_agreement(scores: pd.DataFrame) -> float | None:
    means = scores.mean(axis=1)
    if np.ptp(means.to_numpy()) <= 1e-9:
        return None
    return float(icc(scores)["icc"].iloc[1])
