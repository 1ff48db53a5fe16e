"""The browser in which the pictures of the tutorials are taken, and how a picture becomes a small file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page

__all__ = ["HEIGHT", "LANGUAGES", "PICTURES", "WIDTH", "Studio", "save", "take"]

PICTURES = Path(__file__).resolve().parent / "pictures"
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
WIDTH, HEIGHT, MARGIN = 1200, 800, 20
LARGEST_BYTES, PATIENCE_MS = 150_000, 60_000
# The access code of this run becomes one that opens nothing.
CALM = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    node.data = node.data.replace(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/, "K7QM-3XPD");
  }
}"""


def nine_o_clock() -> str:
    """A time zone in which it is nine in the morning: examinations begin then, whenever the pictures are made."""
    east = 9 - datetime.now(UTC).hour
    east += 24 if east < -12 else 0
    return f"Etc/GMT{-east:+d}"


@dataclass
class Studio:
    """A browser, a folder to work in, and where the papers of the demo lie."""

    browser: Browser
    work: Path
    demo: Path

    def page(self, language: str, height: int = HEIGHT, width: int = WIDTH) -> Page:
        """A page in a profile of its own, which speaks the language; a narrow one is taken larger."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale=LANGUAGES[language], timezone_id=nine_o_clock(),
            device_scale_factor=WIDTH / width,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        return context.new_page()


def save(png: bytes, name: str, language: str) -> None:
    """Write a picture as small as it can be read: with as few colours as its size asks for."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        made = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
        if len(made.getvalue()) < LARGEST_BYTES:
            break
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}-{language}.png"
    path.write_bytes(made.getvalue())
    print(f"{path.name:24} {image.width} x {image.height}, {path.stat().st_size // 1000} KB, {colours} colours")


def take(page: Page, name: str, language: str, until: Locator | None = None) -> None:
    """Take a picture of what stands in the window, or of the whole page down to the end of a part of it."""
    page.mouse.move(0, 0)
    page.evaluate(CALM)
    page.wait_for_timeout(300)
    if until is None:
        return save(page.screenshot(animations="disabled"), name, language)
    page.evaluate("scrollTo(0, 0)")
    box, size = until.bounding_box(), page.viewport_size
    assert box and size, f"{name}: the part where the picture ends is not on the page"
    height = box["y"] + box["height"] + MARGIN
    return save(
        page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": size["width"], "height": height}), name, language
    )
