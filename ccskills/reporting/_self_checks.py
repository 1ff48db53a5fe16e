"""The checks that a report makes of itself before anybody believes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from .._text import Text
from ..performance import METRICS
from ._chart_base import listed, say
from ._data import COUNTS, Data, Measure, between, level_counts

__all__ = ["judged", "make_checks"]

Found = tuple[bool, str]

NAMES = {
    "days": Text("Every day is there", "日期完整"),
    "intervals": Text("Every interval is there", "时段完整"),
    "duplicates": Text("No interval stands twice", "时段无重复"),
    "balance": Text("Offered = answered + abandoned", "来电量 = 应答量 + 放弃量"),
    "parts": Text("A part is not more than its whole", "部分不大于整体"),
    "handle_time": Text("Handle times are known", "处理时长齐全"),
    "staff": Text("Handling fits into the time of those present", "处理时间不超过在岗时间"),
    "totals": Text("Tables add up to the intervals", "表内合计与时段数据一致"),
    "percentages": Text("Percentages come from counts", "百分比由数量重算"),
    "second_source": Text("The second source agrees", "与第二数据源一致"),
    "denominators": Text("Every measure has a denominator", "每个指标都有分母"),
    "targets": Text("Targets are given", "目标值齐全"),
    "forecast": Text("The forecast covers the period", "预测覆盖整个周期"),
}


def make_checks(data: Data, measures: Mapping[str, Measure], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every check with its result in plain words; those that failed stand first."""
    makers: dict[str, Callable[[], Found | None]] = {
        "days": lambda: _days(data),
        "intervals": lambda: _intervals(data),
        "duplicates": lambda: _duplicates(data),
        "balance": lambda: _balance(data),
        "parts": lambda: _parts(data),
        "handle_time": lambda: _handle_time(data),
        "staff": lambda: _staff(measures),
        "totals": lambda: _totals(data, tables),
        "percentages": lambda: _percentages(data),
        "second_source": lambda: _second_source(data),
        "denominators": lambda: _denominators(measures),
        "targets": lambda: _targets(data, measures),
        "forecast": lambda: _forecast(data),
    }
    rows = [(key, say(NAMES[key]), *result) for key, make in makers.items() if (result := make()) is not None]
    table = pd.DataFrame(rows, columns=["check", "name", "passed", "finding"])
    return table.sort_values("passed", kind="stable", ignore_index=True)


def judged(measures: Mapping[str, Measure], level: str) -> list[str]:
    """The measures that ought to have a target."""
    wanted = [level, "abandonment", *(key for key in measures if METRICS[key].direction in ("up", "down"))]
    return list(dict.fromkeys(key for key in wanted if key in measures and key not in ("connection_rate", "wape")))


def _some(names: Iterable[str], most: int = 5) -> str:
    """The first few of a list and how many more there are."""
    every = list(names)
    more = say(Text(" and {} more", "等，另有{}个"), len(every) - most) if len(every) > most else ""
    return listed(every[:most]) + more


def _moments(index: pd.Index) -> list[str]:
    return [f"{moment:%Y-%m-%d %H:%M}" for moment in pd.DatetimeIndex(index)]


def _open_days(data: Data) -> list[pd.Timestamp]:
    """Days of the period on which the centre should be open: weekdays that are open in half of the weeks or more."""
    there = pd.DatetimeIndex(data.everything.index).normalize().unique()
    span = pd.date_range(there[0], there[-1], freq="D")
    share = pd.Series(span.isin(there), index=span).groupby(span.day_of_week).mean()
    return [day for day in data.days if share.get(day.day_of_week, 1.0) >= 0.5]


