"""Agreement of assessors on scores and ranks: intraclass correlations and Kendall's W."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc, fdtrc, fdtri

from .._checks import Floats
from .._guards import one_share
from ._ratings import score_grid

__all__ = ["Concordance", "icc", "kendall_w"]

FORMS = pd.array(["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"])
ROWS = pd.RangeIndex(6)


@dataclass(frozen=True)
class Concordance:
    """How far raters rank the same contacts alike."""

    w: float
    """Kendall's W, corrected for ties: 1 when all rank alike, 0 when the rank sums are all equal."""
    chi_square: float
    """Test statistic raters x (contacts - 1) x W; a rough guide below 8 contacts."""
    df: int
    """Degrees of freedom, contacts - 1."""
    p: float
    """Chance of so much concordance if everybody ranked at random."""


def icc(ratings: Any, confidence: float = 0.95) -> pd.DataFrame:
    """Intraclass correlations of scores, the six forms of Shrout and Fleiss, with F tests and intervals.

    With MSB, MSW, MSJ, MSE the mean squares between contacts, within contacts, between raters and of the rest, for n
    contacts and k raters: ICC(1,1) = (MSB - MSW) / (MSB + (k-1) MSW),
    ICC(2,1) = (MSB - MSE) / (MSB + (k-1) MSE + k (MSJ - MSE) / n), ICC(3,1) = (MSB - MSE) / (MSB + (k-1) MSE).

    Parameters
    ----------
    ratings : DataFrame or table
        Scores, one row per contact, one column per rater.
    confidence : float, optional
        Share of such intervals that hold the truth.

    Returns
    -------
    DataFrame
        form, icc, f, df1, df2, p, lower, upper. ICC(1,.): other raters for each contact; ICC(2,.): the same raters, a
        sample of many, so that a strict rater counts as disagreement (use this for calibration); ICC(3,.): only these
        raters, and strictness is forgiven. (.,1) is the reliability of one rater, (.,k) of the mean of all k.

    Notes
    -----
    The forms for means have no lower bound; they are -inf where the spread between contacts is lost in error.

    Examples
    --------
    The six contacts and four judges of Shrout and Fleiss:

    >>> scores = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> icc(scores)[["form", "icc", "lower", "upper"]].round(2)
           form   icc  lower  upper
    0  ICC(1,1)  0.17  -0.13   0.72
    1  ICC(2,1)  0.29   0.02   0.76
    2  ICC(3,1)  0.71   0.34   0.95
    3  ICC(1,k)  0.44  -0.88   0.91
    4  ICC(2,k)  0.62   0.07   0.93
    5  ICC(3,k)  0.91   0.68   0.99

    References
    ----------
    P. E. Shrout, J. L. Fleiss, Intraclass correlations: uses in assessing rater reliability, Psychological Bulletin 86,
    1979, 420-428. K. O. McGraw, S. P. Wong, Forming inferences about some intraclass correlation coefficients,
    Psychological Methods 1, 1996, 30-46.
    """
    grid = score_grid("ratings", ratings)
    level = (1 + one_share("confidence", confidence, zero=False, one=False)) / 2
    n, k = grid.shape
    squares = _mean_squares(grid)
    forms = zip(
        _one_way(squares, n, k, level), _two_way(squares, n, k, level), _fixed(squares, n, k, level), strict=True
    )
    table = np.array([form for by_size in forms for form in by_size])
    df1, df2_one, df2_two = n - 1, n * (k - 1), (n - 1) * (k - 1)
    (f_one, p_one), (f_two, p_two) = (
        _test(squares[0], squares[1], df1, df2_one),
        _test(squares[0], squares[3], df1, df2_two),
    )
    return pd.DataFrame(
        {
            "form": FORMS.copy(),
            "icc": table[:, 0],
            "f": np.array([f_one, f_two, f_two] * 2),
            "df1": np.array([df1] * 6),
            "df2": np.array([df2_one, df2_two, df2_two] * 2),
            "p": np.array([p_one, p_two, p_two] * 2),
            "lower": table[:, 1],
            "upper": table[:, 2],
        },
        index=ROWS,
        copy=False,
    )


def _test(between: float, error: float, df1: int, df2: int) -> tuple[float, float]:
    """F and the chance of so large a one; without any error F is inf."""
    if error == 0:
        return np.inf, 0.0
    return between / error, float(fdtrc(df1, df2, between / error))


