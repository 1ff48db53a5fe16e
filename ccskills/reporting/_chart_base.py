"""What every chart shares: language, fonts, colours, size, legend and words; the one door to matplotlib."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np
import pandas as pd

from .._checks import choice
from .._text import LANGUAGES, Text
from ._figures import monthly
from ._fold import CHINESE, fold, longest_part, shortened, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Axes
    from matplotlib.figure import Figure as Figure

__all__ = ["describe", "use_language"]

# Okabe and Ito's colours, told apart by colour-blind readers too; every series also differs in line, marker or hatch.
BLUE, ORANGE, RED, GREEN, GREY, BLACK = "#0072B2", "#E69F00", "#D55E00", "#009E73", "#666666", "#222222"
CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "SimHei",
)
LATIN_FONT = "DejaVu Sans"  # the one that matplotlib brings
TITLE = 62  # Latin letters of a line of a title, so that it fits above axes with names at their side
LINE = 18  # Latin letters from which on a line is long enough to fold any phrase into
APART = 1.35  # from line to line: Chinese characters are higher than the letters that matplotlib measures by

_state = {"language": "en"}


def use_language(language: str) -> None:
    """Write the charts and reports of this session in English ("en") or Chinese ("zh"), with a font that has the words.

    This call, and nothing else in the library, changes matplotlib's settings: `font.sans-serif` and
    `axes.unicode_minus`.

    Parameters
    ----------
    language : str
        "en" or "zh".

    Examples
    --------
    >>> from ccskills.reporting import staffing_chart, use_language
    >>> use_language("zh")
    >>> staffing_chart(load=13.33, aht_s=240).axes[0].get_xlabel()
    '座席人数'
    >>> use_language("en")
    >>> use_language("cn")
    Traceback (most recent call last):
    ValueError: language must be one of en, zh, got 'cn'
    """
    choice("language", language, LANGUAGES)
    if language == "zh":
        import matplotlib

        font = chinese_font()
        families = [name for name in matplotlib.rcParams["font.sans-serif"] if name != font]
        matplotlib.rcParams.update({"font.sans-serif": [font, *families], "axes.unicode_minus": False})
    _state["language"] = language


def describe(figure: Figure) -> str:
    """The chart in words, for readers who do not see it.

    Parameters
    ----------
    figure : Figure
        A chart of this module.

    Examples
    --------
    >>> from ccskills.reporting import describe, staffing_chart
    >>> describe(staffing_chart(load=13.33, aht_s=240))
    'Service level by number of agents: 17 agents reach 81.1% against a target of 80.0%; one agent fewer reaches 69.0%.'
    """
    return str(figure.get_label())


def language() -> str:
    """The language of the session."""
    return _state["language"]


def say(text: Text, *values: object) -> str:
    """The words in the language of the session, with values filled in."""
    words = text.say(_state["language"])
    return words.format(*values) if values else words


def aside(text: str) -> str:
    """A text in brackets behind another, as the language of the session writes them."""
    return say(Text(f" ({text})", f"（{text}）"))


def listed(parts: Iterable[str]) -> str:
    """Parts in a row, with the comma of the language of the session."""
    return say(Text(", ", "、")).join(parts)


def chinese_font() -> str:
    """The name of an installed font with Chinese characters; without one the error says what to install."""
    if found := _installed():
        return found
    raise ValueError("use_language('zh') needs a font with Chinese characters; run: pip install 'ccskills[zh]'")


def _installed() -> str | None:
    """The first of `CHINESE_FONTS` that is here: the package's, else the system's."""
    from matplotlib.font_manager import fontManager

    known = {font.name for font in fontManager.ttflist}
    package = find_spec("noto_cjk_sans_otc")
    if CHINESE_FONTS[0] not in known and package is not None and package.origin is not None:
        for path in sorted(Path(package.origin).parent.glob("*.ttc")):
            fontManager.addfont(path)
        known = {font.name for font in fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in known), None)


@contextmanager
def fonts(language: str) -> Iterator[None]:
    """The fonts of a language while something is drawn, whatever the session's are; nothing stays changed.

    An English text takes from the Chinese font what its own lacks, such as names.
    """
    import matplotlib

    chinese = [chinese_font()] if language == "zh" else [found for found in [_installed()] if found]
    families = [*chinese, LATIN_FONT] if language == "zh" else [LATIN_FONT, *chinese]
    # Labels ask for "sans-serif" and get its first family; what is drawn here may name several.
    settings: dict[str, Any] = {
        "font.sans-serif": families,
        "font.family": families,
        "axes.unicode_minus": language == "en",
    }
    with matplotlib.rc_context(cast(Any, {**settings, "pdf.fonttype": 42})):
        yield


def chart(title: str, y: str = "", x: str = "", *, size: tuple[float, float] = (8, 4)) -> tuple[Figure, Axes]:
    """An empty chart that notebooks show once, as the value of the cell."""
    figure, axes = panels(title, 1, size=size)
    axes[0].set_ylabel(y)
    axes[0].set_xlabel(x)
    return figure, axes[0]


def panels(
    title: str, count: int, *, columns: int = 1, size: tuple[float, float] = (8, 4), **options: Any
) -> tuple[Figure, list[Axes]]:
    """An empty figure with `count` panels under one title."""
    import matplotlib.pyplot as plt

    rows = -(-count // columns)
    figure, grid = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False, **options)
    plt.close(figure)
    figure.get_layout_engine().set(w_pad=0.09, h_pad=0.07)
    axes = list(grid.ravel())
    for spare in axes[count:]:
        spare.set_axis_off()
    for one in axes[:count]:
        one.grid(alpha=0.3)
        one.set_axisbelow(True)
        one.spines[["top", "right"]].set_visible(False)
    if count == 1:
        axes[0].set_title(fold(title, TITLE), linespacing=APART)
    else:
        figure.suptitle(fold(title, TITLE), fontsize="large", linespacing=APART)
    return figure, axes[:count]


def legend(axes: Axes) -> None:
    """A legend below the chart, in as many rows as it needs, when something has a name."""
    handles, labels = axes.get_legend_handles_labels()
    if labels:
        wide = [width_of(label) + 8 for label in labels]
        rows = 1 if sum(wide) <= 96 else -(-len(labels) // max(1, 96 // max(wide)))
        columns = -(-len(labels) // rows)
        axes.figure.legend(handles, labels, loc="outside lower center", ncols=columns, frameon=False)


def finish(figure: Figure, words: str) -> Figure:
    """The figure with its description, and with a font for Chinese names that data bring into an English chart."""
    from matplotlib.text import Text as Label

    figure.set_label(words)
    if language() == "en":
        foreign = [label for label in figure.findobj(Label) if CHINESE.search(label.get_text())]
        for label in foreign:
            label.set_fontfamily([LATIN_FONT, chinese_font()])
    return figure


def percent(axes: Axes, which: str = "y") -> None:
    """An axis of shares written as percentages, with as many digits as its ticks need."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_formatter(lambda value, _: f"{round(100 * value, 6):g}%")


