"""Reading QTI 3.0: a package or a single item, held against what an item of the bank can be."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

from grader.errors import InputError, Problem
from grader.exchange.carried import Carried, Choice, Read
from grader.exchange.markup import inner_html, left_out, markdown
from grader.exchange.safe_xml import MOST_BYTES, Element, refuse, tree

__all__ = ["read"]

MOST_FILES = 20_000


def read(data: bytes, name: str) -> Read:
    """Every question of a package or of a single item's file that an item of the bank can hold; the others are named.

    Raises :class:`InputError` when the file as a whole cannot be read.
    """
    if not data.startswith(b"PK"):
        return _read_files({name: data}, {})
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = [entry for entry in package.infolist() if entry.filename.endswith(".xml")]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                refuse(
                    name, 1, f"the package must hold at most {MOST_FILES} files of {MOST_BYTES // 1_000_000} MB in all"
                )
            for entry in entries:
                files[entry.filename] = package.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        refuse(name, 1, f"the package cannot be opened: {error}")
    manifest = files.pop("imsmanifest.xml", None)
    if manifest is None:
        refuse(name, 1, "a QTI package holds an imsmanifest.xml, this one does not")
    return _read_files({f"{name}/{path}": content for path, content in files.items()}, _keywords(manifest, name))


def _keywords(data: bytes, name: str) -> dict[str, dict[str, str]]:
    """The entries of the header that a manifest carries, by the item's identifier."""
    found = {}
    for resource in tree(data, f"{name}/imsmanifest.xml").below("resource"):
        words = [word.text.strip() for keyword in resource.below("keyword") for word in keyword.all("string")]
        found[resource.attributes.get("identifier", "")] = dict(([*word.split(" ", 1), ""])[:2] for word in words)
    return found


def _read_files(files: dict[str, bytes], keywords: dict[str, dict[str, str]]) -> Read:
    questions, problems = [], []
    for path, data in files.items():
        try:
            root = tree(data, path)
            if root.tag == "assessmentItem":
                raise ValueError("this is QTI 2; convert it to QTI 3.0 first")
            if root.tag != "qti-assessment-item":
                continue  # a test or a stimulus of the package
            one = _read_item(root)
            questions.append(replace(one, tags=keywords.get(one.name, {})))
            problems += left_out(inner_html(root), one.name, f"{path}:{one.line}")
        except InputError as error:
            problems.append(error.args[0])
        except ValueError as error:
            problems.append(Problem(f"{path}:1", str(error)))
    return Read(tuple(questions), tuple(problems))


def _read_item(root: Element) -> Carried:
    name = root.attributes.get("identifier", "")
    body = root.first("qti-item-body")
    if body is None:
        raise ValueError(f"the item {name!r} has no qti-item-body")
    places = list(body.below(*READERS))
    others = [one for one in body.below(*OTHERS) if one.tag not in READERS]
    if len(places) != 1 or others:
        said = ", ".join(sorted({one.tag for one in [*places, *others]})) or "none"
        raise ValueError(
            f"an item of the bank has one interaction of {', '.join(sorted(READERS))}; {name!r} has {said}"
        )
    modal = root.first("qti-modal-feedback")
    maximum = next((one.attributes.get("normal-maximum") for one in root.all("qti-outcome-declaration")), None)
    base = Carried(
        name,
        "text",
        _stem(body),
        reason=markdown(inner_html(modal))[0] if modal else "",
        points=float(maximum) if maximum else 1.0,
        line=root.line,
    )
    declaration = root.first("qti-response-declaration")
    values = [value.text.strip() for value in declaration.below("qti-value")] if declaration else []
    return READERS[places[0].tag](root, places[0], values, base)


def _stem(body: Element) -> str:
    """What stands above the interaction."""
    plain = Element(body.tag, {}, body.line, [child for child in body.content if not _is_answer(child)])
    return markdown(inner_html(plain))[0]


def _is_answer(child: Element | str) -> bool:
    return isinstance(child, Element) and (
        child.tag.startswith("qti-") or next(child.below("qti-text-entry-interaction"), None) is not None
    )


