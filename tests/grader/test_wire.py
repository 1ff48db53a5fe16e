"""Plain values cross the wall as they are; everything else stays where it is."""

from __future__ import annotations

import datetime
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import wire

Stood = tuple[str, int | None, str, bool]


def kept(value: Any) -> int:
    return 7


def stood(number: int | None, kind: str, function: bool) -> Stood:
    return ("stood", number, kind, function)


def across(value: Any) -> Any:
    return wire.decode(json.loads(json.dumps(wire.encode(value, kept))), stood)


KEYS = st.one_of(st.text(), st.integers(), st.booleans(), st.none())
MOMENTS = st.datetimes().map(lambda moment: moment.replace(fold=0))
VALUES = st.recursive(
    st.one_of(KEYS, st.floats(allow_nan=False), st.binary(), st.dates(), MOMENTS, st.timedeltas()),
    lambda inner: st.one_of(st.lists(inner), st.tuples(inner, inner), st.dictionaries(KEYS, inner)),
    max_leaves=20,
)


@given(VALUES)
def test_plain_python_crosses_with_its_exact_types(value: Any) -> None:
    back = across(value)

    assert back == value
    assert repr(back) == repr(value)  # 1 and True and 1.0 are equal: their text is not


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3),
        np.array([1.5, np.nan, np.inf], dtype="float32"),
        np.array([]),
        np.zeros((0, 3), dtype="int8"),
        np.array(["座席", "b"]),
        np.array([1, "a", None], dtype=object),
        np.array(["2026-11-21"], dtype="datetime64[D]"),
        np.array(5.0),
    ],
)
def test_arrays_cross_with_dtype_and_shape(array: Any) -> None:
    back = across(array)

    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize("value", [np.float64(1.5), np.int32(3), np.bool_(True), np.datetime64("2026-11-21")])
def test_numpy_scalars_cross_as_themselves(value: Any) -> None:
    back = across(value)

    assert type(back) is type(value) and back == value


def test_tables_cross_with_every_kind_of_column_that_a_course_uses() -> None:
    days = pd.date_range("2026-11-21", periods=3)
    frame = pd.DataFrame(
        {
            "calls": [1, 2, 3],
            "aht_s": [1.5, np.nan, 2],
            "agent": ["x", "周洁", None],
            "day": days,
            "utc": days.tz_localize("UTC"),
            "team": pd.Categorical(["a", "b", "a"], categories=["b", "a"], ordered=True),
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "mixed": pd.Series([1, "a", None], dtype=object),
        },
        index=pd.Index([10, 20, 30], name="row"),
    )

    pd.testing.assert_frame_equal(across(frame), frame)
    pd.testing.assert_series_equal(across(frame["agent"]), frame["agent"])
    grouped = frame.groupby(["calls", "agent"], dropna=False)["aht_s"].sum()
    pd.testing.assert_series_equal(across(grouped), grouped)
    half_hours = pd.Series(range(3), index=pd.date_range("2026-11-21", periods=3, freq="30min"), name="n")
    pd.testing.assert_series_equal(across(half_hours), half_hours)


def test_what_is_no_plain_value_becomes_a_handle() -> None:
    class Always(float):
        pass

    assert across(Always(1)) == ("stood", 7, "Always", False)
    assert across([len]) == [("stood", 7, "builtin_function_or_method", True)]
    assert across(np) == ("stood", None, "numpy", False)
    assert across(np.ma.array([1], mask=[True])) == ("stood", 7, "MaskedArray", False)


def test_a_value_nested_in_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)

    with pytest.raises(wire.WireError, match="nested deeper than 40"):
        wire.encode(loop, kept)


@pytest.mark.parametrize(
    "text",
    [
        "7",
        "[]",
        '["nothing"]',
        '["int", 5]',
        '["int", "' + "9" * 5000 + '"]',
        '["bool", 1]',
        '["array", "O", [1], "AAAAAAAAAAA="]',
        '["array", "<f8", [1000000], "AAAAAAAAAAA="]',
        '["array", "<f8", [-1, -1], "AAAAAAAAAAA="]',
        '["extension", "object", []]',
        '["DataFrame", ["str", "a"], ["str", "b"], []]',
        '["dict", [[["list", []], ["int", "1"]]]]',
        "[" * 50 + "]" * 50,
    ],
)
def test_a_forged_value_is_refused(text: str) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(json.loads(text), stood)


def test_a_moment_keeps_its_zone_and_its_unit() -> None:
    moment = pd.Timestamp("2026-11-21 09:30", tz="Asia/Shanghai")

    assert across(moment) == moment and str(across(moment).tz) == "Asia/Shanghai"
    assert across(pd.Timedelta("90s")) == datetime.timedelta(seconds=90)
    assert across(pd.NaT) is pd.NaT and across(pd.NA) is pd.NA
