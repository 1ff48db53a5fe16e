"""Every column of the generated centre with its unit and its meaning in English and Chinese."""

from __future__ import annotations

__all__ = ["UNITS"]

UNITS = (
    ("intervals", "start", "local time", "start of the half hour", "半小时的开始时间"),
    ("intervals", "offered", "calls", "calls offered to agents", "来电量（转人工）"),
    ("intervals", "answered", "calls", "calls answered", "应答量"),
    ("intervals", "answered_within", "calls", "calls answered within 20 s", "20秒内应答量"),
    ("intervals", "abandoned", "calls", "calls abandoned in the queue", "放弃量"),
    ("intervals", "abandoned_within", "calls", "calls abandoned within 20 s", "20秒内放弃量"),
    ("intervals", "aht_s", "seconds", "average handle time with after-call work", "平均处理时长（含话后处理）"),
    ("intervals", "scheduled", "agents", "agents on the schedule (paid)", "排班人数（计薪）"),
    ("intervals", "staffed", "agents", "agents present and ready to take calls", "在岗可接听人数"),
    ("events", "start", "local time", "first moment of the event", "事件开始时间"),
    ("events", "end", "local time", "last moment of the event", "事件结束时间"),
    ("events", "kind", "word", "holiday, makeup_workday, campaign or outage", "类别：节假日、调休上班、营销活动、故障"),
    ("events", "en", "text", "name in English", "英文名称"),
    ("events", "zh", "text", "name in Chinese", "中文名称"),
    ("shrinkage", "day", "date", "day", "日期"),
    ("shrinkage", "paid", "hours", "paid hours on the schedule", "计薪工时"),
    ("shrinkage", "leave", "hours", "annual and other planned leave", "年假等计划内休假"),
    ("shrinkage", "sickness", "hours", "sickness and unplanned absence", "病假及计划外缺勤"),
    ("shrinkage", "breaks", "hours", "breaks and meals", "小休与用餐"),
    ("shrinkage", "training", "hours", "training and coaching", "培训与辅导"),
    ("shrinkage", "meetings", "hours", "team meetings", "班前班后会"),
    ("shrinkage", "system", "hours", "system faults and log-in time", "系统故障与登录"),
)