def _read_choice(root: Element, place: Element, values: list[str], base: Carried) -> Carried:
    choices = []
    for simple in place.all("qti-simple-choice"):
        reason = simple.first("qti-feedback-inline")
        text = markdown(inner_html(simple, without=("qti-feedback-inline",)))[0]
        right = simple.attributes.get("identifier") in values
        choices.append(Choice(text, right, markdown(inner_html(reason))[0] if reason else ""))
    kind = "choice" if sum(choice.right for choice in choices) == 1 else "multi"
    return replace(base, kind=kind, choices=tuple(choices))


def _read_number(root: Element, place: Element, values: list[str], base: Carried) -> Carried:
    try:
        key = float(values[0])
        equal = next(root.below("qti-equal"), None)
        tolerance = float((equal.attributes.get("tolerance", "0") if equal else "0").split()[0])
    except (ValueError, IndexError):
        raise ValueError(f"{base.name}: the key must be a number with an absolute tolerance, got {values}") from None
    unit = next((one.text for one in root.below("span") if one.attributes.get("class") == "unit"), "")
    return replace(base, kind="number", key=key, tolerance=tolerance, unit=unit)


def _read_order(root: Element, place: Element, values: list[str], base: Carried) -> Carried:
    texts = {one.attributes.get("identifier", ""): one for one in place.all("qti-simple-choice")}
    if sorted(values) != sorted(texts):
        raise ValueError(f"{base.name}: the right order must name every step once")
    return replace(
        base, kind="order", choices=tuple(Choice(markdown(inner_html(texts[value]))[0], True) for value in values)
    )


def _read_match(root: Element, place: Element, values: list[str], base: Carried) -> Carried:
    sides = [
        {one.attributes.get("identifier", ""): markdown(inner_html(one))[0] for one in side.all(one_choice)}
        for side in place.all("qti-simple-match-set")
        for one_choice in ("qti-simple-associable-choice",)
    ]
    key = dict(([*value.split(), ""])[:2] for value in values)
    if len(sides) != 2 or set(key) != set(sides[0]) or not set(key.values()) <= set(sides[1]):
        raise ValueError(f"{base.name}: every left side of a match needs one right side among those that are there")
    pairs = [(text, sides[1][key[name]]) for name, text in sides[0].items()]
    spare = [("", text) for name, text in sides[1].items() if name not in key.values()]
    return replace(base, kind="match", pairs=(*pairs, *spare))


def _read_text(root: Element, place: Element, values: list[str], base: Carried) -> Carried:
    rubric: list[tuple[float, str]] = []
    samples: list[tuple[float, str]] = []
    for block in root.below("qti-rubric-block"):
        text = markdown(inner_html(block))[0]
        if block.attributes.get("class") == "sample":
            samples.append((float(block.attributes.get("data-points", "0")), text))
        else:
            found = re.findall(r"^- \((\d+(?:\.\d+)?)\) (.*)$", text, re.M)
            rubric += [(float(points), said) for points, said in found]
    return replace(base, rubric=tuple(rubric), samples=tuple(samples))


READERS = {
    "qti-choice-interaction": _read_choice,
    "qti-text-entry-interaction": _read_number,
    "qti-order-interaction": _read_order,
    "qti-match-interaction": _read_match,
    "qti-extended-text-interaction": _read_text,
}
OTHERS = (
    *("qti-inline-choice-interaction", "qti-gap-match-interaction", "qti-graphic-gap-match-interaction"),
    *("qti-graphic-order-interaction", "qti-graphic-associate-interaction", "qti-associate-interaction"),
    *("qti-hotspot-interaction", "qti-select-point-interaction", "qti-position-object-interaction"),
    *("qti-hottext-interaction", "qti-slider-interaction", "qti-upload-interaction", "qti-drawing-interaction"),
    *("qti-media-interaction", "qti-custom-interaction", "qti-portable-custom-interaction"),
)
