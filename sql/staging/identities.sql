/*---
description = "Which customer an id of a system means: one row per system and id, ids in lower case."
grain = ["source_system", "source_id"]
# Every other staging table joins it, so it is made once.
materialized = "table"
---*/
WITH links AS (
    SELECT
        lower(source_system) AS source_system,
        lower(source_id) AS source_id,
        linked_at,
        -- Ids compare without case, the customer's own too: the spelling that was linked first stands.
        FIRST_VALUE(customer_id) OVER (PARTITION BY lower(customer_id) ORDER BY linked_at, customer_id) AS customer_id
    FROM identity_links
)
SELECT source_system, source_id, customer_id
FROM links
-- An id that was linked again belongs to the newer customer.
QUALIFY ROW_NUMBER() OVER (PARTITION BY source_system, source_id ORDER BY linked_at DESC, customer_id) = 1
