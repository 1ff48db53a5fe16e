"""What a sandbox says that its cells printed: shaped and cut by the grader; the program may have said anything."""

from __future__ import annotations

from typing import Any

from grader.sandbox._limits import Limits

__all__ = ["Outputs"]

_MIMES = {"text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg"}
_MOST = 500
# The program cuts by itself and says where; what is longer was never cut by it.
_ROOM = 1.5
_CUT = "The rest of the output was longer than the grader keeps.\n"


class Outputs:
    """The outputs of one submission, kept within the limits of each cell and of the whole."""

    def __init__(self, limits: Limits) -> None:
        self._text, self._images = limits.text_kb * 1000 * _ROOM, limits.images_kb * 1000 * _ROOM
        self._left = limits.outputs_mb * 1_000_000

    def clean(self, raw: list[Any]) -> list[dict[str, Any]]:
        """Those outputs that the notebook format knows, in order, up to the first that does not fit any more."""
        found: list[dict[str, Any]] = []
        text, images = self._text, self._images
        for output in filter(None, map(_clean, raw[:_MOST])):
            said, drawn = _size(output)
            if said > text or drawn > images or said + drawn > self._left:
                return [*found, {"output_type": "stream", "name": "stderr", "text": _CUT}]
            text, images, self._left = text - said, images - drawn, self._left - said - drawn
            found.append(output)
        return found


def _size(output: dict[str, Any]) -> tuple[int, int]:
    """Characters of text and of pictures."""
    data = output.get("data", {})
    drawn = sum(len(value) for mime, value in data.items() if mime.startswith("image/"))
    said = sum(len(value) for mime, value in data.items() if not mime.startswith("image/"))
    said += sum(len(output.get(key, "")) for key in ("text", "ename", "evalue")) + sum(
        map(len, output.get("traceback", []))
    )
    return said, drawn


def _sound(text: str) -> str:
    """Text that can be written to a file: half a character is replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _clean(output: Any) -> dict[str, Any] | None:
    """An output as the notebook format wants it, or None."""
    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in ("stdout", "stderr") and isinstance(output.get("text"), str):
        return {"output_type": "stream", "name": output["name"], "text": _sound(output["text"])}
    if kind == "error" and all(isinstance(output.get(key), str) for key in ("ename", "evalue")):
        lines = output.get("traceback")
        lines = [_sound(line) for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
        words = {key: _sound(output[key]) for key in ("ename", "evalue")}
        return {"output_type": "error", **words, "traceback": lines}
    data = output.get("data")
    if kind in ("display_data", "execute_result") and isinstance(data, dict):
        kept = {mime: _sound(value) for mime, value in data.items() if mime in _MIMES and isinstance(value, str)}
        extra = {"execution_count": None} if kind == "execute_result" else {}
        return {"output_type": kind, "data": kept, "metadata": {}, **extra}
    return None
