"""Whoever tries to talk the grader out of the right mark gets the right mark, and leaves nothing behind."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader import exams, nbcourse, notebooks
from grader.sandbox import Limits
from tests.grader import in_process
from tests.grader.homework import (
    BANK,
    ENGINE,
    FULL,
    HONEST,
    NOTHING,
    NOW,
    filled,
    graded,
    named,
    published,
    released,
    servers,
)

judges = pytest.fixture(servers, scope="module", autouse=True)
course = pytest.fixture(published, scope="module")

# What a candidate might write instead of an answer: names that say yes to everything, or keys taken from elsewhere.
YES = """
class Yes(list):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __bool__(self): return True
    def __iter__(self): return iter(["R1"])
    def __len__(self): return 1
    def __float__(self): return 91.4
    def __int__(self): return 91
    def __abs__(self): return 0
    def __sub__(self, other): return 0
    def __rsub__(self, other): return 0
    def __le__(self, other): return True
    def __lt__(self, other): return True
    def __ge__(self, other): return True
    def __gt__(self, other): return True
    def __getitem__(self, name): return self
"""


@pytest.mark.parametrize("name", ["senior-agent", "supervisor"])
def test_names_that_say_yes_to_everything_earn_nothing_in_a_shipped_practical(course: Path, name: str) -> None:
    practical = exams.read_practical(BANK / "practicals" / f"{name}.md", BANK)
    source = json.loads(notebooks.to_bytes(notebooks.choose(practical.source, "en")))
    nbcourse.publish(course, f"yes-{name}", {"practical.ipynb": source})
    cheat, files = nbcourse.released(source), exams.seat_data(practical, 7)
    answers = {
        line.removeprefix("# ").partition(" = ")[0]
        for cell in cheat["cells"]
        for line in "".join(cell["source"]).split("\n")
        if cell["metadata"].get("nbgrader", {}).get("solution") and line.startswith("# ")
    }
    lines = YES + "".join(f"{answer} = Yes()\n" for answer in sorted(answers) if answer.isidentifier())
    for cell in cheat["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code":
            cell["source"] = lines
    nbcourse.set_data(course, "yes-sayer", f"yes-{name}", files)
    nbcourse.submit(course, "yes-sayer", f"yes-{name}", {"practical.ipynb": cheat, **files}, NOW)

    in_process.autograde(course, f"yes-{name}", ["yes-sayer"], engine=ENGINE)

    assert len(answers) > 9
    assert {score.auto for score in nbcourse.scores(course, f"yes-{name}", "yes-sayer")} == {0.0}


Cheat = Callable[[dict[str, Any], dict[str, bytes]], None]


def code(**cells: str) -> Cheat:
    """A cheat that is a text in the candidate's own cells; the rest is left as released."""

    def cheat(work: dict[str, Any], files: dict[str, bytes]) -> None:
        for name, text in cells.items():
            named(work, name)["source"] = text

    return cheat


def stripped_asserts(work: dict[str, Any], files: dict[str, bytes]) -> None:
    for name in FULL:
        named(work, name)["source"] = "pass"


def deleted_tests(work: dict[str, Any], files: dict[str, bytes]) -> None:
    work["cells"] = [one for one in work["cells"] if one["id"] not in FULL]


def raised_points(work: dict[str, Any], files: dict[str, bytes]) -> None:
    for name in FULL:
        named(work, name)["metadata"]["nbgrader"]["points"] = 1000


def called_solutions(work: dict[str, Any], files: dict[str, bytes]) -> None:
    for name in FULL:
        named(work, name)["metadata"]["nbgrader"] |= {"grade": False, "solution": True, "locked": False}


def doubled_tests(work: dict[str, Any], files: dict[str, bytes]) -> None:
    work["cells"] += [{**copy.deepcopy(named(work, name)), "source": "pass", "id": f"{name}-2"} for name in FULL]


def own_tests(work: dict[str, Any], files: dict[str, bytes]) -> None:
    extra = copy.deepcopy(named(work, "t-load"))
    extra["metadata"]["nbgrader"] |= {"grade_id": "bonus", "points": 50}
    work["cells"].append({**extra, "source": "pass", "id": "bonus"})


def baked_outputs(work: dict[str, Any], files: dict[str, bytes]) -> None:
    result = {"output_type": "execute_result", "data": {"text/plain": "3.0"}, "execution_count": 1, "metadata": {}}
    for name in FULL:
        named(work, name)["outputs"] = [result]


def shadow_numpy(work: dict[str, Any], files: dict[str, bytes]) -> None:
    files["numpy.py"] = files["sitecustomize.py"] = b"def allclose(*a): return True\ndef loadtxt(*a): return 0\n"
    named(work, "erlangs")["source"] = "erlangs = lambda *a: 40"


