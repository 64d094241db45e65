/*---
description = """What the two learned models say of an active customer, and what its own last year says of the coming \
half-year."""
grain = ["customer_id"]
[columns]
expected_expansion = { type = "double", description = "Expected growth of the next 180 days over the last, pounds, if there is growth, times its probability" }
season_gap = { type = "decimal(18,2)", description = "Revenue in the 180 days that began a year ago less that of the last 180: the growth if this year runs like the last, pounds" }
value_at_risk = { type = "decimal(18,2)", description = "Revenue of the last 12 months times the churn probability, pounds" }
---*/
SELECT
    value.customer_id,
    churn_risk.probability AS churn_probability,
    churn_risk.reasons AS churn_reasons,
    growth_potential.probability AS expansion_probability,
    growth_potential.expected AS expected_expansion,
    CAST(timing.revenue_next_180d_last_year - value.revenue_180d AS DECIMAL(18, 2)) AS season_gap,
    CASE
        -- Someone who sent back more than it bought has no revenue to lose. (greatest() would turn null into 0.)
        WHEN value.revenue_12m IS NOT NULL AND churn_risk.probability IS NOT NULL
            THEN CAST(
                round(greatest(value.revenue_12m, 0) * CAST(churn_risk.probability AS DECIMAL(9, 6)), 2)
                AS DECIMAL(18, 2)
            )
    END AS value_at_risk
FROM customer_value AS value
JOIN returns_and_timing AS timing ON timing.customer_id = value.customer_id
LEFT JOIN churn_risk ON churn_risk.customer_id = value.customer_id
LEFT JOIN growth_potential ON growth_potential.customer_id = value.customer_id
