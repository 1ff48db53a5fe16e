"""Draws a matplotlib figure once where IPython draws it twice, with the same picture as the result.

IPython cuts a figure to what is on it: it draws once to find the edges, and once more inside them. Where nothing can
lie beyond the canvas the first drawing is already the picture, and only has to be cut out.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from IPython.core.pylabtools import print_figure
from PIL import Image

__all__ = ["png"]

_PAD_IN = 0.1
"""matplotlib's own margin around a figure that is cut to its content."""


def png(figure: Any) -> bytes | None:
    """The figure as PNG; None for one without anything on it, as IPython has it."""
    canvas = figure.canvas
    if not figure.axes or not hasattr(canvas, "buffer_rgba"):
        return _twice(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    margin = round(_PAD_IN * figure.dpi)
    edges = _edges(pixels)
    if edges is None or _beyond(figure):
        return _twice(figure)
    (top, bottom), (left, right) = edges
    height, width = pixels.shape[:2]
    if min(top, left, height - 1 - bottom, width - 1 - right) < margin or (pixels[..., 3] < 255).any():
        return _twice(figure)
    cut = pixels[top - margin : bottom + margin + 1, left - margin : right + margin + 1, :3]
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(cut)).save(file, "png", dpi=(figure.dpi, figure.dpi), compress_level=1)
    return file.getvalue()


def _twice(figure: Any) -> bytes | None:
    picture: bytes | None = print_figure(figure)  # type: ignore[no-untyped-call]
    return picture


def _edges(pixels: Any) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """First and last row and column that differ from the corner; None when all is one colour."""
    colours = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
    ink = colours != colours[0, 0]
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return None
    return (int(rows[0]), int(rows[-1])), (int(columns[0]), int(columns[-1]))


def _beyond(figure: Any) -> bool:
    """Whether something may lie wholly outside the canvas: a legend beside the axes, a note, a line that is not cut."""
    if figure.legends or figure.texts or figure.artists or figure.subfigs:
        return True
    for axes in figure.axes:
        own = {axes.patch, axes.title, axes._left_title, axes._right_title, axes.xaxis, axes.yaxis}
        own.update(axes.spines.values())
        if any(one not in own and one.get_visible() and not one.get_clip_on() for one in axes.get_children()):
            return True
        legend = axes.get_legend()
        if legend is not None and legend._bbox_to_anchor is not None:
            return True
        if axes.child_axes or axes.tables:
            return True
    return False
