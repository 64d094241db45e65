/*---
description = "What alerts speak of: each customer's verdicts and the figures that moved lately."
description_zh = "预警所依据的数据：每位客户的判定结果与近期变化的指标。"
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
customer_name = { type = "text", description = "Its name in the CRM", description_zh = "CRM 中的客户名称" }
industry = { type = "text", description = "Its industry", description_zh = "所属行业" }
region = { type = "text", description = "Its region", description_zh = "所在区域" }
channel_partner_id = { type = "text", description = "Who sold to it; null: sold directly", description_zh = "销售渠道伙伴；空为直销" }
owner = { type = "text", description = "Its account manager", description_zh = "客户经理" }
quadrant = { type = "text", phrase = "quadrant", phrase_zh = "象限", description = "star, cash_cow, question_mark or dog", description_zh = "所在象限：star、cash_cow、question_mark 或 dog" }
previous_quadrant = { type = "text", description = "Its quadrant in the last set before", description_zh = "上一期所在象限" }
former_quadrant = { type = "text", phrase = "quadrant before", phrase_zh = "此前象限", description = "The quadrant it was in before this one; null if it was in no other since there are sets", description_zh = "进入当前象限前所在的象限；有记录以来未变动则为空" }
days_in_quadrant = { type = "int", unit = "days", phrase = "time in its quadrant", phrase_zh = "在当前象限", description = "Days since it came into its quadrant; null without a quadrant", description_zh = "进入当前象限的天数；无象限为空" }
current_value_score = { type = "decimal(9,4)", unit = "number", phrase = "current value", phrase_zh = "当前价值分", description = "Worth now (0-100)", description_zh = "当前价值评分（0-100）" }
potential_strategic_score = { type = "decimal(9,4)", unit = "number", phrase = "potential and strategic worth", phrase_zh = "潜力与战略价值分", description = "Potential and strategic worth (0-100)", description_zh = "潜力与战略价值评分（0-100）" }
health_score = { type = "decimal(9,4)", unit = "number", phrase = "health score", phrase_zh = "健康度", description = "How well it is doing with us (0-100)", description_zh = "健康度评分（0-100）" }
health_band = { type = "text", description = "healthy, at_risk or churn_alert", description_zh = "健康度分档：healthy、at_risk 或 churn_alert" }
churn_probability = { type = "double", unit = "share", phrase = "likely to leave within 90 days", phrase_zh = "90 天内流失概率", description = "Probability to have no contract in force 90 days from now (0-1)", description_zh = "90 天后无有效合同的概率（0-1）" }
expansion_probability = { type = "double", unit = "share", phrase = "likely to grow within 180 days", phrase_zh = "180 天内增购概率", description = "Probability to grow within 180 days (0-1)", description_zh = "180 天内增购的概率（0-1）" }
value_at_risk = { type = "decimal(18,2)", unit = "money", phrase = "yearly margin at risk", phrase_zh = "预期流失的年毛利", description = "churn_probability x the margin of a year that would leave with the customer", description_zh = "流失概率 × 随客户流失的一年毛利" }
revenue_12m = { type = "decimal(18,2)", null = false, unit = "money", phrase = "billed in 12 months", phrase_zh = "近 12 个月开票额", description = "Billed in the last 12 months, credit notes taken off", description_zh = "近 12 个月开票额（已扣除冲红）" }
recurring_margin_12m = { type = "decimal(18,2)", null = false, unit = "money", phrase = "recurring margin of 12 months", phrase_zh = "近 12 个月经常性毛利", description = "Margin of 12 months before one-off implementation", description_zh = "近 12 个月经常性毛利（未扣一次性实施成本）" }
margin_12m = { type = "decimal(18,2)", null = false, description = "Revenue minus cost, cost to serve and implementation", description_zh = "近 12 个月毛利（扣除交付、服务与实施成本）" }
cost_to_serve_12m = { type = "decimal(18,2)", null = false, unit = "money", phrase = "cost to serve in 12 months", phrase_zh = "近 12 个月服务成本", description = "Support's work on its tickets (where no tickets are delivered, it is not counted)", description_zh = "近 12 个月服务成本（无工单数据时不计支持工作）" }
first_end_on = { type = "date", description = "Next end of a contract that has to be renewed, renewed already or not", description_zh = "最近一份需续签合同的到期日（含已续签）" }
days_to_first_end = { type = "int", description = "Days until then", description_zh = "距该日还有的天数" }
renewal_due_on = { type = "date", phrase = "renewal due on", phrase_zh = "待续约合同到期日", description = "Next end of a contract that has to be renewed and is not yet", description_zh = "最近一份尚未续签合同的到期日" }
ending_90d_share = { type = "double", unit = "share", phrase = "yearly value that ends within 90 days, not yet renewed", phrase_zh = "90 天内到期且未续的金额占比", description = "Share of the yearly value that ends within 90 days and is not yet renewed (0-1)", description_zh = "90 天内到期且尚未续签的金额占比（0-1）" }
core_modules_in_use = { type = "int", unit = "number", phrase = "core modules that were in steady use", phrase_zh = "此前稳定使用的核心模块数", description = "Core modules in steady use in the 13 weeks before the last 13; null: none", description_zh = "此前 13 周稳定使用的核心模块数；空为无" }
core_module_idle_days = { type = "int", unit = "days", phrase = "idle for", phrase_zh = "最长闲置", description = "Longest time without a login among these, in days, to the newest report", description_zh = "其中最长闲置天数（截至最新使用报告）" }
core_modules_idle = { type = "int", description = "How many of these nobody has used for $core_idle_days days, or for as long as its reports are apart", description_zh = "其中至少 $core_idle_days 天（或一个上报周期）无人使用的模块数" }
idle_core_module = { type = "text", phrase = "idle core module", phrase_zh = "闲置的核心模块", description = "The one that has been idle longest, if any is", description_zh = "闲置最久的核心模块" }
logins_trend_91d = { type = "double", unit = "change", phrase = "logins over 13 weeks", phrase_zh = "近 13 周登录次数环比", description = "Change of logins, last 13 weeks against the 13 before", description_zh = "近 13 周登录次数环比变化" }
active_users_trend_91d = { type = "double", unit = "change", phrase = "active users over 13 weeks", phrase_zh = "近 13 周活跃用户数环比", description = "Change of active users, last 13 weeks against the 13 before", description_zh = "近 13 周活跃用户数环比变化" }
billed_3m = { type = "decimal(18,2)", null = false, description = "Billed in the last 3 months, credit notes taken off", description_zh = "近 3 个月开票额" }
billed_3m_before = { type = "decimal(18,2)", null = false, description = "Billed in the 3 months before these", description_zh = "再前 3 个月开票额" }
billed_3m_year_before = { type = "decimal(18,2)", null = false, description = "Billed in the same 3 months a year before", description_zh = "去年同期 3 个月开票额" }
growth_3m_yoy = { type = "double", unit = "change", phrase = "billing of 3 months against the year before", phrase_zh = "近 3 个月开票额同比", description = "Change of billing, last 3 months against the same a year before (0.2 = up 20 %)", description_zh = "近 3 个月开票额同比变化（0.2 即增长 20%）" }
revenue_trend_365d = { type = "double", unit = "change", phrase = "billing over a year", phrase_zh = "近一年开票额同比", description = "Change of billing, last year against the year before", description_zh = "近一年开票额同比变化" }
invoices_due_90d = { type = "int", unit = "number", phrase = "invoices due in 90 days", phrase_zh = "近 90 天到期发票数", description = "Invoices due in the last 90 days", description_zh = "近 90 天到期发票数" }
invoices_due_365d_before = { type = "int", description = "Invoices due in the year before the last 90 days", description_zh = "此前一年到期发票数" }
late_days_90d = { type = "double", unit = "days", phrase = "paid late, last 90 days", phrase_zh = "近 90 天平均逾期", description = "Average days late of the invoices due in the last 90 days; null under two", description_zh = "近 90 天到期发票平均逾期天数；不足两张为空" }
late_days_365d_before = { type = "double", unit = "days", phrase = "paid late, year before", phrase_zh = "此前一年平均逾期", description = "The same of the year before the last 90 days", description_zh = "此前一年的平均逾期天数" }
payment_slower_days = { type = "double", unit = "days", phrase = "pays later by", phrase_zh = "付款推迟", description = "By how many days later it pays than in the year before", description_zh = "付款较此前一年推迟的天数" }
payment_slower_days_90d = { type = "double", description = "By how many days later it pays than in the 90 days before", description_zh = "付款较前 90 天推迟的天数" }
overdue_amount = { type = "decimal(18,2)", unit = "money", phrase = "overdue", phrase_zh = "逾期未付金额", description = "Due and not yet paid", description_zh = "逾期未付金额" }
overdue_days_max = { type = "int", description = "Days the oldest unpaid invoice is overdue", description_zh = "最长逾期天数" }
complaints_30d = { type = "int", unit = "number", phrase = "complaints in 30 days", phrase_zh = "近 30 天投诉数", description = "Complaints in the last 30 days; null if support does not know the customer", description_zh = "近 30 天投诉数；未关联服务系统为空" }
complaints_90d = { type = "int", unit = "number", phrase = "complaints in 90 days", phrase_zh = "近 90 天投诉数", description = "Complaints in the last 90 days", description_zh = "近 90 天投诉数" }
complaints_180d = { type = "int", unit = "number", phrase = "complaints in 180 days", phrase_zh = "近 180 天投诉数", description = "Complaints in the last 180 days", description_zh = "近 180 天投诉数" }
last_complaint_on = { type = "date", phrase = "last complaint on", phrase_zh = "最近一次投诉日期", description = "Day of the last complaint within 180 days", description_zh = "近 180 天内最近一次投诉日期" }
competitor_named_on = { type = "date", phrase = "named on", phrase_zh = "商机关闭日期", description = "Day the newest opportunity closed, within 180 days, at which a competitor was named: that is known only once it is closed", description_zh = "近 180 天内最近一次出现竞争对手的商机关闭日期（关闭后方知）" }
days_since_competitor_named = { type = "int", description = "Days since that opportunity closed", description_zh = "距该商机关闭的天数" }
competitor = { type = "text", phrase = "competitor", phrase_zh = "竞争对手", description = "Who that was", description_zh = "竞争对手名称" }
competitor_won = { type = "bool", phrase = "won", phrase_zh = "对手胜出", description = "Whether we lost that opportunity", description_zh = "该商机是否丢单" }
lost_to_competitor_180d = { type = "int", unit = "number", phrase = "opportunities lost to competitors in 180 days", phrase_zh = "近 180 天输给竞争对手的商机数", description = "Opportunities lost to a competitor in the last 180 days", description_zh = "近 180 天输给竞争对手的商机数" }
low_nps_on = { type = "date", phrase = "low mark on", phrase_zh = "低分评价日期", description = "Day of its last answer to whether it would recommend us, if within 180 days and 6 or lower", description_zh = "近 180 天内最近一次低推荐意愿（不高于 6）的日期" }
days_since_low_nps = { type = "int", description = "Days since then", description_zh = "距该日的天数" }
first_purchase_on = { type = "date", phrase = "first order on", phrase_zh = "首份合同签订日期", description = "Day its first contract was signed", description_zh = "首份合同签订日期" }
last_purchase_on = { type = "date", null = false, phrase = "last order on", phrase_zh = "最近一份合同签订日期", description = "Day its last contract was signed, a renewal too", description_zh = "最近一份合同签订日期（含续签）" }
days_as_customer = { type = "int", description = "Days since its first contract was signed", description_zh = "成为客户的天数" }
orders = { type = "int", null = false, unit = "number", phrase = "orders so far", phrase_zh = "累计签约合同数", description = "Contracts ever signed, renewals too", description_zh = "累计签约合同数（含续签）" }
orders_30d_ago = { type = "int", null = false, description = "Contracts signed up to 30 days ago", description_zh = "30 天前累计签约合同数" }
order_milestone = { type = "int", unit = "number", phrase = "orders reached", phrase_zh = "达到的签约份数", description = "The round number of orders (10, 25, 50, 100, 250) reached in the last 30 days", description_zh = "近 30 天达到的签约里程碑（10、25、50、100、250）" }
health_change_3m = { type = "decimal(9,4)", unit = "difference", phrase = "health score over 3 months", phrase_zh = "健康度近 3 个月", description = "health_score minus that of 3 months ago; null if there is no set of then", description_zh = "健康度评分较 3 个月前的变化；无历史为空" }
potential_change_3m = { type = "decimal(9,4)", unit = "difference", phrase = "potential over 3 months", phrase_zh = "潜力与战略价值分近 3 个月", description = "potential_strategic_score minus that of 3 months ago", description_zh = "潜力与战略评分较 3 个月前的变化" }
churn_change_3m = { type = "double", unit = "share", phrase = "change of the probability to leave in 3 months", phrase_zh = "流失概率近 3 个月变化", description = "churn_probability minus that of 3 months ago", description_zh = "流失概率较 3 个月前的变化" }
quadrant_3m_ago = { type = "text", phrase = "quadrant 3 months ago", phrase_zh = "3 个月前象限", description = "Its quadrant 3 months ago", description_zh = "3 个月前所在象限" }
---*/
SELECT
    snapshot.customer_id,
    snapshot.customer_name,
    snapshot.industry,
    snapshot.region,
    snapshot.channel_partner_id,
    snapshot.owner,
    snapshot.quadrant,
    snapshot.previous_quadrant,
    states.former_quadrant,
    $as_of_date - states.quadrant_since AS days_in_quadrant,
    snapshot.current_value_score,
    snapshot.potential_strategic_score,
    snapshot.health_score,
    snapshot.health_band,
    snapshot.churn_probability,
    snapshot.expansion_probability,
    snapshot.value_at_risk,
    snapshot.revenue_12m,
    snapshot.recurring_margin_12m,
    snapshot.margin_12m,
    snapshot.cost_to_serve_12m,
    snapshot.first_end_on,
    features.days_to_first_end,
    purchases.renewal_due_on,
    features.ending_90d_share,
    idleness.core_modules_in_use,
    idleness.core_module_idle_days,
    idleness.core_modules_idle,
    idleness.idle_core_module,
    features.logins_trend_91d,
    features.active_users_trend_91d,
    billing.billed_3m,
    billing.billed_3m_before,
    billing.billed_3m_year_before,
    billing.growth_3m_yoy,
    features.revenue_trend_365d,
    payment.invoices_due_90d,
    payment.invoices_due_365d_before,
    payment.late_days_90d,
    payment.late_days_365d_before,
    payment.payment_slower_days,
    payment.payment_slower_days_90d,
    snapshot.overdue_amount,
    features.overdue_days_max,
    voices.complaints_30d,
    voices.complaints_90d,
    voices.complaints_180d,
    voices.last_complaint_on,
    voices.competitor_named_on,
    $as_of_date - voices.competitor_named_on AS days_since_competitor_named,
    voices.competitor,
    voices.competitor_won,
    voices.lost_to_competitor_180d,
    voices.low_nps_on,
    $as_of_date - voices.low_nps_on AS days_since_low_nps,
    purchases.first_purchase_on,
    purchases.last_purchase_on,
    purchases.days_as_customer,
    purchases.orders,
    purchases.orders_30d_ago,
    purchases.order_milestone,
    CAST(snapshot.health_score - ago.health_score AS DECIMAL(9, 4)) AS health_change_3m,
    CAST(snapshot.potential_strategic_score - ago.potential_strategic_score AS DECIMAL(9, 4)) AS potential_change_3m,
    snapshot.churn_probability - ago.churn_probability AS churn_change_3m,
    ago.quadrant AS quadrant_3m_ago
FROM customer_snapshot AS snapshot
JOIN customer_features AS features ON features.customer_id = snapshot.customer_id
JOIN billing_trend AS billing ON billing.customer_id = snapshot.customer_id
JOIN voices ON voices.customer_id = snapshot.customer_id
JOIN purchases ON purchases.customer_id = snapshot.customer_id
LEFT JOIN quadrant_states AS states ON states.customer_id = snapshot.customer_id
-- Who has no invoices due, or no core module in steady use, has no row there.
LEFT JOIN payment_trend AS payment ON payment.customer_id = snapshot.customer_id
LEFT JOIN module_idleness AS idleness ON idleness.customer_id = snapshot.customer_id
-- The set nearest before three months ago; without one, or for who was no customer then, the changes are unknown.
LEFT JOIN history.customer_snapshot AS ago ON ago.customer_id = snapshot.customer_id AND ago.months_ago = 3
