/*---
title = "Where it stands"
title_zh = "所处位置"
[columns]
value_in_force = { en = "Yearly value", zh = "合同年化金额", as = "money" }
revenue_growth = { en = "Billed, against the year before", zh = "开票额同比", as = "change" }
ltv = { en = "Lifetime value", zh = "生命周期价值", as = "money" }
contribution_rank = { en = "Rank by margin", zh = "毛利排名", as = "count" }
abc_class = { en = "Class", zh = "ABC 类", as = "word" }
renewal_rate = { en = "Renewed, 36 months", zh = "36 个月续约率", as = "percent" }
collection_days = { en = "Collection", zh = "回款天数", as = "days" }
overdue_amount = { en = "Overdue", zh = "逾期金额", as = "money" }
competitor = { en = "Competitor", zh = "竞争对手", as = "word" }
---*/
SELECT
    snapshot.value_in_force,
    money.revenue_growth,
    snapshot.ltv,
    snapshot.contribution_rank,
    snapshot.abc_class,
    snapshot.renewal_rate,
    snapshot.collection_days,
    snapshot.overdue_amount,
    signals.competitor
FROM customer_snapshot AS snapshot
LEFT JOIN customer_money AS money ON money.customer_id = snapshot.customer_id
LEFT JOIN customer_signals AS signals ON signals.customer_id = snapshot.customer_id
WHERE snapshot.customer_id = $customer
