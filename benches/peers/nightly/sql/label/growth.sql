CREATE OR REPLACE TEMP TABLE growth AS
WITH former AS (
    SELECT renewal_c, sum(yearly_amount) AS yearly_amount FROM $later_renewed GROUP BY renewal_c
),
-- What is signed by whom an id was linked to meanwhile is credited to who held the contracts.
holders AS (
    SELECT
        later.cust AS later_cust,
        coalesce(min(held.cust) FILTER (WHERE held.cust = later.cust), min(held.cust)) AS cust
    FROM $contracts AS held
    JOIN $later AS later USING (c)
    WHERE held.in_force
    GROUP BY later.cust
),
signed AS (
    SELECT
        coalesce(holders.cust, later.cust) AS cust,
        sum(CASE WHEN later.is_renewal THEN later.yearly_amount - coalesce(former.yearly_amount, later.yearly_amount)
                 WHEN later.is_growth THEN later.yearly_amount END) AS growth
    FROM $later AS later
    LEFT JOIN former ON former.renewal_c = later.c
    LEFT JOIN holders ON holders.later_cust = later.cust
    WHERE later.signed_at >= $as_of AND later.cancelled_at IS NULL
    GROUP BY ALL
)
SELECT cust, coalesce(growth, 0)::DECIMAL(18, 2) AS growth
FROM (SELECT DISTINCT cust FROM $contracts WHERE in_force)
LEFT JOIN signed USING (cust);
