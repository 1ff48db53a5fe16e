"""What a certificate states: its facts, which of them may not be missing, and which words may not stand on it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ..errors import InputError, RuleBroken
from ..model import Bilingual, Domain, Framework, Level, Scheme

__all__ = [
    "BANDS", "BLOCKED", "CUT_METHODS", "PURPOSES", "Facts", "Issuer",
    "Score", "StatusEntry", "band", "check_facts", "check_wording", "cut_words", "number_text", "printable",
    "refuse_blocked",
    "texts_in",
]  # fmt: skip

PURPOSES = ("certification", "practice", "demonstration")

BLOCKED = (
    "认证", "中华人民共和国", "中国", "中华", "国家", "全国", "职业资格", "岗位合格", "专业技术职务", "职业技能等级",
    "人员资格", "专项职业能力", "包过", "CC-CMM", "CCCMM", "accredited", "accreditation", "government-approved",
    "state-recognised", "state-recognized", "nationally recognised", "nationally recognized", "guaranteed pass",
)  # fmt: skip
"""Words that nothing of ours carries, paper, file, badge, register or record: notice 人社部函〔2022〕25号 and the
certification rules (article 9) name the Chinese ones; two would claim the mark of somebody else's standard, the English
ones an authority that nobody gave us."""

CUT_METHODS = {
    "modified Angoff": Bilingual("modified Angoff", "改良Angoff法"),
    "author's Angoff": Bilingual(
        "Angoff, by the items' authors; no panel has sat", "Angoff法，由命题人估计，尚未经专家组评定"
    ),
}
"""How a cut score was set, in the words of a certificate."""

BANDS = (
    Bilingual("no question", "未考查"),
    Bilingual("developing", "待提升"),
    Bilingual("solid", "扎实"),
    Bilingual("strong", "突出"),
)
"""Results of a domain are shown as one of these: few questions carry no finer figure."""


def band(points: float, maximum: float) -> int:
    """Index into :data:`BANDS`: below half of the points, half to three quarters, three quarters and more.

    >>> band(4, 8), band(5.9, 8), band(6, 8), band(3, 8), band(0, 0)
    (2, 2, 3, 1, 0)
    """
    if maximum <= 0:
        return 0
    return 1 + (points >= 0.5 * maximum) + (points >= 0.75 * maximum)


_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "FULLWIDTH", "MODIFIER")


@dataclass(frozen=True)
class Issuer:
    """Who stands behind a certificate; ``url`` is where its scheme can be read."""

    name: Bilingual
    url: str


@dataclass(frozen=True)
class Score:
    """Points earned, the most that could be earned, and the points needed."""

    points: float
    maximum: float
    cut: float


@dataclass(frozen=True)
class StatusEntry:
    """A certificate's place in the issuer's status lists."""

    base: str
    """The issuer's address under which the lists are published."""
    number: int
    """Which of the issuer's lists, from 1."""
    index: int


@dataclass(frozen=True)
class Facts:
    """Everything that a certificate says. Dates are days in UTC; ``valid_until`` is the last day on which it holds."""

    number: str
    person: str
    """The number of the person in the roster; it appears in the credential only as a salted hash."""
    name: str
    level: int
    purpose: str
    """``certification``, ``practice`` or ``demonstration``; anything but the first is said on the paper itself."""
    framework: Framework
    scheme: Scheme
    sitting: str
    seat: str
    form: str
    form_digest: str
    cut_method: str
    """One of :data:`CUT_METHODS`, or the words to print."""
    written: Score
    practical: Score | None
    domains: Mapping[str, tuple[float, float]]
    """Points and maximum by domain code, as in the decision."""
    statements: tuple[str, ...]
    """Codes of the statements that the form asked for."""
    proposed_by: str
    confirmed_by: str
    decided_on: date
    issued_on: date
    valid_until: date
    exam_level: int | None = None
    """The level of the exam, where a certificate was reduced to a lower one; None where it is ``level``."""
    origin: Bilingual | None = None
    """What it continues, in a sentence: a renewal, or a reduction to a lower level; None for a first certificate."""
    status: StatusEntry | None = None
    """Where to look whether it was suspended or withdrawn; None only on certificates from before there were lists."""
    signed_on: date | None = None
    """The day of the signature where the certificate was signed again; None where it is ``issued_on``."""

    @property
    def rung(self) -> Level:
        """The level with its names."""
        return self.framework.level(self.level)

    @property
    def assessed(self) -> tuple[Domain, ...]:
        """The domains that were asked, in the framework's order."""
        return tuple(domain for domain in self.framework.domains if self.domains.get(domain.code, (0, 0))[1] > 0)


