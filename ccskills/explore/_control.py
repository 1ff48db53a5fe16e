"""What a control chart finds: an explorer whose shift and bad week are known, so that each signal can be judged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .. import quality, reporting
from .._checks import Floats, share, whole
from .._text import Text
from ._parts import View, explorer, menu, said, slider

__all__ = ["control_chart", "control_view", "error_counts"]

WEEKS, BASE = 24, 12
SIZE = Text("Contacts checked each week", "每周抽检件数")
SHIFT = Text("Shift of the process [points]", "过程变化幅度（百分点）")
FROM = Text("Shift from week", "变化始于第几周")
OUTLIER = Text("Bad week on top [points]", "异常周的额外差错率（百分点）")
OUTLIER_OF = Text("Bad week on top [points]", "异常周额外增加（百分点）")
WEEK = Text("Bad week", "异常发生在第几周")
RULES = Text("Rules", "判异准则")
LUCK = Text("Chance (another year)", "随机波动（换一年）")
SETS = {
    "limit": (Text("limits only", "只看控制限"), ("limit",)),
    "run": (Text("limits and runs of eight", "控制限加连续8点"), ("limit", "run")),
    "western": (
        Text("the four of Western Electric", "西部电气四条准则"),
        ("limit", "two_of_three", "four_of_five", "run"),
    ),
    "all": (Text("all five", "全部五条"), tuple(quality.RULES)),
}
LINES = Text(
    "Limits from weeks 1 to {base}: centre {centre:.1%}, from {lower:.1%} to {upper:.1%}.",
    "控制限取自第1—{base}周：中心线{centre:.1%}，下限{lower:.1%}，上限{upper:.1%}。",
)
QUIET = Text(
    " No signal: the weeks differ by common causes only. To praise or blame a single week would be a mistake; who "
    "wants less must change the process.",
    "没有信号：各周之间的差别只有普通原因。为某一周表扬或追责都是错的；想让它降下来，要改过程。",
)
FOUND = Text(" Week {week}: {rule}.", "第{week}周：{rule}。")
TRUE_OUTLIER = Text(
    " The bad week is found: a special cause, ask what happened then.",
    "异常周被发现：属于特殊原因，应查当周发生了什么。",
)
LOST_OUTLIER = Text(" The bad week stays hidden in the noise.", "异常周淹没在随机波动里，没有被发现。")
TRUE_SHIFT = Text(
    " The shift is found in week {week}, week {delay} after it began.",
    "变化在第{week}周被发现，是发生后的第{delay}周。",
)
LOST_SHIFT = Text(" The shift is there, and the chart does not see it yet.", "变化已经发生，图上还看不出来。")
FALSE = Text(
    " False alarm in {weeks}: nothing happened then, chance alone did it.",
    "虚报：{weeks}什么也没有发生，只是随机。",
)
SPOILT = Text(
    " What went wrong lies in the base period, so that the limits are wrong themselves: with its cause known, leave it "
    "out of the base.",
    "异常或变化落在基准期内，控制限本身就不准：查明原因后，应把它剔除出基准期。",
)
ECHO = Text(" The signals of {weeks} come from these limits.", "{weeks}的信号就是由此而来。")
WEEK_ONE, WEEK_RUN = Text("week {0}", "第{0}周"), Text("weeks {0} to {1}", "第{0}—{1}周")
ASK_SHIFT = Text(
    "Raise the shift to 6 points: which rule sees it first, and after how many weeks?",
    "把过程变化幅度调到6个百分点：哪条准则先发现？过了几周？",
)
ASK_SIZE = Text(
    "Check 400 contacts each week instead: what happens to the limits, and to the week in which it is found?",
    "改为每周抽检400件：控制限有什么变化？发现得早了几周？",
)
ASK_RULES = Text(
    "Take the shift and the bad week back to 0, choose all five rules and try ten other years: how often "
    "does it cry wolf?",
    "把变化和异常都调回0，选全部五条准则，换十个年份：虚报几次？",
)


def control_chart(
    language: str = "en", error_rate: float = 0.1, sample: int = 150, seed: int = 1, label: str | None = None
) -> Any:
    """Put a shift or a bad week into a steady process, and see which rule finds it, how late, and what is chance.

    Parameters
    ----------
    language : str, optional
        "en" or "zh"; other charts of the session keep theirs.
    error_rate : float, optional
        Share of contacts with an error in the steady process, or of whatever is counted.
    sample : int, optional
        Contacts checked each week.
    seed : int, optional
        Chance: the same number gives the same year.
    label : str, optional
        What is counted when it is not errors, such as "Calls not solved", in the language chosen: the title.

    Returns
    -------
    VBox
        Sliders, sentences and a chart; show it as the last line of a cell.

    Examples
    --------
    >>> box = control_chart()
    >>> box.children[-2].value[:55]
    '<p>Limits from weeks 1 to 12: centre 10.5%, from 3.0% t'
    >>> control_chart(error_rate=10)
    Traceback (most recent call last):
    ValueError: error_rate must be a share between 0 and 1, both excluded, got 10; write 0.1
    """
    rate = float(share("error_rate", error_rate, zero=False, one=False))
    if label is not None and not isinstance(label, str):
        raise TypeError(f"label must be words, got {label!r}")
    controls = {
        "shift": slider(SHIFT.say(language), 0, -8, 15),
        "from_week": slider(FROM.say(language), 15, 2, WEEKS),
        "outlier": slider((OUTLIER if label is None else OUTLIER_OF).say(language), 0, 0, 30),
        "week": slider(WEEK.say(language), 18, 1, WEEKS),
        "sample": slider(SIZE.say(language), whole("sample", sample), 25, 500, 25),
        "rules": menu(RULES.say(language), [(text.say(language), name) for name, (text, _) in SETS.items()], "run"),
        "seed": slider(LUCK.say(language), whole("seed", seed, least=0), 1, 20),
    }

    def show(**values: Any) -> View:
        return control_view(rate, label=label, **values)

    return explorer(controls, show, language)


def error_counts(
    rate: float, shift: float, from_week: int, outlier: float, week: int, sample: int, seed: int
) -> Floats:
    """Contacts with an error by week; the luck of a week is the same whatever is put into the process."""
    weeks = np.arange(1, WEEKS + 1)
    true = np.clip(rate + shift / 100 * (weeks >= from_week) + outlier / 100 * (weeks == week), 0.0, 1.0)
    luck = np.random.default_rng(seed).standard_normal(WEEKS)
    counts = sample * true + luck * np.sqrt(sample * true * (1 - true))
    return np.asarray(np.clip(np.rint(counts), 0, sample), dtype=np.float64)


def control_view(
    rate: float,
    shift: float,
    from_week: int,
    outlier: float,
    week: int,
    sample: int,
    rules: str,
    seed: int,
    language: str,
    label: str | None = None,
) -> View:
    """The chart of a year in which shift and outlier [percentage points] are known."""
    counts = error_counts(rate, shift, from_week, outlier, week, sample, seed)
    made = quality.p_chart(pd.Series(counts, np.arange(1, WEEKS + 1)), sample, base=BASE, rules=SETS[rules][1])
    words = said(LINES, language, base=BASE, centre=made.centre[-1], lower=made.lower[-1], upper=made.upper[-1])
    first = made.signals.drop_duplicates("rule")
    words += "".join(said(FOUND, language, week=row.label, rule=getattr(row, language)) for row in first.itertuples())
    if made.signals.empty and not (shift or outlier):
        words += QUIET.say(language)
    hits = [int(label) for label in made.signals["label"]]
    words += _judged(hits, shift, from_week, outlier, week, language)
    ask = ASK_SIZE if shift and sample < 400 else ASK_SHIFT if not (shift or outlier) else ASK_RULES
    return View(words, ask.say(language), [reporting.control_chart(made, label)])


def _judged(hits: list[int], shift: float, from_week: int, outlier: float, week: int, language: str) -> str:
    """Which signals are true, and what was not seen."""
    words = ""
    if outlier:
        words += (TRUE_OUTLIER if week in hits else LOST_OUTLIER).say(language)
    late = [hit for hit in hits if shift and hit >= from_week and not (outlier and hit == week)]
    if late:
        words += said(TRUE_SHIFT, language, week=min(late), delay=min(late) - from_week + 1)
    elif shift:
        words += LOST_SHIFT.say(language)
    spoilt = (outlier and week <= BASE) or (shift and from_week <= BASE)
    words += SPOILT.say(language) if spoilt else ""
    false = sorted({hit for hit in hits if hit not in late and not (outlier and hit == week)})
    return words + (said(ECHO if spoilt else FALSE, language, weeks=_weeks(false, language)) if false else "")


def _weeks(weeks: list[int], language: str) -> str:
    """Weeks in words, those in a row as from and to."""
    runs: list[list[int]] = []
    for week in weeks:
        if runs and week == runs[-1][-1] + 1:
            runs[-1].append(week)
        else:
            runs.append([week])
    words = [(WEEK_RUN if len(run) > 1 else WEEK_ONE).say(language).format(run[0], run[-1]) for run in runs]
    return Text(", ", "、").say(language).join(words)
