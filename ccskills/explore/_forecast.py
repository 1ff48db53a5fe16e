"""What a forecast would have been worth: an explorer of methods, horizon and events on weeks that have passed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from .. import data as _data
from .. import forecasting, reporting
from .._checks import choice, whole
from .._text import Text
from ._parts import View, explorer, menu, said, slider, tick

__all__ = ["forecast", "forecast_view"]

SOURCES = {
    "bank_calls": Text("calls of a bank (real, 2003)", "某银行来电（真实数据，2003年）"),
    "centre": Text("our hotline (generated, 2025-2026)", "我们的热线（生成数据，2025—2026年）"),
}
METHODS = {
    "seasonal_naive": Text("the last same weekday", "上一个相同星期几"),
    "weekday_median": Text("median of eight same weekdays", "最近八个相同星期几的中位数"),
    "weekday_weighted": Text("weighted mean of same weekdays", "相同星期几的加权平均"),
    "holt_winters": Text("exponential smoothing (Holt-Winters)", "指数平滑（Holt-Winters）"),
    "ridge_profile": Text("ridge regression and profile", "岭回归加时段分布"),
    "combination": Text("mean of the last three", "后三种方法的平均"),
}
PARTS = {
    "wape_day": Text("Size of the error by day (WAPE)", "按日的误差大小（WAPE）"),
    "wape_hour": Text("Size of the error by hour (WAPE)", "按小时的误差大小（WAPE）"),
    "bias_day": Text("Bias by day", "按日的偏差"),
    "bias_hour": Text("Bias by hour", "按小时的偏差"),
}
SOURCE = Text("Data", "数据")
METHOD = Text("Method", "方法")
HORIZON = Text("Open days ahead", "预测天数（营业日）")
WEEKS = Text("Weeks before the end of the data", "距数据末尾的周数")
EVENTS = Text("tell it of holidays, campaigns and outages", "告知节假日、营销活动和故障")
PART = Text("Second chart", "第二张图")
LONGEST = 20  # open days that always stay to be compared
LEARN_WEEKS = 8
MADE = Text(
    "Forecast on {origin} for {days} open days, from what was known then. It missed {wape:.1%} of the volume interval "
    "by interval (WAPE), {wape_day:.1%} of the daily totals; bias {bias:+.1%}: ",
    "预测作于{origin}，只用当时已知的数据，预测之后{days}个营业日。按时段的误差占话务量的{wape:.1%}（WAPE），"
    "按日总量为{wape_day:.1%}；偏差{bias:+.1%}：",
)
HIGH, LOW = Text("on the whole too high.", "总体偏高。"), Text("on the whole too low.", "总体偏低。")
LEVEL = Text("hardly to one side.", "没有明显偏向。")
WORST = Text(" Worst day: {day} with {wape:.1%}.", "误差最大的一天是{day}，{wape:.1%}。")
HIT = Text(" In the days ahead: {names}.", "预测期内有：{names}。")
DEAF = Text(" The forecast was not told.", "没有告知预测。")
NEW = Text(" Nothing could be learnt beforehand about: {names}.", "事先没有可供学习的先例：{names}。")
ASK_HOLIDAY = Text(
    "Choose {weeks} weeks before the end: the Spring Festival comes. Then tell it of events, and see what that is "
    "worth.",
    "把“距数据末尾的周数”调到{weeks}：预测期内有春节。再勾选“告知节假日”，看误差差多少。",
)
ASK_EVENTS = Text(
    "Tick “tell it of holidays …”: how much of the error was the event, how much the method?",
    "勾选“告知节假日、营销活动和故障”：误差里有多少来自事件，多少来自方法？",
)
ASK_METHOD = Text(
    "Change the method and go through several weeks: does the same method win every week? One week is chance.",
    "换一种方法，再多看几周：每周都是同一种方法最好吗？只看一周是碰运气。",
)
ASK_PART = Text(
    "Compare the error by day with the error by hour: which hours cost you agents, which cancel out in the day?",
    "比较按日和按小时的误差：哪些时段会让人手排错，哪些在一天里相互抵消？",
)
TITLE = Text("Error of the forecast", "预测误差")


def forecast(
    language: str = "en", data: str = "centre", method: str = "seasonal_naive", horizon_days: int = 10, weeks: int = 0
) -> Any:
    """Choose a method, go back in time, forecast, and see what came: error by day and by hour, with and without events.

    Parameters
    ----------
    language : str, optional
        "en" or "zh"; other charts of the session keep theirs.
    data : str, optional
        What it starts with: "centre" (`ccskills.data.centre`) or "bank_calls" (`ccskills.data.load`).
    method : str, optional
        One of `ccskills.forecasting.METHODS`.
    horizon_days : int, optional
        Open days to foresee, up to 20.
    weeks : int, optional
        How far the day of the forecast is moved back [weeks]; at 0 it is 20 open days before the end of the data.

    Returns
    -------
    VBox
        Menus, sliders, sentences and charts; show it as the last line of a cell.

    Examples
    --------
    >>> box = forecast(data="bank_calls", method="weekday_median")
    >>> box.children[-2].value[:58]
    '<p>Forecast on 2003-09-25 for 10 open days, from what was '
    >>> forecast(method="prophet")
    Traceback (most recent call last):
    ValueError: method must be one of seasonal_naive, weekday_median, weekday_weighted, holt_winters, ridge_profile,
    combination, got 'prophet'
    """
    choice("data", data, SOURCES)
    choice("method", method, METHODS)
    whole("horizon_days", horizon_days, most=LONGEST)
    whole("weeks", weeks, least=0, most=_most_weeks(data))
    controls = {
        "data": menu(SOURCE.say(language), [(text.say(language), name) for name, text in SOURCES.items()], data),
        "method": menu(METHOD.say(language), [(text.say(language), name) for name, text in METHODS.items()], method),
        "horizon_days": slider(HORIZON.say(language), horizon_days, 1, LONGEST),
        "weeks": slider(WEEKS.say(language), weeks, 0, _most_weeks(data)),
        "part": menu(PART.say(language), [(text.say(language), name) for name, text in PARTS.items()], "wape_day"),
        "events": tick(EVENTS.say(language)),
    }

    def fit(change: Any) -> None:
        controls["weeks"].max = _most_weeks(change["new"])
        controls["events"].disabled = change["new"] != "centre"

    fit({"new": data})
    controls["data"].observe(fit, names="value")
    return explorer(controls, forecast_view, language)


def forecast_view(
    data: str, method: str, horizon_days: int, weeks: int, part: str, events: bool, language: str
) -> View:
    """The forecast of a past day against what came."""
    history, listed = _history(data)
    origin, made = _made(data, method, horizon_days, weeks, events and data == "centre")
    actual = history.reindex(made.index).astype(float)
    found = forecasting.accuracy(actual, made)
    days = forecasting.accuracy_by(actual, made, "day")
    facts = {"origin": f"{origin:%Y-%m-%d}", "days": len(days), "wape": found.wape, "bias": found.bias}
    whole_days = forecasting.accuracy_by(actual, made).loc["day", "wape"]
    words = said(MADE, language, **facts, wape_day=whole_days)
    words += (LEVEL if abs(found.bias) < 0.01 else HIGH if found.bias > 0 else LOW).say(language)
    words += said(WORST, language, day=f"{days['wape'].idxmax():%Y-%m-%d}", wape=days["wape"].max())
    words, hit = words + _news(listed, origin, made, events, language), _coming(listed, made)
    ask = (
        ASK_EVENTS
        if len(hit) and not events
        else ASK_PART
        if part == "wape_day" and method != "seasonal_naive"
        else ASK_METHOD
    )
    if data == "centre" and not len(hit) and weeks == 0:
        ask = ASK_HOLIDAY
    charts = [reporting.forecast_chart(made, actual), _error_chart(actual, made, part, language)]
    return View(words, said(ask, language, weeks=_festival_weeks() if ask is ASK_HOLIDAY else 0), charts)


def _error_chart(actual: pd.Series, made: pd.DataFrame, part: str, language: str) -> Any:
    """Size or bias of the error, by day or by hour."""
    measure, by = part.split("_")
    table = forecasting.accuracy_by(actual, made, by)[[measure]].set_axis([PARTS[part].say(language)], axis=1)
    return reporting.comparison_chart(table, label=TITLE.say(language), shares=True)


def _news(listed: pd.DataFrame, origin: pd.Timestamp, made: pd.DataFrame, told: bool, language: str) -> str:
    """Which events fell into the days ahead, and what the forecast knew of them."""
    hit = _coming(listed, made)
    if hit.empty:
        return ""
    comma = Text(", ", "、").say(language)
    words = said(HIT, language, names=comma.join(hit[language]))
    if not told:
        return words + DEAF.say(language)
    unknown = hit[~_foreseeable(listed, hit, origin)]
    return words + (said(NEW, language, names=comma.join(unknown[language])) if len(unknown) else "")


def _coming(listed: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    first, last = made.index[0].normalize(), made.index[-1]
    return listed[(listed["end"] >= first) & (listed["start"] <= last)]


def _foreseeable(listed: pd.DataFrame, ahead: pd.DataFrame, origin: pd.Timestamp) -> Any:
    """Nobody foresees an outage; of a campaign or a holiday something must have been seen before."""
    seen = set(listed.loc[listed["end"] < origin + pd.Timedelta(days=1), "kind"]) | {"makeup_workday"}
    return (ahead["kind"] != "outage") & ahead["kind"].isin(seen)


@lru_cache(maxsize=1)
def _centre() -> tuple[pd.Series, pd.DataFrame]:
    made = _data.centre()
    return made.intervals["offered"], made.events


def _history(data: str) -> tuple[pd.Series, pd.DataFrame]:
    """The counts, and the events where they are known."""
    history, events = _centre()
    return (history, events) if data == "centre" else (_bank(), events.iloc[:0])


@lru_cache(maxsize=1)
def _bank() -> pd.Series:
    return _data.half_hours(_data.load("bank_calls"))


@lru_cache(maxsize=2)
def _days(data: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(_history(data)[0].index).normalize().unique()


def _week(data: str) -> int:
    return int(_days(data).day_of_week.nunique())


def _most_weeks(data: str) -> int:
    """As far back as leaves enough to learn from."""
    return (len(_days(data)) - LONGEST) // _week(data) - LEARN_WEEKS


def _festival_weeks() -> int:
    """Weeks to go back until the last Spring Festival lies in the ten days ahead."""
    days, events = _days("centre"), _centre()[1]
    start = events.loc[events["en"] == "Spring Festival", "start"].max()
    return int(np.ceil((days.size - LONGEST - days.get_loc(start.normalize())) / _week("centre")))


@lru_cache(maxsize=128)
def _made(data: str, method: str, horizon_days: int, weeks: int, told: bool) -> tuple[pd.Timestamp, pd.DataFrame]:
    """The last day known and the forecast made then."""
    history, listed = _history(data)
    days = _days(data)
    first = days.size - LONGEST - weeks * _week(data)
    origin, wanted = days[first - 1], days[first : first + horizon_days]
    known = history[: origin + pd.Timedelta(hours=23, minutes=59)]
    closed = pd.date_range(origin, wanted[-1]).difference(wanted)
    events = listed[(listed["start"] <= origin) | _foreseeable(listed, listed, origin)] if told else None
    made = forecasting.forecast(known, horizon_days, method, closed=closed, events=events)
    return origin, made[made.index.isin(history.index)]
