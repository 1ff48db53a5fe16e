"""The mathematics behind `staffing`: Erlang B, C and A that neither overflow nor underflow, on arrays in one shape.

Inputs are checked by `staffing`; here `load` (erlangs) and `agents` are floats of 0 or more, times are in units of the
average handle time. Fractional agents are allowed: the formulas are continued by the incomplete gamma function.
"""

from __future__ import annotations

import numpy as np
from scipy.special import erfcx, expit, gammainc, gammaincc, gammaln

from .._checks import Floats

__all__ = ["answered_wait", "inverse_blocking", "log_lower", "log_poisson", "patient", "waiting"]

# Coefficients of 1/k, 1/k^3, ... in the error of Stirling's formula (C. Loader, Fast and accurate computation of
# binomial probabilities, 2000).
STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)
# Temme's coefficients of eta^j / agents^k, a row for each k, and those of 1 / agents^k in Stirling's series (NIST
# Digital Library of Mathematical Functions, 8.12.9, 8.12.10 and 5.11.3): as many as 1e-14 takes from MANY agents on
# and this NEAR the load.
TEMME = (
    (-1 / 3, 1 / 12, -2 / 135, 1 / 864, 1 / 2835, -139 / 777600, 1 / 25515, -571 / 261273600, -281 / 151559100),
    (-1 / 540, -1 / 288, 1 / 378, -77 / 77760, 1 / 4860, -1 / 2488320, -2743 / 151559100, 41969 / 5486745600),
    (25 / 6048, -139 / 51840, 1 / 1296, 1 / 497664, -6199 / 57736800, 5531 / 104509440),
    (101 / 155520, 571 / 2488320, -54179 / 115473600, 41969 / 156764160),
    (-3184811 / 3695155200, 163879 / 209018880),
)
GAMMA = (1.0, 1 / 12, 1 / 288, -139 / 51840, -571 / 2488320)
MANY, NEAR = 256, 0.15
SMALLEST = 1e-280
# Where the integral of the ASA is cut off (e^-DEPTH), and its nodes: 1e-9 or better against 40 digits.
DEPTH = 32.0
NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)


def _stirling_error(k: Floats) -> Floats:
    """log(k!) minus Stirling's formula, for k > 0."""
    big = np.maximum(k, 15.0)
    series = np.zeros_like(big)
    for coefficient in reversed(STIRLING):
        series = series / (big * big) + coefficient
    small = np.minimum(k, 15.0)
    exact = gammaln(small + 1) - (small + 0.5) * np.log(small) + small - 0.5 * np.log(2 * np.pi)
    return np.asarray(np.where(k > 15, series / big, exact))


def _deviance(k: Floats, mean: Floats) -> Floats:
    """k log(k / mean) + mean - k without cancellation near k = mean, for k and mean > 0."""
    v = (k - mean) / (k + mean)
    near = np.abs(v) < 0.1
    small = np.where(near, v, 0.0)
    square, power, total = small * small, small.copy(), np.zeros_like(small)
    for odd in range(3, 21, 2):
        power = power * square
        total += power / odd
    close = (k - mean) * small + 2 * k * total
    with np.errstate(divide="ignore"):
        far = k * (np.log(k) - np.log(mean)) + mean - k
    return np.asarray(np.where(near, close, far))


def log_poisson(k: Floats, mean: Floats) -> Floats:
    """log of mean^k e^-mean / k! by Loader's saddle point; k may be fractional."""
    positive = np.where(k > 0, k, 1.0)
    saddle = -_stirling_error(positive) - _deviance(positive, mean) - 0.5 * np.log(2 * np.pi * positive)
    return np.asarray(np.where(k > 0, saddle, -mean))


def _legendre(agents: Floats, load: Floats) -> Floats:
    """1 / B by Legendre's continued fraction (modified Lentz), for a load well above the agents."""
    b = load - agents
    c = np.full_like(b, 1e300)
    d = 1 / b
    value = d.copy()
    for i in range(1, 2000):
        a = -i * (i - agents - 1)
        b = b + 2
        d = a * d + b
        d = 1 / np.where(np.abs(d) < 1e-300, 1e-300, d)
        c = b + a / c
        c = np.where(np.abs(c) < 1e-300, 1e-300, c)
        step = c * d
        value = value * step
        if np.all(np.abs(step - 1) < 1e-15):
            break
    return np.asarray(load * value)


def inverse_blocking(load: Floats, agents: Floats) -> Floats:
    """1 / B of Erlang B for load > 0, inf where it leaves the floats."""
    near = np.asarray((agents >= MANY) & (np.abs(load - agents) <= NEAR * agents))
    if near.all():
        return _uniform(load, agents)
    if not near.any():
        return _by_tail(load, agents)
    inverse = np.empty(near.shape)
    inverse[near] = _uniform(load[near], agents[near])
    inverse[~near] = _by_tail(load[~near], agents[~near])
    return inverse


def _uniform(load: Floats, agents: Floats) -> Floats:
    """1 / B = 1 + Q(agents, load) / Poisson(agents; load) by Temme's uniform expansion: many agents, near the load."""
    part = 1 / agents
    eta = np.copysign(np.sqrt(2 * part * _deviance(agents, load)), load - agents)
    stirling, total = np.zeros_like(part), np.zeros_like(part)
    for coefficient in reversed(GAMMA):
        stirling = stirling * part + coefficient
    for row in reversed(TEMME):
        series = np.zeros_like(part)
        for coefficient in reversed(row):
            series = series * eta + coefficient
        total = total * part + series
    root = np.sqrt(agents / 2)
    return np.asarray(1 + stirling * (np.sqrt(np.pi) * root * erfcx(eta * root) + total))


