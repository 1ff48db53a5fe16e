"""The charts of forecast, staffing and day plan, in English or Chinese; the only module that imports matplotlib."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from . import staffing
from ._checks import choice, numbers, timed
from ._text import LANGUAGES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["day_plan_chart", "describe", "forecast_chart", "history_chart", "staffing_chart", "use_language"]

# Okabe and Ito's colours, told apart by colour-blind readers too; every series also differs in line or marker.
BLUE, ORANGE, RED, GREEN, GREY = "#0072B2", "#E69F00", "#D55E00", "#009E73", "#666666"
CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "SimHei",
)

_state = {"language": "en"}

WORDS = {
    "calls_day": ("Calls per day", "每日来电量"),
    "calls": ("Calls per interval", "每时段来电量"),
    "history": ("Call history", "历史话务量"),
    "forecast": ("Forecast and what came", "预测与实际话务量"),
    "actual": ("actual", "实际"),
    "mean": ("forecast", "预测"),
    "range": ("range of the forecast", "预测区间"),
    "agents": ("Agents", "座席人数"),
    "level": ("Service level", "服务水平"),
    "curve": ("Service level by number of agents", "座席人数与服务水平"),
    "erlang_c": ("nobody hangs up (Erlang C)", "客户不放弃（Erlang C）"),
    "erlang_a": ("customers hang up (Erlang A)", "客户会放弃（Erlang A）"),
    "target": ("target", "目标"),
    "plan": ("Agents needed and planned", "需求人数与排班人数"),
    "required": ("needed", "需求"),
    "staffed": ("planned", "排班"),
    "over": ("too many", "超出"),
    "under": ("too few", "不足"),
    "holiday": ("holiday", "节假日"),
    "makeup_workday": ("make-up workday", "调休上班"),
    "campaign": ("campaign", "营销活动"),
    "outage": ("outage", "故障"),
}


def use_language(language: str) -> None:
    """Write the charts of this session in English ("en") or Chinese ("zh"), with a font that has the characters.

    This call, and nothing else in the library, changes matplotlib's settings: `font.sans-serif` and
    `axes.unicode_minus`.

    Parameters
    ----------
    language : str
        "en" or "zh".

    Examples
    --------
    >>> use_language("zh")
    >>> staffing_chart(load=13.33, aht_s=240).axes[0].get_xlabel()
    '座席人数'
    >>> use_language("en")
    >>> use_language("cn")
    Traceback (most recent call last):
    ValueError: language must be one of en, zh, got 'cn'
    """
    choice("language", language, LANGUAGES)
    import matplotlib

    if language == "zh":
        font = _chinese_font()
        families = [name for name in matplotlib.rcParams["font.sans-serif"] if name != font]
        matplotlib.rcParams.update({"font.sans-serif": [font, *families], "axes.unicode_minus": False})
    _state["language"] = language


def _chinese_font() -> str:
    """The name of an installed font with Chinese characters: the package's, else the system's."""
    from matplotlib.font_manager import fontManager

    known = {font.name for font in fontManager.ttflist}
    package = find_spec("noto_cjk_sans_otc")
    if CHINESE_FONTS[0] not in known and package is not None and package.origin is not None:
        for path in sorted(Path(package.origin).parent.glob("*.ttc")):
            fontManager.addfont(path)
        known = {font.name for font in fontManager.ttflist}
    for name in CHINESE_FONTS:
        if name in known:
            return name
    raise ValueError("use_language('zh') needs a font with Chinese characters; run: pip install 'ccskills[zh]'")


def describe(figure: Figure) -> str:
    """The chart in words, for readers who do not see it.

    Parameters
    ----------
    figure : Figure
        A chart of this module.

    Examples
    --------
    >>> describe(staffing_chart(load=13.33, aht_s=240))
    'Service level by number of agents: 17 agents reach 81.1% against a target of 80.0%; one agent fewer reaches 69.0%.'
    """
    return str(figure.get_label())


def history_chart(history: pd.Series, events: pd.DataFrame | None = None) -> Figure:
    """Calls per day, with the events marked.

    Parameters
    ----------
    history : Series
        Counts on a DatetimeIndex.
    events : DataFrame, optional
        Columns `start`, `end`, `kind`, as in the `events` of `ccskills.data.centre`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.data import centre
    >>> ours = centre(days=28)
    >>> describe(history_chart(ours.intervals["offered"], ours.events))[:44]
    'Call history: 2,368 calls a day on average, '
    """
    timed("history", history)
    days = history.groupby(pd.DatetimeIndex(history.index).normalize()).sum()
    figure, axes = _figure("history", "calls_day")
    axes.plot(days.index, days.to_numpy(), color=BLUE, linewidth=1)
    colours = {"holiday": ORANGE, "makeup_workday": GREEN, "campaign": GREY, "outage": RED}
    for kind, colour in colours.items():
        rows = [] if events is None else list(events[events["kind"] == kind].itertuples())
        for at, row in enumerate(rows):
            first, last = pd.Timestamp(row.start).normalize(), pd.Timestamp(row.end).normalize() + pd.Timedelta(days=1)
            axes.axvspan(first, last, color=colour, alpha=0.35, label=_word(kind) if at == 0 else None)
    axes.set_ylim(bottom=0)
    figure.autofmt_xdate()
    _legend(axes)
    peak, low = days.idxmax(), days.idxmin()
    figures = (f"{days.mean():,.0f}", f"{days.max():,.0f}", f"{peak:%Y-%m-%d}", f"{days.min():,.0f}", f"{low:%Y-%m-%d}")
    return _labelled(
        figure,
        "{}: {} calls a day on average, most {} on {}, fewest {} on {}.",
        "{}：日均{}通，最多{}通（{}），最少{}通（{}）。",
        "history",
        *figures,
    )


def forecast_chart(forecast: pd.DataFrame, actual: pd.Series | None = None) -> Figure:
    """A forecast with its range, and what came when it is known; closed hours take no room.

    Parameters
    ----------
    forecast : DataFrame
        Columns `mean`, `lower`, `upper`, from `ccskills.forecasting.forecast`.
    actual : Series, optional
        Counts; those of the forecast's intervals are drawn.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from ccskills.data import half_hours, load
    >>> from ccskills.forecasting import forecast
    >>> describe(forecast_chart(forecast(half_hours(load("bank_calls")), 5)))
    'Forecast and what came: 164,253 calls foreseen in 5 days.'
    """
    missing = [name for name in ("mean", "lower", "upper") if name not in forecast.columns]
    if missing:
        raise ValueError(f"forecast must have the columns mean, lower and upper, got no {' and no '.join(missing)}")
    figure, axes = _figure("forecast", "calls")
    at = np.arange(len(forecast))
    axes.fill_between(at, forecast["lower"], forecast["upper"], color=BLUE, alpha=0.2, label=_word("range"))
    axes.plot(at, forecast["mean"], color=BLUE, label=_word("mean"))
    came = None if actual is None else timed("actual", actual).reindex(forecast.index)
    if came is not None:
        axes.plot(at, came, color=RED, linestyle="none", marker=".", markersize=4, label=_word("actual"))
    days = pd.DatetimeIndex(forecast.index).normalize()
    first = np.flatnonzero(~days.duplicated())
    shown = first[:: max(1, int(np.ceil(first.size / 10)))]
    axes.set_xticks(shown, [f"{days[row]:%m-%d}" for row in shown])
    axes.set_ylim(bottom=0)
    _legend(axes)
    total = f"{forecast['mean'].sum():,.0f}"
    if came is None or came.notna().sum() == 0:
        plain = "{}: {} calls foreseen in {} days.", "{}：预测{}通，共{}天。"
        return _labelled(figure, *plain, "forecast", total, first.size)
    known = came.notna()
    inside = ((came >= forecast["lower"]) & (came <= forecast["upper"]))[known].mean()
    return _labelled(
        figure,
        "{}: {} calls foreseen for the {} days known by now, {} came; {} of the intervals lie in the range.",
        "{}：已有实际数据的时段预测{}通，共{}天，实际{}通；{}的时段落在区间内。",
        "forecast",
        f"{forecast.loc[known, 'mean'].sum():,.0f}",
        days[known].nunique(),
        f"{came.sum():,.0f}",
        f"{inside:.0%}",
    )


def staffing_chart(
    load: float,
    aht_s: float,
    service_level: float = 0.8,
    within_s: float = 20,
    patience_s: float | None = None,
) -> Figure:
    """Service level by number of agents, with the target and the fewest agents that reach it.

    Parameters
    ----------
    load : float
        Offered load [erlangs], above 0.
    aht_s : float
        Average handle time [s].
    service_level : float, optional
        Target as a share.
    within_s : float, optional
        Target wait [s].
    patience_s : float, optional
        Mean patience [s]; adds the curve of Erlang A, which then decides.

    Returns
    -------
    Figure

    Examples
    --------
    >>> describe(staffing_chart(load=13.33, aht_s=240, patience_s=180))[:49]
    'Service level by number of agents: 16 agents reac'
    """
    numbers("load", load, above=0)
    needed = staffing.agents_required(load, aht_s, service_level, within_s, patience_s)
    most = staffing.agents_required(load, aht_s, max(service_level, 0.97), within_s)
    agents = np.arange(max(0, needed - max(5, round(0.25 * load))), max(most, needed + 2) + 1)
    plain = staffing.erlang_c(load, agents, aht_s, within_s).service_level
    figure, axes = _figure("curve", "level")
    axes.plot(agents, 100 * plain, color=BLUE, marker="o", markersize=4, label=_word("erlang_c"))
    decisive = plain
    if patience_s is not None:
        decisive = staffing.erlang_a(load, agents, aht_s, patience_s, within_s).service_level
        style: dict[str, Any] = {"color": GREEN, "marker": "s", "markersize": 4, "linestyle": "--"}
        axes.plot(agents, 100 * decisive, label=_word("erlang_a"), **style)
    axes.axhline(100 * service_level, color=GREY, linestyle=":", label=f"{_word('target')} {service_level:.0%}")
    found, before = (float(decisive[agents == n][0]) if n >= agents[0] else 0.0 for n in (needed, needed - 1))
    axes.plot([needed], [100 * found], color=RED, marker="D", markersize=9, linestyle="none", fillstyle="none")
    axes.annotate(str(needed), (needed, 100 * found), xytext=(0, 9), textcoords="offset points", ha="center", color=RED)
    axes.set_xlabel(_word("agents"))
    axes.set_ylim(0, 102)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}%")
    axes.locator_params(axis="x", integer=True)
    _legend(axes)
    return _labelled(
        figure,
        "{}: {} agents reach {} against a target of {}; one agent fewer reaches {}.",
        "{}：{}人可达{}，目标{}；少一人只有{}。",
        "curve",
        needed,
        *(f"{share:.1%}" for share in (found, service_level, before)),
    )


def day_plan_chart(required: pd.Series, staffed: pd.Series) -> Figure:
    """Agents needed and agents planned through the day, with what is too many and too few.

    Parameters
    ----------
    required : Series
        Agents needed, on the start of each interval.
    staffed : Series
        Agents planned or present in the same intervals.

    Returns
    -------
    Figure

    Examples
    --------
    >>> start = pd.date_range("2026-01-05 09:00", periods=3, freq="30min")
    >>> describe(day_plan_chart(pd.Series([10, 17, 12], start), pd.Series([12, 15, 12], start)))
    'Agents needed and planned: at most 17 needed and 15 planned; too few in 1 and too many in 1 of 3 intervals.'
    """
    timed("required", required)
    timed("staffed", staffed)
    if not required.index.equals(staffed.index):
        raise ValueError("required and staffed must have the same index, got two different ones")
    need, have = required.to_numpy(dtype=float), staffed.to_numpy(dtype=float)
    edges = np.arange(need.size + 1)
    figure, axes = _figure("plan", "agents")
    for key, colour, hatch, gap in (
        ("over", ORANGE, "..", np.maximum(have - need, 0)),
        ("under", RED, "//", np.minimum(have - need, 0)),
    ):
        axes.bar(edges[:-1] + 0.5, gap, 1.0, bottom=need, color=colour, alpha=0.4, hatch=hatch, label=_word(key))
    axes.stairs(need, edges, baseline=None, color=BLUE, linewidth=2, label=_word("required"))
    axes.stairs(have, edges, baseline=None, color="black", linestyle="--", linewidth=1.5, label=_word("staffed"))
    shown = np.arange(0, need.size, max(1, need.size // 12))
    axes.set_xticks(shown, [f"{required.index[row]:%H:%M}" for row in shown], rotation=45)
    axes.set_ylim(0, 1.08 * max(need.max(), have.max(), 1))
    _legend(axes)
    return _labelled(
        figure,
        "{}: at most {} needed and {} planned; too few in {} and too many in {} of {} intervals.",
        "{}：需求最多{}人，排班最多{}人；{}个时段不足，{}个时段超出，共{}个时段。",
        "plan",
        *(f"{value:.0f}" for value in (need.max(), have.max(), (have < need).sum(), (have > need).sum(), need.size)),
    )


def _word(key: str) -> str:
    """A label in the language of the session."""
    return WORDS[key][LANGUAGES.index(_state["language"])]


def _figure(title: str, y: str) -> tuple[Figure, Axes]:
    """An empty chart that notebooks show once, as the value of the cell."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    plt.close(figure)
    axes.set_title(_word(title))
    axes.set_ylabel(_word(y))
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _legend(axes: Axes) -> None:
    """A legend below the chart, when something has a name."""
    handles, labels = axes.get_legend_handles_labels()
    if labels:
        axes.figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)


def _labelled(figure: Figure, en: str, zh: str, title: str, *values: object) -> Figure:
    """The figure with its description in the language of the session."""
    figure.set_label((en if _state["language"] == "en" else zh).format(_word(title), *values))
    return figure
