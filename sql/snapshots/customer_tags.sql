/*---
description = "Tags of each customer in force, one typed column each, to filter and to count by."
description_zh = "每位有效客户的标签，每个标签一列并有类型，便于筛选与统计。"
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
first_purchase_on = { type = "date", description = "Day its first contract was signed", description_zh = "首份合同签订日期" }
last_purchase_on = { type = "date", null = false, description = "Day its last contract was signed, a renewal too", description_zh = "最近一份合同签订日期（含续签）" }
days_as_customer = { type = "int", description = "Days since its first contract was signed", description_zh = "成为客户的天数" }
is_new = { type = "bool", description = "In its first 90 days as a customer", description_zh = "新客户（签约未满 90 天）" }
renewal_due_on = { type = "date", description = "Next end of a contract that has to be renewed and is not yet", description_zh = "最近一份尚未续签合同的到期日" }
renewal_due_90d = { type = "bool", description = "Part of its contracts ends within 90 days and is not yet renewed", description_zh = "90 天内有合同到期未续" }
complaints_180d = { type = "int", description = "Complaints in the last 180 days; null if support does not know the customer", description_zh = "近 180 天投诉数；未关联服务系统为空" }
competitor = { type = "text", description = "Competitor named last at an opportunity that closed within 180 days", description_zh = "近 180 天关闭的商机中最近出现的竞争对手" }
is_detractor = { type = "bool", description = "Its last answer within two years would not recommend us (0-6)", description_zh = "贬损者（近两年最近一次推荐意愿不高于 6）" }
is_benchmark = { type = "bool", description = "A benchmark of its industry", description_zh = "行业标杆" }
is_ecosystem_partner = { type = "bool", description = "Partner in our ecosystem", description_zh = "生态伙伴" }
is_co_creator = { type = "bool", description = "Develops products with us", description_zh = "联合共创客户" }
refers = { type = "bool", description = "Referred another customer to us in the last two years", description_zh = "近两年有转介绍" }
has_sponsor = { type = "bool", description = "Has an executive sponsor", description_zh = "有高层支持者" }
lost_sponsor = { type = "bool", description = "Lost its executive sponsor in the last year", description_zh = "近一年失去高层支持者" }
met_90d = { type = "bool", description = "We met it in the last 90 days", description_zh = "近 90 天有互动" }
expanding = { type = "bool", description = "Plans an expansion, a funding round or an IPO", description_zh = "有扩张、融资或上市计划" }
buying_more = { type = "bool", description = "Signed for more than before in the last 180 days", description_zh = "近 180 天有增购" }
falling_use = { type = "bool", description = "Logins of 13 weeks fell by more than 20 %", description_zh = "近 13 周登录次数下降超过 20%" }
core_module_idle = { type = "bool", description = "A core module that was in steady use is not used any more", description_zh = "有核心模块停用" }
pays_late = { type = "bool", description = "Paid the invoices due in the last year 15 days late or more, on average", description_zh = "近一年发票平均逾期 15 天以上" }
is_overdue = { type = "bool", description = "Owes an invoice for more than 30 days", description_zh = "有逾期超过 30 天的发票" }
unprofitable = { type = "bool", null = false, description = "Margin of 12 months below 0", description_zh = "近 12 个月毛利为负" }
sold_by_partner = { type = "bool", description = "Sold by a channel partner", description_zh = "由渠道伙伴销售" }
---*/
-- Typed, where `tags` of the snapshot is a text to read. Unknown is null: a filter on NOT falling_use leaves out whose
-- use nobody reports.
WITH grown AS (
    SELECT DISTINCT customer_id
    FROM expansions
    WHERE happened_on >= $as_of_date - 180
)
SELECT
    inputs.customer_id,
    purchases.first_purchase_on,
    purchases.last_purchase_on,
    purchases.days_as_customer,
    purchases.days_as_customer <= 90 AS is_new,
    purchases.renewal_due_on,
    inputs.ending_90d_share > 0 AS renewal_due_90d,
    voices.complaints_180d,
    voices.competitor,
    inputs.nps_last <= 6 AS is_detractor,
    inputs.industry_benchmark AS is_benchmark,
    inputs.ecosystem_partner AS is_ecosystem_partner,
    inputs.co_creation AS is_co_creator,
    inputs.referrals_730d > 0 AS refers,
    inputs.executive_sponsor AS has_sponsor,
    inputs.sponsor_lost_365d AS lost_sponsor,
    inputs.engagements_90d > 0 AS met_90d,
    inputs.expansion_plan IN ('expansion', 'funding', 'ipo') AS expanding,
    grown.customer_id IS NOT NULL AS buying_more,
    inputs.logins_trend_91d < -0.2 AS falling_use,
    idleness.core_modules_idle > 0 AS core_module_idle,
    inputs.late_days_avg_365d >= 15 AS pays_late,
    inputs.overdue_days_max > 30 AS is_overdue,
    inputs.margin_12m < 0 AS unprofitable,
    inputs.sold_by_partner
FROM score_inputs AS inputs
JOIN purchases ON purchases.customer_id = inputs.customer_id
JOIN voices ON voices.customer_id = inputs.customer_id
LEFT JOIN module_idleness AS idleness ON idleness.customer_id = inputs.customer_id
LEFT JOIN grown ON grown.customer_id = inputs.customer_id
