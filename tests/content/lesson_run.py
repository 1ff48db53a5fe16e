"""Runs a lesson from top to bottom as its editions: a program, started as a fork of a process that is prepared for it.

What nearly every lesson begins with is done once for all of them: libraries, a first chart, the generated centre and
the records of its last two months. Each lesson gets tables of its own, and the time of all that counts as its own.
"""

import ast
import contextlib
import copy
import functools
import importlib
import importlib.util
import io
import json
import os
import sys
from pathlib import Path

import pandas as pd

from ccskills import data
from ccskills.data import _centre

# The codec alone, as it lies in the sandbox: grader itself must not be there, see below.
_found = importlib.util.spec_from_file_location("wire", Path(__file__).parents[2] / "grader" / "wire.py")
wire = importlib.util.module_from_spec(_found)
_found.loader.exec_module(wire)

PLAIN = (int, float, str, list, dict, type(None))
LIBRARIES = (
    *("matplotlib.pyplot", "scipy.optimize", "scipy.special", "IPython.display", "ccskills.explore"),
    *("ccskills.experience", "ccskills.finance", "ccskills.forecasting", "ccskills.lesson", "ccskills.performance"),
    *("ccskills.quality", "ccskills.reporting", "ccskills.scheduling", "ccskills.simulation", "ccskills.staffing"),
)
TABLES = ["intervals", "events", "shrinkage"] + [
    name
    for name, value in vars(data.Centre).items()
    if isinstance(value, functools.cached_property) and not name.startswith("_")
]


def shared(make):
    """As ``make``, a function that makes centres; each is made once, and whoever asks gets a copy of its tables."""
    made_once = functools.cache(make)

    def centre(*args, **kwargs):
        made = made_once(*args, **kwargs)
        for name in (*TABLES, "_records"):  # the records of a day are copied when they are asked for
            getattr(made, name)
        mine = copy.copy(made)
        vars(mine).update((name, getattr(made, name).copy()) for name in TABLES)
        return mine

    return centre


def prepare():
    """Make ready what lessons begin with."""
    for name in LIBRARIES:
        importlib.import_module(name)
    from ccskills import reporting

    reporting.staffing_chart(load=13.33, aht_s=240).savefig(io.BytesIO(), format="png")
    days = pd.date_range("2026-06-29", "2026-08-30")
    _centre.KEPT_DAYS = 3 * len(days)
    data.centre = shared(data.centre)
    ours = data.centre()
    for day in days:
        ours.calls(day)


def crossed(names, test):
    """What a test asks for of the names whose values are plain, each as it arrives behind the wall."""
    arrived, asked = {}, {node.id for node in ast.walk(ast.parse(test)) if isinstance(node, ast.Name)}
    for name in (name for name in asked & names.keys() if type(names[name]) in PLAIN):
        with contextlib.suppress(wire.WireError):
            arrived[name] = wire.decode(json.loads(json.dumps(wire.encode(names[name], stays))), stays)
    return arrived


def stays(*_):
    raise wire.WireError("this does not cross")


def code(name):
    cells = json.loads(Path(name).read_text("utf-8"))["cells"]
    return [(cell["metadata"], "".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]


def run(name, untouched):
    """Run a notebook; before the first cell that differs in the untouched edition, a fork goes on as that."""
    names, marks, texts = {"__name__": "__main__"}, {}, []
    cells, others = code(name), code(untouched)
    assert len(cells) == len(others)
    for place in range(len(cells)):
        if others and cells[place][1] != others[place][1]:
            if os.fork() == 0:
                name, cells = untouched, others
            else:
                assert os.wait()[1] == 0, untouched
            others = None
        metadata, source = cells[place]
        mark = metadata.get("nbgrader", {})
        body = ast.parse(source).body
        shown = ast.Expression(body.pop().value) if isinstance(body[-1], ast.Expr) else None
        # A test knows what the judge will know: plain values of the learner, and what the test imports itself.
        scope, out = crossed(names, source) if mark.get("grade") else names, io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(compile(ast.Module(body, []), name, "exec"), scope)
                value = eval(compile(shown, name, "eval"), scope) if shown else None
                if hasattr(value, "savefig"):
                    value.savefig(io.BytesIO(), format="png")
            points, said = mark.get("points", 0), out.getvalue()
        except NotImplementedError:
            assert mark["solution"], mark
        except Exception as error:
            if not mark.get("grade"):
                raise
            points, said = 0, f"{type(error).__name__}: {error}"
        if mark.get("grade"):
            marks[mark["grade_id"]] = points
            texts.append(said)
    assert "grader" not in sys.modules  # somebody who learns alone has the library and nothing else
    assert not others  # an untouched edition that never differs was never run
    Path(name + ".run").write_text(json.dumps({"marks": marks, "texts": texts}), "utf-8")


def main(languages):
    """Run the lesson of this folder in each language."""
    for language in languages:
        if os.fork() == 0:
            try:
                run(f"{language}-answers", f"{language}-stubs")
            except BaseException:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
            os._exit(0)
        assert os.wait()[1] == 0, language


if __name__ == "__main__":
    main(sys.argv[1:])