def number_text(value: float) -> str:
    """A score without a needless fraction.

    >>> number_text(12.0), number_text(12.5), number_text(7.333333)
    ('12', '12.5', '7.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def cut_words(facts: Facts) -> Bilingual:
    """How the cut score was set, in both languages."""
    return CUT_METHODS.get(facts.cut_method, Bilingual(facts.cut_method, facts.cut_method))


def check_wording(text: str, blocked: Collection[str] = BLOCKED) -> list[str]:
    """The blocked words in ``text``, in their order; spaces and full-width letters do not hide one.

    >>> check_wording("能力评价证书"), check_wording("全 国职业资格证书")
    ([], ['全国', '职业资格'])
    """
    squeezed = _squeezed(text)
    found = {word: squeezed.find(_squeezed_word(word)) for word in blocked}
    return sorted((word for word, at in found.items() if at >= 0), key=lambda word: found[word])


@lru_cache(maxsize=256)
def _squeezed_word(word: str) -> str:
    return _squeezed(word)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b-\u200d\u2060\ufeff]", "", unicodedata.normalize("NFKC", text)).upper()


def check_facts(facts: Facts, issuer: Issuer) -> None:
    """Refuse what no certificate may be made of; InputError or RuleBroken with one sentence."""
    missing = [name for name, value in _required(facts, issuer) if not str(value).strip()]
    if missing:
        raise InputError(
            f"certificate {facts.number or '(no number)'}: wanted {', '.join(missing)}, found nothing; "
            "a certificate without it is not issued"
        )
    for broken in _broken(facts, issuer):
        raise broken


def _required(facts: Facts, issuer: Issuer) -> Iterator[tuple[str, object]]:
    # What ISO/IEC 17024:2012, 9.4 asks of a certificate, and what an auditor needs to follow it back.
    yield "a unique number", facts.number
    yield "the person's number", facts.person
    yield "the person's name", facts.name
    yield "the issuing body's name", issuer.name.en and issuer.name.zh
    yield "the issuing body's address", issuer.url
    yield "the scheme's name", facts.scheme.title.en and facts.scheme.title.zh
    yield "the scheme's version", facts.scheme.version
    yield "the framework's version", facts.framework.version
    yield "the scope (domains assessed)", "yes" if facts.assessed else ""
    yield "the sitting", facts.sitting
    yield "the seat", facts.seat
    yield "the form", facts.form
    yield "the form's digest", facts.form_digest
    yield "how the cut score was set", facts.cut_method
    yield "who proposed the decision", facts.proposed_by
    yield "who confirmed the decision", facts.confirmed_by


def _broken(facts: Facts, issuer: Issuer) -> Iterator[Exception]:
    where = f"certificate {facts.number}"
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{3,39}", facts.number):
        yield InputError(f"{where}: wanted a number of 4 to 40 capital letters, digits and hyphens")
    if facts.purpose not in PURPOSES:
        yield InputError(f"{where}: the purpose must be one of {', '.join(PURPOSES)}, got {facts.purpose!r}")
    if not 1 <= facts.level <= len(facts.framework.levels):
        yield InputError(f"{where}: wanted a level from 1 to {len(facts.framework.levels)}, got {facts.level}")
    if not re.match(r"https?://[^\s/]", issuer.url):
        yield InputError(f"{where}: the issuing body's address must begin with https://, got {issuer.url!r}")
    odd = [character for character in facts.name if not printable(character)]
    if odd or len(facts.name) > 300:
        wrong = f"it holds {odd[0]!r}" if odd else f"it has {len(facts.name)} characters, 300 are the most"
        yield InputError(f"{where}: the name {facts.name[:40]!r} cannot be printed, {wrong}; correct it in the roster")
    if facts.valid_until <= facts.issued_on:
        yield InputError(f"{where}: it would end on {facts.valid_until}, which is not after {facts.issued_on}")
    if facts.confirmed_by == facts.proposed_by:
        yield RuleBroken(f"{where}: {facts.confirmed_by} proposed the decision, a second person has to confirm it")
    for part, score in (("written", facts.written), ("practical", facts.practical)):
        if score is not None and not score.cut <= score.points <= score.maximum:
            yield RuleBroken(
                f"{where}: the {part} part has {number_text(score.points)} of {number_text(score.maximum)} points and "
                f"needs {number_text(score.cut)}; there is no certificate for that"
            )
    yield from _blocked(where, _printed(facts, issuer), facts.scheme.blocked_words)


_NO_TEXT = ("id", "proof", "salt", "identityHash")


def texts_in(value: object) -> Iterator[str]:
    """Every text in what is rendered or signed, at any depth; addresses, hashes and proofs are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from texts_in(part) if name not in _NO_TEXT else ()
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_in(part)


def refuse_blocked(number: str, texts: Iterable[str], blocked: Collection[str] = ()) -> None:
    """Refuse texts with a word that may not stand on what we give out: :data:`BLOCKED`, or ``blocked`` of a scheme."""
    for broken in _blocked(f"certificate {number}", texts, blocked):
        raise broken


def _blocked(where: str, texts: Iterable[str], blocked: Collection[str]) -> Iterator[RuleBroken]:
    texts, wanted = list(texts), {*BLOCKED, *blocked}
    if not check_wording("\0".join(texts), wanted):  # nearly always: one look at all of them
        return
    for text in texts:
        if words := check_wording(text, wanted):
            yield RuleBroken(f"{where}: {text[:60]!r} holds {', '.join(words)}, which may not stand on a certificate")


def printable(text: str) -> bool:
    """Whether the two fonts of the paper can draw every character."""
    return all(_drawn(character) for character in text)


def _drawn(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind[0] == "L":
        return unicodedata.name(character, "").startswith(_SCRIPTS)
    return kind[0] in "MNP" or kind == "Zs"


def _printed(facts: Facts, issuer: Issuer) -> Iterator[str]:
    practical = facts.scheme.level(facts.exam_level or facts.level).practical
    names = [issuer.name, facts.scheme.title, facts.scheme.certificate, facts.rung.name, practical]
    names += [facts.origin] if facts.origin else []
    for name in [*names, *(domain.name for domain in facts.assessed)]:
        yield from (name.en, name.zh)
    yield facts.cut_method
