/*---
description = "What a customer in force was given in twelve months: support, visits, discounts; and how it was served."
grain = ["customer_id"]
tags = ["value"]
[columns]
requests_12m = { type = "int", description = "Requests to support; null where it is not known there" }
support_minutes_12m = { type = "int", description = "Minutes of work on them" }
answered_requests_12m = { type = "int", description = "Of these requests, those of which it is known whether the first answer came in time" }
in_time_requests_12m = { type = "int", description = "Those whose first answer came in time" }
complaints_12m = { type = "int", description = "Those that are complaints" }
visits_12m = { type = "int", description = "Meetings of all kinds; null where none is written down" }
reviews_12m = { type = "int", description = "Of these, business reviews" }
executive_visits_12m = { type = "int", description = "Of these, visits of executives" }
trainings_12m = { type = "int", description = "Of these, trainings" }
calls_12m = { type = "int", description = "Of these, calls" }
contracts_12m = { type = "int", null = false, description = "Contracts signed" }
signed_12m = { type = "decimal(18,2)", null = false, description = "Their amount" }
priced_contracts_12m = { type = "int", null = false, description = "Of these, those of which the usual price is known (see module_prices)" }
usual_price_12m = { type = "decimal(18,2)", description = "What customers with as many users usually pay for these" }
discount_12m = { type = "decimal(18,2)", description = "By how much these were signed below the usual price; one above it does not make up for another" }
---*/
-- Twelve months as in customer_finance. A discount is told from the usual price, not from the list price (module_prices
-- says why): so it is known of contracts that name a module, and counts what is cheaper than half of its like.
WITH complained AS (
    SELECT customer_id, COUNT(*) AS complaints
    FROM tickets
    WHERE is_complaint AND opened_at >= $as_of - INTERVAL '12 months'
    GROUP BY customer_id
),
met AS (
    SELECT
        customer_id,
        COUNT(*) AS visits,
        COUNT(*) FILTER (WHERE kind = 'qbr') AS reviews,
        COUNT(*) FILTER (WHERE kind = 'executive_visit') AS executive_visits,
        COUNT(*) FILTER (WHERE kind = 'training') AS trainings,
        COUNT(*) FILTER (WHERE kind = 'call') AS calls
    FROM engagements
    WHERE held_at >= $as_of - INTERVAL '12 months'
    GROUP BY customer_id
),
signed AS (
    SELECT
        contracts.customer_id,
        contracts.amount,
        CASE WHEN contracts.yearly_amount > 0 AND contracts.amount > 0
              AND contracts.contract_type NOT IN ('upgrade', 'customization')
             THEN CAST(CAST(modules.list_price AS DOUBLE)
                       * exp(prices.intercept + prices.slope * ln(CAST(peers.licensed_users AS DOUBLE)))
                       * CAST(contracts.amount AS DOUBLE) / CAST(contracts.yearly_amount AS DOUBLE) AS DECIMAL(18, 2)) END
            AS usual_price
    FROM contracts
    JOIN customer_peers AS peers ON peers.customer_id = contracts.customer_id
    LEFT JOIN modules ON modules.module = contracts.module AND modules.list_price > 0
    LEFT JOIN module_prices AS prices
        ON prices.term = CASE WHEN contracts.is_recurring THEN 'recurring' ELSE 'perpetual' END
    WHERE contracts.signed_at >= $as_of - INTERVAL '12 months'
),
sold AS (
    SELECT
        customer_id,
        COUNT(*) AS contracts,
        SUM(amount) AS amount,
        COUNT(usual_price) AS priced,
        SUM(usual_price) AS usual_price,
        SUM(CASE WHEN usual_price > amount THEN usual_price - amount
                 WHEN usual_price IS NOT NULL THEN 0 END) AS discount
    FROM signed
    GROUP BY customer_id
)
SELECT
    customers.customer_id,
    -- Nothing asked is 0 only of those whom support knows, nobody met only where meetings are written down.
    CASE WHEN features.tickets_365d IS NOT NULL THEN COALESCE(support.tickets_12m, 0) END AS requests_12m,
    CASE WHEN features.tickets_365d IS NOT NULL THEN COALESCE(support.support_minutes_12m, 0) END
        AS support_minutes_12m,
    CASE WHEN features.tickets_365d IS NOT NULL THEN COALESCE(support.answered_tickets_12m, 0) END
        AS answered_requests_12m,
    CASE WHEN features.tickets_365d IS NOT NULL THEN COALESCE(support.in_time_tickets_12m, 0) END
        AS in_time_requests_12m,
    CASE WHEN features.tickets_365d IS NOT NULL THEN COALESCE(complained.complaints, 0) END AS complaints_12m,
    CASE WHEN features.engagements_365d IS NOT NULL THEN COALESCE(met.visits, 0) END AS visits_12m,
    CASE WHEN features.engagements_365d IS NOT NULL THEN COALESCE(met.reviews, 0) END AS reviews_12m,
    CASE WHEN features.engagements_365d IS NOT NULL THEN COALESCE(met.executive_visits, 0) END AS executive_visits_12m,
    CASE WHEN features.engagements_365d IS NOT NULL THEN COALESCE(met.trainings, 0) END AS trainings_12m,
    CASE WHEN features.engagements_365d IS NOT NULL THEN COALESCE(met.calls, 0) END AS calls_12m,
    COALESCE(sold.contracts, 0) AS contracts_12m,
    CAST(COALESCE(sold.amount, 0) AS DECIMAL(18, 2)) AS signed_12m,
    COALESCE(sold.priced, 0) AS priced_contracts_12m,
    CAST(sold.usual_price AS DECIMAL(18, 2)) AS usual_price_12m,
    CAST(sold.discount AS DECIMAL(18, 2)) AS discount_12m
FROM customers_in_force AS customers
LEFT JOIN customer_features AS features ON features.customer_id = customers.customer_id
LEFT JOIN customer_support AS support ON support.customer_id = customers.customer_id
LEFT JOIN complained ON complained.customer_id = customers.customer_id
LEFT JOIN met ON met.customer_id = customers.customer_id
LEFT JOIN sold ON sold.customer_id = customers.customer_id
