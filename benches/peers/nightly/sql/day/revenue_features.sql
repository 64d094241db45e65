CREATE OR REPLACE TEMP TABLE billed_now AS
SELECT cust, invoice, contract, known_at, invoiced_on, due_on, amount, cost
FROM invoices JOIN ident USING (sid)
WHERE known_at < $as_of AND known_at >= $as_of - INTERVAL 730 DAYS AND (replaced_at IS NULL OR replaced_at >= $as_of);

CREATE OR REPLACE TEMP TABLE revenue_features AS
WITH billed AS (
    SELECT
        cust,
        coalesce(sum(amount) FILTER (WHERE invoiced_on >= $as_of_date - 180), 0) AS revenue_180d,
        coalesce(sum(amount) FILTER (WHERE invoiced_on >= $as_of_date - 365), 0) AS revenue_365d,
        coalesce(sum(cost) FILTER (WHERE invoiced_on >= $as_of_date - 365), 0) AS cost_365d,
        sum(amount) FILTER (WHERE invoiced_on >= $as_of_date - 545 AND invoiced_on < $as_of_date - 365) AS revenue_180d_year_ago,
        sum(amount) FILTER (WHERE invoiced_on < $as_of_date - 365) AS revenue_year_ago,
        sum(amount) FILTER (WHERE invoiced_on >= $as_of_date - 365 AND amount > 0) AS charged_365d,
        coalesce(sum(amount) FILTER (WHERE invoiced_on >= $as_of_date - 365 AND amount < 0), 0) AS credited_365d,
        max(invoiced_on) FILTER (WHERE amount >= 0) AS last_invoiced_on
    FROM billed_now
    GROUP BY cust
)
SELECT
    cust,
    coalesce(revenue_180d, 0)::DECIMAL(18, 2) AS revenue_180d,
    coalesce(revenue_365d, 0)::DECIMAL(18, 2) AS revenue_365d,
    revenue_180d::DOUBLE / nullif(revenue_180d_year_ago::DOUBLE, 0) - 1 AS revenue_trend_180d,
    revenue_365d::DOUBLE / nullif(revenue_year_ago::DOUBLE, 0) - 1 AS revenue_trend_365d,
    coalesce(revenue_365d - cost_365d, 0)::DECIMAL(18, 2) AS margin_365d,
    (revenue_365d - cost_365d)::DOUBLE / nullif(revenue_365d::DOUBLE, 0) AS margin_rate_365d,
    -(credited_365d::DOUBLE) / nullif(charged_365d::DOUBLE, 0) AS credited_share_365d,
    $as_of_date - last_invoiced_on AS days_since_invoice
FROM contract_features
LEFT JOIN billed USING (cust);
