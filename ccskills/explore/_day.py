"""A day on the floor to manage: the flight simulator with fields and buttons, to be played forwards only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from .. import reporting
from .._checks import choice
from .._text import LANGUAGES, Text
from ..simulation import Day, Situation
from ..simulation._levers import SWITCHES
from ..staffing import agents_required, offered_load
from ._parts import Screen, View, amount_box, button, said, tick

__all__ = ["needed", "over_view", "simulation_day", "situation_view"]

SHOWN_AHEAD, SHOWN_PAST = 6, 4
NEXT = Text("Let half an hour pass", "推进半小时")
AGAIN = Text("Start another day", "再来一天")
AGAIN_LATER = Text("Start another day (when this one is over)", "再来一天（这一天结束后可用）")
COUNTED = Text(
    "{name}: at most {most} now, {cost:.0f} each, acts {acts}", "{name}：目前最多{most}，每单位成本{cost:.0f}，{acts}"
)
SAVING = Text(
    "{name}: at most {most} now, saves {cost:.0f} each, acts {acts}",
    "{name}：目前最多{most}，每人节省{cost:.0f}，{acts}",
)
SWITCH = Text("{name}: {cost:.0f}, acts {acts}", "{name}：成本{cost:.0f}，{acts}")
GONE = Text("{name}: not possible now", "{name}：目前不可用")
AT_ONCE, LATER = Text("at once", "立即生效"), Text("in {minutes} min", "{minutes}分钟后生效")
MORNING = Text(
    "It is {now}, the day begins. The plan is for {agents:.0f} agents in the first half hour; {need} are needed.",
    "现在{now}，一天开始。第一个半小时在线{agents:.0f}人，需求{need}人。",
)
PASSED = Text(
    "It is {now}. In the half hour {offered} called, {forecast} were foreseen; {level:.0%} were answered within 20 s, "
    "{lost} hung up, {waiting} wait now. The day so far: {day:.1%}. Left in the budget: {budget:,.0f}.",
    "现在{now}。刚过去的半小时来电{offered}通（预测{forecast}通），20秒内应答{level:.0%}，放弃{lost}通，目前排队{waiting}人。"
    "全天至今服务水平{day:.1%}，预算剩余{budget:,.0f}。",
)
NEWS = Text("News: {news}.", "最新消息：{news}。")
SHORT = Text(
    "Look ahead: from {time} on, {gap:.0f} agents are missing. Which lever acts in time, and what does it cost?",
    "往前看：{time}起缺{gap:.0f}人。哪项措施来得及？要花多少？",
)
OVER_FORECAST = Text(
    "{share:.0%} more calls than foreseen in the last half hours: the plan ahead is too low, and most levers "
    "take half an hour.",
    "最近几个时段来电比预测多{share:.0%}：后面的计划偏低，而多数措施要半小时后才生效。",
)
SPARE = Text(
    "{gap:.0f} agents more than needed at {time}: could somebody leave early?",
    "{time}多出{gap:.0f}人：能否让人提前下班？",
)
STEADY = Text("Plan and need are close. To do nothing is a decision, too.", "计划与需求接近。不采取措施也是一种决策。")
TOO_DEAR = Text(
    "This would cost {cost:,.0f}, and {budget:,.0f} are left. Nothing was decided; take something back.",
    "这些措施要花{cost:,.0f}，预算只剩{budget:,.0f}。尚未执行，请减少一些。",
)
JUDGING = Text(
    "The day is over. It is compared with the best plan in hindsight ...", "一天结束，正在与事后最优方案比较……"
)
OVER_ASK = Text(
    "Which decision would you take earlier next time? A day cannot be taken back; another one can be started.",
    "下一次，哪个决策应该更早？这一天不能重来，可以再开始新的一天。",
)
AHEAD, PAST = Text("The next half hours", "接下来的时段"), Text("The last half hours", "刚过去的时段")
HEADS = {
    "start": Text("from", "时段"),
    "forecast": Text("foreseen", "预测"),
    "need": Text("needed", "需求人数"),
    "agents": Text("on the phones", "在线人数"),
    "gap": Text("over / short", "余缺"),
    "breaks": Text("break", "小休"),
    "training": Text("training", "培训"),
    "absent": Text("absent", "缺勤"),
    "offered": Text("called", "来电"),
    "service_level": Text("service level", "服务水平"),
    "abandoned": Text("hung up", "放弃"),
    "waiting": Text("waiting", "排队"),
    "occupancy": Text("occupancy", "占用率"),
}


def simulation_day(language: str = "en", seed: int = 7, level: str = "normal", day: Day | None = None) -> Any:
    """Manage a day half hour by half hour: look, pull levers, let time pass; at closing time score and debrief.

    Nothing can be taken back, as on the floor.

    Parameters
    ----------
    language : str, optional
        "en" or "zh"; other charts of the session keep theirs.
    seed : int, optional
        Which day; "Start another day" takes the next one.
    level : str, optional
        "calm", "normal" or "rough".
    day : Day, optional
        A `ccskills.simulation.Day` to manage instead; its `log` and `score` then belong to the notebook, and no other
        day is offered.

    Returns
    -------
    VBox
        Fields, buttons, sentences, tables and a chart; show it as the last line of a cell.

    Examples
    --------
    >>> mine = Day(seed=7)
    >>> box = simulation_day(day=mine)
    >>> box.children[6].description
    'Let half an hour pass'
    >>> box.children[6].click()
    >>> len(mine.log), box.children[-2].value[:22]
    (1, '<p>It is 08:30. In the')
    >>> simulation_day(level="wild")
    Traceback (most recent call last):
    ValueError: level must be one of calm, normal, rough, got 'wild'
    """
    choice("language", language, LANGUAGES)
    if day is not None and not isinstance(day, Day):
        raise TypeError(f"day must be a Day of ccskills.simulation, got {type(day).__name__}")
    return _Desk(language, seed, level, day).screen.box


class _Desk:
    """The fields, the buttons and the day behind them."""

    def __init__(self, language: str, seed: int, level: str, day: Day | None) -> None:
        self.language, self.seed, self.level = language, seed, level
        self.day = Day(seed, level) if day is None else day
        self.told = 0
        self.fields = {
            name: tick("") if name in SWITCHES else amount_box("", 0) for name in self.day.situation().levers.index
        }
        self.next = button(NEXT.say(language), self.step, main=True)
        self.again = [] if day is not None else [button(AGAIN.say(language), self.restart)]
        self.offer_another(False)
        self.screen = Screen([*self.fields.values(), self.next, *self.again], language)
        if self.day.over:
            self.finish()
        else:
            self.look()

    def look(self) -> None:
        """Show what is known now, and what each lever can do."""
        situation = self.day.situation(self.language)
        fresh, self.told = situation.news[self.told :], len(situation.news)
        self.offer(situation)
        self.screen.draw(lambda: situation_view(self.day, situation, fresh, self.language))

    def offer(self, situation: Situation) -> None:
        """Set the fields back to nothing, and let them say what they can do."""
        for name, field in self.fields.items():
            _offer(field, situation.levers.loc[name], name in SWITCHES, self.language)

    def step(self) -> None:
        """Decide what the fields say, unless it is too dear, and let half an hour pass."""
        if self.day.over:
            return
        self.next.disabled = True
        wanted = {name: field.value for name, field in self.fields.items()}
        levers = self.day.situation().levers
        cost = float(sum(max(levers.loc[name, "cost"], 0) * int(value) for name, value in wanted.items()))
        budget = self.day.situation().budget_left
        if cost > budget + 1e-9:
            self.screen.warn(said(TOO_DEAR, self.language, cost=cost, budget=budget))
            self.next.disabled = False
            return
        self.day.step(**wanted)
        if self.day.over:
            self.finish()
        else:
            self.look()
            self.next.disabled = False

    def finish(self) -> None:
        """Judge the day; the best plan in hindsight takes a moment to find."""
        self.next.disabled = True
        self.offer(self.day.situation(self.language))
        self.screen.warn(JUDGING.say(self.language))
        self.screen.draw(lambda: over_view(self.day, self.language))
        self.offer_another(True)

    def restart(self) -> None:
        """The day of the next seed."""
        self.seed, self.told = self.seed + 1, 0
        self.day = Day(self.seed, self.level)
        self.offer_another(False)
        self.next.disabled = False
        self.look()

    def offer_another(self, now: bool) -> None:
        """Open the button for another day, or say on it why it is closed."""
        for made in self.again:
            made.disabled = not now
            made.description = made.tooltip = (AGAIN if now else AGAIN_LATER).say(self.language)


def _offer(field: Any, row: Any, switch: bool, language: str) -> None:
    """Set a field back and say what it can do now."""
    most, minutes = int(row["most_now"]), int(row["acts_after_min"])
    acts = said(LATER, language, minutes=minutes) if minutes else AT_ONCE.say(language)
    text = GONE if not most else SWITCH if switch else SAVING if row["cost"] < 0 else COUNTED
    field.description = said(text, language, name=row["name"], most=most, cost=abs(row["cost"]), acts=acts)
    field.value = False if switch else 0
    field.disabled = not most
    if not switch:
        field.max = most


def needed(day: Day, forecast: pd.Series) -> Any:
    """Agents for 80 % in 20 s with the planned handle time and patience, if the forecast holds."""
    world = day._world
    return agents_required(
        offered_load(forecast, world.planned_aht_s), world.planned_aht_s, patience_s=world.patience_s
    )


def situation_view(day: Day, situation: Situation, fresh: Sequence[str], language: str) -> View:
    """What the floor knows before the next half hour."""
    past, now = situation.so_far, f"{situation.now:%H:%M}"
    ahead = situation.ahead.head(SHOWN_AHEAD).assign(need=needed(day, situation.ahead["forecast"].head(SHOWN_AHEAD)))
    ahead["gap"] = ahead["agents"] - ahead["need"]
    if past.empty:
        words = said(MORNING, language, now=now, agents=ahead["agents"].iloc[0], need=ahead["need"].iloc[0])
    else:
        last, whole = past.iloc[-1], past["answered_within"].sum() / max(past["offered"].sum(), 1)
        words = said(
            PASSED,
            language,
            now=now,
            offered=int(last["offered"]),
            forecast=int(last["forecast"]),
            level=last["service_level"],
            lost=int(last["abandoned"]),
            waiting=situation.waiting,
            day=whole,
            budget=situation.budget_left,
        )
    if fresh:
        words += "\n" + said(NEWS, language, news=Text("; ", "；").say(language).join(fresh))
    tables = {
        AHEAD.say(language): _table(
            ahead, ["forecast", "need", "agents", "gap", "breaks", "training", "absent"], language
        )
    }
    charts = []
    if not past.empty:
        names = ["forecast", "offered", "agents", "service_level", "abandoned", "waiting", "occupancy"]
        tables[PAST.say(language)] = _table(past.tail(SHOWN_PAST), names, language)
        charts = [reporting.simulation_day_chart(past)]
    return View(words, _advice(past, ahead, language), charts, tables)


def _advice(past: pd.DataFrame, ahead: pd.DataFrame, language: str) -> str:
    """What to look at before deciding; not what to decide."""
    recent = past.tail(SHOWN_PAST)
    more = recent["offered"].sum() / max(recent["forecast"].sum(), 1) - 1 if len(recent) > 1 else 0.0
    if more > 0.05:
        return said(OVER_FORECAST, language, share=more)
    later = ahead["gap"].iloc[1:] if len(ahead) > 1 else ahead["gap"]
    worst, best = later.idxmin(), later.idxmax()
    if later[worst] < -2:
        return said(SHORT, language, time=f"{worst:%H:%M}", gap=-later[worst])
    if later[best] > 5:
        return said(SPARE, language, time=f"{best:%H:%M}", gap=later[best])
    return STEADY.say(language)


def over_view(day: Day, language: str) -> View:
    """Score and debrief."""
    return View(day.report(language), OVER_ASK.say(language), [reporting.simulation_day_chart(day.situation().so_far)])


def _table(rows: pd.DataFrame, names: Sequence[str], language: str) -> pd.DataFrame:
    """Half hours in words."""
    forms = {"service_level": "{:.0%}", "occupancy": "{:.0%}", "gap": "{:+.0f}"}
    cells = {}
    for name in names:
        words = [forms.get(name, "{:.0f}").format(value) for value in rows[name]]
        cells[HEADS[name].say(language)] = ["0" if word in ("+0", "-0") else word for word in words]
    index = pd.Index([f"{start:%H:%M}" for start in rows.index], name=HEADS["start"].say(language))
    return pd.DataFrame(cells, index=index)
