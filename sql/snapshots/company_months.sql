/*---
description = "The company month by month, two years back as far as the lake reaches, as known today: customers, the bridge of yearly recurring value, retention, billing and service."
description_zh = "公司逐月数据，最多回溯两年（以数据湖所及为限），均按今日所知：客户数、年度经常性价值变动、留存、开票与服务。"
grain = ["month"]
[columns]
month = { type = "date", null = false, description = "First day of the month", description_zh = "月份（首日）" }
state_on = { type = "date", null = false, description = "Day that counts as its end: the first of the next month, or the as-of day while it runs", description_zh = "期末日（次月首日或截至日）" }
customers_in_force = { type = "int", null = false, description = "Customers in force at its end", description_zh = "期末在约客户数" }
new_customers = { type = "int", null = false, description = "In force at its end and not at its beginning", description_zh = "新增客户数" }
lost_customers = { type = "int", null = false, description = "In force at its beginning and not at its end", description_zh = "流失客户数" }
yearly_value_before = { type = "decimal(18,2)", null = false, description = "Yearly recurring value at its beginning", description_zh = "期初年化经常性金额 ARR" }
new_value = { type = "decimal(18,2)", null = false, description = "Brought by new customers", description_zh = "新客户带来的 ARR" }
expansion_value = { type = "decimal(18,2)", null = false, description = "Added by customers that were there and grew", description_zh = "老客户增长的 ARR" }
contraction_value = { type = "decimal(18,2)", null = false, description = "Given up by customers that stayed and shrank (0 or below)", description_zh = "老客户缩减的 ARR（≤0）" }
lost_value = { type = "decimal(18,2)", null = false, description = "Lost with customers that left (0 or below)", description_zh = "流失客户的 ARR（≤0）" }
yearly_value = { type = "decimal(18,2)", null = false, description = "Yearly recurring value at its end: the five before it added up", description_zh = "期末年化经常性金额 ARR" }
nrr_12m = { type = "double", description = "Net revenue retention of the 12 months to its end; null where they begin before the lake tells of those who left", description_zh = "近 12 个月净收入留存率 NRR" }
grr_12m = { type = "double", description = "Gross revenue retention of these 12 months (0-1)", description_zh = "近 12 个月总收入留存率 GRR（0-1）" }
logo_churn_12m = { type = "double", description = "Customers lost in these 12 months / in force before them (0-1)", description_zh = "近 12 个月客户数流失率（0-1）" }
billed = { type = "decimal(18,2)", description = "Billed in the month to whom ever, credit notes taken off; null before the first invoice of the lake", description_zh = "当月开票额（扣除红字）" }
support_tickets = { type = "int", description = "Tickets opened in the month; null before the first ticket of the lake", description_zh = "当月工单数" }
answered_in_time_share = { type = "double", description = "Share of them first answered within the target of their severity (0-1)", description_zh = "首次响应达标率（0-1）" }
nps = { type = "double", description = "Net promoter score (-100 to 100): newest answer of the 12 months to its end, of each who ever signed", description_zh = "近 12 个月净推荐值 NPS（-100 至 100）" }
nps_answers = { type = "int", null = false, description = "How many answered", description_zh = "NPS 答复客户数" }
---*/
-- Made today from what contracts say of every past day, and not from what was published then: a contract that was signed
-- late, or linked to its customer late, is in the months that it was in force. Months are of UTC days.
WITH billed AS (
    SELECT CAST(date_trunc('month', invoiced_at) AS DATE) AS month, SUM(amount) AS amount
    FROM invoices
    WHERE invoiced_at >= $as_of - INTERVAL '36 months'
    GROUP BY 1
),
asked AS (
    SELECT
        CAST(date_trunc('month', tickets.opened_at) AS DATE) AS month,
        COUNT(*) AS tickets,
        COUNT(in_time) AS answered,
        COUNT(*) FILTER (WHERE in_time) AS in_time
    FROM tickets_in_time AS tickets
    JOIN customer_retention AS signed ON signed.customer_id = tickets.customer_id
    GROUP BY 1
),
-- An answer speaks for its customer until the next one, for a year at most.
answers AS (
    SELECT last_months.month, surveys.customer_id, surveys.nps
    FROM surveys
    JOIN customer_retention AS signed ON signed.customer_id = surveys.customer_id
    JOIN last_months ON surveys.responded_on < last_months.state_on
                    AND surveys.responded_on >= CAST(last_months.state_on - INTERVAL '12 months' AS DATE)
    WHERE surveys.nps IS NOT NULL AND surveys.responded_at >= $as_of - INTERVAL '37 months'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY last_months.month, surveys.customer_id
                               ORDER BY surveys.responded_at DESC, surveys.survey_id) = 1
),
recommended AS (
    SELECT
        month,
        COUNT(*) AS answers,
        COUNT(*) FILTER (WHERE nps >= 9) - COUNT(*) FILTER (WHERE nps <= 6) AS net_promoters
    FROM answers
    GROUP BY month
),
began AS (
    SELECT
        (SELECT MIN(month) FROM billed) AS first_billed,
        (SELECT MIN(month) FROM asked) AS first_asked
)
SELECT
    months.month,
    months.state_on,
    COALESCE(moved.customers_in_force, 0) AS customers_in_force,
    COALESCE(moved.new_customers, 0) AS new_customers,
    COALESCE(moved.lost_customers, 0) AS lost_customers,
    CAST(COALESCE(moved.yearly_value_before, 0) AS DECIMAL(18, 2)) AS yearly_value_before,
    CAST(COALESCE(moved.new_value, 0) AS DECIMAL(18, 2)) AS new_value,
    CAST(COALESCE(moved.expansion_value, 0) AS DECIMAL(18, 2)) AS expansion_value,
    CAST(COALESCE(moved.contraction_value, 0) AS DECIMAL(18, 2)) AS contraction_value,
    CAST(COALESCE(moved.lost_value, 0) AS DECIMAL(18, 2)) AS lost_value,
    CAST(COALESCE(moved.yearly_value, 0) AS DECIMAL(18, 2)) AS yearly_value,
    moved.nrr_12m,
    moved.grr_12m,
    moved.logo_churn_12m,
    CASE WHEN months.month >= began.first_billed THEN CAST(COALESCE(billed.amount, 0) AS DECIMAL(18, 2)) END AS billed,
    CASE WHEN months.month >= began.first_asked THEN COALESCE(asked.tickets, 0) END AS support_tickets,
    CAST(asked.in_time AS DOUBLE) / NULLIF(asked.answered, 0) AS answered_in_time_share,
    100.0 * recommended.net_promoters / NULLIF(recommended.answers, 0) AS nps,
    COALESCE(recommended.answers, 0) AS nps_answers
FROM last_months AS months
CROSS JOIN began
LEFT JOIN value_bridge AS moved ON moved.month = months.month
LEFT JOIN billed ON billed.month = months.month
LEFT JOIN asked ON asked.month = months.month
LEFT JOIN recommended ON recommended.month = months.month
