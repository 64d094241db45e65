/*---
description = "By how much the yearly value of a customer's contracts grew through what it signed in the next 180 days."
grain = ["customer_id"]
horizon_days = 180
[columns]
growth = { type = "decimal(18,2)", description = "Yearly value of what was added, plus the change at renewals; below 0 where renewals shrank" }
---*/
WITH former AS (
    SELECT renewal_id, SUM(yearly_amount) AS yearly_amount
    FROM future.renewed_contracts
    GROUP BY renewal_id
),
-- An id that was linked again meanwhile took its contracts to another customer: what is signed there is credited to who
-- held them; if several did, to the one that kept its name.
holders AS (
    SELECT
        later.customer_id AS later_customer_id,
        COALESCE(MIN(held.customer_id) FILTER (WHERE held.customer_id = later.customer_id), MIN(held.customer_id))
            AS customer_id
    FROM contracts AS held
    JOIN future.contracts AS later ON later.contract_id = held.contract_id
    WHERE held.in_force
    GROUP BY later.customer_id
),
signed AS (
    SELECT
        COALESCE(holders.customer_id, later.customer_id) AS customer_id,
        SUM(CASE WHEN later.is_renewal
                 -- A renewal counts by what it changes; where nobody knows the former contract, that cannot be told.
                 THEN later.yearly_amount - COALESCE(former.yearly_amount, later.yearly_amount)
                 WHEN later.contract_type IN ('module', 'users', 'upgrade', 'customization') THEN later.yearly_amount
            END) AS growth
    FROM future.contracts AS later
    LEFT JOIN former ON former.renewal_id = later.contract_id
    LEFT JOIN holders ON holders.later_customer_id = later.customer_id
    -- By the instant: what was signed before it the features know. Later than the horizon is not in future.contracts.
    WHERE later.signed_at >= $as_of AND later.cancelled_at IS NULL
    GROUP BY COALESCE(holders.customer_id, later.customer_id)
)
SELECT
    customers.customer_id,
    CAST(COALESCE(signed.growth, 0) AS DECIMAL(18, 2)) AS growth
FROM customers_in_force AS customers
LEFT JOIN signed ON signed.customer_id = customers.customer_id
