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
signed AS (
    SELECT
        later.customer_id,
        SUM(CASE WHEN later.is_renewal
                 -- A renewal counts by what it changes; where nobody knows the former contract, that cannot be told.
                 THEN later.yearly_amount - COALESCE(former.yearly_amount, later.yearly_amount)
                 WHEN later.contract_type IN ('module', 'users', 'upgrade', 'customization') THEN later.yearly_amount
            END) AS growth
    FROM future.contracts AS later
    LEFT JOIN former ON former.renewal_id = later.contract_id
    WHERE later.signed_on >= $as_of_date AND later.signed_on < $as_of_date + $horizon_days AND later.cancelled_at IS NULL
    GROUP BY later.customer_id
)
SELECT
    customers.customer_id,
    CAST(COALESCE(signed.growth, 0) AS DECIMAL(18, 2)) AS growth
FROM customers_in_force AS customers
LEFT JOIN signed ON signed.customer_id = customers.customer_id