def _by_tail(load: Floats, agents: Floats) -> Floats:
    """1 / B = Q(agents + 1, load) / Poisson(agents; load)."""
    tail = gammaincc(agents + 1, load)
    low = (tail < 1e-100) | (load > 2 * agents + 20)
    with np.errstate(over="ignore"):
        inverse = np.asarray(tail / np.maximum(np.exp(log_poisson(agents, load)), 5e-324))
    if low.any():
        inverse = np.array(inverse)
        inverse[low] = _legendre(agents[low], load[low])
    return inverse


def waiting(load: Floats, agents: Floats) -> Floats:
    """Probability of waiting of Erlang C for load > 0; 1 at or above full load."""
    stable = agents > load
    spare = np.where(stable, agents - load, 1.0)
    # Pw = cB / (c - a(1 - B)) = c / (spare/B + a): no difference of nearly equal numbers is left.
    inverse = inverse_blocking(load, np.where(stable, agents, load + 1))
    with np.errstate(over="ignore"):
        return np.asarray(np.where(stable, agents / (spare * inverse + load), 1.0))


def _gauss(shape: Floats, x: Floats) -> Floats:
    """1 + x/(shape + 1) + x^2/((shape + 1)(shape + 2)) + ... by Gauss's continued fraction, for x below the shape."""
    result, rows = np.empty_like(shape), np.arange(shape.size)
    s, z = shape, x
    f, c, d = s.copy(), s.copy(), np.zeros_like(s)
    for i in range(1, 4000):
        a = -(s + (i - 1) // 2) * z if i % 2 else i // 2 * z
        b = s + i
        d = 1 / (b + a * d)
        c = b + a / c
        step = c * d
        f = f * step
        if i % 8 == 0:
            going = np.abs(step - 1) > 1e-15
            result[rows[~going]] = (s / f)[~going]
            rows = rows[going]
            s, z, f, c, d = (part[going] for part in (s, z, f, c, d))
            if rows.size == 0:
                break
    result[rows] = s / f
    return result


def log_lower(shape: Floats, x: Floats) -> Floats:
    """log of the regularised lower incomplete gamma function.

    In the lower tail scipy underflows, and at large shapes it stops its series too early: there the continued fraction
    takes over. (scipy 1.17: gammainc(3e7, 3e7 - 30000) is 12 % too small.)
    """
    value = gammainc(shape, x)
    tail = (value < SMALLEST) | ((shape > 200) & (x < shape - 4 * np.sqrt(shape)))
    result = np.array(np.log(np.where(tail, 1.0, value)))
    if tail.any():
        s, y = shape[tail], x[tail]
        with np.errstate(divide="ignore"):
            result[tail] = log_poisson(s, y) + np.log(_gauss(s, y))
    return np.asarray(result)


def patient(
    load: Floats, agents: Floats, impatience: Floats, target: Floats, inverse: Floats | None = None
) -> tuple[Floats, Floats, Floats, Floats]:
    """Erlang A for load > 0: shares that wait, are answered within `target`, abandon, are answered after a wait.

    `impatience` is the average handle time over the mean patience; `target` is in units of the average handle time.
    `inverse` is 1 / P(all busy), given that nobody queues; it is Erlang B's unless the service before is another.
    """
    x, y = agents / impatience, load / impatience
    log_p = log_lower(x, y)
    log_a = log_p - log_poisson(x, y)
    inverse = inverse_blocking(load, agents) if inverse is None else inverse
    with np.errstate(divide="ignore"):
        wait = np.asarray(expit(log_a - np.log(np.maximum(inverse - 1, 0.0))))
    relative, one_over_a = agents / load, np.exp(-log_a)
    abandoned = wait * (relative * one_over_a + 1 - relative)
    # P(x + 1, y) / P(x, y) = 1 - 1/A
    queued = wait * relative * (1 - one_over_a)
    level = 1 - wait + queued - wait * relative * np.exp(log_lower(x + 1, y * np.exp(-impatience * target)) - log_p)
    return wait, np.clip(level, 0.0, 1.0), np.clip(abandoned, 0.0, 1.0), np.clip(queued, 0.0, 1.0)


def answered_wait(load: Floats, agents: Floats, impatience: Floats) -> Floats:
    """Mean wait of those who are answered after a wait, in units of the average handle time, for agents > 0.

    In units of the patience this wait v has the density exp(-s v - y e^-v), s = agents / impatience + 1 and y = load /
    impatience: a truncated gamma distribution of e^-v. Gauss and Legendre average v where the density is above e^-32
    of its highest value, at most 4,096 queues at a time.
    """
    waits = np.empty(load.size)
    flat = [part.ravel() for part in np.broadcast_arrays(load, agents, impatience)]
    for first in range(0, load.size, 4096):
        waits[first : first + 4096] = _mean_answered(*(part[first : first + 4096] for part in flat))
    return waits.reshape(load.shape)


def _mean_answered(load: Floats, agents: Floats, impatience: Floats) -> Floats:
    """`answered_wait` of flat arrays; `w` is the wait from the density's top on."""
    s, y = agents / impatience + 1, load / impatience
    k = np.minimum(y, s)
    top, lean = np.log(y / k), 2 * (s - k) - DEPTH
    below = np.minimum(top, np.log1p(DEPTH / s + np.sqrt(2 * DEPTH / s)))
    above = 4 * DEPTH / (lean + np.sqrt(lean * lean + 8 * DEPTH * s))
    w = (above + below)[:, None] * ((NODES + 1) / 2) - below[:, None]
    density = np.exp(-s[:, None] * w - k[:, None] * np.expm1(-w))
    return np.asarray((top + (density * w) @ WEIGHTS / (density @ WEIGHTS)) / impatience)
