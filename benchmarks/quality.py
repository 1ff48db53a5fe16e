"""Intraclass correlation and agreement statistics, against pingouin and krippendorff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from _task import run

CONTACTS, ASSESSORS = 60, 5


def scores() -> Any:
    """Scores of contacts (rows) by assessors (columns): the contact, the assessor's leniency, and chance."""
    rng = np.random.default_rng(5)
    contact, assessor = rng.normal(0, 6, (CONTACTS, 1)), rng.normal(0, 3, (1, ASSESSORS))
    return (80 + contact + assessor + rng.normal(0, 4, (CONTACTS, ASSESSORS))).round()


def ours_icc(_: bool) -> tuple[Callable[[], Any], float]:
    from ccskills.quality import icc

    table = scores()
    return lambda: icc(table)["icc"].tolist(), 1.0


def pingouin_icc(_: bool) -> tuple[Callable[[], Any], float]:
    import pandas as pd
    import pingouin

    wide = pd.DataFrame(scores()).rename_axis("contact").reset_index()
    table = wide.melt("contact", var_name="assessor", value_name="score")
    words = {"targets": "contact", "raters": "assessor", "ratings": "score"}
    return lambda: pingouin.intraclass_corr(table, **words)["ICC"].tolist(), 1.0


def ours_alpha(_: bool) -> tuple[Callable[[], Any], float]:
    from ccskills.quality import krippendorff_alpha

    table = scores()
    return lambda: float(krippendorff_alpha(table, level="interval").alpha), 1.0


def krippendorff_alpha_of_peer(_: bool) -> tuple[Callable[[], Any], float]:
    import krippendorff

    table = scores().T
    return lambda: float(krippendorff.alpha(reliability_data=table, level_of_measurement="interval")), 1.0


TASKS = {
    "ours icc": ours_icc,
    "pingouin icc": pingouin_icc,
    "ours alpha": ours_alpha,
    "krippendorff alpha": krippendorff_alpha_of_peer,
}


def report() -> str:
    """The section of results.md."""
    from run import duration, table, versus

    rows: list[list[object]] = []
    for what, mine_name, peer_name in (
        ("six intraclass correlations with F and limits", "ours icc", "pingouin icc"),
        ("Krippendorff's alpha, interval", "ours alpha", "krippendorff alpha"),
    ):
        mine, peer = versus("quality", mine_name, peer_name)
        off = float(np.max(np.abs(np.array(mine.found) - np.array(peer.found))))
        ratio = f"{peer.each_s / mine.each_s:,.1f}"
        theirs = f"{duration(peer.seconds)} ({peer_name.split()[0]})"
        rows.append([what, duration(mine.seconds), theirs, ratio, f"{off:.0e}"])
    head = ["what", "ccskills", "peer", "ratio", "furthest apart"]
    return f"{CONTACTS} contacts scored by {ASSESSORS} assessors.\n\n{table(head, rows)}"


if __name__ == "__main__":
    run(TASKS)
