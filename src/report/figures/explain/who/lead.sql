/*---
[[sentence]]
en = "{customer_name} ({customer_id})."
zh = "{customer_name}（{customer_id}）。"
[[sentence]]
en = "Industry: {industry}."
zh = "行业：{industry}。"
[[sentence]]
en = "Region: {region}."
zh = "区域：{region}。"
[[sentence]]
en = "Sold by partner {partner}."
zh = "渠道伙伴：{partner}。"
[[sentence]]
en = "Sold directly."
zh = "直销客户。"
if = "is_direct"
[[sentence]]
en = "Account manager: {owner}."
zh = "客户经理：{owner}。"
[[sentence]]
en = "Customer since {first_purchase_on}, {orders} contracts signed in all."
zh = "首次签约：{first_purchase_on}，累计签约 {orders} 份。"
[columns]
customer_id = { as = "text" }
customer_name = { as = "text" }
industry = { as = "word" }
region = { as = "word" }
partner = { as = "word", words = "channel" }
is_direct = { as = "flag" }
owner = { as = "text" }
first_purchase_on = { as = "date" }
orders = { as = "count" }
---*/
SELECT
    signals.customer_id,
    COALESCE(signals.customer_name, signals.customer_id) AS customer_name,
    signals.industry,
    signals.region,
    signals.channel_partner_id AS partner,
    signals.channel_partner_id IS NULL AS is_direct,
    signals.owner,
    signals.first_purchase_on,
    signals.orders
FROM customer_signals AS signals
WHERE signals.customer_id = $customer
