/*---
[[sentence]]
en = "Of {customers} customers {healthy} are healthy, {at_risk} at risk and {churn_alert} in churn alert; the mean is {mean} of 100."
zh = "{customers} 家客户中，健康 {healthy} 家，有风险 {at_risk} 家，流失预警 {churn_alert} 家；平均健康度 {mean} 分。"
[[sentence]]
en = "Three months ago {alert_then} of the customers were in churn alert, now {alert_now} are."
zh = "流失预警占比：三个月前 {alert_then}，现在 {alert_now}。"
[[sentence]]
en = "{fallers} customers with {fallers_revenue} of yearly revenue lost 15 points or more in three months."
zh = "近三个月有 {fallers} 家客户（年开票额 {fallers_revenue}）健康度下降 15 分以上。"
if = "has_fallers"
[[sentence]]
en = "Did the score warn? Of those in churn alert on {graded_on}, {alert_left} left within the next 90 days, of the healthy {healthy_left}; {unwarned} of all who left had been healthy on the day."
zh = "预警是否有效：{graded_on} 处于流失预警的客户此后 90 天流失 {alert_left}，健康客户流失 {healthy_left}；流失客户中有 {unwarned} 当时为健康。"
[columns]
customers = { as = "count" }
healthy = { as = "count" }
at_risk = { as = "count" }
churn_alert = { as = "count" }
mean = { as = "score" }
alert_then = { as = "percent" }
alert_now = { as = "percent" }
fallers = { as = "count" }
fallers_revenue = { as = "money" }
graded_on = { as = "date" }
alert_left = { as = "percent" }
healthy_left = { as = "percent" }
unwarned = { as = "percent" }
has_fallers = { as = "flag" }
---*/
WITH now AS (
    SELECT
        COUNT(*) AS customers,
        COUNT(*) FILTER (WHERE health_band = 'healthy') AS healthy,
        COUNT(*) FILTER (WHERE health_band = 'at_risk') AS at_risk,
        COUNT(*) FILTER (WHERE health_band = 'churn_alert') AS churn_alert,
        AVG(health_score) AS mean
    FROM customer_snapshot
    WHERE health_score IS NOT NULL
),
ago AS (
    SELECT COUNT(*) FILTER (WHERE health_band = 'churn_alert') AS churn_alert, COUNT(*) AS customers
    FROM history.customer_snapshot
    WHERE months_ago = 3 AND health_score IS NOT NULL
),
fell AS (
    SELECT COUNT(*) AS fallers, SUM(revenue_12m) AS fallers_revenue
    FROM customer_signals
    WHERE health_change_3m <= -15
),
graded AS (
    SELECT
        MAX(test_cutoff) AS graded_on,
        MAX(value) FILTER (WHERE metric = 'rate_in_churn_alert') AS alert_left,
        MAX(value) FILTER (WHERE metric = 'rate_in_healthy') AS healthy_left,
        MAX(value) FILTER (WHERE metric = 'unwarned_share') AS unwarned
    FROM model_metrics
    WHERE model = 'health' AND status = 'published'
)
SELECT
    now.customers,
    now.healthy,
    now.at_risk,
    now.churn_alert,
    now.mean,
    CAST(ago.churn_alert AS DOUBLE) / NULLIF(ago.customers, 0) AS alert_then,
    CAST(now.churn_alert AS DOUBLE) / NULLIF(now.customers, 0) AS alert_now,
    fallers,
    fallers_revenue,
    graded_on,
    alert_left,
    healthy_left,
    unwarned,
    fallers > 0 AS has_fallers
FROM now
CROSS JOIN ago
CROSS JOIN fell
CROSS JOIN graded
