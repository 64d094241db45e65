/*---
description = "Which modules a customer has, and how many of them it uses: everybody who ever signed."
grain = ["customer_id"]
tags = ["value", "usage"]
[columns]
core_modules_in_force = { type = "int", description = "Core modules named in contracts in force" }
modules_held = { type = "int", description = "Modules it has: named in a contract in force, or used within a year" }
core_modules_held = { type = "int", description = "Those of them that are core" }
modules_used_28d = { type = "int", description = "Those of them that were used in the last 4 weeks" }
module_adoption = { type = "double", description = "Modules used in the last 4 weeks / modules it has (0-1); null if its use is not known" }
---*/
-- Adoption: used / entitled. What comes with a licence or subscription is named in no contract, so the year's usage
-- tells it: nobody opens a module that he has not got. A module of the licence that was never opened cannot be seen.
WITH counted AS (
    SELECT
        customer_id,
        COUNT(*) FILTER (WHERE is_named AND is_core) AS core_named,
        COUNT(*) AS held,
        COUNT(*) FILTER (WHERE is_core) AS core_held,
        COUNT(*) FILTER (WHERE used_28d) AS used
    FROM module_use
    GROUP BY customer_id
),
signed AS (
    SELECT DISTINCT customer_id FROM contracts
),
-- As in usage_features: who has no tenant is unknown, and everybody is where usage is not reported.
linked AS (
    SELECT DISTINCT customer_id
    FROM identities
    WHERE source_system = 'product' AND (SELECT COUNT(*) FROM usage_windows) > 0
),
reference AS (
    SELECT COUNT(*) > 0 AS knows_core FROM modules
)
SELECT
    signed.customer_id,
    CASE WHEN reference.knows_core THEN COALESCE(counted.core_named, 0) END AS core_modules_in_force,
    CASE WHEN linked.customer_id IS NOT NULL THEN COALESCE(counted.held, 0) END AS modules_held,
    CASE WHEN linked.customer_id IS NOT NULL AND reference.knows_core THEN COALESCE(counted.core_held, 0) END
        AS core_modules_held,
    CASE WHEN linked.customer_id IS NOT NULL THEN COALESCE(counted.used, 0) END AS modules_used_28d,
    CASE WHEN linked.customer_id IS NOT NULL THEN CAST(counted.used AS DOUBLE) / NULLIF(counted.held, 0) END
        AS module_adoption
FROM signed
CROSS JOIN reference
LEFT JOIN counted ON counted.customer_id = signed.customer_id
LEFT JOIN linked ON linked.customer_id = signed.customer_id
