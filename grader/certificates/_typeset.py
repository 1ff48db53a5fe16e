"""Typst for every paper of the house: one compiler for each template, and the data in a file beside it."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
import threading
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import AcademyError

__all__ = ["typeset"]

_ONE_AT_A_TIME = threading.Lock()


def typeset(what: str, template: str | Path, data: Mapping[str, Any], kind: str = "pdf", **more: Any) -> bytes:
    """A template, filled with ``data``, as pdf, svg or png; AcademyError says ``what`` failed.

    A path names the template of another package, a mere name one of this.
    """
    import typst  # who only checks a certificate draws nothing

    with _ONE_AT_A_TIME:
        folder, compiler = _compiler(template)
        # Data in a file lets Typst keep what it has laid out before: a tenth of the time that `sys_inputs` takes.
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        try:
            drawn = compiler.compile(format=kind, **more)
        except typst.TypstError as error:
            raise AcademyError(f"{what} could not be drawn ({error.message})") from error
    assert isinstance(drawn, bytes)
    return drawn


@lru_cache
def _compiler(template: str | Path) -> tuple[Path, Any]:
    import typst

    folder = tempfile.mkdtemp(prefix="academy-paper-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(shutil.copy(Path(__file__).parent / template, folder))
    (path.parent / "data.json").write_text("{}", "utf-8")
    fonts = Path(str(files("noto_cjk_sans_otc")))
    # Reading the fonts is most of the work of the first paper; one compiler serves all of a process.
    return path.parent, typst.Compiler(path, root=path.parent, font_paths=[fonts], ignore_system_fonts=True)
