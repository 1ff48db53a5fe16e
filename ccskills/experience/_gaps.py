"""Service quality by the RATER dimensions: what customers expect, what they perceive, and the five gaps behind it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .._checks import Floats, choice, columns, numbers
from .._guards import mapping, one_share, pair
from .._text import LANGUAGES, Text

__all__ = ["FIVE_GAPS", "RATER", "five_gaps", "rater"]

RATER: dict[str, Text] = {
    "reliability": Text("reliability", "可靠性"),
    "assurance": Text("assurance", "保证性"),
    "tangibles": Text("tangibles", "有形性"),
    "empathy": Text("empathy", "移情性"),
    "responsiveness": Text("responsiveness", "响应性"),
}
"""The five dimensions of service quality."""

FIVE_GAPS: tuple[tuple[Text, Text, Text, Text], ...] = (
    (
        Text("knowledge gap", "认知差距"),
        Text("what customers expect - what management believes they expect", "客户期望与管理者所理解的客户期望之间"),
        Text("no survey, no complaints read, too many layers", "不做调研、不看投诉、层级过多"),
        Text("listen: surveys, complaints, time on the floor", "多听：满意度调研、投诉分析、管理者旁听"),
    ),
    (
        Text("standards gap", "标准差距"),
        Text("what management believes - the service standards", "管理者的理解与服务标准之间"),
        Text("standards set by what is easy to measure", "标准按“好统计”而不是按客户需要来定"),
        Text("set standards from what customers need", "按客户需要制定服务标准"),
    ),
    (
        Text("delivery gap", "传递差距"),
        Text("the service standards - the service delivered", "服务标准与实际服务之间"),
        Text(
            "too few people, weak training, metrics that pull the other way", "人手不足、培训不到位、考核指标与标准相左"
        ),
        Text("staffing, training, tools, metrics that fit", "配足人手、抓培训、改善工具、理顺考核"),
    ),
    (
        Text("communication gap", "沟通差距"),
        Text("the service delivered - what was promised", "实际服务与对外承诺之间"),
        Text("campaigns promise what the floor does not know of", "营销对外承诺，现场却不知情"),
        Text("promise less, tell the floor first", "承诺留有余地，先告知现场"),
    ),
    (
        Text("customer gap", "感知差距"),
        Text("what customers expect - what they perceive", "客户期望与客户感知之间"),
        Text("the sum of the other four", "前四项差距的总结果"),
        Text("measure it by dimension, close the other four", "按维度测量，逐一弥合前四项"),
    ),
)
"""The five gaps: name, between what, usual cause, remedy."""


def five_gaps(language: str = "en") -> pd.DataFrame:
    """The five gaps of service quality, with usual causes and remedies.

    Parameters
    ----------
    language : str, optional
        "en" or "zh".

    Returns
    -------
    DataFrame
        Indexed by gap 1 to 5: name, between, cause, remedy.

    Examples
    --------
    >>> five_gaps()["name"].tolist()
    ['knowledge gap', 'standards gap', 'delivery gap', 'communication gap', 'customer gap']
    >>> five_gaps("zh").loc[5, "between"]
    '客户期望与客户感知之间'

    References
    ----------
    A. Parasuraman, V. A. Zeithaml and L. L. Berry, A conceptual model of service quality and its implications for
    future research, Journal of Marketing 49(4), 1985, 41-50.
    """
    choice("language", language, LANGUAGES)
    rows = [[text.say(language) for text in row] for row in FIVE_GAPS]
    index = pd.RangeIndex(1, len(rows) + 1, name="gap")
    return pd.DataFrame(rows, index=index, columns=["name", "between", "cause", "remedy"])


def rater(
    expectations: pd.DataFrame,
    perceptions: pd.DataFrame,
    weights: Mapping[str, float] | None = None,
    *,
    scale: tuple[float, float] = (1, 7),
    confidence: float = 0.95,
    language: str = "en",
) -> pd.DataFrame:
    """Gap scores of the five dimensions, perception - expectation of the same customers (SERVQUAL).

    Parameters
    ----------
    expectations, perceptions : DataFrame
        One row per answer in the same order, with the columns reliability, assurance, tangibles, empathy and
        responsiveness, which may end in _expected and _perceived: the table `surveys` of a generated centre is given
        for both. Scores of one item or means of several.
    weights : mapping, optional
        Dimension -> importance to customers; they add up to 1. All equal when left out.
    scale : (low, high), optional
        Ends of the scale; high is good.
    confidence : float, optional
        Share of such intervals that hold the true mean gap (Student's t on the paired differences).
    language : str, optional
        "en" or "zh", the language of the names.

    Returns
    -------
    DataFrame
        Indexed by dimension: name, expectation, perception, gap (below 0: less than expected), lower, upper, weight,
        weighted (weight x gap). ``attrs["overall"]`` is the sum of the weighted gaps, ``attrs["first"]`` the dimension
        that pulls it down most.

    Notes
    -----
    Expectations are high by nature (who expects little?), so gaps are read against each other and over time, not
    against 0. Some authors use perceptions alone (SERVPERF).

    Examples
    --------
    >>> expected = pd.DataFrame(6.0, index=range(4), columns=list(RATER))
    >>> perceived = expected - 1
    >>> perceived["responsiveness"] = [3, 4, 4, 5]
    >>> table = rater(expected, perceived, {"reliability": 0.32, "responsiveness": 0.22, "assurance": 0.19,
    ...                                     "empathy": 0.16, "tangibles": 0.11})
    >>> table.loc["responsiveness", ["gap", "lower", "upper", "weighted"]].astype(float).round(2).tolist()
    [-2.0, -3.3, -0.7, -0.44]
    >>> table.attrs["first"], round(table.attrs["overall"], 2)
    ('responsiveness', -1.22)
    >>> rater(expected, perceived + 3)
    Traceback (most recent call last):
    ValueError: perceptions must be from 1 to 7, got 8 in reliability

    References
    ----------
    A. Parasuraman, V. A. Zeithaml and L. L. Berry, SERVQUAL: a multiple-item scale for measuring consumer perceptions
    of service quality, Journal of Retailing 64(1), 1988, 12-40.
    """
    from scipy.special import stdtrit

    choice("language", language, LANGUAGES)
    wanted, felt = (
        _answers("expectations", expectations, "_expected", scale),
        _answers("perceptions", perceptions, "_perceived", scale),
    )
    if wanted.shape != felt.shape:
        raise ValueError(
            f"expectations and perceptions must hold the same answers, got {len(wanted)} and {len(felt)} rows"
        )
    if len(wanted) < 2:
        raise ValueError(f"expectations must hold at least two answers, got {len(wanted)}")
    middle = one_share("confidence", confidence, zero=False, one=False)
    gap = felt - wanted
    half = stdtrit(len(gap) - 1, (1 + middle) / 2) * gap.std(axis=0, ddof=1) / len(gap) ** 0.5
    weight = _importance(weights)
    table = pd.DataFrame(
        {
            "name": [text.say(language) for text in RATER.values()],
            "expectation": wanted.mean(axis=0),
            "perception": felt.mean(axis=0),
            "gap": gap.mean(axis=0),
            "lower": gap.mean(axis=0) - half,
            "upper": gap.mean(axis=0) + half,
            "weight": weight,
            "weighted": weight * gap.mean(axis=0),
        },
        index=pd.Index(list(RATER), name="dimension"),
    )
    table.attrs.update({"overall": float(table["weighted"].sum()), "first": str(table["weighted"].idxmin())})
    return table


def _answers(name: str, answers: pd.DataFrame, ending: str, scale: tuple[float, float]) -> Floats:
    """Scores of the five dimensions, on the scale."""
    long = [dimension + ending for dimension in RATER]
    wanted = long if isinstance(answers, pd.DataFrame) and set(long) <= set(answers.columns) else list(RATER)
    frame = columns(name, answers, wanted)
    values = np.column_stack([numbers(f"{name} of {column}", frame[column]) for column in wanted])
    low, high = pair("scale", scale)
    bad = (values < low) | (values > high)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"{name} must be from {low:g} to {high:g}, got {values[row, column]:g} in {list(RATER)[column]}"
        )
    return values


def _importance(weights: Mapping[str, float] | None) -> Floats:
    """Weights of the dimensions, in their order."""
    if weights is None:
        return np.full(len(RATER), 1 / len(RATER))
    given = mapping("weights", weights)
    if set(given) != set(RATER):
        named = ", ".join(map(str, given)) or "none"
        raise ValueError(f"weights must name the dimensions {', '.join(RATER)}, got {named}")
    values = np.array([one_share(f"the weight of {d}", given[d]) for d in RATER])
    if abs(float(values.sum()) - 1) > 1e-9:
        raise ValueError(f"weights must add up to 1, got {float(values.sum()):g}")
    return values