def _days(data: Data) -> Found:
    there = pd.DatetimeIndex(data.rows.index).normalize()
    lost = [f"{day:%Y-%m-%d}" for day in _open_days(data) if day not in there]
    if lost:
        words = Text(
            "No rows for {}: closed, or the data are lost; totals of the period lack what came then.",
            "{}没有数据：未营业或数据缺失；本期合计缺少这些天。",
        )
        return False, say(words, _some(lost))
    words = Text("{} of {} days have rows; the others are days of rest.", "{}天有数据，周期共{}天，其余为非营业日。")
    every = Text("Days of the period with rows: all {}.", "本期{}天均有数据。")
    count = there.nunique()
    return True, say(every, count) if count == len(data.days) else say(words, count, len(data.days))


def expected_intervals(data: Data) -> pd.DatetimeIndex:
    """Starts that the days of the period should have: those of most days of the same weekday, else a whole grid."""
    starts = pd.DatetimeIndex(data.everything.index).unique()
    usual = pd.DataFrame(
        {"day": starts.normalize(), "clock": starts - starts.normalize(), "weekday": starts.day_of_week}
    )
    wanted: list[pd.Timestamp] = []
    for day in pd.DatetimeIndex(data.rows.index).normalize().unique():
        group = usual[usual["weekday"] == day.day_of_week]
        group = usual if group["day"].nunique() < 3 else group
        if group["day"].nunique() >= 3:
            often = group["clock"].value_counts() * 2 > group["day"].nunique()
            clocks = pd.TimedeltaIndex(often.index[often.to_numpy()])
        else:
            own = usual["clock"][usual["day"] == day]
            clocks = pd.timedelta_range(own.min(), own.max(), freq=pd.Timedelta(seconds=data.interval_s))
        wanted += [day + clock for clock in clocks]
    return pd.DatetimeIndex(wanted).sort_values()


def _intervals(data: Data) -> Found:
    wanted = expected_intervals(data)
    lost = wanted.difference(pd.DatetimeIndex(data.rows.index))
    if len(lost):
        words = Text(
            "Intervals missing: {} ({}); their contacts are in no total of this report.",
            "缺少{}个时段（{}）；其联络量未计入本报表任何合计。",
        )
        return False, say(words, len(lost), _some(_moments(lost)))
    return True, say(Text("All {} intervals that were to come are there.", "应有的{}个时段全部在内。"), len(wanted))


def _duplicates(data: Data) -> Found:
    twice = data.rows.index[data.rows.index.duplicated()].unique()
    if len(twice):
        words = Text(
            "Intervals that stand more than once: {} ({}); totals of this report count them each time.",
            "{}个时段重复出现（{}）；本报表合计对其重复计数。",
        )
        return False, say(words, len(twice), _some(_moments(twice)))
    return True, say(Text("All intervals, {}, stand once.", "共{}个时段，各出现一次。"), len(data.rows))


def _balance(data: Data) -> Found:
    rows = data.rows
    gap = rows["offered"] - rows["answered"] - rows["abandoned"]
    if (gap != 0).any():
        bad = gap[gap != 0]
        named = [f"{moment} ({value:+,.0f})" for moment, value in zip(_moments(bad.index), bad, strict=True)]
        words = Text(
            "Offered differs from answered + abandoned in {} of {} intervals: {}; find out which is wrong.",
            "{1}个时段中{0}个的来电量不等于应答量加放弃量：{2}；请查明三者中哪一个有误。",
        )
        return False, say(words, len(bad), len(rows), _some(named))
    words = Text(
        "In every interval: {:,.0f} = {:,.0f} + {:,.0f} in all.", "每个时段均相符：合计{:,.0f} = {:,.0f} + {:,.0f}。"
    )
    return True, say(words, *(rows[name].sum() for name in ("offered", "answered", "abandoned")))


def _parts(data: Data) -> Found:
    rows = data.rows
    named = [
        f"{moment} {part} > {whole}"
        for part, whole in (("answered_within", "answered"), ("abandoned_within", "abandoned"))
        for moment in _moments(rows.index[rows[part] > rows[whole]])
    ]
    if named:
        words = Text(
            "Impossible: more within {0:g} s than at all, in {1} places: {2}.",
            "不可能：{0:g}秒内的数量大于总量，共{1}处：{2}。",
        )
        return False, say(words, data.within_s, len(named), _some(named))
    words = Text("No interval has more contacts within {:g} s than at all.", "各时段{:g}秒内的数量均不大于总量。")
    return True, say(words, data.within_s)


