/*---
[[sentence]]
en = "{partners} partners bring {partner_share} of the revenue with {partner_customers} customers; {direct_customers} customers are sold to directly."
zh = "{partners} 家渠道伙伴以 {partner_customers} 家客户贡献 {partner_share} 的开票额；直销客户 {direct_customers} 家。"
[[sentence]]
en = "In 12 months partners lost {partner_churn} of their customers, direct sales {direct_churn}."
zh = "近 12 个月客户流失率：伙伴 {partner_churn}，直销 {direct_churn}。"
[[sentence]]
en = "What is left of the revenue as margin: {partner_margin} with partners, {direct_margin} with direct sales."
zh = "毛利率：伙伴 {partner_margin}，直销 {direct_margin}。"
[[sentence]]
en = "The largest partner, {largest}, stands for {largest_share} of the revenue."
zh = "最大的伙伴 {largest} 占开票额 {largest_share}。"
[columns]
partners = { as = "count" }
partner_share = { as = "percent" }
partner_customers = { as = "count" }
direct_customers = { as = "count" }
partner_churn = { as = "percent" }
direct_churn = { as = "percent" }
partner_margin = { as = "percent" }
direct_margin = { as = "percent" }
largest = { as = "text" }
largest_share = { as = "percent" }
---*/
WITH sums AS (
    SELECT
        CASE WHEN channel = 'direct' THEN 'direct' ELSE 'partners' END AS way,
        COUNT(*) AS channels,
        SUM(customers) AS customers,
        CAST(SUM(revenue_12m) AS DOUBLE) AS revenue,
        CAST(SUM(margin_12m) AS DOUBLE) AS margin,
        CAST(SUM(churned_12m) FILTER (WHERE churn_rate_12m IS NOT NULL) AS DOUBLE)
            / NULLIF(SUM(customers_year_ago) FILTER (WHERE churn_rate_12m IS NOT NULL), 0) AS churn
    FROM channel_figures
    GROUP BY 1
),
partners AS (
    SELECT channels, customers, revenue, margin, churn FROM sums WHERE way = 'partners'
),
direct AS (
    SELECT MAX(customers) AS customers, MAX(revenue) AS revenue, MAX(margin) AS margin, MAX(churn) AS churn
    FROM sums
    WHERE way = 'direct'
),
ranked AS (
    SELECT channel, CAST(revenue_12m AS DOUBLE) AS revenue
    FROM channel_figures
    WHERE channel <> 'direct'
    ORDER BY revenue_12m DESC, channel
    LIMIT 1
),
total AS (
    SELECT CAST(SUM(revenue_12m) AS DOUBLE) AS revenue FROM channel_figures
)
SELECT
    partners.channels AS partners,
    partners.revenue / NULLIF(total.revenue, 0) AS partner_share,
    partners.customers AS partner_customers,
    direct.customers AS direct_customers,
    partners.churn AS partner_churn,
    direct.churn AS direct_churn,
    partners.margin / NULLIF(partners.revenue, 0) AS partner_margin,
    direct.margin / NULLIF(direct.revenue, 0) AS direct_margin,
    ranked.channel AS largest,
    ranked.revenue / NULLIF(total.revenue, 0) AS largest_share
FROM total
CROSS JOIN direct
LEFT JOIN partners ON true
LEFT JOIN ranked ON true
