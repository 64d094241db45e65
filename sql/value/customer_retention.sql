/*---
description = "Each customer a year ago and now: in force or not, and its yearly recurring value; everybody who ever signed."
grain = ["customer_id"]
tags = ["value", "retention"]
[columns]
in_force = { type = "bool", description = "Has a contract in force on the as-of day" }
was_in_force = { type = "bool", description = "Had one 12 months before, as known on the as-of day" }
yearly_value_now = { type = "decimal(18,2)", description = "Yearly value of the contracts in force that have to be renewed" }
yearly_value_year_ago = { type = "decimal(18,2)", description = "The same 12 months before" }
kept_value = { type = "decimal(18,2)", description = "What is left of the value of a year ago: the smaller of the two" }
---*/
-- What net and gross revenue retention are made of (NRR = now / then, GRR = kept / then, over those in force a year ago).
WITH spans AS (
    SELECT
        customer_id,
        in_force,
        CASE WHEN is_recurring THEN yearly_amount ELSE 0 END AS value,
        CASE WHEN force_from <= $as_of_date - INTERVAL '12 months'
              AND COALESCE(force_until, $as_of_date) >= $as_of_date - INTERVAL '12 months' THEN TRUE ELSE FALSE END
            AS was_in_force
    FROM contracts
),
added AS (
    SELECT
        customer_id,
        BOOL_OR(in_force) AS in_force,
        BOOL_OR(was_in_force) AS was_in_force,
        COALESCE(SUM(value) FILTER (WHERE in_force), 0) AS now,
        COALESCE(SUM(value) FILTER (WHERE was_in_force), 0) AS year_ago
    FROM spans
    GROUP BY customer_id
)
SELECT
    customer_id,
    in_force,
    was_in_force,
    CAST(now AS DECIMAL(18, 2)) AS yearly_value_now,
    CAST(year_ago AS DECIMAL(18, 2)) AS yearly_value_year_ago,
    CAST(LEAST(now, year_ago) AS DECIMAL(18, 2)) AS kept_value
FROM added
