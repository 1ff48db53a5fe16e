"""QTI 3.0: one assessment item for each question, and a package with its manifest."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element as New
from xml.etree.ElementTree import SubElement, fromstring, tostring

from grader.exchange.carried import Carried, Choice, Written
from grader.exchange.qti_read import read
from grader.notebooks import render_html

__all__ = ["read", "write"]

SPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
SCHEMA = f"{SPACE} https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0p1_v1p0.xsd"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
LOM = "http://ltsc.ieee.org/xsd/LOM"
RULES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
CODES = {"en": "en", "zh": "zh-CN"}
SHAPES = {
    "choice": ("single", "identifier"),
    "multi": ("multiple", "identifier"),
    "number": ("single", "float"),
    "order": ("ordered", "identifier"),
    "match": ("multiple", "directedPair"),
    "text": ("single", "string"),
}
"""Cardinality and base type of the response of each kind."""


def write(questions: Sequence[Carried], language: str) -> Written:
    """All questions as a package, the same bytes every time."""
    left, files = {}, {}
    for one in questions:
        if lost := tuple(_lost(one)):
            left[one.name] = lost
        files[f"items/{one.name}.xml"] = _bytes(_item(one, language))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in {"imsmanifest.xml": _bytes(_manifest(questions, language)), **files}.items():
            package.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return Written(data.getvalue(), left)


def _bytes(root: New) -> bytes:
    data: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + data + b"\n"


def _lost(one: Carried) -> Iterator[str]:
    if one.kind == "order":
        yield "the rule of credit: all or nothing there, since QTI has no rule for pairs in order"
    if one.reason or any(choice.reason for choice in one.choices):
        yield "that reasons are shown: they stand in the file, and a player shows them only when it is told to"
    if one.rubric:
        yield "the rubric as lines that a marker gives points by; it stands in a rubric block as text"


# --- writing an item --------------------------------------------------------------------------------------------------


def _item(one: Carried, language: str) -> New:
    root = New(
        "qti-assessment-item",
        {
            "xmlns": SPACE,
            "xmlns:xsi": INSTANCE,
            "xsi:schemaLocation": SCHEMA,
            "identifier": one.name,
            "title": one.name,
            "adaptive": "false",
            "time-dependent": "false",
            "xml:lang": CODES[language],
        },
    )
    cardinality, base = SHAPES[one.kind]
    declared = {"identifier": "RESPONSE", "cardinality": cardinality, "base-type": base}
    _correct(SubElement(root, "qti-response-declaration", declared), one)
    _outcome(root, "SCORE", "float", "0", maximum=f"{one.points:g}")
    if one.reason or any(choice.reason for choice in one.choices):
        _outcome(root, "FEEDBACK", "identifier", None, cardinality="multiple")
    body = SubElement(root, "qti-item-body")
    _html(body, one.stem)
    _rubric(body, one)
    INTERACTIONS[one.kind](body, one)
    _processing(root, one)
    if one.reason:
        modal = {"outcome-identifier": "FEEDBACK", "identifier": "reason", "show-hide": "show"}
        _html(SubElement(SubElement(root, "qti-modal-feedback", modal), "qti-content-body"), one.reason)
    return root


def _outcome(
    root: New, name: str, base: str, value: str | None, *, maximum: str = "", cardinality: str = "single"
) -> None:
    given = {"identifier": name, "cardinality": cardinality, "base-type": base}
    outcome = SubElement(root, "qti-outcome-declaration", given | ({"normal-maximum": maximum} if maximum else {}))
    if value is not None:
        SubElement(SubElement(outcome, "qti-default-value"), "qti-value").text = value


def _correct(declaration: New, one: Carried) -> None:
    right = [letter for letter, choice in _lettered(one) if choice.right]
    lefts = [(f"L{place}", f"R{_targets(one).index(pair[1]) + 1}") for place, pair in enumerate(_lefts(one), start=1)]
    values = {
        "number": [repr(one.key)],
        "order": [letter for letter, _ in _lettered(one)],
        "match": [" ".join(pair) for pair in lefts],
        "text": [],
    }.get(one.kind, right)
    if values:
        correct = SubElement(declaration, "qti-correct-response")
        for value in values:
            SubElement(correct, "qti-value").text = value
    scores = {
        "multi": {letter: (1 if choice.right else -1) / max(1, len(right)) for letter, choice in _lettered(one)},
        "match": {" ".join(pair): 1 / len(lefts) for pair in lefts},
    }.get(one.kind)
    if scores:
        mapping = SubElement(declaration, "qti-mapping", {"lower-bound": "0", "upper-bound": "1", "default-value": "0"})
        for key, score in scores.items():
            SubElement(mapping, "qti-map-entry", {"map-key": key, "mapped-value": f"{score:.6g}"})


def _lettered(one: Carried) -> list[tuple[str, Choice]]:
    return list(zip("abcdefghijklmnop", one.choices, strict=False))


def _lefts(one: Carried) -> list[tuple[str, str]]:
    return [pair for pair in one.pairs if pair[0]]


def _targets(one: Carried) -> list[str]:
    return list(dict.fromkeys(right for _, right in [*_lefts(one), *one.pairs]))


def _html(parent: New, text: str) -> None:
    """The text as XHTML; a column's alignment becomes a class of QTI's own, since it knows no styles."""
    html = re.sub(r' style="text-align:\s*(left|center|right);?"', r' class="qti-align-\1"', render_html(text))
    parent.extend(fromstring(f"<div>{html}</div>"))


def _inline(parent: New, text: str) -> None:
    """The text inside an element that takes no paragraph, when it is one."""
    html = render_html(text)
    one = re.fullmatch(r"<p>(.*)</p>", html, re.S)
    if one and "<p>" not in one[1]:
        inner = fromstring(f"<div>{one[1]}</div>")
        parent.text = inner.text
        parent.extend(inner)
    else:
        _html(parent, text)


def _rubric(body: New, one: Carried) -> None:
    if one.rubric:
        block = SubElement(body, "qti-rubric-block", {"view": "scorer", "use": "scoring"})
        content = SubElement(block, "qti-content-body")
        _html(content, "\n".join(f"- ({points:g}) {text}" for points, text in one.rubric))
    for points, text in one.samples:
        given = {"view": "scorer", "use": "scoring", "class": "sample", "data-points": f"{points:g}"}
        _html(SubElement(SubElement(body, "qti-rubric-block", given), "qti-content-body"), text)


def _choice(body: New, one: Carried) -> None:
    right = sum(choice.right for choice in one.choices)
    most = "1" if one.kind == "choice" else str(right)
    place = SubElement(
        body,
        "qti-choice-interaction",
        {"response-identifier": "RESPONSE", "shuffle": "true", "max-choices": most, "min-choices": "0"},
    )
    for letter, choice in _lettered(one):
        simple = SubElement(place, "qti-simple-choice", {"identifier": letter})
        _inline(simple, choice.text)
        if choice.reason:
            shown = {"outcome-identifier": "FEEDBACK", "identifier": letter, "show-hide": "show"}
            _inline(SubElement(simple, "qti-feedback-inline", shown), choice.reason)


def _number(body: New, one: Carried) -> None:
    line = SubElement(body, "p")
    entry = SubElement(line, "qti-text-entry-interaction", {"response-identifier": "RESPONSE"})
    if one.unit:
        entry.tail = " "
        SubElement(line, "span", {"class": "unit"}).text = one.unit


def _order(body: New, one: Carried) -> None:
    given = {"response-identifier": "RESPONSE", "shuffle": "true"}
    place = SubElement(body, "qti-order-interaction", given)
    for letter, choice in _lettered(one):
        _inline(SubElement(place, "qti-simple-choice", {"identifier": letter}), choice.text)


def _match(body: New, one: Carried) -> None:
    lefts, rights = [left for left, _ in _lefts(one)], _targets(one)
    given = {"response-identifier": "RESPONSE", "shuffle": "true", "max-associations": str(len(lefts))}
    place = SubElement(body, "qti-match-interaction", given)
    for sign, texts, most in (("L", lefts, 1), ("R", rights, len(lefts))):
        side = SubElement(place, "qti-simple-match-set")
        for number, text in enumerate(texts, start=1):
            given = {"identifier": f"{sign}{number}", "match-max": str(most)}
            _inline(SubElement(side, "qti-simple-associable-choice", given), text)


def _text(body: New, one: Carried) -> None:
    SubElement(body, "qti-extended-text-interaction", {"response-identifier": "RESPONSE"})


INTERACTIONS = {"choice": _choice, "multi": _choice, "number": _number, "order": _order, "match": _match, "text": _text}


def _processing(root: New, one: Carried) -> None:
    if one.kind == "text":
        return  # a person gives the points
    if one.kind != "number":
        rule = "map_response" if one.kind in ("multi", "match") else "match_correct"
        SubElement(root, "qti-response-processing", {"template": f"{RULES}{rule}.xml"})
        return
    condition = SubElement(SubElement(root, "qti-response-processing"), "qti-response-condition")
    branch = SubElement(condition, "qti-response-if")
    given = {"tolerance-mode": "absolute", "tolerance": f"{one.tolerance!r} {one.tolerance!r}"}
    equal = SubElement(branch, "qti-equal", given)
    SubElement(equal, "qti-variable", {"identifier": "RESPONSE"})
    SubElement(equal, "qti-correct", {"identifier": "RESPONSE"})
    score = SubElement(branch, "qti-set-outcome-value", {"identifier": "SCORE"})
    SubElement(score, "qti-base-value", {"base-type": "float"}).text = f"{one.points:g}"


def _manifest(questions: Sequence[Carried], language: str) -> New:
    root = New("manifest", {"xmlns": PACKAGE, "xmlns:lom": LOM, "identifier": f"bank-{language}"})
    meta = SubElement(root, "metadata")
    SubElement(meta, "schema").text = "QTI Package"
    SubElement(meta, "schemaversion").text = "3.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for one in questions:
        path = f"items/{one.name}.xml"
        given = {"identifier": one.name, "type": "imsqti_item_xmlv3p0", "href": path}
        resource = SubElement(resources, "resource", given)
        general = SubElement(SubElement(SubElement(resource, "metadata"), "lom:lom"), "lom:general")
        for key, value in one.tags.items():
            keyword = SubElement(SubElement(general, "lom:keyword"), "lom:string", {"language": "en"})
            keyword.text = f"{key} {value}"
        SubElement(resource, "file", {"href": path})
    return root
