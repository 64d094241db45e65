/*---
description = "What a customer in force was billed in the last three months, against the three before and those of a year before."
grain = ["customer_id"]
tags = ["value"]
[columns]
billed_3m = { type = "decimal(18,2)", description = "Billed in the last 3 months, credit notes taken off" }
billed_3m_before = { type = "decimal(18,2)", description = "Billed in the 3 months before these" }
billed_3m_year_before = { type = "decimal(18,2)", description = "Billed in the same 3 months a year before" }
growth_3m_yoy = { type = "double", description = "Change of billing, last 3 months against the same months a year before (0.2 = up 20 %); null where nothing was billed then" }
---*/
-- Growth against the same months of the year before is the usual measure where billing has its seasons: here most is
-- billed once a year, when a contract starts. A customer whose billing moved to another month has none.
WITH billed AS (
    SELECT
        customer_id,
        SUM(amount) FILTER (WHERE invoiced_at >= $as_of - INTERVAL '3 months') AS billed_3m,
        SUM(amount) FILTER (WHERE invoiced_at >= $as_of - INTERVAL '6 months'
                              AND invoiced_at < $as_of - INTERVAL '3 months') AS billed_3m_before,
        SUM(amount) FILTER (WHERE invoiced_at < $as_of - INTERVAL '12 months') AS billed_3m_year_before
    FROM invoices
    WHERE invoiced_at >= $as_of - INTERVAL '15 months'
    GROUP BY customer_id
),
sums AS (
    -- A customer in force without an invoice was billed 0.
    SELECT
        customers.customer_id,
        CAST(COALESCE(billed_3m, 0) AS DECIMAL(18, 2)) AS billed_3m,
        CAST(COALESCE(billed_3m_before, 0) AS DECIMAL(18, 2)) AS billed_3m_before,
        CAST(COALESCE(billed_3m_year_before, 0) AS DECIMAL(18, 2)) AS billed_3m_year_before
    FROM customers_in_force AS customers
    LEFT JOIN billed ON billed.customer_id = customers.customer_id
)
SELECT
    *,
    CASE WHEN billed_3m_year_before > 0
         THEN CAST(billed_3m AS DOUBLE) / CAST(billed_3m_year_before AS DOUBLE) - 1 END AS growth_3m_yoy
FROM sums
