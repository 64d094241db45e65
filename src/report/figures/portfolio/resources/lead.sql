/*---
[[sentence]]
en = "Support cost {cost} in 12 months, {cost_share} of the revenue."
zh = "近 12 个月支持成本 {cost}，占开票额 {cost_share}。"
[[sentence]]
en = "Most above what it brings: {too_much}."
zh = "投入最偏多：{too_much}。"
[[sentence]]
en = "Most below: {too_little}."
zh = "投入最偏少：{too_little}。"
[[sentence]]
en = "No quadrant gets far more or far less effort than it brings."
zh = "各象限投入与价值大致相称。"
if = "is_balanced"
[[sentence]]
en = "{overdue} of the {planned} customers who are to be visited have not been in time; {overdue_valuable} of them are stars and cash cows."
zh = "按服务方案应定期拜访的 {planned} 家客户中，{overdue} 家已逾期未访，其中明星与现金牛客户 {overdue_valuable} 家。"
[columns]
cost = { as = "money" }
cost_share = { as = "percent" }
too_much = { as = "text" }
too_little = { as = "text" }
planned = { as = "count" }
overdue = { as = "count" }
overdue_valuable = { as = "count" }
is_balanced = { as = "flag" }
---*/
WITH support AS (
    SELECT SUM(cost_to_serve_12m) AS cost FROM resource_use
),
billed AS (
    SELECT SUM(revenue_12m) AS revenue FROM quadrant_summary
),
findings AS (
    SELECT
        direction,
        CASE WHEN $lang = 'zh' THEN COALESCE(finding_zh, finding) ELSE finding END AS finding,
        ROW_NUMBER() OVER (PARTITION BY direction ORDER BY ABS(used_share - fair_share) DESC, resource, quadrant) AS place
    FROM misallocations
),
named AS (
    SELECT
        COUNT(*) AS findings,
        MAX(finding) FILTER (WHERE direction = 'too_much' AND place = 1) AS too_much,
        MAX(finding) FILTER (WHERE direction = 'too_little' AND place = 1) AS too_little
    FROM findings
),
visits AS (
    SELECT
        COUNT(plan.visit_due_on) AS planned,
        COUNT(*) FILTER (WHERE plan.visit_due_on < $as_of_date) AS overdue,
        COUNT(*) FILTER (WHERE plan.visit_due_on < $as_of_date AND customer.quadrant IN ('star', 'cash_cow'))
            AS overdue_valuable
    FROM service_plans AS plan
    JOIN customer_snapshot AS customer ON customer.customer_id = plan.customer_id
)
SELECT
    cost,
    CAST(cost AS DOUBLE) / NULLIF(CAST(revenue AS DOUBLE), 0) AS cost_share,
    too_much,
    too_little,
    planned,
    overdue,
    overdue_valuable,
    findings = 0 AS is_balanced
FROM support
CROSS JOIN billed
CROSS JOIN named
CROSS JOIN visits
