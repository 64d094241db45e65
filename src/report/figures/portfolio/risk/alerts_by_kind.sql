/*---
title = "Open alerts by kind and severity, and how often each kind is right"
title_zh = "各类预警数量、级别与准确率"
note = "Right: of those that would have been raised over the past year, the share after which came what the alert foretells; beside it how often that comes to customers anyway."
note_zh = "准确率：过去一年中预警后所指事件确实发生的占比；右侧为可比客户的平常发生率。"
chart = "stacked"
empty = "No alert is open."
empty_zh = "当前没有预警。"
[columns]
alert = { en = "Alert", zh = "预警", as = "word", chart = "x" }
high = { en = "High", zh = "高", as = "count", chart = "y" }
medium = { en = "Medium", zh = "中", as = "count", chart = "y" }
low = { en = "Low", zh = "低", as = "count", chart = "y" }
new = { en = "New", zh = "新增", as = "count" }
closed = { en = "Over since", zh = "解除", as = "count", help = "Over since the last set", help_zh = "自上一期以来解除" }
came_true = { en = "Came true", zh = "应验", as = "count" }
judged = { en = "of", zh = "可评判", as = "count" }
precision_rate = { en = "Right", zh = "准确率", as = "percent" }
base_rate = { en = "Comes anyway", zh = "平常发生率", as = "percent" }
---*/
WITH counted AS (
    SELECT
        alert,
        COUNT(*) FILTER (WHERE status = 'open' AND severity = 'high') AS high,
        COUNT(*) FILTER (WHERE status = 'open' AND severity = 'medium') AS medium,
        COUNT(*) FILTER (WHERE status = 'open' AND severity = 'low') AS low,
        COUNT(*) FILTER (WHERE status = 'open' AND is_new) AS new,
        COUNT(*) FILTER (WHERE status = 'closed') AS closed
    FROM alerts
    GROUP BY alert
)
SELECT
    counted.alert,
    counted.high,
    counted.medium,
    counted.low,
    counted.new,
    counted.closed,
    tested.came_true,
    CASE WHEN tested.came_true IS NOT NULL THEN tested.judged END AS judged,
    tested.precision_rate,
    tested.base_rate
FROM counted
LEFT JOIN alert_backtest AS tested ON tested.alert = counted.alert
ORDER BY counted.high DESC, counted.medium + counted.low DESC, counted.alert