def _handle_time(data: Data) -> Found:
    bad = data.rows.index[(data.rows["answered"] > 0) & ~(data.rows["aht_s"] > 0)]
    if len(bad):
        words = Text(
            "Answered contacts without a handle time above 0 in {} of {} intervals: {}; the average leaves them out.",
            "{1}个时段中{0}个有应答量但没有大于0的处理时长：{2}；平均值未计入这些时段。",
        )
        return False, say(words, len(bad), len(data.rows), _some(_moments(bad)))
    return True, say(Text("Every interval with answered contacts has one.", "有应答量的时段均有处理时长。"))


def _staff(measures: Mapping[str, Measure]) -> Found | None:
    busy = measures.get("occupancy")
    if busy is None or busy.denominator <= 0:
        return None
    hours = busy.numerator / 3600, busy.denominator / 3600
    if busy.numerator > busy.denominator:
        words = Text(
            "Impossible: {:,.0f} hours of handling in {:,.0f} hours of presence; staff, handle time or unit is wrong.",
            "不可能：处理时间{:,.0f}小时，在岗时间只有{:,.0f}小时；人数、处理时长或单位有误。",
        )
        return False, say(words, *hours)
    return True, say(
        Text("{:,.0f} hours of handling in {:,.0f} of presence.", "处理{:,.0f}小时，在岗{:,.0f}小时。"), *hours
    )


def _totals(data: Data, tables: Mapping[str, pd.DataFrame]) -> Found:
    wrong = []
    for key, table in tables.items():
        for name in (*COUNTS, "staffed_hours"):
            if name not in table:
                continue
            body, total = table[name].iloc[:-1], table[name].iloc[-1]
            whole = (
                data.rows["staffed"].sum() * data.interval_s / 3600
                if name == "staffed_hours"
                else data.rows[name].sum()
            )
            if abs(body.sum() - whole) > 1e-6 * max(1, whole) or abs(total - whole) > 1e-6 * max(1, whole):
                wrong.append(f"{key}.{name}: {body.sum():,.1f}, {total:,.1f}, {whole:,.1f}")
    if wrong:
        words = Text(
            "Sum of the rows, total row and sum of the intervals differ: {}.",
            "表内各行之和、合计行与时段之和不一致：{}。",
        )
        return False, say(words, _some(wrong))
    words = Text(
        "Sum of the rows, total row and sum of the intervals agree.",
        "各行之和、合计行与时段之和一致。",
    )
    return True, say(words)


def _percentages(data: Data) -> Found:
    """Service levels that came with the data, against the counts."""
    top, bottom = level_counts(data.rows, data.rule)
    wrong = []
    if "service_level" in data.rows:
        made = top / bottom.where(bottom > 0)
        off = (made - data.rows["service_level"]).abs() > 0.0051
        wrong += [
            f"{moment}: {given:.1%} ({right:.1%})"
            for moment, given, right in zip(
                _moments(data.rows.index[off]), data.rows["service_level"][off], made[off], strict=True
            )
        ]
    second = None if data.daily_totals is None else between(data.daily_totals, data.first, data.end)
    if second is not None and "service_level" in second:
        wrong += _averaged(data, second["service_level"])
    if wrong:
        words = Text("Service levels that do not follow from the counts: {}.", "与数量不符的服务水平：{}。")
        return False, say(words, _some(wrong, 3))
    words = Text(
        "Every percentage is a sum of counts over a sum of counts; none is an average of percentages.",
        "所有百分比均由数量之和相除得出，没有对百分比取平均。",
    )
    return True, say(words)


