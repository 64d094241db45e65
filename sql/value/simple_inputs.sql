/*---
description = "What models/simple_worth.toml judges by: contract value, margin, standing in the industry, room in the supply chain."
grain = ["customer_id"]
tags = ["value"]
[columns]
value_in_force = { type = "decimal(18,2)", description = "Yearly value of the contracts in force that have to be renewed" }
margin_12m = { type = "decimal(18,2)", description = "Margin of the last 12 months" }
turnover_standing = { type = "double", description = "Share of the other customers of its industry with less turnover (0-1); null with fewer than 5 of them" }
brand_standing = { type = "double", description = "Rank of the brand, as a share of the highest (0-1); null: not ranked" }
industry_standing = { type = "double", description = "The higher of both: a leader by size or by name (0-1)" }
supply_chain_open = { type = "int", description = "Supply-chain modules beyond the core that it has no contract for" }
supply_chain_room = { type = "double", description = "Employees whom those modules could serve: employees x the share of those modules that are open" }
---*/
-- Two ideas of the trade, kept simple: who leads its industry is followed by others; and a customer grows with a vendor
-- along its supply chain, from buying to making to storing. The core modules come with every licence, and are no room.
WITH offered AS (
    -- Which categories of reference_modules a vendor counts as its supply chain stands here.
    SELECT module FROM modules WHERE category IN ('supply_chain', 'production') AND NOT is_core
),
bought AS (
    SELECT contracts.customer_id, COUNT(DISTINCT contracts.module) AS modules
    FROM contracts
    JOIN offered ON offered.module = contracts.module
    WHERE contracts.in_force
    GROUP BY contracts.customer_id
),
standing AS (
    SELECT
        customer_id,
        CASE WHEN COUNT(*) OVER (PARTITION BY industry) > 5
             THEN PERCENT_RANK() OVER (PARTITION BY industry ORDER BY annual_revenue) END AS turnover_standing
    FROM customer_features
    WHERE industry IS NOT NULL AND annual_revenue IS NOT NULL
),
known AS (
    SELECT
        features.customer_id,
        features.value_in_force,
        value.margin_12m,
        features.employees,
        standing.turnover_standing,
        NULLIF(features.brand_rank, 0) / 5.0 AS brand_standing,
        (SELECT COUNT(*) FROM offered) AS offered_modules,
        COALESCE(bought.modules, 0) AS bought_modules
    FROM customer_features AS features
    JOIN customer_value AS value ON value.customer_id = features.customer_id
    LEFT JOIN standing ON standing.customer_id = features.customer_id
    LEFT JOIN bought ON bought.customer_id = features.customer_id
)
SELECT
    customer_id,
    value_in_force,
    margin_12m,
    turnover_standing,
    brand_standing,
    -- GREATEST passes over what is unknown.
    GREATEST(turnover_standing, brand_standing) AS industry_standing,
    offered_modules - bought_modules AS supply_chain_open,
    CAST(employees * (offered_modules - bought_modules) AS DOUBLE) / NULLIF(offered_modules, 0) AS supply_chain_room
FROM known
