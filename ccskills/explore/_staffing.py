"""How many agents a half hour needs: an explorer of load, service level, shrinkage and patience."""

from __future__ import annotations

from typing import Any

from .. import reporting
from .. import staffing as _staffing
from .._checks import number, share
from .._text import Text
from ._parts import View, explorer, said, slider

__all__ = ["staffing", "staffing_view"]

CALLS = Text("Calls in 30 min", "半小时来电量")
AHT = Text("AHT [s]", "平均处理时长（秒）")
TARGET = Text("Service level target [%]", "服务水平目标（%）")
WITHIN = Text("Answer within [s]", "应答时限（秒）")
SHRINKAGE = Text("Shrinkage [%]", "缩减率（%）")
PATIENCE = Text("Patience [s], 0 = nobody hangs up", "平均耐心（秒），0为不放弃")
NOTHING = Text("Without calls nobody is needed.", "没有来电，无需座席。")
PLAN = Text(
    "{calls} calls of {aht} s are {load:.1f} erlangs. {agents} agents answer {level:.1%} within {within} s at an "
    "occupancy of {occupancy:.1%}; with {shrinkage}% shrinkage {scheduled} must be scheduled.",
    "{calls}通来电、平均处理时长{aht}秒，话务量为{load:.1f}爱尔兰（Erlang）。{agents}名座席可在{within}秒内应答{level:.1%}，"
    "占用率{occupancy:.1%}；缩减率{shrinkage}%时需排班{scheduled}人。",
)
LOST = Text(" {abandonment:.1%} of the callers hang up.", "放弃率{abandonment:.1%}。")
TIGHT = Text(
    " Above about 90% occupancy people have hardly a breath between calls.",
    "占用率超过90%左右，座席几乎没有喘息的时间。",
)
ASK_SHRINKAGE = Text(
    "Raise shrinkage to 35%: how many more than {scheduled} must be scheduled? Guess first.",
    "把缩减率提高到35%：比{scheduled}人要多排几人？先猜一猜。",
)
ASK_PATIENCE = Text(
    "Set patience to 180 s: who hangs up waits no longer. How many of the {agents} agents does that save, and "
    "who pays?",
    "把耐心设为180秒：放弃的客户不再排队。{agents}名座席能省下几名？代价由谁承担？",
)
ASK_SIZE = Text(
    "Double the calls: does that need twice the {agents} agents? Look at the occupancy, too.",
    "把来电量加倍：{agents}名座席也要加倍吗？同时看占用率。",
)


def staffing(
    language: str = "en",
    calls: int = 100,
    aht_s: int = 240,
    service_level: float = 0.8,
    within_s: int = 20,
    shrinkage: float = 0.3,
    patience_s: int = 0,
) -> Any:
    """Move calls, handle time, target, shrinkage and patience, and see how many agents a half hour needs.

    Parameters
    ----------
    language : str, optional
        "en" or "zh"; other charts of the session keep theirs.
    calls : int, optional
        Calls offered in the half hour.
    aht_s : int, optional
        Average handle time [s].
    service_level : float, optional
        Target as a share, below 1.
    within_s : int, optional
        Target wait [s].
    shrinkage : float, optional
        Share of paid time in which people are not available, below 1.
    patience_s : int, optional
        Mean patience [s]; 0: nobody hangs up.

    Returns
    -------
    VBox
        Sliders, sentences and a chart; show it as the last line of a cell.

    Examples
    --------
    >>> box = staffing(calls=100, aht_s=240)
    >>> box.children[-2].value[:57]
    '<p>100 calls of 240 s are 13.3 erlangs. 17 agents answer '
    >>> staffing(service_level=80)
    Traceback (most recent call last):
    ValueError: service_level must be a share between 0 and 1, both excluded, got 80; write 0.8
    """
    number("calls", calls, least=0)
    number("aht_s", aht_s, above=0)
    number("within_s", within_s, least=0)
    number("patience_s", patience_s, least=0)
    target = round(100 * float(share("service_level", service_level, zero=False, one=False)))
    away = round(100 * float(share("shrinkage", shrinkage, one=False)))
    controls = {
        "calls": slider(CALLS.say(language), calls, 0, 600),
        "aht_s": slider(AHT.say(language), aht_s, 30, 900, 10),
        "target": slider(TARGET.say(language), target, 50, 99),
        "within_s": slider(WITHIN.say(language), within_s, 0, 120, 5),
        "shrinkage": slider(SHRINKAGE.say(language), away, 0, 60),
        "patience_s": slider(PATIENCE.say(language), patience_s, 0, 900, 10),
    }
    return explorer(controls, staffing_view, language)


def staffing_view(
    calls: float, aht_s: float, target: float, within_s: float, shrinkage: float, patience_s: float, language: str
) -> View:
    """What the sliders mean; target and shrinkage in percent."""
    patience, goal = patience_s or None, target / 100
    load = _staffing.offered_load(calls, aht_s)
    if load == 0:
        return View(NOTHING.say(language))
    need = _staffing.agents_required
    agents = need(load, aht_s, goal, within_s, patience)
    served = (
        _staffing.erlang_c(load, agents, aht_s, within_s)
        if patience is None
        else _staffing.erlang_a(load, agents, aht_s, patience, within_s)
    )
    facts = {
        "calls": calls,
        "aht": aht_s,
        "load": load,
        "agents": agents,
        "level": served.service_level,
        "within": within_s,
        "occupancy": served.occupancy,
        "abandonment": served.abandonment,
        "shrinkage": shrinkage,
        "scheduled": need(load, aht_s, goal, within_s, patience, shrinkage=shrinkage / 100),
    }
    words = said(PLAN, language, **facts)
    if patience is not None:
        words += said(LOST, language, **facts)
    if served.occupancy > 0.9:
        words += TIGHT.say(language)
    ask = ASK_SHRINKAGE if shrinkage < 35 else ASK_PATIENCE if patience is None else ASK_SIZE
    chart = reporting.staffing_chart(load, aht_s, goal, within_s, patience)
    return View(words, said(ask, language, **facts), [chart])
