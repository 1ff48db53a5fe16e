"""What every test leaves behind as it found it."""

import sys
from collections.abc import Iterator
from contextlib import nullcontext

import pytest


@pytest.fixture(autouse=True)
def session_language() -> Iterator[None]:
    """A test that lets charts speak Chinese, itself or through code that it runs, leaves the next one its English.

    Nothing is imported for that: most tests draw nothing and should not wait for matplotlib.
    """
    drawing = sys.modules.get("matplotlib")
    with drawing.rc_context() if drawing else nullcontext():
        yield
        if reporting := sys.modules.get("ccskills.reporting"):
            reporting.use_language("en")
    if not drawing and (loaded := sys.modules.get("matplotlib")):
        loaded.rcdefaults()