def other_kernel(work: dict[str, Any], files: dict[str, bytes]) -> None:
    work["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}


ALWAYS = """class Always(float):
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = lambda *a: True
    __sub__ = __rsub__ = __abs__ = lambda *a: Always()
    __hash__ = float.__hash__
load = Always(); erlangs = lambda *a: Always()
class Peaks(dict):
    def __getitem__(self, key): return Always()
peaks = Peaks()"""
HUNT = """import os
seen = []
for top in ({course!r}, '/home', '/root', '/var', '/srv', '/tmp', '/proc/1/root', '/proc/1/cwd', '..', '../..'):
    for folder, below, names in os.walk(top):
        if 'site-packages' in folder or '/lib/python' in folder: below.clear()
        seen += [os.path.join(folder, name) for name in names if name.endswith('.ipynb') or name == 'gradebook.db']
print('FOUND', seen)
assert not seen
open({course!r} + '/gradebook.db', 'ab').write(b'x')"""
CHEATS: dict[str, Cheat] = {
    "an object equal to everything": code(load=ALWAYS),
    "patched builtins": code(
        load="import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.sum = lambda x: 3\n"
        "builtins.AssertionError = Exception\n"
        "abs = lambda x: 0\nsum = lambda x: 3\nclose = lambda a, b: True\n"
        "load = 1\nerlangs = lambda *a: 40\npeaks = right = {}"
    ),
    "patched numpy": code(
        load="np.allclose = lambda *a, **k: True\nnp.loadtxt = lambda *a: np.zeros(1)\n"
        "load = 1e-12\nerlangs = lambda *a: 40"
    ),
    "a module of one's own under the name np": code(
        load="import types\nnp = types.ModuleType('os')\n"
        "np.allclose = lambda *a: True\nerlangs = lambda *a: 40\nload = 1"
    ),
    "IPython told to drop asserts": code(
        load="import ast\nclass Strip(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Strip())\nget_ipython().showtraceback = lambda *a, **k: None\nload = 1"
    ),
    "the network": code(load="import urllib.request\nload = float(urllib.request.urlopen('http://127.0.0.1').read())"),
    "a fork bomb": code(load="import os\nwhile True:\n    os.fork()"),
    "a thread bomb": code(
        load="import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(99,)).start()"
    ),
    "sys.exit": code(load="import sys\nsys.exit(0)"),
    "os._exit": code(load="import os\nos._exit(0)"),
    "killing everybody": code(load="import os, signal\nos.kill(-1, signal.SIGKILL)\nos.kill(os.getpid(), 9)"),
    "a broken line to the grader": code(
        load="import os, socket\nfor n in range(3, 99):\n    try: socket.socket(fileno=n).send(b'{\"outputs\": [\\n')\n"
        "    except OSError: pass\nos.closerange(0, 99)"
    ),
    "forged replies": code(
        load="import os\nfor n in range(3, 20):\n"
        '    try: os.write(n, b\'{"value": ["handle", 0, "x", true]}\\n\' * 9)\n'
        "    except OSError: pass"
    ),
    "an endless loop": code(load="while True: pass"),
    "a loop that ignores signals": code(
        load="import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))\nwhile True: time.sleep(9)"
    ),
    "all of the memory": code(load="hog = [bytearray(1 << 28) for _ in range(99)]\nload = 1"),
    "all of the disk": code(load="for n in range(99):\n    open(f'big{n}', 'wb').write(bytes(1 << 26))"),
    "an endless output": code(load="while True: print('x' * 10**6)"),
    "a huge whole number": code(load="load = 1 << (1 << 28)"),
    "a value nested in itself": code(load="load = []\nload.append(load)\npeaks = {}\npeaks['07'] = peaks"),
    "a function that never returns": code(erlangs="def erlangs(*a):\n    while True: pass"),
    "stripped asserts": stripped_asserts,
    "deleted tests": deleted_tests,
    "raised points": raised_points,
    "tests called solutions": called_solutions,
    "tests twice": doubled_tests,
    "tests of one's own": own_tests,
    "baked outputs": baked_outputs,
    "another kernel": other_kernel,
    "shadow modules": shadow_numpy,
}


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_earns_nothing_and_leaves_nothing_behind(course: Path, name: str) -> None:
    work, student = released(course), f"cheat{list(CHEATS).index(name)}"
    files: dict[str, bytes] = {}
    CHEATS[name](work, files)

    before = programs()

    assert graded(course, student, {"work.ipynb": work, **files}, Limits(cell_s=1.5)) == NOTHING

    assert programs() <= before
    assert sum(score.max_points for score in nbcourse.scores(course, "hw", student)) == 12


def programs() -> set[psutil.Process]:
    """What could be left of a submission; a browser of other tests starts and ends its own meanwhile."""
    found = set()
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if child.name().startswith(("bwrap", "python")):
                found.add(child)
    return found


def test_the_sandbox_shows_no_other_notebook_and_no_gradebook(course: Path) -> None:
    graded(course, "hunter", {"work.ipynb": filled(course, load=HUNT.replace("{course!r}", repr(str(course))))})

    work = json.loads((course / "autograded" / "hunter" / "hw" / "work.ipynb").read_text("utf-8"))
    found, refused = named(work, "load")["outputs"]
    assert found["text"] == ["FOUND []\n"]
    assert refused["ename"] == "FileNotFoundError"  # the gradebook, by the path that it has outside


@pytest.mark.parametrize("change", [stripped_asserts, deleted_tests, raised_points, called_solutions, own_tests])
def test_tampering_with_tests_does_not_cost_the_marks_of_right_work_either(course: Path, change: Cheat) -> None:
    work = filled(course, **HONEST)
    change(work, {})

    assert graded(course, f"tamper-{change.__name__}", {"work.ipynb": work}) == FULL


def test_a_flood_in_one_cell_costs_only_that_cell(course: Path) -> None:
    work = filled(course, **{**HONEST, "load": "load = calls.sum() * 240 / 1800\nwhile True: print('x' * 10**6)"})

    assert graded(course, "flood", {"work.ipynb": work}, Limits(cell_s=4)) == FULL
    assert (course / "autograded" / "flood" / "hw" / "work.ipynb").stat().st_size < 400_000
