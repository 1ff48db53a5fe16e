"""Whatever one argument is spoilt with: a sane result, or one sentence that names what was wrong."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ccskills.bad_input_cases import CASES, MODULES

READ_ONLY = np.array([1.0, 2.0])
READ_ONLY.flags.writeable = False
SCALARS: list[Any] = [
    -1, -0.5, 0, 80, 2.5, 10**9, 2**70, 1e15, 1e-15, float("nan"), float("inf"), -float("inf"), None, pd.NA, pd.NaT,
    "x", "", "2026-13-45", True, [], {}, [None, 1], ["a", "b"], [0.5, 0.6], {"a": 1}, ...,
]  # fmt: skip
TABLES: list[Any] = [
    np.array([]), [1, [2, 3]], [[1, 2], [3, 4]], READ_ONLY, [1e15, 1e15], [1e-15, 0], [True, False],
    pd.Series([], dtype=float), pd.Series([1.0, None]), pd.Series([1, None], dtype="Int64"), pd.DataFrame(),
    pd.DataFrame({"a": [1]}),
]  # fmt: skip
CELLS: list[Any] = [-1, 80, 2.5, float("nan"), float("inf"), None, "x", True, 2**70, 1e15, pd.NaT, [1]]

# What no sentence of ours says: the words of Python, numpy and pandas when they meet what nobody checked.
FOREIGN = (
    "NoneType'", "ufunc", "has no attribute", "unsupported operand", "not supported between", "could not be broadcast",
    "truth value", "not iterable", "unhashable", "out of bounds", "Length of values", "setting an array", "has no len",
    "missing 1 required", "unexpected keyword argument 'zzz'\n", "subscriptable", "Cannot", "cannot convert", "dtype=",
    "invalid literal", "is ambiguous", "too large", "Maximum allowed", "not callable", "unpack", "Invalid comparison",
    "sequence item", "could not convert", "0-dimensional", "float() argument", "must be real number",
)  # fmt: skip
# Sentences that say "the marks" or "scheme" where several arguments are meant, or one is a key of it.
ALSO = {
    "cohen_kappa": "the marks", "fleiss_kappa": "every contact", "shrinkage": "the categories", "scheme": "scheme",
    "assess": "scheme", "combine": "scheme", "points": "scheme", "calibration_report": "session",
}  # fmt: skip
# Where there is none, inf or a missing value is the documented answer.
ENDLESS = {"asa_s", "total", "f", "per_cost", "lower", "upper"}
OPEN = {"drift_per_month", "drift_lower", "drift_upper", "kappa", "mase", "mape", "tested_min"}
FREE = {"sampling_plan", "cohort_table", "matrix", "treatment", "clean"}
# Where "rate", "paid" and "cumulative" are amounts.
MONEY = {"cost_model", "incentive", "centre", "business_case", "hour_cost", "variance"}
SHARES = {
    "service_level", "wait_probability", "abandonment", "occupancy", "within_deadline", "survival", "retention",
    "rate", "share", "cumulative", "chance", "observed_outside", "expected_outside", "p_value", "loss_probability",
    "none_probability", "fcr", "luck", "paid", "response_rate", "observed", "promoters", "detractors", "easy",
}  # fmt: skip
FUNCTIONS = [function for function in CASES if function.__name__ != "load"]


def spoilt(value: Any) -> Iterator[Any]:
    """The argument replaced, and the argument with one of its parts replaced."""
    yield from SCALARS
    if isinstance(value, (list, pd.Series, pd.DataFrame)):
        yield from TABLES
    if isinstance(value, dict):
        for key in value:
            yield from ({**value, key: cell} for cell in CELLS)
            yield {name: part for name, part in value.items() if name != key}
        yield {**value, "zzz": 1}
    elif isinstance(value, (list, tuple)) and value:
        yield from (type(value)([*value[:-1], cell]) for cell in CELLS)
        yield from (value[:-1], type(value)([*value, *value]))
    elif isinstance(value, (pd.Series, pd.DataFrame)):
        yield from tables(value)


def tables(value: Any) -> Iterator[Any]:
    """A Series or a DataFrame with other rows, another index, other types, and with one cell replaced."""
    yield from (value.iloc[:0], value.iloc[:1], value.iloc[[0] * len(value)], value.iloc[::-1])
    yield from (value.astype(object), value.convert_dtypes(), pd.concat([value, value]))
    if isinstance(value.index, pd.DatetimeIndex):
        yield value.tz_localize("Asia/Shanghai")
        yield value.set_axis(pd.DatetimeIndex([pd.NaT] * len(value)))
    for column in value.columns if isinstance(value, pd.DataFrame) else [None]:
        if column is not None:
            yield value.drop(columns=column)
        for cell in [*CELLS, pd.Timestamp("2026-01-01", tz="UTC")]:
            table = value.copy()
            cells = (value if column is None else value[column]).astype(object).copy()
            cells.iloc[0] = cell
            if column is None:
                table = cells
            else:
                table[column] = cells
            yield table


def figures(found: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every float of a result with the name of its field or column."""
    if isinstance(found, (float, np.floating)):
        yield name, np.array([found])
    elif isinstance(found, np.ndarray) and found.dtype.kind == "f":
        yield name, found.ravel()
    elif isinstance(found, pd.DataFrame):
        for column in found.columns:
            if getattr(found[column].dtype, "kind", "O") == "f":
                yield str(column), found[column].to_numpy(dtype=np.float64, na_value=np.nan)
    elif isinstance(found, pd.Series) and getattr(found.dtype, "kind", "O") == "f":
        yield str(found.name), found.to_numpy(dtype=np.float64)
    elif dataclasses.is_dataclass(found) and not isinstance(found, type):
        for part in dataclasses.fields(found):
            if not part.name.startswith("_"):
                yield from figures(getattr(found, part.name), part.name)
    elif isinstance(found, dict):
        for key, part in found.items():
            yield from figures(part, str(key))


