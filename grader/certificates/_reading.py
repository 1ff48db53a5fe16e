"""Reads a signed document that anybody may have written: form, members and signature, before it is believed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..errors import AcademyError
from ..model import Bilingual, canonical
from .proof import compacted, proof_holds, public_key

__all__ = ["TIME", "Refused", "Shape", "moment", "parse", "read_signed"]

TIME = "%Y-%m-%dT%H:%M:%SZ"
_LIMIT = 1_000_000  # characters; a credential has about twenty thousand


@dataclass(frozen=True)
class Shape:
    """What a kind of signed document looks like when we wrote it, and what is said of one that looks otherwise."""

    contexts: tuple[str, ...]
    context_name: str
    types: frozenset[str]
    """Every type that it uses; a document with any other is not one of this kind."""
    required: tuple[str, ...]
    ids: str
    """Pattern of the beginning of its addresses: a relative one is signed by nobody."""
    say: Mapping[str, Bilingual]
    """Sentences for ``garbage`` and ``kind``, with a {reason}, and ``altered``."""
    limit: int = _LIMIT
    bare: Callable[[dict[str, Any]], dict[str, Any]] = lambda document: document
    """The document without signed documents inside, whose form is looked at for itself; the signature covers all."""
    members: Mapping[str, frozenset[str]] | None = None
    """The members of each part by its path, where a context cannot write its own documents again; None where it can."""


class Refused(Exception):
    """A document that is not believed, with the one sentence that says why."""

    def __init__(self, said: Bilingual, en: str = "", zh: str = "") -> None:
        super().__init__(said.en)
        self.sentence = Bilingual(said.en.format(reason=en), said.zh.format(reason=zh or en))


def read_signed(document: Mapping[str, Any] | str | bytes, shape: Shape) -> tuple[dict[str, Any], str]:
    """The document and the ``did:key`` that signed it; raises :class:`Refused` and nothing else."""
    try:
        found = parse(document, shape)
        bare = shape.bare(found)
        who = _check_form(bare, shape)
        _check_signature(found, bare, who, shape)
    except RecursionError as error:
        raise Refused(shape.say["garbage"], "it is nested too deeply", "它嵌套过深") from error
    return found, who


def parse(document: Mapping[str, Any] | str | bytes, shape: Shape) -> dict[str, Any]:
    """The JSON object, when it is one."""

    def refuse(english: str, chinese: str) -> Refused:
        return Refused(shape.say["garbage"], english, chinese)

    try:
        text = document.decode("utf-8") if isinstance(document, bytes) else document
        # A mapping is written and read again, so that what is checked is JSON and nothing else.
        text = text if isinstance(text, str) else json.dumps(dict(text), ensure_ascii=False, allow_nan=False)
        if len(text) > shape.limit:
            raise refuse(f"it has {len(text)} characters", f"它有{len(text)}个字符")
        value = json.loads(text, object_pairs_hook=_members, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise refuse("it is not UTF-8 text", "它不是UTF-8文本") from error
    except json.JSONDecodeError as error:
        place = f"it breaks off or breaks the rules of JSON at line {error.lineno}, column {error.colno}"
        raise refuse(place, f"第{error.lineno}行第{error.colno}列处中断或不合JSON语法") from error
    except (ValueError, TypeError) as error:
        raise refuse(f"it is not plain JSON ({error})", f"它不是规范的JSON（{error}）") from error
    if not isinstance(value, dict):
        raise refuse("it holds no object", "其中没有JSON对象")
    return value


def moment(text: str) -> datetime:
    """A moment as signed documents write it."""
    return datetime.strptime(text, TIME).replace(tzinfo=UTC)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _check_form(document: Mapping[str, Any], shape: Shape) -> str:
    """Refuse all that is not in the shape of our documents; the issuer's ``did:key``."""
    absent = [name for name in shape.required if name not in document]
    if absent:
        raise Refused(shape.say["kind"], f"it has no {absent[0]}", f"缺少{absent[0]}")
    if document.get("@context") != list(shape.contexts):
        name = shape.context_name
        raise Refused(shape.say["kind"], f"its @context is not that of {name}", f"@context不是{name}")
    _check_members({name: value for name, value in document.items() if name != "@context"}, shape)
    try:
        return _issuer_of(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        english = "its issuer, subject, dates or proof are not as we write them"
        raise Refused(shape.say["kind"], english, "签发者、主体、日期或签名的格式不符") from error


def _issuer_of(document: Mapping[str, Any]) -> str:
    """The issuer's ``did:key``; ValueError (or what reading wrong JSON raises) when a part is not as we write it."""
    who, proof = str(document["issuer"]["id"]), document["proof"]
    public_key(who)
    fits = (
        isinstance(document["issuer"]["name"], str)
        and moment(document["validFrom"]) < moment(document["validUntil"])
        and (proof["type"], proof["cryptosuite"]) == ("DataIntegrityProof", "eddsa-rdfc-2022")
        and proof["proofPurpose"] == "assertionMethod"
        and re.fullmatch(r"z[1-9A-HJ-NP-Za-km-z]{60,100}", proof["proofValue"])
        and proof["verificationMethod"] == f"{who}#{who.removeprefix('did:key:')}"
    )
    if not fits:
        raise ValueError(who)
    return who


def _check_members(value: Any, shape: Shape) -> None:
    # A proof covers the statements that JSON-LD reads out of the file, not its text: a relative id, an unknown type, an
    # inline @-word or an undefined member would be shown to a reader and yet be signed by nobody.
    if isinstance(value, list):
        for part in value:
            _check_members(part, shape)
    if not isinstance(value, dict):
        return
    for name, part in value.items():
        said = str(part)[:60]
        if name.startswith("@") or ":" in name:
            raise Refused(shape.say["kind"], f"it has a member {name[:40]!r}", f"含有成员{name[:40]!r}")
        if name == "id" and not (isinstance(part, str) and re.match(shape.ids, part)):
            raise Refused(shape.say["kind"], f"it has an id {said[:40]!r}", f"含有标识{said[:40]!r}")
        if name == "statusListCredential" and not (isinstance(part, str) and re.match("https?://", part)):
            raise Refused(shape.say["kind"], f"it has a status list {said!r}", f"含有状态列表地址{said!r}")
        if name == "type" and not shape.types.issuperset(map(str, part if isinstance(part, list) else [part])):
            raise Refused(shape.say["kind"], f"it has a type {said}", f"含有类型{said}")
        _check_members(part, shape)


def _check_signature(document: Mapping[str, Any], bare: Mapping[str, Any], who: str, shape: Shape) -> None:
    from pyld.jsonld import JsonLdError

    try:
        if shape.members is None:
            known = _unordered(compacted(bare)) == _unordered(bare)
        else:
            known = _known(bare, "", shape.members)
        whole = known and proof_holds(document, who)
    except (JsonLdError, AcademyError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise Refused(shape.say["altered"]) from error
    if not whole:
        raise Refused(shape.say["altered"])


def _known(value: Any, path: str, members: Mapping[str, frozenset[str]]) -> bool:
    """Whether every member of a part is one that the signature covers there; an empty one is covered nowhere."""
    if isinstance(value, list):
        return bool(value) and all(_known(part, path, members) for part in value)
    if isinstance(value, Mapping):
        inside = members.get(path, frozenset())
        return bool(value) and all(name in inside and _known(part, name, members) for name, part in value.items())
    return value is not None


def _unordered(value: Any) -> Any:
    """The value as JSON-LD understands it: a list is a set, and a set of one is the one."""
    if isinstance(value, Mapping):
        return {name: _unordered(part) for name, part in value.items()}
    if isinstance(value, list):
        parts = sorted((_unordered(part) for part in value), key=canonical)
        return parts[0] if len(parts) == 1 else parts
    return value
