"""A figure drawn once shows what IPython's own way of drawing it twice shows."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.pylabtools import print_figure
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from grader.sandbox import _figures


def line() -> None:
    plt.plot(range(48), np.sin(range(48)), label="calls")
    plt.title("Two days")
    plt.xlabel("half hour")
    plt.legend()


def bars() -> None:
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
    left.bar(["8:00", "9:00"], [12, 30])
    right.imshow([[1, 2], [3, 4]])


def long_title() -> None:
    plt.plot([1, 2])
    plt.title("The whole year of calls and how many of them were answered within twenty seconds, by team and by hour")


def legend_outside() -> None:
    plt.plot([1, 2], label="calls")
    plt.legend(bbox_to_anchor=(1.2, 1))


def note_outside() -> None:
    plt.plot([1, 2])
    plt.text(2.5, 1.5, "beyond")


def see_through() -> None:
    plt.figure(facecolor="none")
    plt.plot([1, 2])


def nothing_but_axes_turned_off() -> None:
    plt.axis("off")


ONCE = (line, bars)
TWICE = (long_title, legend_outside, note_outside, see_through, nothing_but_axes_turned_off)


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    plt.switch_backend("agg")
    yield
    plt.close("all")


def drawn(make: Callable[[], None]) -> Figure:
    make()
    return plt.gcf()


def ink(picture: bytes | None) -> NDArray[np.bool_]:
    """Where the picture is not white, cut to what is there."""
    assert picture is not None
    shade = np.asarray(Image.open(io.BytesIO(picture)).convert("L"))
    dark = shade < 200
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@pytest.mark.parametrize("make", ONCE, ids=lambda make: str(make.__name__))
def test_a_figure_that_fits_shows_the_same_and_is_drawn_once(
    make: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = ink(print_figure(drawn(make)))
    plt.close("all")
    monkeypatch.setattr(_figures, "print_figure", lambda figure: pytest.fail("it was drawn twice"))

    found = ink(_figures.png(drawn(make)))

    # Edges of letters may fall on other pixels: the two are cut from canvases of different sizes.
    assert np.abs(np.subtract(found.shape, expected.shape)).max() <= 2
    assert found.mean() == pytest.approx(expected.mean(), rel=0.05)


@pytest.mark.parametrize("make", TWICE, ids=lambda make: str(make.__name__))
def test_a_figure_that_may_reach_beyond_its_canvas_is_drawn_as_ipython_does(make: Callable[[], None]) -> None:
    expected = print_figure(drawn(make))
    plt.close("all")

    assert _figures.png(drawn(make)) == expected


def test_an_empty_figure_has_no_picture() -> None:
    assert _figures.png(plt.figure()) is None
