/*---
description = "Where each customer in force stands: what it is worth, could be worth, how likely it is to leave, and what to do."
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer" }
customer_name = { type = "text", description = "Its name in the CRM" }
industry = { type = "text", description = "Its industry" }
region = { type = "text", description = "Its region" }
channel_partner_id = { type = "text", description = "Who sold to it; null: sold directly" }
owner = { type = "text", description = "Its account manager" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Billed in the last 12 months, credit notes taken off" }
margin_12m = { type = "decimal(18,2)", null = false, description = "Revenue minus cost, cost to serve and implementation" }
arpu = { type = "decimal(18,2)", description = "Revenue of 12 months per user under contract" }
tcv = { type = "decimal(18,2)", description = "Total contract value: whole amount of the contracts in force" }
ltv = { type = "decimal(18,2)", description = "Lifetime value: discounted margin of the years to come" }
renewal_rate = { type = "double", description = "Share of the yearly value due in 36 months that was renewed (0-1)" }
churn_probability = { type = "double", description = "Probability to have no contract in force 90 days from now (0-1)" }
churn_reasons = { type = "text", description = "What raises that probability most, with signs" }
expansion_probability = { type = "double", description = "Probability to grow within 180 days (0-1)" }
expected_expansion = { type = "decimal(18,2)", description = "Growth of the yearly value expected within 180 days" }
value_at_risk = { type = "decimal(18,2)", description = "churn_probability x the margin of a year that would leave with the customer" }
current_value_score = { type = "decimal(9,4)", description = "Worth now (0-100)" }
potential_score = { type = "decimal(9,4)", description = "Worth to come (0-100)" }
strategic_score = { type = "decimal(9,4)", description = "Worth beyond money (0-100)" }
potential_strategic_score = { type = "decimal(9,4)", description = "The quadrant's second axis: potential and strategic worth (0-100)" }
health_score = { type = "decimal(9,4)", description = "How well it is doing with us (0-100)" }
health_band = { type = "text", description = "healthy, at_risk or churn_alert" }
abc_class = { type = "text", description = "A: first 80 % of the margin, B: up to 95 %, C: the rest" }
rfm_segment = { type = "text", description = "By recency, frequency and money: champion, loyal, promising, cooling, at_risk, occasional, dormant" }
quadrant = { type = "text", description = "star, cash_cow, question_mark or dog" }
previous_quadrant = { type = "text", description = "Its quadrant in the last set before" }
quadrant_since = { type = "date", description = "First day in this quadrant without a break" }
quadrant_rule = { type = "text", description = "What decided the quadrant: cuts, margin, minimum_stay, or the name of a rule of models/rules.toml" }
playbook = { type = "text", description = "What to do: rescue, grow, defend, maintain, repair, develop, let_go or serve_lightly" }
tags = { type = "text", description = "What stands out, sorted, separated by commas" }
recurring_margin_12m = { type = "decimal(18,2)", null = false, description = "Margin before one-off implementation" }
cost_to_serve_12m = { type = "decimal(18,2)", null = false, description = "Support's work on its tickets" }
collection_days = { type = "double", description = "Days sales outstanding (DSO)" }
overdue_amount = { type = "decimal(18,2)", description = "Due and not yet paid" }
repurchases_24m = { type = "int", description = "Contracts bought in 24 months beyond the first and renewals" }
yearly_retention = { type = "double", description = "Probability to still be a customer in a year (0-1)" }
contribution_rank = { type = "int", description = "Rank by margin of 12 months, 1 the highest" }
contribution_share = { type = "double", description = "Share of all positive margin (0-1)" }
value_in_force = { type = "decimal(18,2)", description = "Yearly value of the contracts in force that have to be renewed" }
first_end_on = { type = "date", description = "Next end of a contract that has to be renewed" }
licensed_users = { type = "int", description = "Users under contract" }
active_users = { type = "double", description = "Usual number of users of the busiest module, 13 weeks" }
logins_trend = { type = "double", description = "Change of logins, 13 weeks against the 13 before" }
nps = { type = "int", description = "Would recommend us (0-10), last answer" }
churn_reasons_zh = { type = "text", description = "churn_reasons in Chinese" }
churn_reasons_against = { type = "text", description = "What lowers the probability to leave most, with signs" }
churn_reasons_against_zh = { type = "text", description = "The same in Chinese" }
expansion_reasons = { type = "text", description = "What raises the probability to grow most, with signs" }
expansion_reasons_zh = { type = "text", description = "The same in Chinese" }
health_segment = { type = "text", description = "The segment of models/health.toml whose weights judged it; null: as everybody" }
---*/
SELECT
    value.customer_id,
    account.customer_name,
    account.industry,
    account.region,
    account.channel_partner_id,
    account.owner,
    value.revenue_12m,
    value.margin_12m,
    value.arpu,
    value.tcv,
    value.ltv,
    value.renewal_rate,
    risk.probability AS churn_probability,
    risk.reasons AS churn_reasons,
    growth.probability AS expansion_probability,
    CAST(growth.expected AS DECIMAL(18, 2)) AS expected_expansion,
    -- Who leaves within 90 days takes along the margin of about a year; a customer that costs more than it brings, nothing.
    CAST(risk.probability * CAST(GREATEST(value.recurring_margin_12m, 0) AS DOUBLE) AS DECIMAL(18, 2)) AS value_at_risk,
    current_value.score AS current_value_score,
    potential_value.score AS potential_score,
    strategic_value.score AS strategic_score,
    quadrant.y AS potential_strategic_score,
    health.score AS health_score,
    health.band AS health_band,
    value.abc_class,
    value.rfm_segment,
    quadrant.quadrant,
    before.quadrant AS previous_quadrant,
    quadrant.quadrant_since,
    quadrant.quadrant_rule,
    playbook.rule AS playbook,
    tags.tags,
    value.recurring_margin_12m,
    value.cost_to_serve_12m,
    value.collection_days,
    features.overdue_amount,
    value.repurchases_24m,
    value.yearly_retention,
    value.contribution_rank,
    value.contribution_share,
    features.value_in_force,
    $as_of_date + features.days_to_first_end AS first_end_on,
    features.licensed_users,
    features.active_users_91d AS active_users,
    features.logins_trend_91d AS logins_trend,
    features.nps_last AS nps,
    risk.reasons_zh AS churn_reasons_zh,
    risk.reasons_against AS churn_reasons_against,
    risk.reasons_against_zh AS churn_reasons_against_zh,
    growth.reasons AS expansion_reasons,
    growth.reasons_zh AS expansion_reasons_zh,
    health.segment AS health_segment
FROM customer_value AS value
JOIN customer_features AS features ON features.customer_id = value.customer_id
LEFT JOIN customers AS account ON account.customer_id = value.customer_id
LEFT JOIN churn_risk AS risk ON risk.customer_id = value.customer_id
LEFT JOIN growth_potential AS growth ON growth.customer_id = value.customer_id
LEFT JOIN current_value ON current_value.customer_id = value.customer_id
LEFT JOIN potential_value ON potential_value.customer_id = value.customer_id
LEFT JOIN strategic_value ON strategic_value.customer_id = value.customer_id
LEFT JOIN health ON health.customer_id = value.customer_id
LEFT JOIN quadrant_states AS quadrant ON quadrant.customer_id = value.customer_id
LEFT JOIN playbooks AS playbook ON playbook.customer_id = value.customer_id
LEFT JOIN tags ON tags.customer_id = value.customer_id
LEFT JOIN previous.customer_snapshot AS before ON before.customer_id = value.customer_id
