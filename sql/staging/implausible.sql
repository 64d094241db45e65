/*---
description = "Rows with a value that cannot be, by source: times before there was software, ends before beginnings, amounts that nobody can mean, counts below 0."
grain = ["source"]
---*/
-- What staging makes of them: the time or figure is unknown, or the row counts nowhere. Invoices and payments below 0 are
-- credit notes and repayments. History and links may say 1970 for "always".
SELECT 'crm_accounts' AS source, COUNT(*) AS implausible_rows, MIN(account_id) AS example_id
FROM crm_accounts
WHERE valid_to < valid_from
UNION ALL
SELECT 'crm_engagements', COUNT(*), MIN(engagement_id)
FROM crm_engagements
WHERE held_at < TIMESTAMP '1980-01-01T00:00:00Z'
UNION ALL
SELECT 'crm_surveys', COUNT(*), MIN(survey_id)
FROM crm_surveys
WHERE responded_at < TIMESTAMP '1980-01-01T00:00:00Z' OR nps NOT BETWEEN 0 AND 10 OR csat NOT BETWEEN 1 AND 5
UNION ALL
SELECT 'crm_opportunities', COUNT(*), MIN(opportunity_id)
FROM crm_opportunities
WHERE created_at < TIMESTAMP '1980-01-01T00:00:00Z' OR closed_at < created_at
   OR amount NOT BETWEEN 0 AND $largest_amount
UNION ALL
SELECT 'erp_contracts', COUNT(*), MIN(contract_id)
FROM erp_contracts
WHERE signed_at < TIMESTAMP '1980-01-01T00:00:00Z' OR starts_on < DATE '1980-01-01'
   OR ends_on < starts_on OR cancelled_at < signed_at
   OR amount NOT BETWEEN 0 AND $largest_amount OR abs(implementation_cost) > $largest_amount
UNION ALL
SELECT 'erp_invoices', COUNT(*), MIN(invoice_id)
FROM erp_invoices
WHERE invoiced_at < TIMESTAMP '1980-01-01T00:00:00Z' OR abs(amount) > $largest_amount OR abs(cost) > $largest_amount
   OR due_on NOT BETWEEN CAST(invoiced_at AS DATE) - 31 AND CAST(invoiced_at AS DATE) + 731
UNION ALL
SELECT 'erp_payments', COUNT(*), MIN(payment_id)
FROM erp_payments
WHERE paid_at < TIMESTAMP '1980-01-01T00:00:00Z' OR abs(amount) > $largest_amount
UNION ALL
SELECT 'support_tickets', COUNT(*), MIN(ticket_id)
FROM support_tickets
WHERE opened_at < TIMESTAMP '1980-01-01T00:00:00Z' OR first_response_at < opened_at OR resolved_at < opened_at
   OR handling_minutes NOT BETWEEN 0 AND 43200 OR reopened_count < 0
   OR severity NOT BETWEEN 1 AND 4 OR csat NOT BETWEEN 1 AND 5
UNION ALL
-- A counter cannot run backwards; row groups without one that does are not read.
SELECT 'product_usage', COUNT(*), MIN(tenant_id)
FROM product_usage
WHERE usage_date < DATE '1980-01-01' OR active_users < 0 OR logins < 0 OR transactions < 0
