"""One scripted candidate's exam, from the access code to the receipt, and the line that it prints."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from ..certify import SeatCard
from ..errors import AcademyError
from .browser import Browser
from .cast import Part, practical_cells
from .server import RoomServer

__all__ = ["Clock", "Script"]

THINK_S = 0.35
"""What a scripted candidate thinks about one question."""


class Clock:
    """Prints a line with the seconds since the demo began; candidates speak at the same time."""

    def __init__(self, began: float) -> None:
        self._began, self._lock = began, threading.Lock()

    def __call__(self, text: str) -> None:
        """Print one line."""
        with self._lock:
            print(f"[{time.monotonic() - self._began:5.0f} s] {text}", flush=True)


class Script:
    """One candidate's exam."""

    def __init__(
        self,
        server: RoomServer,
        card: SeatCard,
        part: Part,
        answers: Mapping[str, Any],
        closes_at: datetime,
        say: Clock,
    ) -> None:
        self._server, self._card, self._part = server, card, part
        self._answers, self._closes_at, self._say = list(answers.items()), closes_at, say
        self._pace = random.Random(part.person)

    def play(self, failures: list[str]) -> None:
        """From the access code to the receipt; a failure is kept for the demo's end."""
        try:
            self._play()
        except (AcademyError, httpx.HTTPError, KeyError) as error:
            failures.append(f"{self._card.name}: {error}")

    def _play(self) -> None:
        turn = self._part.turn
        browser = self._open()
        half = len(self._answers) // 2
        self._answer(browser, self._answers[:half])
        if turn == "browser crashes, resumes":
            browser.answer_and_die(*self._answers[half])
            browser = self._resume(half, "the browser died in the middle of a save")
        elif turn == "leaves early, comes back":
            browser.close()
            self._say(f"{self._card.name} leaves after {half} answers")
            time.sleep(8)
            browser = self._resume(half, "back at the seat")
        if turn == "forgets to hand in":
            self._answer(browser, self._answers[half:-4])
            self._work(browser)
            browser.close()
            return
        self._answer(browser, self._answers[half:])
        self._work(browser)
        if turn == "has extra time":
            time.sleep(max(0.0, (self._closes_at - datetime.now(UTC)).total_seconds() + 3))
            browser.answer(*self._answers[-1])
            self._say(f"{self._card.name} still writes after the others' time is over")
        receipt = browser.hand_in()
        self._say(f"{self._card.name} hands in: {receipt['answered']} answers, receipt {receipt['digest'][:12]}")
        browser.close()

    def _open(self) -> Browser:
        browser = Browser(self._server.address, self._server.token, self._card.seat, self._card.code)
        browser.enter()
        return browser

    def _resume(self, expected: int, why: str) -> Browser:
        browser = self._open()
        found = len(browser.look()["state"]["answers"])
        if found < expected:
            raise AcademyError(f"{found} answers came back, {expected} had been acknowledged")
        self._say(f"{self._card.name} resumes ({why}): {found} answers are there")
        return browser

    def _answer(self, browser: Browser, answers: Sequence[tuple[str, Any]]) -> None:
        for slot, value in answers:
            time.sleep(THINK_S * self._pace.uniform(0.5, 1.5))
            browser.answer(slot, value)

    def _work(self, browser: Browser) -> None:
        """The practical: fill the answer cells and save, as JupyterLab would."""
        notebook = browser.practical()
        filled = practical_cells(self._part)
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in filled:
                cell["source"] = filled[name]
        browser.save_practical(notebook)
