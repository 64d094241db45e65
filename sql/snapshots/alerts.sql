/*---
description = "What somebody should look at today: one row per customer and alert."
grain = ["alert_id"]
[columns]
alert_id = { type = "text", null = false, description = "alert:customer, the same every day while it lasts" }
customer_id = { type = "text", null = false, description = "The customer" }
alert = { type = "text", null = false, description = "valuable_at_risk, quadrant_fell, health_alert or renewal_at_risk" }
severity = { type = "text", null = false, description = "high or medium" }
evidence = { type = "text", null = false, description = "The figures behind it" }
since = { type = "date", null = false, description = "First day of this alert without a break" }
---*/
WITH found AS (
    SELECT
        customer_id,
        'valuable_at_risk' AS alert,
        CASE WHEN churn_probability >= 0.2 THEN 'high' ELSE 'medium' END AS severity,
        concat('quadrant ', quadrant, ', churn_probability ', CAST(CAST(churn_probability AS DECIMAL(9, 3)) AS TEXT),
               ', value_at_risk ', CAST(value_at_risk AS TEXT)) AS evidence
    FROM customer_snapshot
    -- Two to three times what is usual in this trade (3-5 % in 90 days).
    WHERE quadrant IN ('star', 'cash_cow') AND churn_probability >= 0.1

    UNION ALL
    SELECT
        customer_id,
        'quadrant_fell',
        CASE WHEN previous_quadrant = 'star' AND quadrant = 'dog' THEN 'high' ELSE 'medium' END,
        concat('from ', previous_quadrant, ' to ', quadrant, ', revenue_12m ', CAST(revenue_12m AS TEXT))
    FROM customer_snapshot
    WHERE (previous_quadrant = 'star' AND quadrant <> 'star')
       OR (previous_quadrant = 'cash_cow' AND quadrant IN ('question_mark', 'dog'))
       OR (previous_quadrant = 'question_mark' AND quadrant = 'dog')

    UNION ALL
    SELECT
        customer_id,
        'health_alert',
        CASE WHEN quadrant IN ('star', 'cash_cow') THEN 'high' ELSE 'medium' END,
        concat('health_score ', CAST(CAST(health_score AS DECIMAL(9, 1)) AS TEXT))
    FROM customer_snapshot
    WHERE health_band = 'churn_alert'

    UNION ALL
    SELECT
        customer_id,
        'renewal_at_risk',
        CASE WHEN logins_trend_91d <= -0.4 THEN 'high' ELSE 'medium' END,
        concat('days_to_first_end ', CAST(days_to_first_end AS TEXT),
               ', logins_trend ', CAST(CAST(logins_trend_91d AS DECIMAL(9, 2)) AS TEXT))
    FROM customer_features
    WHERE ending_90d_share > 0 AND logins_trend_91d <= -0.2
)
SELECT
    concat(found.alert, ':', found.customer_id) AS alert_id,
    found.customer_id,
    found.alert,
    found.severity,
    found.evidence,
    COALESCE(before.since, $as_of_date) AS since
FROM found
LEFT JOIN previous.alerts AS before ON before.alert_id = concat(found.alert, ':', found.customer_id)
