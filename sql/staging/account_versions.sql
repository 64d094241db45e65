/*---
description = "What the CRM said of a customer, and since when: one row per account and version."
grain = ["account_id", "valid_from"]
---*/
SELECT
    identities.customer_id,
    identities.source_id AS account_id,
    customer_name,
    industry,
    region,
    channel_partner_id,
    owner,
    product_series,
    product_version,
    -- Nobody has no employees and no turnover: such figures were never filled in.
    CASE WHEN employees > 0 THEN employees END AS employees,
    CASE WHEN annual_revenue > 0 THEN annual_revenue END AS annual_revenue,
    CASE WHEN registered_on BETWEEN DATE '1800-01-02' AND $as_of_date
           -- What forms and exports put where nothing is known.
           AND registered_on NOT IN (DATE '1900-01-01', DATE '1970-01-01') THEN registered_on END AS registered_on,
    CASE WHEN digital_maturity BETWEEN 1 AND 5 THEN digital_maturity END AS digital_maturity,
    executive_sponsor,
    lower(expansion_plan) AS expansion_plan,
    industry_benchmark,
    CASE WHEN brand_rank BETWEEN 0 AND 5 THEN brand_rank END AS brand_rank,
    ecosystem_partner,
    co_creation,
    valid_from,
    valid_to
FROM crm_accounts
JOIN identities ON identities.source_system = 'crm' AND identities.source_id = lower(crm_accounts.account_id)
-- Two spellings of one account are one account.
QUALIFY ROW_NUMBER() OVER (PARTITION BY identities.source_id, valid_from ORDER BY crm_accounts.account_id) = 1