def _averaged(data: Data, given: pd.Series) -> list[str]:
    """Days whose service level in the second source is not that of the counts, and whether it is a plain average."""
    top, bottom = level_counts(data.rows, data.rule)
    key = pd.DatetimeIndex(data.rows.index).normalize()
    right = (top.groupby(key).sum() / bottom.groupby(key).sum()).to_dict()
    plain = (top / bottom.where(bottom > 0)).groupby(key).mean().to_dict()
    found = []
    for day, value in given.items():
        when = pd.Timestamp(str(day)).tz_localize(key.tz) if key.tz is not None else pd.Timestamp(str(day))
        if when not in right or not np.isfinite(right[when]) or abs(value - right[when]) <= 0.00051:
            continue
        text = say(
            Text(
                "{0:%Y-%m-%d}: {1:.1%} in the second source, {2:.1%} from the counts",
                "{0:%Y-%m-%d}：第二数据源{1:.1%}，按数量{2:.1%}",
            ),
            *(when, value, right[when]),
        )
        if abs(value - plain[when]) <= 0.00051:
            text += say(
                Text(
                    " (it is the average of the intervals' percentages, which is wrong)",
                    "（它是各时段百分比的平均，算法有误）",
                )
            )
        found.append(text)
    return found


def _second_source(data: Data) -> Found | None:
    if data.daily_totals is None:
        return None
    second = between(data.daily_totals, data.first, data.end)
    days = pd.DatetimeIndex(data.rows.index).normalize().tz_localize(None)
    other = pd.DatetimeIndex(second.index).normalize().tz_localize(None)
    names = [name for name in COUNTS if name in second]
    ours = data.rows[names].groupby(days).sum()
    theirs = second[names].groupby(other).sum()
    both = pd.concat([ours, theirs], axis=1, keys=["ours", "theirs"]).fillna(0.0)
    wrong = []
    for name in names:
        gap = both["ours", name] - both["theirs", name]
        wrong += [f"{day:%Y-%m-%d} {name} {value:+,.0f}" for day, value in gap[gap != 0].items()]
    if wrong:
        words = Text(
            "Intervals minus second source: {}; explain each difference before the report goes out.",
            "时段数据减第二数据源：{}；发出报表前须逐项说明差异。",
        )
        return False, say(words, _some(wrong))
    words = Text("{}: {} days agree with the second source.", "{}：{}天均与第二数据源一致。")
    return True, say(words, listed(names), len(both))


def _denominators(measures: Mapping[str, Measure]) -> Found:
    empty = [say(METRICS[key].name) for key, measure in measures.items() if not measure.denominator > 0]
    if empty:
        words = Text("Nothing to divide by, so not stated: {}.", "分母为0，不予列示：{}。")
        return False, say(words, _some(empty))
    words = Text("The smallest of {} denominators is {:,.0f}.", "共{}个指标，最小分母为{:,.0f}。")
    return True, say(words, len(measures), min(measure.denominator for measure in measures.values()))


def _targets(data: Data, measures: Mapping[str, Measure]) -> Found:
    wanted = judged(measures, data.level)
    lacking = [say(METRICS[key].name) for key in wanted if key not in data.targets]
    if lacking:
        words = Text(
            "No target is given for {}: whether the result is good cannot be said.",
            "{}没有给出目标值，无法判断结果好坏。",
        )
        return False, say(words, _some(lacking))
    return True, say(Text("Targets given: {}.", "{}个指标有目标值。"), len(data.targets))


def _forecast(data: Data) -> Found | None:
    if data.forecast is None:
        return None
    lost = data.rows.index.difference(data.forecast.index).unique()
    if len(lost):
        words = Text(
            "Intervals without a forecast: {} ({}); accuracy is stated for the others.",
            "{}个时段没有预测（{}）；准确率只按其余时段计算。",
        )
        return False, say(words, len(lost), _some(_moments(lost)))
    return True, say(Text("All intervals were foreseen.", "所有时段均有预测。"))
