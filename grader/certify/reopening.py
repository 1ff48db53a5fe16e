"""What an upheld appeal does to the decision of its seat: it is open again, for people who had no part in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .desk import Academy
from .impartial import markers

__all__ = ["earlier_parts", "parts_in", "reopened", "withdrawals"]


def reopened(academy: Academy, sitting: str) -> dict[str, dict[str, Any]]:
    """The upheld appeals of a sitting, by seat, whose new decision is not confirmed yet."""
    upheld = academy.store.rows("appeals", sitting=sitting, outcome="upheld")
    answered = {event.data.get("appeal") for event in academy.store.events("decision.confirmed")} if upheld else set()
    return {row["seat"]: row for row in upheld if row["appeal"] not in answered}


def earlier_parts(academy: Academy, appeal: Mapping[str, Any]) -> dict[str, list[str]]:
    """Who had a part in the decision that an appeal is against, by what they did."""
    (filed,) = academy.store.events("appeal.filed", appeal["appeal"])
    return parts_in(academy, appeal["seat"], appeal["proposal"], filed.seq)


def parts_in(
    academy: Academy, seat: str, proposal: int | None = None, before: float = float("inf")
) -> dict[str, list[str]]:
    """Who had a part in a decision on a seat: the one proposed at ``proposal``, or the newest."""
    said = {
        "decision.proposed": "proposed the decision that it is against",
        "seat.reviewed": "looked at its marks",
        "decision.confirmed": "confirmed the decision that it is against",
    }
    first = proposal or max((event.seq for event in academy.store.events("decision.proposed", seat)), default=0)
    parts = {
        text: [event.by for event in academy.store.events(kind, seat) if first <= event.seq < before]
        for kind, text in said.items()
    }
    return {"marked the seat": sorted(markers(academy, seat)), **parts}


def withdrawals(
    academy: Academy, decision: Mapping[str, Any], appeal: Mapping[str, Any]
) -> list[tuple[str, str, dict[str, Any]]]:
    """Facts that withdraw the certificate of a seat when its new decision is not the one that it was issued for."""
    (before,) = (
        event.data
        for event in academy.store.events("decision.proposed", appeal["seat"])
        if event.seq == appeal["proposal"]
    )
    names = ("outcome", "written_points", "practical_points")
    if all(before[name] == decision[name] for name in names):
        return []
    why = "replaced" if decision["outcome"] == "pass" else "withdrawn"
    fact = {"reason": f"{why} after the appeal {appeal['appeal']}", "appeal": appeal["appeal"]}
    held = academy.store.rows("certificates", seat=appeal["seat"])
    return [("certificate.withdrawn", row["number"], fact) for row in held if row["state"] != "withdrawn"]
