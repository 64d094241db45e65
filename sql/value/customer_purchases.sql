/*---
description = "What a customer bought after its first purchase: upsell, cross-sell, once-only sales, how often it came back."
grain = ["customer_id"]
tags = ["value"]
[columns]
first_signed_on = { type = "date", description = "Day of its first contract" }
one_off_12m = { type = "decimal(18,2)", description = "Signed in the last 12 months for once: licences, upgrades, projects, additions without an end" }
upsell_12m = { type = "decimal(18,2)", description = "More of the same, signed in 12 months: users, upgrades, growth at renewals; yearly value" }
cross_sell_12m = { type = "decimal(18,2)", description = "Something else, signed in 12 months: modules added; yearly value" }
downsell_12m = { type = "decimal(18,2)", description = "Yearly value given up at the renewals signed in 12 months" }
upgrades_24m = { type = "int", description = "Upgrades signed in 24 months" }
customizations_24m = { type = "int", description = "Customization projects signed in 24 months" }
bought_again_24m = { type = "bool", description = "Bought something in the last 24 months after its first purchase, renewals aside" }
repurchase_rate = { type = "double", description = "Purchases after the first, renewals aside, per year since the first (less than a year counts as one)" }
---*/
-- Upsell and cross-sell as sales uses the words: upsell is more or better of what a customer has (users, upgrades, a
-- renewal that is higher than what it replaces, price rises included), cross-sell is something it did not have (modules).
-- What is bought on the first day is the first sale and neither; what was cancelled since is not counted. Values are
-- yearly; what is bought once counts whole. A renewal whose former contract nobody knows grows by nothing.
-- Repurchase (Kotler & Keller, "Marketing Management"): purchases are days on which something new was signed.
WITH former AS (
    SELECT renewal_id, SUM(yearly_amount) AS yearly_amount
    FROM renewed_contracts
    GROUP BY renewal_id
),
signed AS (
    SELECT
        contracts.customer_id,
        contracts.contract_type,
        contracts.signed_at,
        contracts.signed_on,
        contracts.amount,
        contracts.yearly_amount,
        contracts.is_recurring,
        contracts.is_renewal,
        contracts.cancelled_at IS NULL AS stands,
        CASE WHEN contracts.is_renewal THEN contracts.yearly_amount - former.yearly_amount END AS change,
        -- A date before there was software is a slip.
        MIN(CASE WHEN contracts.signed_on >= DATE '1980-01-01' THEN contracts.signed_on END)
            OVER (PARTITION BY contracts.customer_id) AS first_signed_on
    FROM contracts
    LEFT JOIN former ON former.renewal_id = contracts.contract_id
),
marked AS (
    SELECT
        *,
        signed_on > first_signed_on AND NOT is_renewal AND stands AS is_repurchase,
        CASE WHEN stands AND signed_at >= $as_of - INTERVAL '12 months' THEN TRUE ELSE FALSE END AS in_12m,
        CASE WHEN stands AND signed_at >= $as_of - INTERVAL '24 months' THEN TRUE ELSE FALSE END AS in_24m
    FROM signed
),
added AS (
    SELECT
        customer_id,
        MIN(first_signed_on) AS first_signed_on,
        SUM(amount) FILTER (WHERE in_12m AND NOT is_recurring) AS one_off,
        SUM(yearly_amount) FILTER (WHERE in_12m AND is_repurchase AND contract_type IN ('users', 'upgrade')) AS more,
        SUM(GREATEST(change, 0)) FILTER (WHERE in_12m AND change IS NOT NULL) AS growth,
        SUM(GREATEST(-change, 0)) FILTER (WHERE in_12m AND change IS NOT NULL) AS shrinkage,
        SUM(yearly_amount) FILTER (WHERE in_12m AND is_repurchase AND contract_type = 'module') AS modules,
        COUNT(*) FILTER (WHERE in_24m AND contract_type = 'upgrade') AS upgrades,
        COUNT(*) FILTER (WHERE in_24m AND contract_type = 'customization') AS customizations,
        COUNT(DISTINCT CASE WHEN is_repurchase THEN signed_on END) AS repurchases,
        COALESCE(BOOL_OR(is_repurchase AND in_24m), FALSE) AS bought_again
    FROM marked
    GROUP BY customer_id
)
SELECT
    customer_id,
    first_signed_on,
    CAST(COALESCE(one_off, 0) AS DECIMAL(18, 2)) AS one_off_12m,
    CAST(COALESCE(more, 0) + COALESCE(growth, 0) AS DECIMAL(18, 2)) AS upsell_12m,
    CAST(COALESCE(modules, 0) AS DECIMAL(18, 2)) AS cross_sell_12m,
    CAST(COALESCE(shrinkage, 0) AS DECIMAL(18, 2)) AS downsell_12m,
    upgrades AS upgrades_24m,
    customizations AS customizations_24m,
    bought_again AS bought_again_24m,
    CASE WHEN first_signed_on IS NOT NULL
         THEN CAST(repurchases AS DOUBLE) * 365.25 / GREATEST($as_of_date - first_signed_on, 365.25) END
        AS repurchase_rate
FROM added
