"""The metric dictionary at work: values from counts, the dictionary as a table, and the test of the data behind it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import broadcast, choice, numbers
from .._guards import mapping
from .._text import LANGUAGES, Text
from ._metric_list import DIRECTIONS, LEVELS, METRIC_GROUPS, METRICS, UNITS, Metric

__all__ = ["DATA_QUALITY_QUESTIONS", "compute", "data_quality_check", "dictionary", "metric"]

HAIR = 1e-9

DATA_QUALITY_QUESTIONS: dict[str, Text] = {
    "collected": Text(
        "Is {metric} collected for every unit, channel and period that has to report it?",
        "凡应上报{metric}的单位、渠道和周期，是否都已采集？",
    ),
    "relevant": Text("Which decision does {metric} change?", "{metric}能影响哪一项决策？"),
    "usable": Text(
        "Are sample and period large enough to tell a change of {metric} from chance?",
        "样本量和周期是否足以分辨{metric}的变化与偶然波动？",
    ),
    "accurate": Text("Does {metric} agree with a second source?", "{metric}能否与第二数据源核对一致？"),
    "timely": Text("Does {metric} reach those who act on it in time?", "{metric}能否及时送到要据此行动的人手里？"),
    "consistent": Text(
        "Is {metric} defined the same over time and across sites?", "{metric}的口径在不同时期、不同职场是否一致？"
    ),
    "integrity": Text("Is {metric} protected from being gamed or edited?", "{metric}能否防止“做数据”和人为修改？"),
    "acted_upon": Text(
        "What was done the last time {metric} was off target?", "上一次{metric}偏离目标时，采取了什么行动？"
    ),
}
"""Eight questions to ask of a metric before anybody is judged by it; a "yes" needs evidence."""

_ANSWERS = {True: Text("yes", "是"), False: Text("no", "否"), None: Text("open", "待定")}


def metric(key: str) -> Metric:
    """The entry of the metric dictionary with this key.

    Parameters
    ----------
    key : str
        A key of `METRICS`.

    Returns
    -------
    Metric

    Examples
    --------
    >>> metric("aht").name.say("zh"), metric("aht").levels
    ('平均处理时长（AHT）', ('team', 'centre'))
    """
    return METRICS[choice("key", key, METRICS)]


def compute(key: str, numerator: ArrayLike, denominator: ArrayLike) -> float:
    """A metric of several intervals, people or days together: counts are added first, then divided.

    Formula: factor x sum of numerators / sum of denominators. Percentages are never averaged.

    Parameters
    ----------
    key : str
        A key of `METRICS`, which says what numerator and denominator are.
    numerator : number or array
        Counts or sums, one per interval, person or day.
    denominator : number or array
        Counts or sums of the same rows.

    Returns
    -------
    float
        In the unit of the metric: a share from 0 to 1, seconds, points or money.

    Examples
    --------
    A quiet interval at 50 % and a busy one at 90 % are not 70 % together:

    >>> compute("service_level", [5, 90], [10, 100])
    0.864
    >>> compute("nps", 100 - 40, 200)
    30.0
    >>> compute("attrition", [3] * 12, [100 / 12] * 12)
    0.36
    >>> compute("csat", 85, 80)
    Traceback (most recent call last):
    ValueError: csat needs a numerator (answers in the top boxes, 4-5 of 5) of at most 1 x the denominator
    (valid answers to the survey), got 85 of 80
    """
    entry = metric(key)
    top, bottom = broadcast(
        numerator=numbers("numerator", numerator), denominator=numbers("denominator", denominator, least=0)
    )
    for sign, word, bound in ((-1, "at least", entry.bounds[0]), (1, "at most", entry.bounds[1])):
        beyond = sign * (top - bound * bottom) > HAIR if np.isfinite(bound) else np.zeros(top.shape, dtype=bool)
        if beyond.any():
            first = int(np.argmax(beyond.ravel()))
            raise ValueError(
                f"{key} needs a numerator ({entry.numerator.en}) of {word} {bound:g} x the denominator "
                f"({entry.denominator.en}), got {top.ravel()[first]:g} of {bottom.ravel()[first]:g}"
            )
    if bottom.sum() == 0:
        raise ValueError(f"{key} needs a denominator ({entry.denominator.en}) above 0, got 0")
    return float(entry.factor * top.sum() / bottom.sum())


def dictionary(language: str = "en") -> pd.DataFrame:
    """The metric dictionary as a table.

    Parameters
    ----------
    language : str, optional
        "en" or "zh", the language of the words.

    Returns
    -------
    DataFrame
        One row per metric, indexed by key: name, group, formula, numerator, denominator, unit, direction, levels,
        owner, warning.

    Examples
    --------
    >>> dictionary().loc["occupancy", ["name", "formula", "direction"]].tolist()
    ['occupancy', 'handling time / (handling + available time)', 'best inside a range']
    >>> dictionary("zh").loc["first_contact_resolution", "name"]
    '首次解决率（FCR）'
    """
    choice("language", language, LANGUAGES)
    rows = {
        key: {
            "name": entry.name.say(language),
            "group": METRIC_GROUPS[entry.group].say(language),
            "formula": entry.formula.say(language),
            "numerator": entry.numerator.say(language),
            "denominator": entry.denominator.say(language),
            "unit": UNITS[entry.unit].say(language),
            "direction": DIRECTIONS[entry.direction].say(language),
            "levels": ("、" if language == "zh" else ", ").join(LEVELS[level].say(language) for level in entry.levels),
            "owner": entry.owner.say(language),
            "warning": entry.warning.say(language),
        }
        for key, entry in METRICS.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("metric")


def data_quality_check(key: str, answers: Mapping[str, bool] | None = None, language: str = "en") -> pd.DataFrame:
    """Eight questions about the data behind a metric, with the answers so far.

    Parameters
    ----------
    key : str
        A key of `METRICS`.
    answers : mapping, optional
        A question of `DATA_QUALITY_QUESTIONS` -> True or False; what is left out stays open.
    language : str, optional
        "en" or "zh", the language of the questions and answers.

    Returns
    -------
    DataFrame
        Indexed by criterion: question, answer ("yes", "no" or "open"; 是, 否 or 待定). ``attrs["passed"]`` counts the
        yes, ``attrs["fit_for_appraisal"]`` is True only when all eight are.

    Examples
    --------
    >>> check = data_quality_check("csat", {"collected": True, "usable": False})
    >>> check["answer"].value_counts().to_dict(), check.attrs["fit_for_appraisal"]
    ({'open': 6, 'yes': 1, 'no': 1}, False)
    >>> check.loc["accurate", "question"]
    'Does customer satisfaction (CSAT) agree with a second source?'
    >>> data_quality_check("csat", {"collected": True}, "zh")["answer"].unique().tolist()
    ['是', '待定']
    """
    entry, given = metric(key), {} if answers is None else mapping("answers", answers)
    for criterion, answer in given.items():
        choice("a key of answers", criterion, DATA_QUALITY_QUESTIONS)
        if not isinstance(answer, (bool, np.bool_)):
            raise TypeError(f"the answer to {criterion} must be True or False, got {answer!r}")
    name = entry.name.say(language)
    table = pd.DataFrame(
        {
            "question": [text.say(language).format(metric=name) for text in DATA_QUALITY_QUESTIONS.values()],
            "answer": [_ANSWERS[given.get(c)].say(language) for c in DATA_QUALITY_QUESTIONS],
        },
        index=pd.Index(list(DATA_QUALITY_QUESTIONS), name="criterion"),
    )
    table.attrs["passed"] = sum(bool(answer) for answer in given.values())
    table.attrs["fit_for_appraisal"] = table.attrs["passed"] == len(DATA_QUALITY_QUESTIONS)
    return table
