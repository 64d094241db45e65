/*---
description = "How good each alert would have been over the sets of the past year, raised or not yet: how often it fires, how often what it foretells came, how long before."
description_zh = "若各预警（无论是否已启用）在过去一年的各期数据中运行，其效果如何：多久触发一次、所预示的事件发生的比例、提前多少天。"
grain = ["alert"]
[columns]
alert = { type = "text", null = false, description = "Its name in models/alert_rules.toml", description_zh = "预警名称" }
is_enabled = { type = "bool", null = false, description = "Whether it is raised; if not, it is only tested", description_zh = "是否启用" }
months = { type = "int", null = false, description = "Months in a row that it must hold", description_zh = "需连续成立的月数" }
event = { type = "text", description = "What a true alarm is followed by; null: nothing was named", description_zh = "预警所指的事件" }
within_days = { type = "int", description = "Within so many days", description_zh = "在多少天之内" }
sets = { type = "int", null = false, description = "Past sets that it was tried on, about a month apart", description_zh = "回测所用的历史快照数" }
first_set = { type = "date", description = "The oldest of them", description_zh = "最早的快照" }
fired = { type = "int", null = false, description = "Customers and sets in which it held", description_zh = "成立的客户·快照数" }
raised = { type = "int", null = false, description = "How often it would have been raised: it held, and had not a month before", description_zh = "会发出的预警次数" }
raised_per_month = { type = "double", description = "The same per month", description_zh = "每月次数" }
judged = { type = "int", null = false, description = "Of these, those whose days are over", description_zh = "其中期限已满的次数" }
came_true = { type = "int", description = "Of these, those that the event followed", description_zh = "其中事件发生的次数" }
precision_rate = { type = "double", description = "came_true / judged (0-1)", description_zh = "准确率（0-1）" }
precision_low = { type = "double", description = "Lower end of its 95 % interval", description_zh = "95% 区间下限" }
precision_high = { type = "double", description = "Upper end", description_zh = "95% 区间上限" }
base_rate = { type = "double", description = "How often the event follows for any customer, or for those that the alert is compared with (among in models/alert_rules.toml) (0-1)", description_zh = "任一客户（或预警所比较的客户）的发生率（0-1）" }
lift = { type = "double", description = "precision_rate / base_rate", description_zh = "提升度" }
events = { type = "int", description = "Events of customers that a set had seen within the days before", description_zh = "期间发生的事件数" }
events_warned = { type = "int", description = "Of these, those that it had warned of", description_zh = "其中事先预警的数目" }
recall = { type = "double", description = "events_warned / events (0-1)", description_zh = "召回率（0-1）" }
median_lead_days = { type = "double", description = "Days from the alarm to the event, median; alarms are told monthly here", description_zh = "预警提前天数（中位数）" }
finding = { type = "text", null = false, description = "In plain words", description_zh = "结论（英文）" }
finding_zh = { type = "text", null = false, description = "The same in Chinese", description_zh = "结论" }
---*/
SELECT
    alert,
    enabled AS is_enabled,
    months,
    event,
    within_days,
    sets,
    first_set,
    fired,
    raised,
    raised_per_month,
    judged,
    came_true,
    "precision" AS precision_rate,
    precision_low,
    precision_high,
    base_rate,
    lift,
    events,
    events_warned,
    recall,
    median_lead_days,
    CASE WHEN sets < 2 THEN 'too few past sets to tell: fill them in with luopan backfill'
         WHEN raised = 0 THEN 'would never have been raised'
         WHEN event IS NULL THEN 'names no event that would prove it right'
         WHEN judged = 0 THEN 'its days are not over yet'
         WHEN judged < 10 THEN 'too few alarms to judge it by'
         WHEN precision_low > base_rate THEN 'warns: what it foretells follows more often than usual'
         WHEN precision_high < base_rate THEN 'misleads: what it foretells follows less often than usual'
         ELSE 'no better than chance can explain' END AS finding,
    CASE WHEN sets < 2 THEN '历史快照太少，无法判断：请用 luopan backfill 补齐'
         WHEN raised = 0 THEN '一次也不会发出'
         WHEN event IS NULL THEN '未指明可验证的事件'
         WHEN judged = 0 THEN '期限未满'
         WHEN judged < 10 THEN '次数太少，无法判断'
         WHEN precision_low > base_rate THEN '有效：所指事件的发生率高于平常'
         WHEN precision_high < base_rate THEN '有误导：所指事件的发生率低于平常'
         ELSE '与偶然无异' END AS finding_zh
FROM alert_rules_backtest
