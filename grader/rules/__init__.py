"""The framework and the scheme: read from YAML and held against their own rules, every fault named with its line."""

from .framework import load_framework
from .scheme import CUT_METHODS, load_scheme

__all__ = ["CUT_METHODS", "load_framework", "load_scheme"]
