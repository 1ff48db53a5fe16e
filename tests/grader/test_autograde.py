"""Honest work gets nbgrader's marks; whoever tries to talk the grader out of the right mark gets the right mark."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader import exams, nbcourse, notebooks
from grader.errors import GradingError, InputError, MissingToolError
from grader.sandbox import Limits, Sandbox
from tests.grader import in_process, nbgrader_itself

BANK = Path(__file__).parent.parent.parent / "question_bank"
NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
QUICK = Limits(cell_s=10.0, total_s=30.0)

SOURCE = {
    "setup": "import numpy as np\n\ncalls = np.loadtxt('calls.csv')\n\n\n"
    "def close(a, b):\n    return abs(a - b) < 1e-9",
    "load": "### BEGIN SOLUTION\nload = calls.sum() * 240 / 1800\n### END SOLUTION",
    "t-load": "assert load > 0, 'load: a number above 0 is wanted'\n"
    "### BEGIN HIDDEN TESTS\nassert close(load, np.loadtxt('calls.csv').sum() * 240 / 1800)\n### END HIDDEN TESTS",
    "erlangs": "def erlangs(calls, aht_s):\n"
    "    ### BEGIN SOLUTION\n    return calls * aht_s / 1800\n    ### END SOLUTION",
    "t-erlangs": "assert erlangs(300, 240) == 40\n"
    "### BEGIN HIDDEN TESTS\nassert np.allclose([erlangs(n, 300) for n in (6, 12)], [1, 2])\n### END HIDDEN TESTS",
    "peaks": "### BEGIN SOLUTION\npeaks = {'07': 100, '08': 120, '09': 80}\n### END SOLUTION",
    "t-peaks": "right = {'07': 100, '08': 120, '09': 80}\nsum(1 for hour in right if peaks[hour] == right[hour])",
    "why": "because",
}
POINTS = {"t-load": 2, "t-erlangs": 3, "t-peaks": 3, "why": 4}
FULL = {"t-load": 2.0, "t-erlangs": 3.0, "t-peaks": 3.0}
NOTHING = dict.fromkeys(FULL, 0.0)
HONEST = {
    "load": "load = calls.sum() * 240 / 1800",
    "erlangs": "def erlangs(calls, aht_s):\n    return calls * aht_s / 1800",
    "peaks": "peaks = {'07': 100, '08': 120, '09': 80}",
    "why": "Since the load is what needs agents.",
}


def cell(name: str, source: str) -> dict[str, Any]:
    test, text = name in POINTS and name != "why", name == "why"
    words = {"grade_id": name, "grade": name in POINTS, "solution": not test and name != "setup", "task": False}
    words |= {"locked": test or name == "setup", "schema_version": 3}
    words |= {"points": POINTS[name]} if name in POINTS else {}
    kind: dict[str, Any] = {"cell_type": "markdown" if text else "code"}
    kind |= {} if text else {"outputs": [], "execution_count": None}
    return {**kind, "id": name, "source": source, "metadata": {"nbgrader": words}}


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


ENGINE = in_process.ColdEngine()
"""Every candidate is alone behind walls of his own, as where no warm sandbox can be made."""


@pytest.fixture(scope="module", autouse=True)
def judges() -> Iterator[None]:
    with ENGINE:
        ENGINE.servers()
        yield


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("centre") / "course"
    nbcourse.create(root, course_id="cc", exchange=root.parent / "exchange")
    source = notebook([cell(name, text) for name, text in SOURCE.items()])
    nbcourse.publish(root, "hw", {"work.ipynb": source}, {"calls.csv": b"100\n120\n80\n"})
    return root


def released(course: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((course / "release" / "hw" / "work.ipynb").read_text("utf-8"))
    for one in found["cells"]:
        one["source"] = "".join(one["source"])
    return found


def filled(course: Path, **answers: str) -> dict[str, Any]:
    work = released(course)
    for one in work["cells"]:
        one["source"] = answers.get(one["id"], one["source"])
    return work


def named(work: dict[str, Any], name: str) -> Any:
    return next(one for one in work["cells"] if one["id"] == name)


def marks(course: Path, student: str) -> dict[str, float | None]:
    return {score.cell: score.auto for score in nbcourse.scores(course, "hw", student) if score.cell != "why"}


def graded(course: Path, student: str, files: dict[str, Any], limits: Limits = QUICK) -> dict[str, float | None]:
    nbcourse.submit(course, student, "hw", files, NOW)
    in_process.autograde(course, "hw", [student], limits=limits, engine=ENGINE)
    return marks(course, student)


# --- honest work ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("student", "answers", "wanted"),
    [
        ("right", HONEST, FULL),
        ("half", {**HONEST, "load": "load = 39.0", "peaks": "peaks = {'07': 100, '08': 0, '09': 80}"}, None),
        ("stub", {}, NOTHING),
    ],
)
def test_honest_work_gets_the_marks_that_nbgrader_itself_gives(
    course: Path, student: str, answers: dict[str, str], wanted: dict[str, float] | None
) -> None:
    ours = graded(course, student, {"work.ipynb": filled(course, **answers)})

    nbgrader_itself.autograde(course, "hw", student)
    assert ours == marks(course, student)
    assert ours == (wanted or {"t-load": 0.0, "t-erlangs": 3.0, "t-peaks": 2.0})


def test_a_warning_on_stderr_costs_no_mark(course: Path) -> None:
    loud = "import warnings\n\n\ndef erlangs(calls, aht_s):\n    warnings.warn('slow')\n    return calls * aht_s / 1800"

    assert graded(course, "loud", {"work.ipynb": filled(course, **{**HONEST, "erlangs": loud})}) == FULL


def test_the_written_answer_waits_for_a_person(course: Path) -> None:
    nbcourse.submit(course, "writer", "hw", {"work.ipynb": filled(course, **HONEST)}, NOW)

    (outcome,) = in_process.autograde(course, "hw", ["writer"], limits=QUICK, engine=ENGINE)

    assert outcome.state == "needs a person"
    assert [score.needs_person for score in nbcourse.scores(course, "hw", "writer") if score.cell == "why"] == [True]


def test_a_failed_test_shows_its_sentence_and_a_passed_one_nothing(course: Path) -> None:
    graded(course, "shown", {"work.ipynb": filled(course, **{**HONEST, "load": "load = -1"})})

    work = json.loads((course / "autograded" / "shown" / "hw" / "work.ipynb").read_text("utf-8"))
    (failed,) = named(work, "t-load")["outputs"]
    assert (failed["ename"], failed["evalue"]) == ("AssertionError", "load: a number above 0 is wanted")
    assert named(work, "t-erlangs")["outputs"] == []
    assert named(work, "t-peaks")["outputs"][0]["data"] == {"text/plain": ["3.0"]}


def test_outputs_plots_and_tracebacks_of_the_candidate_are_kept(course: Path) -> None:
    plot = "import matplotlib.pyplot as plt\nprint('here')\nplt.plot([1, 2])\nplt.show()\n1 / 0"
    graded(course, "plots", {"work.ipynb": filled(course, load=plot)}, Limits(cell_s=20))

    work = json.loads((course / "autograded" / "plots" / "hw" / "work.ipynb").read_text("utf-8"))
    outputs = named(work, "load")["outputs"]
    assert [output["output_type"] for output in outputs] == ["stream", "display_data", "error"]
    assert "image/png" in outputs[1]["data"] and outputs[2]["ename"] == "ZeroDivisionError"


def test_each_candidate_is_judged_on_the_data_that_the_office_issued(course: Path) -> None:
    nbcourse.set_data(course, "own", "hw", {"calls.csv": b"1\n2\n3\n"})

    # 6 calls of 240 s in half an hour are 0.8 erlangs; the file that came with the submission says otherwise
    work = filled(course, **{**HONEST, "load": "load = float(calls.sum()) * 240 / 1800\nassert load == 0.8"})
    assert graded(course, "own", {"work.ipynb": work, "calls.csv": b"900\n"}) == FULL


@pytest.mark.parametrize(
    ("name", "by_hand", "points"),
    [("senior-agent", {"w1"}, 22), ("team-leader", {"p5"}, 16), ("supervisor", {"w1", "w2"}, 32)],
)
def test_a_shipped_practical_is_graded_behind_the_walls_in_chinese_against_its_english_source(
    course: Path, name: str, by_hand: set[str], points: float
) -> None:
    practical = exams.read_practical(BANK / "practicals" / f"{name}.md", BANK)
    chosen = {language: notebooks.choose(practical.source, language) for language in ("en", "zh")}
    editions = {language: json.loads(notebooks.to_bytes(notebook)) for language, notebook in chosen.items()}
    nbcourse.publish(course, name, {"practical.ipynb": editions["en"]})
    stub = nbcourse.released(editions["zh"])
    for student, work in (("leader", editions["zh"]), ("idle", stub)):
        data = exams.seat_data(practical, seed=len(student))
        nbcourse.set_data(course, student, name, data)
        nbcourse.submit(course, student, name, {"practical.ipynb": work, **data}, NOW)

    in_process.autograde(course, name, ["leader", "idle"], engine=ENGINE)

    scores = {student: nbcourse.scores(course, name, student) for student in ("leader", "idle")}
    assert all(score.auto == score.max_points for score in scores["leader"] if score.cell not in by_hand)
    assert {score.auto for score in scores["idle"]} == {0.0}
    assert sum(score.max_points for score in scores["idle"]) == points  # as the practical tells the candidate


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


# --- cheats -----------------------------------------------------------------------------------------------------------

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
    for folder, _, names in os.walk(top):
        if 'site-packages' in folder or '/lib/python' in folder: continue
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


# --- what cannot be graded --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("student", "content"),
    [("torn", b'{"cells": ['), ("empty", b""), ("text", b"hello"), ("list", b"[]"), ("old", b'{"nbformat": 2}')],
)
def test_an_unreadable_notebook_is_marked_so_and_stops_nobody(course: Path, student: str, content: bytes) -> None:
    nbcourse.submit(course, student, "hw", {"work.ipynb": content}, NOW)
    nbcourse.submit(course, f"{student}-next", "hw", {"work.ipynb": filled(course, **HONEST)}, NOW)

    first, second = in_process.autograde(course, "hw", [student, f"{student}-next"], limits=QUICK, engine=ENGINE)

    assert first.state == "failed" and first.reason
    assert {score.needs_person for score in nbcourse.scores(course, "hw", student)} == {True}
    assert second.state == "needs a person" and marks(course, f"{student}-next") == FULL


def test_links_in_a_submission_show_nothing_of_this_machine(course: Path) -> None:
    folder = nbcourse.submit(course, "links", "hw", {"work.ipynb": filled(course, **HONEST)}, NOW)
    (folder / "stolen.txt").symlink_to("/etc/passwd")
    (folder / "stolen").symlink_to("/etc")

    in_process.autograde(course, "hw", ["links"], limits=QUICK, engine=ENGINE)

    assert marks(course, "links") == FULL
    assert sorted(path.name for path in (course / "autograded" / "links" / "hw").iterdir()) == [
        "calls.csv",
        "timestamp.txt",
        "work.ipynb",
    ]


def test_a_notebook_that_is_a_link_is_not_graded(course: Path) -> None:
    folder = nbcourse.submit(course, "linked", "hw", {}, NOW)
    (folder / "work.ipynb").symlink_to(course / "source" / "hw" / "work.ipynb")

    (outcome,) = in_process.autograde(course, "hw", ["linked"], limits=QUICK, engine=ENGINE)

    assert outcome.state == "failed" and "symbolic link" in outcome.reason
    assert set(marks(course, "linked").values()) == {None}


def test_without_bubblewrap_nothing_is_graded_and_the_line_that_installs_it_is_said(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(course))

    with pytest.raises(MissingToolError, match=r"sudo apt-get install -y .* bubblewrap$"):
        in_process.autograde(course, "hw", ["right"])


def test_an_assignment_that_was_never_published_is_named(course: Path) -> None:
    with pytest.raises(InputError, match="'exam9' is not in the gradebook"):
        in_process.autograde(course, "exam9")


def test_a_server_that_ends_in_the_middle_costs_nobody_a_mark(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, ended = Sandbox.run, []

    def once(self: Sandbox, code: str) -> list[dict[str, Any]]:
        if "erlangs" in code and not ended:
            ended.append(code)
            raise GradingError("the sandbox server ended while the program ran: grade the submission again")
        return run(self, code)

    monkeypatch.setattr(Sandbox, "run", once)

    assert graded(course, "twice", {"work.ipynb": filled(course, **HONEST)}) == FULL and ended


def test_the_grader_stays_where_it_was_called(course: Path) -> None:
    before = Path.cwd()

    graded(course, "place", {"work.ipynb": filled(course, **HONEST)})

    assert Path.cwd() == before
