"""A real browser and a real Jupyter server for the tests of what people see."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import tests.room_server
from grader.centre import PROJECT

MISSING = (
    "The browser tests need Chromium, and none was found. "
    "Install it: sudo apt-get install -y --no-install-recommends chromium"
)
expect.set_options(timeout=20_000)  # a loaded machine is slow, not wrong; what is right is seen at once

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@pytest.fixture(scope="session")
def room_server() -> ModuleType:
    """The module tests/room_server.py: RoomServer, make_seat, CODE."""
    return tests.room_server


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium, with the Chinese font of the environment beside the fonts of the system."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
    if not Path(program).exists():
        pytest.fail(MISSING, pytrace=False)
    fonts = _font_configuration(tmp_path_factory.mktemp("fonts"))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=program, args=QUIET, env={**os.environ, "FONTCONFIG_FILE": str(fonts)}
        )
        try:
            yield running
        finally:
            running.close()


def _font_configuration(folder: Path) -> Path:
    spec = importlib.util.find_spec("noto_cjk_sans_otc")
    assert spec is not None and spec.origin is not None
    file = folder / "fonts.conf"
    file.write_text(
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
        "<include ignore_missing='yes'>/etc/fonts/fonts.conf</include>"
        f"<dir>{escape(str(Path(spec.origin).parent))}</dir><cachedir>{escape(str(folder / 'cache'))}</cachedir>"
        "</fontconfig>",
        encoding="utf-8",
    )
    return file


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser profile of its own; a script error or an error on its console fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="UTC")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    # The browser itself reports every request that fails; that is what the tests with a killed server are about.
    opened.on(
        "console",
        lambda said: (
            errors.append(said.text)
            if said.type == "error" and not said.text.startswith("Failed to load resource")
            else None
        ),
    )
    yield opened
    context.close()
    assert errors == []


@pytest.fixture
def start_server(tmp_path: Path, room_server: ModuleType) -> Iterator[Callable[..., Any]]:
    """A function that starts a ``RoomServer`` (``lab=True``: with JupyterLab); all of them are ended after the test."""
    started: list[Any] = []

    def start(name: str = "server", **options: Any) -> Any:
        server = room_server.RoomServer(tmp_path / name, **options)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        # One with JupyterLab may have kernels to end; of the others nothing is left that a server would put away.
        server.stop() if server.lab else server.kill()


@pytest.fixture
def jupyter_server(start_server: Callable[..., Any]) -> Any:
    """One running Jupyter server with the exam room and no seats yet."""
    return start_server()


@pytest.fixture(scope="session")
def started() -> Callable[..., AbstractContextManager[str]]:
    """`academy start` on a centre, with more words of its command line; the context is the address to open."""
    return _started


@contextmanager
def _started(centre: Path, *words: str) -> Iterator[str]:
    """`academy start` in a process of its own; yields the address that it prints, token and all."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "grader", "start", "--no-browser", "--centre", str(centre), "--port", str(port)]
    log = centre.parent / f"{centre.name}-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen([*command, *words], stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 120
        while not (found := re.search(rf"http://127\.0\.0\.1:{port}/\S+token=\w+", log.read_text("utf-8"))):
            assert process.poll() is None and time.monotonic() < until, log.read_text("utf-8")[-3000:]
            time.sleep(0.3)
        yield found[0]
        assert str(PROJECT / "grader") not in log.read_text("utf-8")  # no traceback through our code
    finally:
        process.terminate()
        process.wait(30)
