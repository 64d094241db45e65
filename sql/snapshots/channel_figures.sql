/*---
description = "Each channel partner by its customers: portfolio, losses, growth, service and what it costs. Every customer counts for one channel, today's."
description_zh = "各渠道伙伴所辖客户的情况：客户构成、流失、增长、服务与成本。每位客户只计入其当前的一个渠道。"
grain = ["channel"]
[columns]
channel = { type = "text", null = false, description = "Channel partner, or direct", description_zh = "渠道伙伴，或 direct（直销）" }
customers = { type = "int", null = false, description = "Customers in force", description_zh = "有效客户数" }
customers_year_ago = { type = "int", null = false, description = "Today's and lost customers of the channel that were in force a year ago", description_zh = "一年前有效的客户数（按当前渠道归属）" }
churned_12m = { type = "int", null = false, description = "Of these, those no longer in force", description_zh = "近一年流失客户数" }
joined_12m = { type = "int", null = false, description = "Customers in force that were not a year ago", description_zh = "近一年新增或回归客户数" }
churn_rate_12m = { type = "double", description = "churned_12m / customers_year_ago (0-1); like the retentions null while the lake does not reach back a year", description_zh = "近一年客户流失率（0-1）" }
moved_in_12m = { type = "int", null = false, description = "Customers in force that had another channel a year ago", description_zh = "近一年由其他渠道转入的客户数" }
moved_out_12m = { type = "int", null = false, description = "Customers in force that had this channel a year ago, and have another now", description_zh = "近一年转往其他渠道的客户数" }
nrr_12m = { type = "double", description = "Net revenue retention: yearly value now / a year ago, of those in force a year ago", description_zh = "净收入留存率" }
grr_12m = { type = "double", description = "Gross revenue retention: the same without growth (0-1)", description_zh = "总收入留存率（0-1）" }
stars = { type = "int", null = false, description = "Customers in the quadrant star", description_zh = "明星客户数" }
cash_cows = { type = "int", null = false, description = "Customers in the quadrant cash_cow", description_zh = "现金牛客户数" }
question_marks = { type = "int", null = false, description = "Customers in the quadrant question_mark", description_zh = "问号客户数" }
dogs = { type = "int", null = false, description = "Customers in the quadrant dog", description_zh = "瘦狗客户数" }
unscored = { type = "int", null = false, description = "Customers in no quadrant", description_zh = "未评分客户数" }
star_revenue_12m = { type = "decimal(18,2)", null = false, description = "Revenue of the stars", description_zh = "明星客户收入" }
cash_cow_revenue_12m = { type = "decimal(18,2)", null = false, description = "Revenue of the cash cows", description_zh = "现金牛客户收入" }
question_mark_revenue_12m = { type = "decimal(18,2)", null = false, description = "Revenue of the question marks", description_zh = "问号客户收入" }
dog_revenue_12m = { type = "decimal(18,2)", null = false, description = "Revenue of the dogs", description_zh = "瘦狗客户收入" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Revenue of 12 months of the customers in force: those who left are not in it", description_zh = "在约客户近 12 个月收入（不含已流失客户）" }
margin_12m = { type = "decimal(18,2)", null = false, description = "What is left of it after cost, service and implementation", description_zh = "扣除成本、服务与实施后的毛利" }
margin_rate_12m = { type = "double", description = "margin_12m / revenue_12m", description_zh = "毛利率" }
cost_to_serve_12m = { type = "decimal(18,2)", description = "Support's work on their requests; null where support knows none of them", description_zh = "近 12 个月服务成本；服务系统未关联任何客户为空" }
service_share = { type = "double", description = "cost_to_serve_12m / revenue_12m; null where that cost is", description_zh = "服务成本占收入比例；成本未知为空" }
minutes_per_customer = { type = "double", description = "Minutes of support per customer whom support knows", description_zh = "户均支持分钟数" }
in_time_rate = { type = "double", description = "Share of the requests of 12 months that were answered in time (0-1)", description_zh = "近 12 个月及时响应率（0-1）" }
complaints_12m = { type = "int", description = "Complaints", description_zh = "近 12 个月投诉数" }
collection_days = { type = "double", description = "Days sales outstanding of the customers in force together: unpaid / revenue x 365; those who left are not in it", description_zh = "在约客户应收账款周转天数（未付 / 收入 × 365；不含已流失客户）" }
mean_health_score = { type = "double", description = "Mean health (0-100)", description_zh = "平均健康分（0-100）" }
value_at_risk = { type = "decimal(18,2)", description = "Margin of a year expected to leave within 90 days", description_zh = "90 天内预期流失的年毛利" }
upsell_12m = { type = "decimal(18,2)", null = false, description = "Yearly value of users, upgrades, modules and growth at renewals that they signed in 12 months", description_zh = "近 12 个月增购与交叉销售的年化金额" }
expected_expansion = { type = "decimal(18,2)", description = "Growth expected within 180 days", description_zh = "180 天内预期增长金额" }
whitespace_value = { type = "decimal(18,2)", description = "What the modules recommended to them would pay a year if all were bought", description_zh = "推荐模块全部购买时的年付金额" }
---*/
-- Losses and retention as in company_figures.
WITH reach AS (
    SELECT CASE WHEN known_since <= $as_of_date - INTERVAL '12 months' THEN TRUE ELSE FALSE END AS knows_the_year
    FROM lake_reach
),
moved_out AS (
    SELECT channels.channel_year_ago AS channel, COUNT(*) AS customers
    FROM customer_channels AS channels
    JOIN customer_snapshot AS snapshot ON snapshot.customer_id = channels.customer_id
    WHERE channels.channel_year_ago <> channels.channel
    GROUP BY channels.channel_year_ago
)
SELECT
    COALESCE(sums.channel, moved_out.channel) AS channel,
    COALESCE(sums.customers, 0) AS customers,
    COALESCE(customers_year_ago, 0) AS customers_year_ago,
    COALESCE(churned, 0) AS churned_12m,
    COALESCE(joined, 0) AS joined_12m,
    CASE WHEN reach.knows_the_year THEN CAST(churned AS DOUBLE) / NULLIF(customers_year_ago, 0) END AS churn_rate_12m,
    COALESCE(moved_in, 0) AS moved_in_12m,
    COALESCE(moved_out.customers, 0) AS moved_out_12m,
    CASE WHEN reach.knows_the_year
         THEN CAST(value_now AS DOUBLE) / NULLIF(CAST(value_year_ago AS DOUBLE), 0) END AS nrr_12m,
    CASE WHEN reach.knows_the_year
         THEN CAST(value_kept AS DOUBLE) / NULLIF(CAST(value_year_ago AS DOUBLE), 0) END AS grr_12m,
    COALESCE(stars, 0) AS stars,
    COALESCE(cash_cows, 0) AS cash_cows,
    COALESCE(question_marks, 0) AS question_marks,
    COALESCE(dogs, 0) AS dogs,
    COALESCE(unscored, 0) AS unscored,
    CAST(COALESCE(star_revenue, 0) AS DECIMAL(18, 2)) AS star_revenue_12m,
    CAST(COALESCE(cash_cow_revenue, 0) AS DECIMAL(18, 2)) AS cash_cow_revenue_12m,
    CAST(COALESCE(question_mark_revenue, 0) AS DECIMAL(18, 2)) AS question_mark_revenue_12m,
    CAST(COALESCE(dog_revenue, 0) AS DECIMAL(18, 2)) AS dog_revenue_12m,
    CAST(COALESCE(revenue, 0) AS DECIMAL(18, 2)) AS revenue_12m,
    CAST(COALESCE(margin, 0) AS DECIMAL(18, 2)) AS margin_12m,
    CAST(margin AS DOUBLE) / NULLIF(CAST(revenue AS DOUBLE), 0) AS margin_rate_12m,
    CAST(cost_to_serve AS DECIMAL(18, 2)) AS cost_to_serve_12m,
    CAST(cost_to_serve AS DOUBLE) / NULLIF(CAST(revenue AS DOUBLE), 0) AS service_share,
    CAST(minutes AS DOUBLE) / NULLIF(known_to_support, 0) AS minutes_per_customer,
    CAST(in_time_requests AS DOUBLE) / NULLIF(answered_requests, 0) AS in_time_rate,
    complaints AS complaints_12m,
    365 * CAST(open_amount AS DOUBLE) / NULLIF(CAST(revenue AS DOUBLE), 0) AS collection_days,
    CAST(health_scores AS DOUBLE) / NULLIF(with_health, 0) AS mean_health_score,
    CAST(value_at_risk AS DECIMAL(18, 2)) AS value_at_risk,
    CAST(COALESCE(upsell, 0) AS DECIMAL(18, 2)) AS upsell_12m,
    CAST(expected_expansion AS DECIMAL(18, 2)) AS expected_expansion,
    CAST(whitespace_value AS DECIMAL(18, 2)) AS whitespace_value
FROM channel_sums AS sums
FULL JOIN moved_out ON moved_out.channel = sums.channel
CROSS JOIN reach
