/*---
description = "One row per active customer: what it is worth, what it could be, how likely it is to stay away."
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "Customer number of the shop" }
region = { type = "text", description = "Country of the newest invoice" }
first_purchase_on = { type = "date", null = false, description = "First purchase in the data, which begin on 2009-12-01" }
last_purchase_on = { type = "date", null = false, description = "Last purchase" }
orders_12m = { type = "int", description = "Purchases in the last 365 days" }
revenue_12m = { type = "decimal(18,2)", description = "Net revenue of the last 365 days, pounds" }
arpu = { type = "decimal(18,2)", description = "That revenue per month as a customer, pounds" }
churn_probability = { type = "double", description = "Probability of no purchase in the next 90 days" }
churn_reasons = { type = "text", description = "What moved it, signed, largest first" }
expansion_probability = { type = "double", description = "Probability that the next 180 days bring more than the last 180" }
expected_expansion = { type = "decimal(18,2)", description = "Expected growth over 180 days, pounds" }
value_at_risk = { type = "decimal(18,2)", description = "revenue_12m times churn_probability, pounds" }
current_value_score = { type = "decimal(9,4)", description = "Worth now, 0-100" }
potential_score = { type = "decimal(9,4)", description = "Worth to come, 0-100" }
health_score = { type = "decimal(9,4)", description = "How alive the relation is, 0-100" }
health_band = { type = "text", description = "healthy | at_risk | churn_alert" }
abc_class = { type = "text", description = "A, B, C by revenue_12m" }
rfm_segment = { type = "text", null = false, description = "Recency, frequency and money in one word" }
quadrant = { type = "text", description = "star | cash_cow | question_mark | dog" }
previous_quadrant = { type = "text", description = "Quadrant in the last set before this one" }
quadrant_since = { type = "date", description = "First published day of the unbroken stay in this quadrant" }
quadrant_rule = { type = "text", description = "What decided the quadrant" }
alive_probability = { type = "double", description = "Probability that it has not left for good (BG/NBD, 0-1)" }
expected_purchases_12m = { type = "double", description = "Purchases expected in the next 365 days" }
ltv = { type = "decimal(18,2)", description = "Revenue expected of the next 365 days, discounted, pounds: the file has no costs" }
---*/
SELECT
    active_customers.customer_id,
    active_customers.country AS region,
    active_customers.first_purchase_on,
    active_customers.last_purchase_on,
    value.orders_12m,
    value.revenue_12m,
    value.arpu,
    outlook.churn_probability,
    outlook.churn_reasons,
    outlook.expansion_probability,
    CAST(round(outlook.expected_expansion, 2) AS DECIMAL(18, 2)) AS expected_expansion,
    outlook.value_at_risk,
    current_value.score AS current_value_score,
    potential_value.score AS potential_score,
    health.score AS health_score,
    health.band AS health_band,
    value.abc_class,
    value.rfm_segment,
    quadrant.quadrant,
    before.quadrant AS previous_quadrant,
    CASE
        WHEN quadrant.quadrant IS NULL THEN NULL
        WHEN before.quadrant = quadrant.quadrant THEN before.quadrant_since
        ELSE $as_of_date
    END AS quadrant_since,
    quadrant.quadrant_rule,
    lifetime.alive_probability,
    lifetime.expected_purchases AS expected_purchases_12m,
    CAST(round(lifetime.lifetime_value, 2) AS DECIMAL(18, 2)) AS ltv
FROM active_customers
JOIN customer_value AS value ON value.customer_id = active_customers.customer_id
JOIN customer_outlook AS outlook ON outlook.customer_id = active_customers.customer_id
LEFT JOIN current_value ON current_value.customer_id = active_customers.customer_id
LEFT JOIN potential_value ON potential_value.customer_id = active_customers.customer_id
LEFT JOIN health ON health.customer_id = active_customers.customer_id
LEFT JOIN lifetime ON lifetime.customer_id = active_customers.customer_id
LEFT JOIN quadrant ON quadrant.customer_id = active_customers.customer_id
LEFT JOIN previous.customer_snapshot AS before ON before.customer_id = active_customers.customer_id
