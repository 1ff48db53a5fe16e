"""The exam office's desk: a centre's registry, the rules, the bank, and the office's own papers.

The bank, forms and practicals are imported where they are asked for: most steps look into the registry alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .. import certificates, rules
from ..centre import PROJECT, Centre
from ..certificates import Issuer
from ..errors import InputError, RuleBroken
from ..model import Bilingual, Form, Framework, Item, Scheme, digest
from ..store import Event, Store

if TYPE_CHECKING:
    from ..exams import Practical

__all__ = ["Academy"]

_NEXT = {"scheduled": "close", "closed": "mark", "marked": "decide` and `academy exam confirm"}
"""What a sitting waits for, by its state; the states stand in their order, and the last is ``decided``."""


RULES = ("framework.yml", "scheme.yml")
"""The files of the bank that say what is certified, and by which rules."""


def _bank_of(root: Path) -> Path:
    """The folder of the bank: ``bank`` of the centre's ``centre.json``, else the project's own."""
    try:
        told = json.loads((root / "centre.json").read_text("utf-8")).get("bank")
    except (OSError, ValueError, AttributeError):  # no such file, or one that `issuer` will name
        told = None
    if told is None:
        return PROJECT / "question_bank"
    folder = root / str(told)
    if missing := [name for name in RULES if not (folder / name).is_file()]:
        raise InputError(
            f"{root / 'centre.json'}: `bank` wants the folder of a question bank, and {folder} has no {missing[0]}; "
            "give the path of a folder like question_bank/, or take the line out"
        )
    return folder


class Academy:
    """One training centre with its bank. The office's papers hold keys: only the exam office's process opens them."""

    def __init__(self, root: Path, bank_folder: Path | None = None) -> None:
        self.centre = Centre(Path(root).resolve())
        self.bank_folder = bank_folder or _bank_of(self.centre.root)
        self.store = Store(self.centre.registry)
        self.places_drawn: set[tuple[int, int]] = set()
        """Places in the status lists that were given out and may not be in the registry yet."""
        self._rules: dict[str, tuple[Framework, Scheme]] = {}

    def __enter__(self) -> Academy:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    @cached_property
    def framework(self) -> Framework:
        """Levels, domains and statements."""
        return rules.load_framework(self.bank_folder / "framework.yml")

    @cached_property
    def scheme(self) -> Scheme:
        """The rules of every certificate."""
        return rules.load_scheme(self.bank_folder / "scheme.yml", self.framework)

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """The items of the bank that can be read; `academy bank check` names the others."""
        from .. import bank

        return bank.load(self.bank_folder, self.framework).items

    @cached_property
    def issuer(self) -> Issuer:
        """Who stands on the centre's certificates: ``centre.json`` with ``name`` (en, zh) and ``url``."""
        path = self.centre.root / "centre.json"
        try:
            content = json.loads(path.read_text("utf-8"))
            return Issuer(Bilingual(content["name"]["en"], content["name"]["zh"]), content["url"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f'{path} must say who issues, as {{"name": {{"en": "...", "zh": "..."}}, "url": "https://..."}}'
            ) from error

    @cached_property
    def places_again(self) -> frozenset[tuple[int, int]]:
        """Places in the status lists of the files that were signed again, as they were when this was first asked."""
        facts = self.store.events("certificate.reissued")
        return frozenset((one.data["status_list"], one.data["status_index"]) for one in facts)

    @property
    def issuer_did(self) -> str:
        """The public name (did:key) of the key that signs; the key is made on first use."""
        return certificates.did(self.signing_key())

    def signing_key(self) -> Ed25519PrivateKey:
        """The centre's signing key, made on first use; refused where there was one and it is missing."""
        path, last = self.centre.key, self.last_key()
        if last is not None and self.rotations() and self.centre.archived_key(last).exists():
            self.centre.archived_key(last).replace(path)  # the change that the registry tells of is carried out
        if path.exists():
            return certificates.load_key(path)
        if last is not None:
            raise InputError(
                f"{path} is missing, the key of {last}: put it back from the safe or a backup; when it is lost for "
                "good, `academy cert rotate-key --reason lost` makes another one"
            )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return certificates.new_key(path)

    def key_of(self, issuer: str) -> Ed25519PrivateKey | None:
        """The private key behind a ``did:key``: that of today or one from the archive; None when it is not here."""
        archived = self.centre.archived_key(issuer)
        if archived.exists():
            return certificates.load_key(archived)
        today = certificates.load_key(self.centre.key) if self.centre.key.exists() else None
        return today if today and certificates.did(today) == issuer else None

    def key_for_lists(self, issuer: str) -> Ed25519PrivateKey:
        """The key that signs the status lists of an issuer's certificates: its own, while that is safe and at hand."""
        unsafe = any(fact.data["follows"] == issuer and fact.data["reason"] != "planned" for fact in self.rotations())
        return (None if unsafe else self.key_of(issuer)) or self.signing_key()

    def rotations(self) -> list[Event]:
        """The facts ``key.rotated``, in their order: the subject is the new key."""
        return self.store.events("key.rotated")

    def trusted(self) -> frozenset[str]:
        """Every key that ever signed for the centre; nothing is made."""
        known = {did for fact in self.rotations() for did in (fact.subject, fact.data["follows"])}
        known |= {self.last_key()} | ({certificates.did(self.signing_key())} if self.centre.key.exists() else {None})
        return frozenset(did for did in known if did)

    def last_key(self) -> str | None:
        """The key that signs, by the registry: the newest that was made known; None where nothing was signed yet."""
        rotations, opened = self.rotations(), self.store.events("status.opened")
        return rotations[-1].subject if rotations else opened[-1].data["did"] if opened else None

    def practical(self, level: int) -> Practical:
        """The practical task of a level; one that cannot be read is named only when no other serves."""
        from .. import exams

        broken: list[InputError] = []
        for path in sorted((self.bank_folder / "practicals").glob("*.md")):
            try:
                found = exams.read_practical(path, self.bank_folder)
            except InputError as error:
                broken.append(error)
                continue
            if found.level == level:
                return found
        if broken:
            raise broken[0]
        raise InputError(f"question_bank/practicals has no task for level {level}; write one before scheduling an exam")

    # --- rows of the registry -----------------------------------------------------------------------------------------

    def sitting(self, sitting: str, *states: str) -> dict[str, Any]:
        """The registry's row of a sitting, refused unless it is in one of ``states``."""
        rows = self.store.rows("sittings", sitting=sitting)
        if not rows:
            known = ", ".join(row["sitting"] for row in self.store.rows("sittings")) or "none"
            raise InputError(f"there is no sitting {sitting!r}; the registry knows {known}")
        if states and rows[0]["state"] not in states:
            state, order = rows[0]["state"], [*_NEXT, "decided"]
            early = order.index(state) < min(order.index(wanted) for wanted in states)
            todo = f"; next comes `academy exam {_NEXT[state]}`" if early else ""
            raise RuleBroken(f"sitting {sitting} is {state}; this step wants it {' or '.join(states)}{todo}")
        return rows[0]

    def seats(self, sitting: str) -> list[dict[str, Any]]:
        """The registry's rows of the seats of a sitting."""
        return self.store.rows("seats", sitting=sitting)

    def seat(self, seat: str, sitting: str | None = None) -> dict[str, Any]:
        """The registry's row of a seat, refused when there is none or when it is in another sitting."""
        rows = self.store.rows("seats", seat=seat)
        if not rows:
            raise InputError(f"there is no seat {seat!r}; see academy exam seats for those of a sitting")
        if sitting not in (None, rows[0]["sitting"]):
            raise InputError(f"seat {seat} is in sitting {rows[0]['sitting']}, not in {sitting}")
        return rows[0]

    def person(self, person: str) -> dict[str, Any]:
        """The registry's row of a person."""
        rows = self.store.rows("people", person=person)
        if not rows:
            raise InputError(f"person {person!r} is not in the registry; import the roster first (academy hr import)")
        return rows[0]

    def name(self, person: str) -> str:
        """The name of a person; the number where the name was removed."""
        rows = self.store.rows("people", person=person)
        return str(rows[0]["name"]) if rows else person

    # --- the office's own papers --------------------------------------------------------------------------------------

    def write_office(self, sitting: str, name: str, content: Any) -> None:
        """Keep one of the office's papers, readable by its owner only, whole or not at all."""
        path = self.centre.office / sitting / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f".{name}.part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
        part.replace(path)

    def read_office(self, sitting: str, name: str) -> Any:
        """One of the office's papers."""
        path = self.centre.office / sitting / name
        try:
            return json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(
                f"the exam office's paper {sitting}/{name} cannot be read; restore it from a backup"
            ) from error

    def keep_rules(self) -> str:
        """Keep the framework and the scheme of today among the office's papers; returns the name that they go by there.

        What was decided by them can then be computed again after they have changed.
        """
        texts = {name: (self.bank_folder / name).read_bytes() for name in RULES}
        name = digest({key: digest(text) for key, text in texts.items()})
        for key, text in texts.items():
            if not (self.centre.office / "rules" / name / key).exists():
                self.write_office(f"rules/{name}", key, text)
        return name

    def rules_of(self, name: str) -> tuple[Framework, Scheme]:
        """The framework and the scheme that were kept under a name; read once, for reading takes half a second."""
        if name not in self._rules:
            folder = self.centre.office / "rules" / name
            self._check_kept(name, folder)
            framework = rules.load_framework(folder / "framework.yml")
            self._rules[name] = framework, rules.load_scheme(folder / "scheme.yml", framework)
        return self._rules[name]

    def _check_kept(self, name: str, folder: Path) -> None:
        try:
            texts = {key: digest((folder / key).read_bytes()) for key in RULES}
        except OSError as error:
            raise InputError(f"the rules kept in {folder} cannot be read; restore them from a backup") from error
        if digest(texts) != name:
            raise InputError(f"the rules kept in {folder} were altered; restore them from a backup")

    def under(self, name: str) -> Academy:
        """The same desk by the rules that were kept under a name: what they decided is computed by them again."""
        then = copy(self)
        then.framework, then.scheme = self.rules_of(name)
        return then

    def form(self, sitting: str, form: str) -> Form:
        """A frozen form with its keys; refused when it was altered."""
        from .. import forms

        return forms.from_json(self.read_office(sitting, f"{form}.json"))

    def practical_words(self, sitting: str) -> dict[str, Any]:
        """The practical as it was set for the sitting: ``id``, ``version``, and ``points`` by graded cell."""
        words: dict[str, Any] = self.read_office(sitting, "practical.json")
        return words

    def practical_points(self, sitting: str) -> dict[str, float]:
        """Points of the practical's graded cells, by cell."""
        return {str(cell): float(points) for cell, points in self.practical_words(sitting)["points"].items()}
