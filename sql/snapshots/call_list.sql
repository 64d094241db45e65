/*---
description = "Whom to call this week, per account manager, the most expected money first; who no longer fits stands below the line."
description_zh = "各客户经理本周的致电名单，按预期挽回金额从高到低排列；超出工作量的列在线下。"
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
owner = { type = "text", null = false, description = "Whose call it is; nobody: the customer has no account manager", description_zh = "负责的客户经理；nobody 表示无" }
rank = { type = "int", null = false, description = "Place in the owner's list, 1 the first to call", description_zh = "在该客户经理名单中的次序" }
fits = { type = "bool", null = false, description = "Whether this week's calls reach it", description_zh = "本周是否排得上" }
expected_kept = { type = "decimal(18,2)", null = false, description = "Money that the call is expected to keep, less its cost", description_zh = "该次联系预计挽回的金额（扣除成本）" }
kept_so_far = { type = "decimal(18,2)", null = false, description = "The same for the list down to here", description_zh = "名单至此累计" }
value_at_risk = { type = "decimal(18,2)", description = "Margin of a year expected to leave within 90 days", description_zh = "90 天内预计流失的年毛利" }
churn_probability = { type = "double", description = "Probability to leave within 90 days (0-1)", description_zh = "90 天流失概率" }
churn_reasons = { type = "text", description = "Why", description_zh = "原因（英文）" }
churn_reasons_zh = { type = "text", description = "The same in Chinese", description_zh = "原因" }
next_action = { type = "text", description = "What the playbook says", description_zh = "建议动作（英文）" }
next_action_zh = { type = "text", description = "The same in Chinese", description_zh = "建议动作" }
first_end_on = { type = "date", description = "Next end of a contract that has to be renewed", description_zh = "最近一份需续签合同的到期日" }
---*/
SELECT
    list.customer_id,
    list.owner,
    list.rank,
    list.chosen AS fits,
    list.value AS expected_kept,
    list.value_so_far AS kept_so_far,
    snapshot.value_at_risk,
    snapshot.churn_probability,
    snapshot.churn_reasons,
    snapshot.churn_reasons_zh,
    plan.next_action,
    plan.next_action_zh,
    snapshot.first_end_on
FROM call_list_ranked AS list
JOIN customer_snapshot AS snapshot ON snapshot.customer_id = list.customer_id
LEFT JOIN playbooks AS plan ON plan.customer_id = list.customer_id