def thousands(axes: Axes, which: str = "y") -> None:
    """An axis of counts or money with separators and no offset."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value == round(value) else f"{value:g}")


def clock_ticks(axes: Axes, starts: pd.DatetimeIndex, shift: float = 0.0) -> None:
    """At most about twelve times of day below intervals at 0, 1, 2, ...; dates or months when days differ."""
    days = starts.normalize()
    if days.nunique() == 1:
        step = max(1, -(-len(starts) // 12))
        shown = np.arange(0, len(starts), step)
        words = [f"{starts[at]:%H:%M}" for at in shown]
    else:
        first = np.flatnonzero(~days.duplicated())
        shown = first[:: max(1, -(-first.size // 10))]
        form = "%Y-%m" if monthly(starts) else "%m-%d"
        words = [f"{starts[at]:{form}}" for at in shown]
    axes.set_xticks(shown + shift, words)


def name_ticks(axes: Axes, names: Sequence[object], which: str = "y", width: int = 26) -> None:
    """One name at each of 0, 1, 2, ..., folded or turned so that neighbours do not touch and no word is cut."""
    given, at = [str(name) for name in names], np.arange(len(names))
    if which == "y":
        axes.set_yticks(at, [fold(shortened(name, 72), width) for name in given], linespacing=APART)
        return
    slot = 84 // max(at.size, 4)  # one to three bars stand in the middle, see few_bars
    whole = [shortened(name, max(28, 3 * slot)) for name in given]
    longest = longest_part(whole)
    if longest <= slot + 1 or slot >= LINE:
        room = max(slot, longest, 6) if longest <= slot + 1 else slot
        axes.set_xticks(at, [fold(name, room) for name in whole], linespacing=APART)
        return
    whole = [shortened(name, 28) for name in given]
    dense, step = at.size > 28, max(1, -(-at.size // 56))
    look: dict[str, Any] = {"rotation": 90, "size": 8} if dense else {"rotation": 40, "rotation_mode": "anchor"}
    axes.set_xticks(at[::step], whole[::step], ha="center" if dense else "right", **look)
    figure = cast(Any, axes.figure)
    figure.set_figheight(figure.get_figheight() + 0.035 * max(0, max(map(width_of, whole)) - 8))


def few_bars(axes: Axes, many: int) -> None:
    """Room beside a few bars, so that one or two do not fill the whole width."""
    spare = max(0.0, (4 - many) / 2)
    axes.set_xlim(-0.55 - spare, many - 0.45 + spare)


def shades(colours: Sequence[str]) -> Any:
    """A colour map of a few steps."""
    from matplotlib.colors import ListedColormap

    return ListedColormap(colours)


def tall(rows: int, per_row: float = 0.36, least: float = 4.0) -> tuple[float, float]:
    """The size of a chart with one row per name: 8 x 4 inches, taller when there are many."""
    return 8.0, max(least, 1.5 + per_row * rows)


def png(figure: Figure, language: str, dpi: int = 144) -> bytes:
    """The figure as an image, the same bytes for the same figure."""
    image = BytesIO()
    with fonts(language):
        figure.savefig(image, format="png", dpi=dpi, metadata={"Software": None})
    return image.getvalue()


class Pages:
    """A4 pages of a PDF file: text is placed in millimetres from the left and from the top."""

    WIDTH, HEIGHT = 210.0, 297.0

    def __init__(self) -> None:
        from matplotlib.backends.backend_agg import RendererAgg

        self.figures: list[Figure] = []
        self._measure: Any = cast(Any, RendererAgg)(10, 10, 72)
        self._wide: dict[str, float] = {}

    def add(self) -> None:
        """A new empty page."""
        from matplotlib.figure import Figure

        self.figures.append(Figure(figsize=(self.WIDTH / 25.4, self.HEIGHT / 25.4)))

    def width(self, text: str, size: float) -> float:
        """Width of a text of `size` points [mm]."""
        from matplotlib.font_manager import FontProperties

        for letter in set(text) - self._wide.keys():
            # Letter by letter, 100 points high: fast, and without the rounding to pixels of small letters.
            wide, _, _ = self._measure.get_text_width_height_descent(letter * 8, FontProperties(size=100), False)
            self._wide[letter] = float(wide) / 800 / 72 * 25.4
        return size * sum(map(self._wide.__getitem__, text))

    def text(self, x: float, y: float, text: str, size: float, *, right: bool = False, colour: str = BLACK) -> None:
        """One line whose baseline lies `y` mm below the top."""
        at = (x / self.WIDTH, 1 - y / self.HEIGHT)
        side = "right" if right else "left"
        self.figures[-1].text(*at, text, size=size, ha=side, va="baseline", color=colour, parse_math=False)

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A filled box whose upper left corner lies at x, y."""
        from matplotlib.patches import Rectangle

        corner = (x / self.WIDTH, 1 - (y + height) / self.HEIGHT)
        size = (width / self.WIDTH, height / self.HEIGHT)
        shape = Rectangle(corner, *size, facecolor=fill, edgecolor="none", transform=self.figures[-1].transFigure)
        self.figures[-1].add_artist(shape)

    def image(self, x: float, y: float, width: float, data: bytes) -> None:
        """A PNG of a given width, its upper left corner at x, y."""
        import matplotlib.image

        pixels = matplotlib.image.imread(BytesIO(data), format="png")
        height = width * pixels.shape[0] / pixels.shape[1]
        place = (x / self.WIDTH, 1 - (y + height) / self.HEIGHT, width / self.WIDTH, height / self.HEIGHT)
        axes = self.figures[-1].add_axes(place)
        axes.set_axis_off()
        axes.imshow(pixels, aspect="auto", interpolation="none")

    def save(self, file: BinaryIO, title: str) -> None:
        """Write the pages; no date goes in, so that the same report gives the same bytes."""
        from matplotlib.backends.backend_pdf import PdfPages

        with PdfPages(file, metadata={"Title": title, "CreationDate": None}) as pages:
            for figure in self.figures:
                pages.savefig(figure, dpi=220)
