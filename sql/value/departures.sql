/*---
description = "When customers left: one row per customer and departure, as known today."
grain = ["customer_id", "happened_on"]
tags = ["events"]
[columns]
happened_on = { type = "date", description = "First day without a contract in force" }
is_final = { type = "bool", description = "The days ($departure_grace_days) are over in which a contract would have followed" }
---*/
-- In force as contracts.sql says it. A gap of up to $departure_grace_days is a renewal that was signed late, no departure; who comes
-- back later has left, and may leave again. A gap that is still open and younger counts, though it may yet be closed:
-- the label calls such a customer churned, too.
WITH covered AS (
    SELECT
        customer_id,
        -- To the end of the longest contract so far: what was bought for good has none.
        MAX(COALESCE(force_until, DATE '9999-12-31')) OVER so_far AS covered_until,
        LEAD(force_from) OVER (PARTITION BY customer_id ORDER BY force_from, contract_id) AS next_from
    FROM contracts
    -- What was cancelled before it began was never in force.
    WHERE force_from IS NOT NULL AND COALESCE(force_until >= force_from, TRUE)
    WINDOW so_far AS (PARTITION BY customer_id ORDER BY force_from, contract_id ROWS UNBOUNDED PRECEDING)
)
SELECT
    covered.customer_id,
    covered.covered_until + 1 AS happened_on,
    $as_of_date - (covered.covered_until + 1) > $departure_grace_days AS is_final
FROM covered
WHERE covered.covered_until < $as_of_date
  AND COALESCE(covered.next_from - (covered.covered_until + 1) > $departure_grace_days, TRUE)
