/*---
[[sentence]]
en = "{expected_churners} of {customers} customers are expected to leave within 90 days (95 %: {churners_low} to {churners_high}), and with them {value_at_risk} of yearly margin (95 %: {low} to {high})."
zh = "未来 90 天预计有 {expected_churners} 家客户流失（共 {customers} 家，95% 区间 {churners_low} 至 {churners_high} 家），随之损失年毛利 {value_at_risk}（95% 区间 {low} 至 {high}）。"
if = "has_interval"
[[sentence]]
en = "{expected_churners} of {customers} customers are expected to leave within 90 days, and with them {value_at_risk} of yearly margin; how far off that may be cannot be told yet."
zh = "未来 90 天预计有 {expected_churners} 家客户流失（共 {customers} 家），随之损失年毛利 {value_at_risk}；误差范围尚无法估计。"
if = "has_no_interval"
[[sentence]]
en = "A month ago {month_ago} of yearly margin was expected to be lost."
zh = "一个月前预计损失 {month_ago}。"
[[sentence]]
en = "Part of the difference may be the model: another version of it scores now."
zh = "其间模型版本已更换，差异可能部分由此造成。"
if = "has_new_version"
[[sentence]]
en = "The {calls} calls that fit into this week ({owners} account managers) reach {reached_share} of that money; they are expected to keep {kept} after their cost."
zh = "本周 {owners} 位客户经理共可致电 {calls} 家，覆盖其中 {reached_share} 的金额，扣除成本后预计可挽回 {kept}。"
if = "has_calls"
[[sentence]]
en = "{open_alerts} alerts are open on {alert_customers} customers, {high_alerts} of them of high severity."
zh = "当前有 {open_alerts} 条预警，涉及 {alert_customers} 家客户，其中高级别 {high_alerts} 条。"
[[sentence]]
en = "Since the last set {new_alerts} alerts are new, and {closed_alerts} are over."
zh = "与上一期相比，新增预警 {new_alerts} 条，解除 {closed_alerts} 条。"
if = "has_previous_alerts"
[columns]
expected_churners = { as = "count" }
customers = { as = "count" }
churners_low = { as = "count" }
churners_high = { as = "count" }
value_at_risk = { as = "money" }
low = { as = "money" }
high = { as = "money" }
month_ago = { as = "money" }
calls = { as = "count" }
owners = { as = "count" }
reached_share = { as = "percent" }
kept = { as = "money" }
open_alerts = { as = "count" }
alert_customers = { as = "count" }
high_alerts = { as = "count" }
new_alerts = { as = "count" }
closed_alerts = { as = "count" }
has_interval = { as = "flag" }
has_no_interval = { as = "flag" }
has_calls = { as = "flag" }
has_new_version = { as = "flag" }
has_previous_alerts = { as = "flag" }
---*/
WITH risk AS (
    SELECT
        MAX(expected_churners) AS expected_churners,
        MAX(customers) AS customers,
        MAX(churners_low) AS churners_low,
        MAX(churners_high) AS churners_high,
        MAX(value_at_risk) AS value_at_risk,
        MAX(value_at_risk_low) AS low,
        MAX(value_at_risk_high) AS high
    FROM risk_summary
    WHERE group_kind = 'all'
),
before AS (
    SELECT MAX(value_at_risk) AS month_ago FROM history.risk_summary WHERE group_kind = 'all' AND months_ago = 1
),
calls AS (
    SELECT
        COUNT(*) FILTER (WHERE fits) AS calls,
        COUNT(DISTINCT CASE WHEN fits THEN owner END) AS owners,
        SUM(value_at_risk) FILTER (WHERE fits) AS reached,
        SUM(expected_kept) FILTER (WHERE fits) AS kept
    FROM call_list
),
versions AS (
    SELECT
        MAX(now.version) AS version,
        MAX(ago.version) AS version_ago
    FROM model_versions AS now
    LEFT JOIN history.model_versions AS ago ON ago.model = now.model AND ago.months_ago = 1
    WHERE now.model = 'churn_risk'
),
open AS (
    SELECT
        COUNT(*) FILTER (WHERE status = 'open') AS open_alerts,
        COUNT(DISTINCT CASE WHEN status = 'open' THEN customer_id END) AS alert_customers,
        COUNT(*) FILTER (WHERE status = 'open' AND severity = 'high') AS high_alerts,
        COUNT(*) FILTER (WHERE status = 'open' AND is_new) AS new_alerts,
        COUNT(*) FILTER (WHERE status = 'closed') AS closed_alerts
    FROM alerts
)
SELECT
    CAST(ROUND(expected_churners) AS BIGINT) AS expected_churners,
    customers,
    CAST(ROUND(churners_low) AS BIGINT) AS churners_low,
    CAST(ROUND(churners_high) AS BIGINT) AS churners_high,
    value_at_risk,
    low,
    high,
    month_ago,
    calls,
    owners,
    CAST(reached AS DOUBLE) / NULLIF(CAST(value_at_risk AS DOUBLE), 0) AS reached_share,
    kept,
    open_alerts,
    alert_customers,
    high_alerts,
    new_alerts,
    closed_alerts,
    low IS NOT NULL AND high IS NOT NULL AS has_interval,
    value_at_risk IS NOT NULL AND (low IS NULL OR high IS NULL) AS has_no_interval,
    calls > 0 AS has_calls,
    COALESCE(version <> version_ago, false) AS has_new_version,
    (SELECT COUNT(*) FROM previous.alerts) > 0 AS has_previous_alerts
FROM risk
CROSS JOIN before
CROSS JOIN calls
CROSS JOIN versions
CROSS JOIN open
