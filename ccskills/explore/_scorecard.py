"""Who sets targets and weights sets the total: an explorer of a scorecard with a gate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from .. import performance, reporting
from .._checks import share
from .._text import Text
from ._parts import View, explorer, said, slider, tick

__all__ = ["scorecard", "scorecard_view"]

# Result, target and weight of each metric; targets and weights are what the sliders start from.
CARD = {
    "service_level": (0.82, 0.80, 3),
    "first_contact_resolution": (0.74, 0.78, 3),
    "csat": (0.81, 0.90, 3),
    "abandonment": (0.05, 0.05, 1),
}
GATE, GATE_RESULT, GATE_TARGET, GATE_LIMIT = "compliance_critical_accuracy", 0.995, 0.99, 60
TARGET = Text("{name}, {value:.0%}: target [%]", "{name}（实际{value:.0%}）：目标（%）")
WEIGHT = Text("{name}: weight [parts]", "{name}：权重（份）")
RESULT = Text("{name}: result [%]", "{name}：实际（%）")
USE = Text("gate: below {target:.0%} at most {limit} points", "设否决项：低于{target:.0%}时总分不超过{limit}分")
EMPTY = Text("Without weights there is no total.", "没有权重，就没有总分。")
EMPTY_ASK = Text("Give at least one measure a weight.", "请至少给一项指标权重。")
TOTAL = Text(
    "{total:.1f} points of 100: {met} of {count} targets met.",
    "总分{total:.1f}分（目标全部达成为100分）：{count}项中{met}项达标。",
)
DEAREST = Text(
    " Most points are lost on {name}: {lost:.1f} of {weight:.0f}.",
    "失分最多的是{name}：{weight:.0f}分中失{lost:.1f}分。",
)
SHUT = Text(
    " The gate is shut: {name} is {value:.1%}, so {open:.1f} points become {total:.1f}.",
    "否决项生效：{name}为{value:.1%}，{open:.1f}分降为{total:.1f}分。",
)
ASK_GATE = Text(
    "Raise compliance to 99%: the gate opens. Should good service ever make up for a breach of the law?",
    "把合规致命错误准确率提高到99%：否决解除。服务再好，能抵消违规吗？",
)
ASK_WEIGHT = Text(
    "Take all weight from {name} and give it to the best measure: the total rises, and no customer notices. Who may "
    "set the weights?",
    "把{name}的权重全部移给最好的一项：总分上升，客户却毫无感觉。权重该由谁定？",
)
ASK_TARGET = Text(
    "Everything is met. Raise one target by 5 points: is the team worse than a minute ago?",
    "全部达标。把一个目标提高5个百分点：团队比一分钟前差了吗？",
)
HEADS = {
    "value": Text("result", "实际"),
    "target": Text("target", "目标"),
    "weight": Text("weight", "权重"),
    "points": Text("points", "得分"),
}
CAPTION = Text("Points by measure (attainment above 120% earns no more)", "各项得分（达成率超过120%的部分不计分）")


def scorecard(language: str = "en", values: Mapping[str, float] | None = None) -> Any:
    """Move targets and weights of a scorecard, shut and open its gate, and see what becomes of the total.

    Parameters
    ----------
    language : str, optional
        "en" or "zh"; other charts of the session keep theirs.
    values : mapping, optional
        Results as shares, for any of service_level, first_contact_resolution, csat, abandonment and
        compliance_critical_accuracy; the others keep those of the example.

    Returns
    -------
    VBox
        Sliders, sentences, a table and a chart; show it as the last line of a cell.

    Examples
    --------
    >>> box = scorecard()
    >>> box.children[-2].value[:46]
    '<p>96.2 points of 100: 3 of 5 targets met. Mos'
    >>> scorecard(values={"csat": 81})
    Traceback (most recent call last):
    ValueError: csat must be a share between 0 and 1, got 81; write 0.81
    """
    given = {name: value for name, (value, _, _) in CARD.items()} | {GATE: GATE_RESULT} | dict(values or {})
    for name, value in given.items():
        if name not in (*CARD, GATE):
            raise ValueError(f"values must be of {', '.join((*CARD, GATE))}, got {name!r}")
        share(name, value)
    controls = {}
    for name, (_, target, weight) in CARD.items():
        word, low = _word(name, language), 1 if name == "abandonment" else 50
        high = 20 if name == "abandonment" else 100
        label = said(TARGET, language, name=word, value=given[name])
        controls[f"target:{name}"] = slider(label, round(100 * target), low, high)
        controls[f"weight:{name}"] = slider(said(WEIGHT, language, name=word), weight, 0, 10)
    label = said(RESULT, language, name=_word(GATE, language))
    controls["result"] = slider(label, round(100 * given[GATE], 1), 90, 100, 0.5)
    controls["gated"] = tick(said(USE, language, target=GATE_TARGET, limit=GATE_LIMIT), True)

    def show(result: float, gated: bool, language: str, **parts: int) -> View:
        targets = {name: parts[f"target:{name}"] / 100 for name in CARD}
        weights = {name: parts[f"weight:{name}"] for name in CARD}
        return scorecard_view(given | {GATE: result / 100}, targets, weights, gated, language)

    return explorer(controls, show, language, pairs=True)


def scorecard_view(
    values: Mapping[str, float], targets: Mapping[str, float], parts: Mapping[str, float], gated: bool, language: str
) -> View:
    """What results, targets and weights (in parts of any size) come to."""
    whole = sum(parts.values())
    if whole == 0:
        return View(EMPTY.say(language), EMPTY_ASK.say(language))
    weights = {name: part / whole for name, part in parts.items()}
    card = performance.scorecard(
        values, {**targets, GATE: GATE_TARGET}, {**weights, GATE: 0.0}, gates={GATE: GATE_LIMIT} if gated else None
    )
    total, met = card.attrs["total"], int((card["status"] == "met").sum())
    words = said(TOTAL, language, total=total, met=met, count=len(card))
    lost = (100 * card["weight"] - card["points"]).set_axis(card["metric"])
    worst = str(lost.idxmax())
    if lost[worst] > 0.05:
        facts = {"name": _word(worst, language), "lost": lost[worst], "weight": 100 * weights[worst]}
        words += said(DEAREST, language, **facts)
    if card.attrs["closed_gates"]:
        facts = {"name": _word(GATE, language), "value": values[GATE], "open": card["points"].sum(), "total": total}
        words += said(SHUT, language, **facts)
    ask = ASK_GATE if card.attrs["closed_gates"] else ASK_WEIGHT if lost[worst] > 0.05 else ASK_TARGET
    return View(
        words,
        said(ask, language, name=_word(worst, language)),
        [reporting.scorecard_chart(card)],
        {CAPTION.say(language): _points(card, language)},
    )


def _points(card: pd.DataFrame, language: str) -> pd.DataFrame:
    """The card in words."""
    forms = {"value": "{:.1%}", "target": "{:.1%}", "weight": "{:.0%}", "points": "{:.1f}"}
    return pd.DataFrame(
        {HEADS[name].say(language): [form.format(cell) for cell in card[name]] for name, form in forms.items()},
        index=[_word(metric, language) for metric in card["metric"]],
    )


def _word(metric: str, language: str) -> str:
    """The metric's name without the abbreviation in brackets, which lengthens a label."""
    return performance.METRICS[metric].name.say(language).split("（")[0].split(" (")[0]