def _mean_squares(grid: Floats) -> tuple[float, float, float, float]:
    """Mean squares between contacts, within contacts, between raters and of the rest; rounding dust counts as 0."""
    n, k = grid.shape
    centred = grid - grid.sum() / grid.size
    rows, cols = centred.sum(axis=1) / k, centred.sum(axis=0) / n
    every, left = centred.ravel(), (centred - rows[:, None] - cols).ravel()
    total, rest = float(every @ every), float(left @ left)
    between, raters = k * float(rows @ rows), n * float(cols @ cols)
    if between <= 1e-14 * total:
        raise ValueError("the mean scores of the contacts must differ, got all the same: reliability does not exist")
    raters, rest = (part if part > 1e-14 * total else 0.0 for part in (raters, rest))
    return between / (n - 1), (raters + rest) / (n * (k - 1)), raters / (k - 1), rest / ((n - 1) * (k - 1))


Rows = tuple[tuple[float, float, float], tuple[float, float, float]]


def _consistent(between: float, error: float, k: int, limits: tuple[float, float]) -> Rows:
    """ICC and limits for one rater and for the mean of k, from two mean squares and the two F quantiles."""
    errors = (error, error * limits[0], error / limits[1])
    one = tuple((between - e) / (between + (k - 1) * e) for e in errors)
    mean = tuple((between - e) / between for e in errors)
    return (one[0], one[1], one[2]), (mean[0], mean[1], mean[2])


def _one_way(squares: tuple[float, float, float, float], n: int, k: int, level: float) -> Rows:
    df1, df2 = n - 1, n * (k - 1)
    return _consistent(squares[0], squares[1], k, (float(fdtri(df1, df2, level)), float(fdtri(df2, df1, level))))


def _fixed(squares: tuple[float, float, float, float], n: int, k: int, level: float) -> Rows:
    df1, df2 = n - 1, (n - 1) * (k - 1)
    return _consistent(squares[0], squares[3], k, (float(fdtri(df1, df2, level)), float(fdtri(df2, df1, level))))


def _two_way(squares: tuple[float, float, float, float], n: int, k: int, level: float) -> Rows:
    """ICC(2,.) with the limits of McGraw and Wong (Satterthwaite's degrees of freedom)."""
    between, _, raters, rest = squares
    if raters == rest == 0:
        return (1.0, 1.0, 1.0), (1.0, 1.0, 1.0)
    value = (between - rest) / (between + (k - 1) * rest + k * (raters - rest) / n)
    of_raters, of_rest = k * value * raters, (n * (1 + (k - 1) * value) - k * value) * rest
    df = (k - 1) * (n - 1) * (of_raters + of_rest) ** 2 / ((n - 1) * of_raters**2 + of_rest**2)
    # A negative estimate makes parts of the mean square negative; the sum never has fewer degrees than the raters.
    df = max(df, float(k - 1))
    up, down = float(fdtri(n - 1, df, level)), float(fdtri(df, n - 1, level))
    errors = k * raters + (k * n - k - n) * rest
    one = (
        value,
        n * (between - up * rest) / (up * errors + n * between),
        n * (down * between - rest) / (errors + n * down * between),
    )
    mean = (
        _mean_form(n * (between - rest), n * between + raters - rest),
        _mean_form(n * (between - up * rest), up * (raters - rest) + n * between),
        _mean_form(n * (down * between - rest), raters - rest + n * down * between),
    )
    return one, mean


def _mean_form(top: float, bottom: float) -> float:
    return top / bottom if bottom > 0 else -np.inf


def kendall_w(ratings: Any) -> Concordance:
    """How far raters rank the same contacts alike, Kendall's coefficient of concordance W.

    W = 12 S / (k^2 (n^3 - n) - k T), S the squared deviations of the rank sums of n contacts by k raters, T the sum of
    t^3 - t over ties.

    Parameters
    ----------
    ratings : DataFrame or table
        Scores or ranks, one row per contact, one column per rater; equal scores of a rater share their ranks.

    Returns
    -------
    Concordance

    Examples
    --------
    Three managers rank six applicants:

    >>> found = kendall_w([[1, 1, 6], [6, 5, 3], [3, 6, 2], [2, 4, 5], [5, 2, 4], [4, 3, 1]])
    >>> found.w, found.chi_square, found.df
    (0.162, 2.43, 5)

    References
    ----------
    M. G. Kendall, B. Babington Smith, The problem of m rankings, Annals of Mathematical Statistics 10, 1939, 275-287.
    S. Siegel, Nonparametric statistics for the behavioral sciences, 1956, 229-238.
    """
    grid = score_grid("ratings", ratings)
    n, k = grid.shape
    sums = pd.DataFrame(grid).rank().to_numpy().sum(axis=1)
    ties = sum(float((np.unique(column, return_counts=True)[1] ** 3.0).sum()) - n for column in grid.T)
    room = k**2 * (n**3 - n) - k * ties
    if room <= 0:
        raise ValueError("at least one rater must rank the contacts differently, got only ties: W does not exist")
    w = min(12 * float(((sums - sums.mean()) ** 2).sum()) / room, 1.0)
    chi_square = k * (n - 1) * w
    return Concordance(w, chi_square, n - 1, float(chdtrc(n - 1, chi_square)))
