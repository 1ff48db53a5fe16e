"""Widgets to play with in a notebook; the only module that imports ipywidgets."""

from __future__ import annotations

import base64
from html import escape
from io import BytesIO
from typing import Any

import ipywidgets as widgets

from . import reporting
from . import staffing as _staffing
from ._checks import choice
from ._text import LANGUAGES

__all__ = ["staffing"]

WORDS = {
    "calls": ("Calls in 30 min", "半小时来电量"),
    "aht_s": ("AHT [s]", "平均处理时长（秒）"),
    "target": ("Target [%]", "服务水平目标（%）"),
    "within_s": ("Answer within [s]", "应答时限（秒）"),
    "shrinkage": ("Shrinkage [%]", "缩减率（%）"),
    "patience_s": ("Patience [s], 0 = endless", "平均耐心（秒），0为不放弃"),
}
SENTENCES = {
    "none": ("Without calls nobody is needed.", "没有来电，无需座席。"),
    "plan": (
        "{calls} calls of {aht} s are {load:.1f} erlangs. {agents} agents answer {level:.1%} within {within} s at an "
        "occupancy of {occupancy:.1%}; with {shrinkage}% shrinkage {scheduled} must be scheduled.",
        "{calls}通来电、平均处理时长{aht}秒，话务量为{load:.1f}爱尔兰（Erlang）。{agents}名座席可在{within}秒内应答{level:.1%}，"
        "占用率{occupancy:.1%}；缩减率{shrinkage}%时需排班{scheduled}人。",
    ),
    "lost": (" {abandonment:.1%} of the callers hang up.", "放弃率{abandonment:.1%}。"),
}


def staffing(
    language: str = "en",
    calls: int = 100,
    aht_s: int = 240,
    service_level: float = 0.8,
    within_s: int = 20,
    shrinkage: float = 0.3,
    patience_s: int = 0,
) -> widgets.VBox:
    """Move calls, handle time, target, shrinkage and patience, and see how many agents a half hour needs.

    Parameters
    ----------
    language : str, optional
        "en" or "zh"; the charts of the session follow it.
    calls : int, optional
        Calls offered in the half hour.
    aht_s : int, optional
        Average handle time [s].
    service_level : float, optional
        Target as a share.
    within_s : int, optional
        Target wait [s].
    shrinkage : float, optional
        Share of paid time in which people are not available.
    patience_s : int, optional
        Mean patience [s]; 0: nobody hangs up.

    Returns
    -------
    VBox
        Sliders, a sentence and a chart; show it as the last line of a cell.

    Examples
    --------
    >>> box = staffing(calls=100, aht_s=240)
    >>> box.children[-2].value[:57]
    '<p>100 calls of 240 s are 13.3 erlangs. 17 agents answer '
    """
    choice("language", language, LANGUAGES)
    reporting.use_language(language)
    at = LANGUAGES.index(language)
    sliders = {
        "calls": _slider(WORDS["calls"][at], calls, 0, 600),
        "aht_s": _slider(WORDS["aht_s"][at], aht_s, 30, 900, 10),
        "target": _slider(WORDS["target"][at], round(100 * service_level), 50, 99),
        "within_s": _slider(WORDS["within_s"][at], within_s, 0, 120, 5),
        "shrinkage": _slider(WORDS["shrinkage"][at], round(100 * shrinkage), 0, 60),
        "patience_s": _slider(WORDS["patience_s"][at], patience_s, 0, 900, 10),
    }
    sentence, chart = widgets.HTML(), widgets.HTML()

    def update(_: Any = None) -> None:
        values = {name: int(slider.value) for name, slider in sliders.items()}
        sentence.value, chart.value = _show(values, at)

    for slider in sliders.values():
        slider.observe(update, names="value")
    update()
    return widgets.VBox([*sliders.values(), sentence, chart])


def _slider(label: str, value: int, least: int, most: int, step: int = 1) -> Any:
    """A slider that is wide enough for its label; a start value outside its range is moved to the edge."""
    return widgets.IntSlider(
        value=min(max(value, least), most),
        min=least,
        max=most,
        step=step,
        description=label,
        continuous_update=False,
        style={"description_width": "13em"},
        layout=widgets.Layout(width="34em", max_width="100%"),
    )


def _show(values: dict[str, int], at: int) -> tuple[str, str]:
    """The sentence and the chart for the values of the sliders, as HTML."""
    patience = values["patience_s"] or None
    aht, within, target = values["aht_s"], values["within_s"], values["target"] / 100
    load = _staffing.offered_load(values["calls"], aht)
    if load == 0:
        return f"<p>{SENTENCES['none'][at]}</p>", ""
    need = _staffing.agents_required
    agents = need(load, aht, target, within, patience)
    served = (
        _staffing.erlang_c(load, agents, aht, within)
        if patience is None
        else _staffing.erlang_a(load, agents, aht, patience, within)
    )
    text = SENTENCES["plan"][at].format(
        calls=values["calls"],
        aht=aht,
        load=load,
        agents=agents,
        level=served.service_level,
        within=within,
        occupancy=served.occupancy,
        shrinkage=values["shrinkage"],
        scheduled=need(load, aht, target, within, patience, shrinkage=values["shrinkage"] / 100),
    )
    if patience is not None:
        text += SENTENCES["lost"][at].format(abandonment=served.abandonment)
    figure = reporting.staffing_chart(load, aht, target, within, patience)
    image = BytesIO()
    figure.savefig(image, format="png", dpi=90)
    data = base64.b64encode(image.getvalue()).decode("ascii")
    alt = escape(reporting.describe(figure), quote=True)
    return f"<p>{escape(text)}</p>", f'<img alt="{alt}" style="max-width: 100%" src="data:image/png;base64,{data}">'
