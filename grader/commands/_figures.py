"""Statistics and panels as lines of text and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ._options import many

if TYPE_CHECKING:
    from ..certify.panel import Look
    from ..certify.statistics import FormFigures, ItemRow, Statistics
    from ..psychometrics import AngoffCut

__all__ = ["ITEM_HEADS", "item_cells", "panel_lines", "statistics_lines"]

ITEM_HEADS = (
    "form", "slot", "item", "kind", "points", "facility_on_form", "answers", "facility", "discrimination",
    "alpha_without", "answers_en", "facility_en", "answers_zh", "facility_zh", "stage", "flags",
)  # fmt: skip
_OPTION_HEADS = ("option", "chosen", "share", "low", "middle", "high", "corr")


def statistics_lines(found: Statistics, *, options: bool) -> Iterator[str]:
    """Each form with its verdict, its items, and the options of those that are flagged, or of all."""
    for form in found.forms:
        yield from _form(form)
        yield ""
        heads = ("slot", "item", "kind", "points", "here", "facility", "answers", "discr", "alpha w/o", "flags")
        yield from _table(heads, [_item(row) for row in form.items])
        yield ""
        for row in form.items:
            if row.options and (options or row.flags):
                yield f"  {row.slot} {row.item}  who chose what, by thirds of the score on the rest of the form"
                yield from _table(_OPTION_HEADS, [_option(row, number) for number in range(len(row.options))], 4)
                yield ""
        yield from _stages(form)
    if found.left_out:
        yield f"not counted (a mark is missing, or the person had sat the form before): {', '.join(found.left_out)}"


def item_cells(form: str, row: ItemRow) -> list[str]:
    """The row of an item under :data:`ITEM_HEADS`."""
    languages = [
        cell
        for language in ("en", "zh")
        for cell in (
            (str(row.languages[language][0]), f"{row.languages[language][1]:.4f}")
            if language in row.languages
            else ("0", "")
        )
    ]
    figures = row.pooled
    return [
        form, row.slot, row.item, _kind(row), f"{row.points:g}", f"{row.here:.4f}", str(figures.answers),
        _figure(figures.facility, 4), _figure(figures.discrimination, 4), _figure(row.alpha_without, 4), *languages,
        figures.stage, "; ".join(row.flags),
    ]  # fmt: skip


def panel_lines(seen: Look) -> Iterator[str]:
    """Both rounds, the judges, the items to talk about, the check, and what is open."""
    yield f"Panel {seen.panel}, form {seen.form} ({seen.form_digest[:12]}), {seen.max_points:g} points"
    for number, cut in enumerate((seen.first, seen.second), start=1):
        if cut is None:
            yield f"  round {number}: fewer than two judges have rated"
        else:
            error = f"standard error {cut.se:.2f}"
            yield f"  round {number}: cut {cut.points:.2f} points, {error}, {len(cut.judges)} judges"
    if (newest := seen.second or seen.first) is not None:
        yield ""
        yield from _judges(seen, newest)
        yield ""
        yield from _discuss(newest)
    if seen.once and seen.moved:
        yield f"  rated in the first round only, and do not count: {', '.join(seen.once)}"
    yield from _check(seen)
    if seen.cut is not None:
        yield f"  cut of the form: {seen.cut.points:g} points, set by {seen.cut.set_by} from panel {seen.cut.panel}"
    for sentence in seen.open if seen.cut is None or seen.cut.panel != seen.panel else ():
        yield f"  open: {sentence}"
    if not seen.open:
        yield "  nothing is open: academy exam panel set"


# --- parts ---


def _form(form: FormFigures) -> Iterator[str]:
    interval = f" (95 %: {form.alpha_interval[0]:.2f} to {form.alpha_interval[1]:.2f})" if form.alpha_interval else ""
    yield f"Form {form.form} ({form.digest[:12]}), {many(form.candidates, 'candidate')}"
    yield (
        f"  scores: mean {form.mean:.2f}, spread {_figure(form.spread)}, from {form.lowest:g} to {form.highest:g} "
        f"of {form.max_points:g} points"
    )
    yield f"  alpha {_figure(form.alpha)}{interval}, standard error of measurement {_figure(form.sem)} points"
    yield (
        f"  cut {form.cut:g} points ({form.cut_method}), {_error_of_cut(form)}error of measurement there "
        f"{_figure(form.sem_at_cut)}; {form.passing:.0%} reach it"
    )
    if form.consistency is not None:
        two = form.consistency
        yield (
            f"  decisions: {two.consistency:.1%} would be the same at a second sitting (kappa {two.kappa:.2f}); "
            f"{two.accuracy:.1%} are right, {two.false_pass:.1%} pass and {two.false_fail:.1%} fail undeservedly"
        )
    if form.unknown:
        yield f"  not computed: {form.unknown}"
    yield f"  {form.fitness.sentence}"


def _error_of_cut(form: FormFigures) -> str:
    if form.cut_se is None:
        return ""
    part = f", {form.cut_se / form.sem_at_cut:.2f} of the" if form.sem_at_cut else ";"
    return f"standard error of the cut {form.cut_se:.2f}{part} "


def _item(row: ItemRow) -> list[str]:
    figures = row.pooled
    return [
        row.slot, row.item, _kind(row), f"{row.points:g}", f"{row.here:.2f}", _figure(figures.facility),
        str(figures.answers), _figure(figures.discrimination), _figure(row.alpha_without), "  ".join(_flags(row)),
    ]  # fmt: skip


def _flags(row: ItemRow) -> list[str]:
    """The flags of an item; options with the same flag stand together."""
    from ..psychometrics.options import IDLE, RIVAL

    of_options = {f"{one.option}: {flag}" for one in row.options for flag in one.flags}
    idle = [one.option for one in row.options if IDLE in one.flags]
    rivals = [one.option for one in row.options if RIVAL in one.flags]
    said = [flag for flag in row.flags if flag not in of_options]
    said += [f"the best chose {', '.join(rivals)} rather than the key"] if rivals else []
    return said + ([f"nobody chose {', '.join(idle)}"] if idle else [])


def _kind(row: ItemRow) -> str:
    return f"{row.kind}, tried out" if row.pilot else row.kind


def _option(row: ItemRow, number: int) -> list[str]:
    one = row.options[number]
    shares = (f"{share:.0%}" for share in (one.share, one.low, one.middle, one.high))
    return [f"{'*' if one.right else ' '}{one.option}", str(one.chosen), *shares, _figure(one.correlation)]


def _stages(form: FormFigures) -> Iterator[str]:
    """What the numbers of answers allow, once for each stage that occurs."""
    from ..psychometrics import GATES

    for number, gate in enumerate(GATES):
        count = sum(row.pooled.stage == gate.name for row in form.items)
        if not count:
            continue
        if gate.least:
            yield f"  {many(count, 'item')} with {gate.least} answers or more ({gate.name}): {gate.allows}"
        else:
            enough = GATES[number + 1].least  # "0 answers or more" would tell nothing
            yield f"  {many(count, 'item')} with fewer than {enough} answers ({gate.name}): {gate.allows}"
    yield ""


def _check(seen: Look) -> Iterator[str]:
    real, bounds = seen.reality, seen.bounds
    if bounds is None:
        return
    least, most = (share * seen.max_points for share in (bounds.cut_least, bounds.cut_most))
    failures = f"failures from {bounds.fail_least:.0%} to {bounds.fail_most:.0%}"
    yield f"  Hofstee: the judges can answer for cuts from {least:.1f} to {most:.1f} points and for {failures}"
    if real.check is None:
        yield f"    {real.candidates} candidates so far; the check wants 30"
    else:
        yield f"    {real.check.verdict}"
    if real.agreement is not None:
        yield f"  ratings and what {real.candidates} candidates earned, item by item, correlate {real.agreement:.2f}"


def _judges(seen: Look, cut: AngoffCut) -> Iterator[str]:
    rows = [
        [
            judge.judge, f"{judge.cut:.2f}", f"{judge.spread:.0%}", _figure(judge.agreement),
            f"{seen.moved[judge.judge]:.0%}" if judge.judge in seen.moved else "-",
        ]
        for judge in cut.judges
    ]  # fmt: skip
    yield from _table(("judge", "own cut", "spread", "agreement", "moved"), rows)


def _discuss(cut: AngoffCut) -> Iterator[str]:
    far = [item for item in cut.items if item.discuss]
    for item in sorted(far, key=lambda item: -item.spread):
        yield f"  talk about {item.item}: from {item.low:.0%} to {item.high:.0%}, mean {item.mean:.0%}"
    if not far:
        yield "  the judges lie close together on every item"


def _figure(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], indent: int = 2) -> Iterator[str]:
    table = [heads, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(heads))]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield (" " * indent + "  ".join(cells)).rstrip()
