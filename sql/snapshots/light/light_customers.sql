/*---
description = "Every customer with a contract in force, from contracts and invoices alone: core or ordinary, why, and what to do."
description_zh = "仅凭合同与发票，判定每位有有效合同的客户为核心客户或普通客户，附原因与应对动作。"
grain = ["customer_id"]
tags = ["light"]
[columns]
customer_id = { type = "text", null = false, description = "The customer, by its ERP id in lower case", description_zh = "客户（ERP 编号，小写）" }
group_name = { type = "text", null = false, description = "core or ordinary", description_zh = "客户分组：core（核心）或 ordinary（普通）" }
group_rule = { type = "text", null = false, description = "The rule that decided: core, wavering, willing or otherwise", description_zh = "命中的规则：core、wavering（利润高意愿弱）、willing（意愿强利润低）或 otherwise（其他）" }
previous_group = { type = "text", description = "Its group in the last set before; null: it was not in it", description_zh = "上一期的分组；上一期没有该客户则为空" }
next_step = { type = "text", description = "What to do", description_zh = "下一步（英文）" }
next_step_zh = { type = "text", description = "The same in Chinese", description_zh = "下一步（中文）" }
why = { type = "text", description = "What helps and what hurts most in the two scores", description_zh = "两项评分中最大的加分与减分原因（英文）" }
why_zh = { type = "text", description = "The same in Chinese", description_zh = "两项评分中最大的加分与减分原因（中文）" }
profit_score = { type = "decimal(9,4)", description = "What it earns us now (0-100)", description_zh = "当前利润评分（0-100）" }
willingness_score = { type = "decimal(9,4)", description = "How willing it is to go on (0-100)", description_zh = "续约意愿评分（0-100）" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Billed in the last 12 months, credit notes taken off", description_zh = "近 12 个月开票额（已扣冲红）" }
cost_12m = { type = "decimal(18,2)", null = false, description = "Direct cost of what was billed, and implementation of what was signed", description_zh = "近 12 个月成本：开票直接成本与签约实施成本" }
margin_12m = { type = "decimal(18,2)", null = false, description = "Revenue minus cost", description_zh = "近 12 个月毛利（开票额减成本）" }
margin_rate_12m = { type = "double", description = "Margin / revenue; null without revenue", description_zh = "近 12 个月毛利率；无收入则为空" }
yearly_value = { type = "decimal(18,2)", null = false, description = "Yearly value of the contracts in force that have to be renewed", description_zh = "需续签的有效合同的年化金额" }
contracts_in_force = { type = "int", null = false, description = "Contracts in force", description_zh = "有效合同数" }
tenure_days = { type = "int", description = "Days since the first contract was signed", description_zh = "首份合同签订至今的天数" }
days_since_contract = { type = "int", description = "Days since it last signed a contract, a renewal too", description_zh = "距最近一次签约（含续签）的天数" }
next_end_on = { type = "date", description = "Next end of a contract that has to be renewed and is not yet", description_zh = "最近一份待续签合同的到期日" }
ending_90d_value = { type = "decimal(18,2)", null = false, description = "Yearly value that ends within 90 days and is not renewed yet", description_zh = "90 天内到期且尚未续签的年化金额" }
renewals_due_36m = { type = "int", null = false, description = "Contracts that came up for renewal in the last 36 months", description_zh = "近 36 个月到期应续合同数" }
renewals_won_36m = { type = "int", null = false, description = "Those of them that were renewed", description_zh = "其中已续签的合同数" }
renewal_rate_36m = { type = "double", description = "Renewals won / renewals due; null where none was due", description_zh = "近 36 个月续签率；无到期合同则为空" }
billing_trend = { type = "double", description = "Recurring billing of 12 months against the 12 before (0.1 = up 10 %); null for customers of less than two years", description_zh = "近 12 个月经常性开票额同比（0.1 即增长 10%）；合作不足两年则为空" }
credited_share_12m = { type = "double", description = "Credit notes / what was charged in 12 months", description_zh = "近 12 个月冲红占开票额的比例" }
---*/
SELECT
    scores.customer_id,
    decided.group_name,
    decided.rule AS group_rule,
    before.group_name AS previous_group,
    decided.next_step,
    decided.next_step_zh,
    why.why,
    why.why_zh,
    scores.profit_score,
    scores.willingness_score,
    scores.revenue_12m,
    scores.cost_12m,
    scores.margin_12m,
    scores.margin_rate_12m,
    scores.yearly_value,
    scores.contracts_in_force,
    scores.tenure_days,
    scores.days_since_contract,
    scores.next_end_on,
    scores.ending_90d_value,
    scores.renewals_due_36m,
    scores.renewals_won_36m,
    scores.renewal_rate_36m,
    scores.billing_trend,
    scores.credited_share_12m
FROM light_scores AS scores
JOIN light_groups AS decided ON decided.customer_id = scores.customer_id
LEFT JOIN light_why AS why ON why.customer_id = scores.customer_id
LEFT JOIN previous.light_customers AS before ON before.customer_id = scores.customer_id
