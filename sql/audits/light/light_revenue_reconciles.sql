/*---
description = "The light pipeline's revenue and direct cost are what the ERP billed these customers, counted another way."
---*/
-- From the raw invoices, past staging and the join to contracts, which could double or lose rows. Amounts that nobody can
-- mean count nowhere.
WITH ids AS (SELECT DISTINCT lower(customer_id) AS customer_id FROM light_customers),
billed AS (
    SELECT
        SUM(CASE WHEN abs(invoices.amount) <= $largest_amount THEN invoices.amount END) AS revenue,
        SUM(CASE WHEN abs(invoices.cost) <= $largest_amount THEN invoices.cost END) AS cost
    FROM erp_invoices AS invoices
    JOIN ids ON ids.customer_id = lower(invoices.erp_customer_id)
    WHERE invoices.invoiced_at >= $as_of - INTERVAL '12 months'
),
signed AS (
    SELECT SUM(CASE WHEN abs(contracts.implementation_cost) <= $largest_amount THEN contracts.implementation_cost END) AS cost
    FROM erp_contracts AS contracts
    JOIN ids ON ids.customer_id = lower(contracts.erp_customer_id)
    WHERE contracts.signed_at >= $as_of - INTERVAL '12 months'
),
published AS (SELECT SUM(revenue_12m) AS revenue, SUM(cost_12m) AS cost FROM light_customers)
SELECT
    billed.revenue AS billed_by_erp,
    published.revenue AS revenue_in_table,
    COALESCE(billed.cost, 0) + COALESCE(signed.cost, 0) AS cost_in_erp,
    published.cost AS cost_in_table
FROM billed
CROSS JOIN signed
CROSS JOIN published
WHERE COALESCE(billed.revenue, 0) <> COALESCE(published.revenue, 0)
   OR COALESCE(billed.cost, 0) + COALESCE(signed.cost, 0) <> COALESCE(published.cost, 0)
