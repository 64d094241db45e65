/*---
description = "Which customer an id of a system means: one row per system and id, ids in lower case."
grain = ["source_system", "source_id"]
# Every other staging table joins it, so it is made once.
materialized = "table"
---*/
-- Ids compare without case, the customer's own too: the spelling that was linked first stands.
WITH spelt AS (
    SELECT lower(customer_id) AS folded_id, FIRST_VALUE(customer_id ORDER BY linked_at, customer_id) AS customer_id
    FROM identity_links
    GROUP BY lower(customer_id)
),
links AS (
    SELECT
        lower(identity_links.source_system) AS source_system,
        lower(identity_links.source_id) AS source_id,
        identity_links.linked_at,
        spelt.customer_id
    FROM identity_links
    LEFT JOIN spelt ON spelt.folded_id = lower(identity_links.customer_id)
)
SELECT source_system, source_id, customer_id
FROM links
-- An id that was linked again belongs to the newer customer.
QUALIFY ROW_NUMBER() OVER (PARTITION BY source_system, source_id ORDER BY linked_at DESC, customer_id) = 1
