/*---
description = "How what customers pay for a module goes with their users, against its list price: one row per term, recurring or perpetual."
grain = ["term"]
tags = ["potential"]
[columns]
contracts = { type = "int", null = false, description = "Contracts of 36 months that name a module with a list price, of customers in force whose users are known" }
slope = { type = "double", description = "How the price grows with users: 0.5 = twice as many users cost 2^0.5 = 1.41 times as much" }
intercept = { type = "double", description = "ln(price / list price) for one user" }
---*/
-- A list price stands for no stated number of users, so that an amount below it is not yet a discount. What is usual for
-- as many users is: usual price = list price x exp(intercept + slope x ln(users)), by least squares on logarithms (a
-- constant elasticity, as in any text on pricing; it is the median, not the mean). What recurs counts by the year, what
-- is bought for good as a whole. Users are those of today: three years change them little.
WITH priced AS (
    SELECT
        CASE WHEN contracts.is_recurring THEN 'recurring' ELSE 'perpetual' END AS term,
        -- Sums of decimals are the same in any order.
        CAST(ln(CAST(peers.licensed_users AS DOUBLE)) AS DECIMAL(18, 10)) AS x,
        CAST(ln(CAST(contracts.yearly_amount AS DOUBLE) / CAST(modules.list_price AS DOUBLE)) AS DECIMAL(18, 10)) AS y
    FROM contracts
    JOIN modules ON modules.module = contracts.module
    JOIN customer_peers AS peers ON peers.customer_id = contracts.customer_id
    WHERE contracts.signed_at >= $as_of - INTERVAL '36 months'
      AND contracts.contract_type NOT IN ('upgrade', 'customization')
      AND contracts.yearly_amount > 0 AND modules.list_price > 0 AND peers.licensed_users IS NOT NULL
),
sums AS (
    SELECT
        term,
        COUNT(*) AS n,
        CAST(SUM(x) AS DOUBLE) AS x,
        CAST(SUM(y) AS DOUBLE) AS y,
        CAST(SUM(CAST(x * x AS DECIMAL(24, 10))) AS DOUBLE) AS xx,
        CAST(SUM(CAST(x * y AS DECIMAL(24, 10))) AS DOUBLE) AS xy
    FROM priced
    GROUP BY term
),
fitted AS (
    SELECT
        sums.*,
        -- Too few contracts, or all of customers of one size, tell no slope.
        CASE WHEN n >= $price_min_contracts AND n * xx - x * x > 0.000001 * n * n
             THEN (n * xy - x * y) / (n * xx - x * x) END AS slope
    FROM sums
)
SELECT
    term,
    n AS contracts,
    slope,
    (y - slope * x) / n AS intercept
FROM fitted
