CREATE TEMP TABLE raw_contracts AS
SELECT *, lower(contract_id) AS id, lower(renews_contract_id) AS renews_id
FROM $standing(erp/contracts/*.parquet, lower(contract_id), signed_at);

CREATE TEMP TABLE contract_ids AS
SELECT (row_number() OVER (ORDER BY id))::INTEGER AS c, id FROM (SELECT DISTINCT id FROM raw_contracts);

CREATE TEMP TABLE signed AS
WITH cleaned AS (
    SELECT
        own.c,
        former.c AS renews_c,
        sid,
        make_timestamp(epoch_us(signed_at)) AS known_at,
        replaced_at,
        make_timestamp(epoch_us(cancelled_at)) AS cancelled_at,
        lower(contract_type) AS contract_type,
        lower(module) AS module,
        CASE WHEN licensed_users > 0 THEN licensed_users END AS licensed_users,
        CASE WHEN amount BETWEEN 0 AND 1000000000 THEN amount ELSE 0 END::DECIMAL(18, 2) AS amount,
        starts_on,
        ends_on,
        renews_id IS NOT NULL AS is_renewal,
        greatest(round((ends_on - starts_on + 1) / 30.4375::DOUBLE)::BIGINT, 1) AS months
    FROM raw_contracts
    JOIN contract_ids AS own USING (id)
    JOIN ids ON ids.source_system = 'erp' AND ids.source_id = lower(raw_contracts.erp_customer_id)
    LEFT JOIN contract_ids AS former ON former.id = raw_contracts.renews_id
)
SELECT
    * EXCLUDE (contract_type, months),
    contract_type = 'subscription' AS is_subscription,
    contract_type = 'users' AS is_users,
    contract_type IN ('module', 'users') AS is_addition,
    contract_type IN ('module', 'users', 'upgrade', 'customization') AS is_growth,
    contract_type IN ('upgrade', 'customization') AS is_project,
    -- Halves go up, in whole numbers: money is never rounded by way of a float.
    CASE WHEN ends_on >= starts_on AND contract_type NOT IN ('upgrade', 'customization')
         THEN ((((amount * 100)::BIGINT * 24 + months) // (2 * months))::DECIMAL(18, 0) * 0.01::DECIMAL(3, 2))::DECIMAL(18, 2)
         ELSE amount END AS yearly_of_term
FROM cleaned;

DROP TABLE raw_contracts;

CREATE TEMP TABLE raw_invoices AS
SELECT *, lower(invoice_id) AS id, lower(contract_id) AS for_contract
FROM $standing(erp/invoices/month=*/*.parquet, lower(invoice_id), invoiced_at)
WHERE invoiced_at >= TIMESTAMPTZ '1980-01-01 00:00:00+00';

CREATE TEMP TABLE invoice_ids AS
SELECT (row_number() OVER (ORDER BY id))::INTEGER AS invoice, id FROM (SELECT DISTINCT id FROM raw_invoices);

CREATE TEMP TABLE billed_contracts AS
SELECT (row_number() OVER (ORDER BY for_contract))::INTEGER AS contract, for_contract
FROM (SELECT DISTINCT for_contract FROM raw_invoices WHERE for_contract IS NOT NULL);

CREATE TEMP TABLE invoices AS
SELECT
    invoice,
    coalesce(contract, 0) AS contract,
    sid,
    make_timestamp(epoch_us(invoiced_at)) AS known_at,
    replaced_at,
    make_timestamp(epoch_us(invoiced_at))::DATE AS invoiced_on,
    CASE WHEN due_on - make_timestamp(epoch_us(invoiced_at))::DATE BETWEEN -31 AND 731 THEN due_on END AS due_on,
    CASE WHEN abs(amount) <= 1000000000 THEN amount END AS amount,
    CASE WHEN abs(cost) <= 1000000000 THEN cost END AS cost
FROM raw_invoices
JOIN invoice_ids USING (id)
JOIN ids ON ids.source_system = 'erp' AND ids.source_id = lower(raw_invoices.erp_customer_id)
LEFT JOIN billed_contracts USING (for_contract);

DROP TABLE raw_invoices;

CREATE TEMP TABLE payments AS
SELECT
    invoice,
    sid,
    make_timestamp(epoch_us(paid_at)) AS known_at,
    replaced_at,
    make_timestamp(epoch_us(paid_at))::DATE AS paid_on,
    CASE WHEN abs(amount) <= 1000000000 THEN amount END AS amount
FROM $standing(erp/payments/month=*/*.parquet, lower(payment_id), paid_at) AS paid
JOIN invoice_ids ON invoice_ids.id = lower(paid.invoice_id)
JOIN ids ON ids.source_system = 'erp' AND ids.source_id = lower(paid.erp_customer_id)
WHERE paid_at >= TIMESTAMPTZ '1980-01-01 00:00:00+00';
