/*---
description = "Twelve months of a customer in force in money: billed, what it cost, what is left, what is not yet paid."
grain = ["customer_id"]
tags = ["value"]
[columns]
revenue_12m = { type = "decimal(18,2)", description = "Billed in the last 12 months, credit notes taken off" }
cost_12m = { type = "decimal(18,2)", description = "Direct cost of what was billed" }
implementation_12m = { type = "decimal(18,2)", description = "Implementation of what was signed in the last 12 months" }
cost_to_serve_12m = { type = "decimal(18,2)", description = "Work of support on tickets solved" }
recurring_margin_12m = { type = "decimal(18,2)", description = "Revenue minus cost and cost to serve" }
margin_12m = { type = "decimal(18,2)", description = "Revenue minus cost, cost to serve and implementation" }
collection_days = { type = "double", description = "Days sales outstanding: unpaid invoices / revenue of 12 months x 365" }
---*/
WITH billed AS (
    SELECT customer_id, SUM(amount) AS revenue, SUM(cost) AS cost
    FROM invoices
    WHERE invoiced_at >= $as_of - INTERVAL '12 months'
    GROUP BY customer_id
),
implemented AS (
    SELECT customer_id, SUM(implementation_cost) AS cost
    FROM contracts
    WHERE signed_at >= $as_of - INTERVAL '12 months'
    GROUP BY customer_id
),
served AS (
    SELECT worked.customer_id, worked.minutes * $support_hour_cost / 60 AS cost
    FROM (
        SELECT customer_id, SUM(handling_minutes) AS minutes
        FROM tickets
        WHERE opened_at >= $as_of - INTERVAL '12 months'
        GROUP BY customer_id
    ) AS worked
),
owed AS (
    SELECT customer_id, SUM(open_amount) AS open_amount
    FROM receivables
    GROUP BY customer_id
),
sums AS (
    -- A customer in force that was billed nothing had a revenue of 0.
    SELECT
        customers.customer_id,
        CAST(COALESCE(billed.revenue, 0) AS DECIMAL(18, 2)) AS revenue_12m,
        CAST(COALESCE(billed.cost, 0) AS DECIMAL(18, 2)) AS cost_12m,
        CAST(COALESCE(implemented.cost, 0) AS DECIMAL(18, 2)) AS implementation_12m,
        CAST(COALESCE(served.cost, 0) AS DECIMAL(18, 2)) AS cost_to_serve_12m,
        CAST(COALESCE(owed.open_amount, 0) AS DECIMAL(18, 2)) AS open_amount
    FROM customers_in_force AS customers
    LEFT JOIN billed ON billed.customer_id = customers.customer_id
    LEFT JOIN implemented ON implemented.customer_id = customers.customer_id
    LEFT JOIN served ON served.customer_id = customers.customer_id
    LEFT JOIN owed ON owed.customer_id = customers.customer_id
)
SELECT
    customer_id,
    revenue_12m,
    cost_12m,
    implementation_12m,
    cost_to_serve_12m,
    CAST(revenue_12m - cost_12m - cost_to_serve_12m AS DECIMAL(18, 2)) AS recurring_margin_12m,
    CAST(revenue_12m - cost_12m - cost_to_serve_12m - implementation_12m AS DECIMAL(18, 2)) AS margin_12m,
    CASE WHEN revenue_12m > 0 THEN 365 * CAST(open_amount AS DOUBLE) / CAST(revenue_12m AS DOUBLE) END AS collection_days
FROM sums
