"""What the explorers share: labelled controls, sentences that are read aloud, charts as pictures, one look."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

import ipywidgets as widgets
import pandas as pd

from .._checks import choice
from .._text import LANGUAGES, Text
from ..reporting import _chart_base

__all__ = [
    "Screen",
    "View",
    "amount_box",
    "button",
    "explorer",
    "menu",
    "room_above",
    "roomy_slider",
    "said",
    "slider",
    "speaking",
    "tick",
]

DPI = 120
LANG = {"en": "en", "zh": "zh-CN"}
# Controls stand beside each other where there is room and below each other on a phone; the rest takes the whole width.
STYLE = """
.jupyter-widgets.ccskills-explorer{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));
gap:.2rem 1.6rem;align-items:end;max-width:62rem;overflow:hidden;padding:.3rem}
.jupyter-widgets.ccskills-pairs{grid-template-columns:repeat(auto-fit,minmax(min(100%,23rem),1fr))}
.ccskills-explorer>.ccskills-wide{grid-column:1/-1;min-width:0;width:auto;height:auto;margin:0}
.ccskills-wide>.widget-html-content{min-width:0;flex:1 1 100%}
.jupyter-widgets.ccskills-support{display:none}
.jupyter-widgets.ccskills-control{display:flex;flex-wrap:wrap;width:auto;height:auto;margin:.15rem 0;min-width:0}
.jupyter-widgets.ccskills-control>.widget-label{width:100%;max-width:none;text-align:left;overflow:visible;white-space:normal;
height:auto;line-height:1.35;word-break:keep-all;overflow-wrap:break-word}
.ccskills-control>select,.ccskills-control>input{flex:1 1 8rem;min-width:0}
.jupyter-widgets.ccskills-tick{align-items:center;min-height:2rem}
.jupyter-widgets.ccskills-tick>.widget-label{display:none}
.ccskills-tick .widget-label-basic{width:auto;max-width:100%;white-space:normal;height:auto;line-height:1.35;
overflow:visible;display:flex;gap:.4rem;align-items:center;word-break:keep-all;overflow-wrap:break-word}
.ccskills-tick input{flex:none}
.jupyter-widgets.ccskills-press{width:auto;height:auto;min-height:2rem;padding:.2rem .8rem;margin:.15rem;
white-space:normal;line-height:1.3;border:1px solid #767676;word-break:keep-all}
.ccskills-explorer .noUi-handle:focus-visible,.ccskills-explorer button:focus-visible,
.ccskills-explorer select:focus-visible,.ccskills-explorer input:focus-visible{outline:3px solid #0072B2;
outline-offset:2px}
.ccskills-explorer .widget-html-content{white-space:normal;line-height:1.5;font-size:var(--jp-content-font-size1,14px)}
.jupyter-widgets.ccskills-marks{display:grid;grid-template-columns:1.4rem repeat(4,minmax(0,1fr));gap:2px;
max-width:34rem!important;align-items:center}
.jupyter-widgets.ccskills-mark{color:#222;padding:.1rem;margin:0;width:100%}
.ccskills-mark-2{background:#d5ecdf!important}.ccskills-mark-1{background:#fbe6bd!important}
.ccskills-mark-0{background:#f6cdb8!important;font-weight:600!important}
.jupyter-widgets.ccskills-head{width:auto;margin:0;text-align:center;font-weight:600}
.ccskills-says{border-left:4px solid #0072B2;padding-left:.8rem}
.jupyter-widgets.ccskills-says{margin:.6rem 0}
.ccskills-says p{margin:.3rem 0;max-width:48rem}
.ccskills-ask::before{content:"➜ "}
@supports (content:"x" / ""){.ccskills-ask::before{content:"➜ " / ""}}
.ccskills-chart{overflow-x:auto;margin:.3rem 0}
.ccskills-chart img{display:block;width:100%;max-width:48rem;min-width:30rem;height:auto;background:#fff}
.ccskills-scroll{overflow-x:auto}
.ccskills-table{border-collapse:collapse;margin:.4rem 0;font-variant-numeric:tabular-nums}
.ccskills-table caption{text-align:left;font-weight:bold;padding:.2rem 0}
.ccskills-table th,.ccskills-table td{padding:.1rem .6rem;text-align:right;border-bottom:1px solid #9996;
white-space:nowrap;font-weight:normal}
.ccskills-table thead th{font-weight:bold;white-space:normal;word-break:keep-all}
.ccskills-table th[scope=row]{text-align:left}
.ccskills-busy .ccskills-shown{opacity:.45;transition:opacity .2s .5s}
@media (prefers-reduced-motion:reduce){.ccskills-busy .ccskills-shown{transition:none}}
""".replace("\n", "")
# ipywidgets gives sliders no name, sentences no live region and boxes no language; this does, once the box is there.
SCRIPT = """
const start=()=>{const box=this.closest('.ccskills-explorer');if(!box){if(this.isConnected||!this.tried){this.tried=1;
setTimeout(start,100)}return}const name=()=>{box.lang='LANG';for(const says of
box.querySelectorAll('.ccskills-says>.widget-html-content')){if(!says.hasAttribute('aria-live')){
says.setAttribute('role','status');says.setAttribute('aria-live','polite')}}
for(const knob of box.querySelectorAll('.noUi-handle')){const text=knob.closest('.ccskills-control')
?.querySelector('.widget-label')?.textContent;if(text)knob.setAttribute('aria-label',text)}
for(const mark of box.querySelectorAll('button.ccskills-mark'))mark.setAttribute('aria-label',
mark.title+': '+mark.textContent)};name();new MutationObserver(name).observe(box,{childList:true,subtree:true})};start()
""".replace("\n", " ")


@dataclass(frozen=True)
class View:
    """What an explorer shows for the values of its controls."""

    says: str
    """What one sees, in a few sentences; read aloud when it changes."""
    ask: str = ""
    """What to try next."""
    charts: Sequence[Any] = ()
    """Figures of `reporting`, drawn one below the other."""
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """Caption to table of finished words; the index names the rows."""


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Charts in a language while they are drawn; language and fonts of the session stay what they were.

    >>> from ccskills.reporting import staffing_chart
    >>> with speaking("zh"):
    ...     here = staffing_chart(load=13.33, aht_s=240).axes[0].get_xlabel()
    >>> here, staffing_chart(load=13.33, aht_s=240).axes[0].get_xlabel()
    ('座席人数', 'Agents')
    """
    choice("language", language, LANGUAGES)
    before = _chart_base.language()
    with _chart_base.fonts(language):
        _chart_base.use_language(language)
        try:
            yield
        finally:
            _chart_base.use_language(before)


class Screen:
    """The box of an explorer: its controls, then the sentences, then tables and charts."""

    def __init__(self, controls: Sequence[Any], language: str) -> None:
        self.language = choice("language", language, LANGUAGES)
        support = widgets.HTML(f'<style>{STYLE}</style><img alt="" src="data:," onerror="{_script(language)}">')
        self.says, self.shown = widgets.HTML(), widgets.HTML()
        for part, name in ((support, "support"), (self.says, "says"), (self.shown, "shown")):
            part.add_class(f"ccskills-{name}")
            part.add_class("ccskills-wide")
        self.box = widgets.VBox([*controls, support, self.says, self.shown])
        self.box.add_class("ccskills-explorer")

    def draw(self, make: Callable[[], View]) -> None:
        """Show what `make` finds; a slow one greys the old picture until then."""
        self.box.add_class("ccskills-busy")
        try:
            with speaking(self.language):
                view = make()
                charts = "".join(_picture(figure, self.language) for figure in view.charts)
            ask = f'<p class="ccskills-ask">{escape(view.ask)}</p>' if view.ask else ""
            self.says.value = "".join(f"<p>{escape(part)}</p>" for part in view.says.split("\n") if part) + ask
            self.shown.value = "".join(_table(*item) for item in view.tables.items()) + charts
        finally:
            self.box.remove_class("ccskills-busy")

    def warn(self, text: str) -> None:
        """One sentence in the place of the others; tables and charts stay."""
        self.says.value = f"<p>{escape(text)}</p>"


def explorer(controls: Mapping[str, Any], show: Callable[..., View], language: str, pairs: bool = False) -> Any:
    """A box whose view follows its controls: `show` is called with their values by name and the language.

    With `pairs`, at most two controls stand beside each other.
    """
    screen = Screen(list(controls.values()), language)
    if pairs:
        screen.box.add_class("ccskills-pairs")

    def update(_: Any = None) -> None:
        values = {name: control.value for name, control in controls.items()}
        screen.draw(lambda: show(**values, language=language))

    for control in controls.values():
        control.observe(update, names="value")
    update()
    return screen.box


def slider(label: str, value: float, least: float, most: float, step: float = 1) -> Any:
    """A slider for whole numbers (or, with a broken step, for others); it reaches as far as its first value."""
    whole = float(value).is_integer() and float(step).is_integer()
    kind, number = (widgets.IntSlider, int) if whole else (widgets.FloatSlider, float)
    form = {} if whole else {"readout_format": ".1f"}
    made = kind(
        value=number(value),
        min=number(min(least, value)),
        max=number(max(most, value)),
        step=number(step),
        description=label,
        continuous_update=False,
        tooltip="",
        **form,
    )
    made.add_class("ccskills-control")
    return made


def room_above(value: float, most: float) -> float:
    """The end of a slider: `most`, or a round number from twice the first value on when that lies near the end.

    >>> room_above(300, 1000), room_above(662, 600), room_above(300_000, 1000)
    (1000, 2000, 600000)
    """
    if value <= 0.8 * most:
        return most
    size = int(10 ** (len(f"{2 * value:.0f}") - 1))
    return math.ceil(2 * value / size) * size


def roomy_slider(label: str, value: float, least: float, most: float, step: float = 1) -> Any:
    """A slider with room above its first value; a longer one has coarser steps, in which that value lies."""
    end = room_above(value, most)
    coarse = step
    while end / coarse > 1000 and value % (10 * coarse) == 0:
        coarse *= 10
    return slider(label, value, coarse if least else 0, end, coarse)


def menu(label: str, options: Sequence[tuple[str, Any]], value: Any) -> Any:
    """A choice of one: pairs of words and value."""
    made = widgets.Dropdown(options=list(options), value=value, description=label, tooltip="")
    made.add_class("ccskills-control")
    return made


def tick(label: str, value: bool = False) -> Any:
    """A box to tick."""
    made = widgets.Checkbox(value=value, description=label, indent=False)
    made.add_class("ccskills-control")
    made.add_class("ccskills-tick")
    return made


def amount_box(label: str, most: int) -> Any:
    """A field for a whole number from 0 on."""
    made = widgets.BoundedIntText(value=0, min=0, max=most, description=label, tooltip="")
    made.add_class("ccskills-control")
    return made


def button(label: str, press: Callable[[], None], main: bool = False) -> Any:
    """A button that calls `press`."""
    made = widgets.Button(description=label, button_style="primary" if main else "", tooltip=label)
    made.add_class("ccskills-press")
    made.on_click(lambda _: press())
    return made


def said(text: Text, language: str, **values: Any) -> str:
    """The words in a language with values filled in by name."""
    return text.say(language).format(**values)


def _script(language: str) -> str:
    return escape(SCRIPT.replace("LANG", LANG[language]), quote=True)


def _picture(figure: Any, language: str) -> str:
    """A figure as HTML that keeps its room while a new one comes, with its description for who does not see it."""
    data = base64.b64encode(_chart_base.png(figure, language, DPI)).decode("ascii")
    wide, high = (round(DPI * inches) for inches in figure.get_size_inches())
    alt = escape(_chart_base.describe(figure), quote=True)
    source = f'src="data:image/png;base64,{data}"'
    return (
        f'<div class="ccskills-chart"><img alt="{alt}" width="{wide}" height="{high}" decoding="sync" {source}></div>'
    )


def _table(caption: str, table: pd.DataFrame) -> str:
    """A table of finished words as HTML."""
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in table.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(str(name))}</th>{"".join(f"<td>{escape(str(cell))}</td>" for cell in row)}</tr>'
        for name, row in zip(table.index, table.to_numpy(), strict=True)
    )
    corner = f'<th scope="col">{escape(str(table.index.name or ""))}</th>'
    return (
        '<div class="ccskills-scroll"><table class="ccskills-table">'
        f"<caption>{escape(caption)}</caption><thead><tr>{corner}{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