def complaint(function: Callable[..., Any], arguments: dict[str, Any]) -> str:
    """What is wrong with how the function takes the arguments, "" when nothing is."""
    try:
        found = function(**arguments)
    except (TypeError, ValueError) as error:
        sentence = str(error)
        if "\n" in sentence or any(words in sentence for words in FOREIGN):
            return f"{type(error).__name__} in foreign words: {sentence!r}"
        names = [*arguments, ALSO.get(function.__name__, "zzz")]
        for value in CASES[function].values():
            names += [str(part) for part in (value if isinstance(value, (dict, pd.DataFrame)) else ())]
        return "" if any(name in sentence for name in names) else f"names nothing: {sentence!r}"
    except Exception as error:
        return f"{type(error).__name__} got out: {error}"
    for name, values in figures(found):
        if function.__name__ not in FREE:
            if np.isnan(values).any() and name not in OPEN:
                return f"nan in {name}"
            if np.isinf(values).any() and name not in ENDLESS:
                return f"inf in {name}"
        known = values[np.isfinite(values)]
        if name in SHARES and function.__name__ not in FREE | MONEY and ((known < 0) | (known > 1 + 1e-9)).any():
            return f"{name} outside 0 to 1: {known}"
    return ""


def same(one: Any, two: Any) -> bool:
    """Whether a value is what it was, missing cells included."""
    if isinstance(one, (pd.Series, pd.DataFrame)):
        return bool(one.equals(two)) and one.attrs.keys() == two.attrs.keys()
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, two, equal_nan=one.dtype.kind == "f"))
    return repr(one) == repr(two)


def test_every_public_function_that_takes_data_has_a_case() -> None:
    public = [getattr(module, name) for module in MODULES for name in module.__all__]

    functions = {each for each in public if callable(each) and not isinstance(each, type)}

    assert {each.__name__ for each in functions - set(CASES)} == {"standard_form"}


@pytest.mark.parametrize("function", CASES, ids=lambda function: function.__name__)
def test_the_valid_arguments_are_taken(function: Callable[..., Any]) -> None:
    assert complaint(function, CASES[function]) == ""

    function(**CASES[function])


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_one_spoilt_argument_gives_a_sane_result_or_one_sentence(function: Callable[..., Any]) -> None:
    wrong = []

    for name, value in CASES[function].items():
        for bad in spoilt(value):
            before = copy.deepcopy(bad)
            found = complaint(function, {**CASES[function], name: bad})
            if not found and not same(before, bad):
                found = "the argument was changed"
            if found:
                wrong.append(f"{name}={' '.join(repr(bad).split())[:80]}: {found[:160]}")

    assert wrong == []


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_two_spoilt_arguments_give_no_foreign_error_either(data: st.DataObject) -> None:
    function = data.draw(st.sampled_from([each for each in FUNCTIONS if len(CASES[each]) > 1]))
    names = data.draw(st.lists(st.sampled_from(sorted(CASES[function])), min_size=2, max_size=2, unique=True))
    bad = {name: data.draw(st.sampled_from(list(spoilt(CASES[function][name])))) for name in names}

    found = complaint(function, {**CASES[function], **bad})

    assert found == "", f"{function.__name__}({bad})"
