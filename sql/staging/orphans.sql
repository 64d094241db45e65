/*---
description = "Rows whose id no link knows, by source: they belong to nobody and count nowhere."
grain = ["source"]
# An audit and data_quality read it, and it reads every row of the lake.
materialized = "table"
---*/
-- Counted by id before anything is joined, so that a hundred million rows cost one narrow scan.
WITH ids AS (
    SELECT 'crm_accounts' AS source, 'crm' AS source_system, account_id AS source_id, COUNT(*) AS known
    FROM crm_accounts GROUP BY account_id
    UNION ALL
    SELECT 'crm_engagements', 'crm', account_id, COUNT(*) FROM crm_engagements GROUP BY account_id
    UNION ALL
    SELECT 'crm_surveys', 'crm', account_id, COUNT(*) FROM crm_surveys GROUP BY account_id
    UNION ALL
    SELECT 'crm_opportunities', 'crm', account_id, COUNT(*) FROM crm_opportunities GROUP BY account_id
    UNION ALL
    SELECT 'erp_contracts', 'erp', erp_customer_id, COUNT(*) FROM erp_contracts GROUP BY erp_customer_id
    UNION ALL
    SELECT 'erp_invoices', 'erp', erp_customer_id, COUNT(*) FROM erp_invoices GROUP BY erp_customer_id
    UNION ALL
    SELECT 'erp_payments', 'erp', erp_customer_id, COUNT(*) FROM erp_payments GROUP BY erp_customer_id
    UNION ALL
    SELECT 'support_tickets', 'support', support_org_id, COUNT(*) FROM support_tickets GROUP BY support_org_id
    UNION ALL
    SELECT 'product_usage', 'product', tenant_id, COUNT(*) FROM product_usage GROUP BY tenant_id
)
SELECT
    ids.source,
    SUM(ids.known) AS rows_known,
    COALESCE(SUM(ids.known) FILTER (WHERE identities.customer_id IS NULL), 0) AS orphan_rows,
    MIN(ids.source_id) FILTER (WHERE identities.customer_id IS NULL) AS example_id
FROM ids
LEFT JOIN identities ON identities.source_system = ids.source_system AND identities.source_id = lower(ids.source_id)
GROUP BY ids.source
