"""One candidate's browser, scripted: the same requests as the exam page and JupyterLab send, cookies and all."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import httpx

from ..errors import RoomError

__all__ = ["Browser"]

_PATIENCE_S = 30


class Browser:
    """Logs in to the server, enters a seat with its code, answers, works the practical, hands in.

    A request that finds no server is sent again, as the page does, until the server is back or patience ends.
    """

    def __init__(self, address: str, token: str, seat: str, code: str) -> None:
        self.seat, self._code, self._token = seat, code, token
        self._client = httpx.Client(base_url=address, follow_redirects=True, timeout=20)

    def close(self) -> None:
        """Close the window; the server is told nothing."""
        self._client.close()

    def enter(self) -> dict[str, Any]:
        """Open the exam page, show the access code, start or come back; returns paper and state."""
        self._get(f"/academy/seats/{self.seat}?token={self._token}")
        self._send("POST", f"/academy/api/seats/{self.seat}/enter", {"code": self._code})
        return self._send("POST", f"/academy/api/seats/{self.seat}/start", {})

    def look(self) -> dict[str, Any]:
        """Paper and state as they stand."""
        return self._get(f"/academy/api/seats/{self.seat}").json()  # type: ignore[no-any-return]

    def answer(self, slot: str, value: Any) -> dict[str, Any]:
        """Save one answer; returns when it is on the server's disk."""
        return self._send("PUT", f"/academy/api/seats/{self.seat}/answers/{slot}", {"value": value})

    def answer_and_die(self, slot: str, value: Any) -> None:
        """Send an answer and lose the browser before the reply comes."""
        request = self._request("PUT", f"/academy/api/seats/{self.seat}/answers/{slot}", {"value": value})
        with suppress(httpx.TransportError):
            self._client.send(request, stream=True).close()
        self.close()

    def practical(self) -> dict[str, Any]:
        """The practical notebook, as JupyterLab loads it."""
        path = f"/api/contents/exam/{self.seat}/practical.ipynb"
        return self._get(path).json()["content"]  # type: ignore[no-any-return]

    def save_practical(self, notebook: dict[str, Any]) -> None:
        """Save the practical notebook, as JupyterLab does."""
        body = {"type": "notebook", "format": "json", "content": notebook}
        self._send("PUT", f"/api/contents/exam/{self.seat}/practical.ipynb", body)

    def hand_in(self) -> dict[str, Any]:
        """Hand in; returns the receipt."""
        return self._send("POST", f"/academy/api/seats/{self.seat}/hand-in", {})

    def _get(self, path: str) -> httpx.Response:
        return self._patient(self._client.build_request("GET", path))

    def _send(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._patient(self._request(method, path, body)).json()  # type: ignore[no-any-return]

    def _request(self, method: str, path: str, body: dict[str, Any]) -> httpx.Request:
        return self._client.build_request(
            method, path, json=body, headers={"X-XSRFToken": self._client.cookies.get("_xsrf", path="/") or ""}
        )

    def _patient(self, request: httpx.Request) -> httpx.Response:
        until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                response = self._client.send(request)
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)
                continue
            if response.is_success:
                return response
            sentence = response.json()["message"] if "json" in response.headers.get("content-type", "") else ""
            raise RoomError(sentence or f"the server answers {response.status_code} to {request.url.path}")
