"""Widgets to play with in a notebook; the only module that imports ipywidgets."""

from __future__ import annotations

from ._explore_staffing import staffing

__all__ = ["staffing"]
