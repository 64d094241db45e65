/*---
description = "The money of ours that a customer in force holds: what is open, how much of it is overdue, what that costs."
grain = ["customer_id"]
tags = ["value", "payments"]
[columns]
open_amount = { type = "decimal(18,2)", description = "Billed, and neither paid nor credited yet" }
overdue_amount = { type = "decimal(18,2)", description = "Of that, due before the as-of day" }
best_possible_collection_days = { type = "double", description = "Collection days if everything due had been paid: what is not yet due / revenue of 12 months x 365" }
mean_open_amount_12m = { type = "decimal(18,2)", description = "Open on an average day of the last 365" }
capital_cost_12m = { type = "decimal(18,2)", description = "Cost of the money tied up: the open amount of an average day x the yearly cost of capital" }
---*/
-- Best possible DSO: Credit Research Foundation, "Standard Formulas for Analyzing and Evaluating Credit and Collections".
-- Money tied up is taken over the year and not on its last day: most is billed once a year, and that day would tell the
-- season. An invoice ties up its amount from its day to the day before it is settled; one still open that was paid in
-- part, the paid part up to its last payment. Invoices older than two years are not looked at (receivables).
-- In money x days, so that sums are exact.
WITH dated AS (
    SELECT
        customer_id,
        open_amount,
        CASE WHEN due_on < $as_of_date THEN open_amount ELSE 0 END AS overdue_amount,
        amount - open_amount AS settled_amount,
        CASE WHEN invoiced_on > $as_of_date - 365 THEN invoiced_on ELSE $as_of_date - 365 END AS since,
        -- A part that was credited, and of which no payment says when, ties up nothing.
        CASE WHEN open_amount = 0 THEN paid_on ELSE last_paid_on END AS settled_on
    FROM receivables
),
owed AS (
    SELECT
        customer_id,
        SUM(open_amount) AS open_amount,
        SUM(overdue_amount) AS overdue_amount,
        SUM(open_amount * ($as_of_date - since)
            + CASE WHEN settled_on > since THEN settled_amount * (settled_on - since) ELSE 0 END) AS money_days
    FROM dated
    GROUP BY customer_id
),
-- Who was billed nothing in two years owes nothing.
sums AS (
    SELECT
        finance.customer_id,
        finance.revenue_12m,
        COALESCE(owed.open_amount, 0) AS open_amount,
        COALESCE(owed.overdue_amount, 0) AS overdue_amount,
        CAST(COALESCE(owed.money_days, 0) AS DOUBLE) / 365 AS mean_open_amount
    FROM customer_finance AS finance
    LEFT JOIN owed ON owed.customer_id = finance.customer_id
)
SELECT
    customer_id,
    CAST(open_amount AS DECIMAL(18, 2)) AS open_amount,
    CAST(overdue_amount AS DECIMAL(18, 2)) AS overdue_amount,
    CASE WHEN revenue_12m > 0
         THEN 365 * CAST(open_amount - overdue_amount AS DOUBLE) / CAST(revenue_12m AS DOUBLE) END
        AS best_possible_collection_days,
    CAST(mean_open_amount AS DECIMAL(18, 2)) AS mean_open_amount_12m,
    CAST(mean_open_amount * $yearly_capital_cost AS DECIMAL(18, 2)) AS capital_cost_12m
FROM sums
