"""Reads the block of data inside the HR page, as its script does."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

import numpy as np


def payload(page: str) -> dict[str, Any]:
    """Header and columns of the page; columns as lists of numbers, texts as lists of lines."""
    (text,) = re.findall(r'<script type="text/plain" id="data">([A-Za-z0-9+/=]*)</script>', page)
    data = zlib.decompress(base64.b64decode(text))
    length = int.from_bytes(data[:4], "little")
    header: dict[str, Any] = json.loads(data[4 : 4 + length])
    for name, (kind, at, count) in header["columns"].items():
        header[name] = np.frombuffer(data, kind, count, 4 + length + at).tolist()
    for name, lines in header["texts"].items():
        header[name] = lines.split("\n") if lines else []
    return header
