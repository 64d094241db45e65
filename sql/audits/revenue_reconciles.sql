/*---
description = "The snapshot's revenue is what the ERP billed these customers, counted on another way."
---*/
-- From the raw invoices and the raw links, past staging: a join that doubles or loses rows shows here. Amounts that nobody
-- can mean count nowhere.
WITH ids AS (
    SELECT DISTINCT lower(links.source_id) AS erp_customer_id
    FROM identity_links AS links
    JOIN customer_snapshot AS snapshot ON lower(snapshot.customer_id) = lower(links.customer_id)
    JOIN identities
        ON identities.source_system = 'erp' AND identities.source_id = lower(links.source_id)
       AND identities.customer_id = snapshot.customer_id
    WHERE lower(links.source_system) = 'erp'
),
billed AS (
    SELECT lower(erp_customer_id) AS erp_customer_id, SUM(amount) AS amount
    FROM erp_invoices
    WHERE invoiced_at >= $as_of - INTERVAL '12 months' AND abs(amount) <= $largest_amount
    GROUP BY lower(erp_customer_id)
),
totals AS (
    SELECT
        (SELECT SUM(billed.amount) FROM billed JOIN ids ON ids.erp_customer_id = billed.erp_customer_id) AS billed_by_erp,
        (SELECT SUM(revenue_12m) FROM customer_snapshot) AS revenue_in_snapshot
)
SELECT billed_by_erp, revenue_in_snapshot
FROM totals
WHERE COALESCE(billed_by_erp, 0) <> COALESCE(revenue_in_snapshot, 0)
