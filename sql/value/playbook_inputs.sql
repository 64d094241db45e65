/*---
description = "What the rules of models/playbooks.toml choose a playbook by: one row per customer in force."
grain = ["customer_id"]
tags = ["value"]
[columns]
is_new = { type = "bool", description = "Its first 90 days with us" }
---*/
-- Not from customer_snapshot, which reads the playbook itself.
SELECT
    value.customer_id,
    quadrant.quadrant,
    health.band AS health_band,
    health.score AS health_score,
    value.abc_class,
    value.rfm_segment,
    risk.probability AS churn_probability,
    growth.probability AS expansion_probability,
    value.revenue_12m,
    value.margin_12m,
    value.recurring_margin_12m,
    value.cost_to_serve_12m,
    value.ltv,
    features.value_in_force,
    features.licensed_users,
    features.days_to_first_end,
    -- The first end may be renewed already; this one is not.
    purchases.renewal_due_on - $as_of_date AS days_to_renewal,
    features.ending_90d_share,
    features.days_since_engagement,
    features.logins_trend_91d,
    features.core_module_use_rate,
    features.overdue_amount,
    features.executive_sponsor,
    features.sponsor_lost_365d,
    purchases.days_as_customer,
    purchases.days_as_customer <= 90 AS is_new,
    voices.complaints_90d,
    voices.competitor_named_on,
    account.owner,
    account.channel_partner_id,
    account.industry,
    account.region
FROM customer_value AS value
JOIN customer_features AS features ON features.customer_id = value.customer_id
JOIN purchases ON purchases.customer_id = value.customer_id
JOIN voices ON voices.customer_id = value.customer_id
LEFT JOIN customers AS account ON account.customer_id = value.customer_id
LEFT JOIN quadrant ON quadrant.customer_id = value.customer_id
LEFT JOIN health ON health.customer_id = value.customer_id
LEFT JOIN churn_risk AS risk ON risk.customer_id = value.customer_id
LEFT JOIN growth_potential AS growth ON growth.customer_id = value.customer_id
