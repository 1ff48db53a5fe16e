"""Own centre or vendor: what a vendor must ask, and at which volume which way is cheaper."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._checks import number, numbers
from .._guards import one_share

__all__ = ["compare_outsourcing", "vendor_price"]


def vendor_price(
    paid_hour_cost: float,
    aht_s: float,
    *,
    shrinkage: float = 0.3,
    occupancy: float = 0.8,
    overhead: float = 0.0,
    margin: float = 0.1,
) -> dict[str, float]:
    """What a vendor must ask per staffed hour, per minute of handling and per contact to earn its margin.

    Parameters
    ----------
    paid_hour_cost : float
        Cost of a paid agent hour with contributions.
    aht_s : float
        Average handle time [s].
    shrinkage : float, optional
        Share of paid time not available, below 1.
    occupancy : float, optional
        Share of available time spent on contacts. A price per contact puts this risk on the vendor, a price per
        staffed hour puts it on the client.
    overhead : float, optional
        Leaders, place, technology and profit centre cost as a share of agent cost; may be above 1.
    margin : float, optional
        Profit as a share of the price, below 1.

    Returns
    -------
    dict
        `per_staffed_hour`, `per_minute`, `per_contact`.

    Examples
    --------
    >>> price = vendor_price(45, 300, overhead=0.4, margin=0.12)
    >>> {name: round(amount, 2) for name, amount in price.items()}
    {'per_staffed_hour': 102.27, 'per_minute': 2.13, 'per_contact': 10.65}
    """
    paid = number("paid_hour_cost", paid_hour_cost, above=0) * (1 + number("overhead", overhead, least=0))
    staffed = paid / (1 - one_share("shrinkage", shrinkage, one=False)) / (1 - one_share("margin", margin, one=False))
    minute = staffed / one_share("occupancy", occupancy, zero=False) / 60
    return {
        "per_staffed_hour": staffed,
        "per_minute": minute,
        "per_contact": minute * number("aht_s", aht_s, above=0) / 60,
    }


def compare_outsourcing(
    contacts: ArrayLike,
    *,
    own_fixed: float,
    own_per_contact: float,
    vendor_per_contact: float,
    vendor_minimum: float = 0.0,
    client_fixed: float = 0.0,
    transition: float = 0.0,
    periods: int = 12,
    own_resolution: float = 1.0,
    vendor_resolution: float = 1.0,
) -> pd.DataFrame:
    """Cost of the own centre and of a vendor for the same solved issues, by volume.

    Issues that are not solved come back: who solves less handles more contacts. With I issues a period the own centre
    handles I / own_resolution contacts; `contacts` counts those of the own centre.

    Parameters
    ----------
    contacts : number or array
        Contacts per period in the own centre; each volume gives a row.
    own_fixed, own_per_contact : float
        Own cost per period that would really end, and per contact.
    vendor_per_contact : float
        Price of one contact.
    vendor_minimum : float, optional
        Least that the vendor bills per period.
    client_fixed : float, optional
        What stays with the client per period: contract management, quality, systems.
    transition : float, optional
        One-off cost of the move, spread over `periods`.
    periods : int, optional
        Periods of the contract.
    own_resolution, vendor_resolution : float, optional
        Share of contacts that solve the issue.

    Returns
    -------
    DataFrame
        `contacts`, `own`, `vendor`, `difference` (vendor - own), `cheaper`. `attrs["break_even_contacts"]` is the
        volume at which both cost the same above the minimum bill, or None.

    Examples
    --------
    >>> table = compare_outsourcing(
    ...     [20_000, 60_000, 100_000], own_fixed=250_000, own_per_contact=6, vendor_per_contact=9.5, client_fixed=40_000
    ... )
    >>> table["cheaper"].tolist(), table.attrs["break_even_contacts"]
    (['vendor', 'own', 'own'], 60000.0)
    """
    volume = np.atleast_1d(numbers("contacts", contacts, above=0)).ravel()
    solved = [
        one_share(name, part, zero=False)
        for name, part in (("own_resolution", own_resolution), ("vendor_resolution", vendor_resolution))
    ]
    spread = number("transition", transition, least=0) / number("periods", periods, above=0)
    stays = number("client_fixed", client_fixed, least=0) + spread
    price = number("vendor_per_contact", vendor_per_contact, least=0) * solved[0] / solved[1]
    fixed, each = number("own_fixed", own_fixed, least=0), number("own_per_contact", own_per_contact, least=0)
    own = fixed + each * volume
    vendor = stays + np.maximum(price * volume, number("vendor_minimum", vendor_minimum, least=0))
    table = pd.DataFrame({"contacts": volume, "own": own, "vendor": vendor, "difference": vendor - own})
    table["cheaper"] = np.where(vendor < own, "vendor", "own")
    meeting = (fixed - stays) / (price - each) if price != each else -1.0
    billed = meeting > 0 and price * meeting >= vendor_minimum
    table.attrs["break_even_contacts"] = float(meeting) if billed else None
    return table
