"""Who looks into a centre does not wait for Jupyter, nbgrader and the numbers: a look needs the registry alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.grader.held_certificate import HOLDER, centre, certificate
from tests.grader.sat_form import SITTING

HEAVY = {"nbgrader", "nbformat", "jupytext", "scipy", "openpyxl", "typst", "notebook", "jupyter_server", "sqlalchemy"}
LOOKS = """
import json, sys
from grader.__main__ import main

codes = [main(words) for words in json.loads(sys.argv[1])]
print(json.dumps({"codes": codes, "modules": sorted({name.split(".")[0] for name in sys.modules})}), file=sys.stderr)
"""


def test_a_look_at_certificates_and_seats_imports_none_of_the_heavy_libraries(tmp_path: Path) -> None:
    with centre(tmp_path / "centre") as academy:
        number = certificate(academy, "2026-05-01")
        root, file = str(academy.centre.root), str(academy.centre.certificates / f"{number}.json")
    looks = [
        ["cert", "status", number], ["cert", "verify", file], ["cert", "issuer"], ["exam", "show", SITTING],
        ["exam", "watch", SITTING], ["hr", "matrix"], ["hr", "history", HOLDER],
    ]  # fmt: skip

    done = subprocess.run(
        [sys.executable, "-c", LOOKS, json.dumps([[*words, "--centre", root] for words in looks])],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stderr.splitlines()[-1])
    assert told["codes"] == [0] * len(looks), done.stderr
    assert HEAVY & set(told["modules"]) == set()
