CREATE OR REPLACE TEMP TABLE contract_features AS
WITH totals AS (
    SELECT
        contracts.cust,
        min(CASE WHEN signed_at >= TIMESTAMP '1980-01-01' THEN signed_at END)::DATE AS first_signed_on,
        count(*) FILTER (WHERE in_force) AS contracts_in_force,
        coalesce(sum(contracts.yearly_amount) FILTER (WHERE in_force AND is_recurring), 0) AS value_in_force,
        coalesce(sum(contracts.yearly_amount) FILTER (WHERE in_force AND is_recurring AND is_subscription), 0) AS subscription_value,
        min(contracts.ends_on) FILTER (WHERE in_force AND is_recurring) AS first_end,
        max(contracts.ends_on) FILTER (WHERE in_force) AS last_end,
        coalesce(sum(contracts.yearly_amount) FILTER (
            WHERE in_force AND is_recurring AND contracts.ends_on < $as_of_date + 90 AND renewal_c IS NULL), 0) AS ending_value,
        count(*) FILTER (
            WHERE is_recurring AND contracts.ends_on < $as_of_date AND contracts.ends_on >= $as_of_date - 365
              AND cancelled_at IS NULL AND renewal_c IS NULL) AS ended_unrenewed_365d,
        count(*) FILTER (WHERE is_renewal AND signed_at >= $as_of - INTERVAL 730 DAYS) AS renewals_signed_730d,
        coalesce(sum(contracts.yearly_amount) FILTER (WHERE NOT is_renewal AND signed_at >= $as_of - INTERVAL 365 DAYS), 0)
            AS added_value_365d,
        count(DISTINCT module) FILTER (WHERE in_force) AS modules_in_force,
        nullif(coalesce(max(licensed_users) FILTER (WHERE in_force AND NOT is_users), 0)
            + coalesce(sum(licensed_users) FILTER (WHERE in_force AND is_users), 0), 0)::BIGINT AS licensed_users
    FROM $contracts AS contracts
    LEFT JOIN $renewed AS follower USING (c)
    GROUP BY contracts.cust
    HAVING bool_or(in_force)
),
renewals AS (
    SELECT
        renewal.cust,
        renewal.c,
        any_value(renewal.signed_at) AS signed_at,
        any_value(renewal.yearly_amount) AS yearly_amount,
        sum(former.yearly_amount) AS former_amount,
        max(former.ends_on) - any_value(renewal.signed_at)::DATE AS lead_days
    FROM $contracts AS renewal
    JOIN $renewed AS former ON former.renewal_c = renewal.c
    GROUP BY renewal.c, renewal.cust
),
renewed AS (
    SELECT
        cust,
        sum(yearly_amount) FILTER (WHERE signed_at >= $as_of - INTERVAL 730 DAYS) AS renewed_value,
        sum(former_amount) FILTER (WHERE signed_at >= $as_of - INTERVAL 730 DAYS) AS former_value,
        -- By the newest, of those of one time by the first id.
        arg_max(lead_days, epoch_us(signed_at)::HUGEINT * 2147483648 - c) AS renewal_lead_days
    FROM renewals
    GROUP BY cust
)
SELECT
    cust,
    $as_of_date - first_signed_on AS tenure_days,
    contracts_in_force,
    value_in_force::DECIMAL(18, 2) AS value_in_force,
    subscription_value::DOUBLE / nullif(value_in_force::DOUBLE, 0) AS subscription_share,
    modules_in_force,
    licensed_users,
    first_end - $as_of_date AS days_to_first_end,
    last_end - $as_of_date AS days_to_last_end,
    ending_value::DOUBLE / nullif(value_in_force::DOUBLE, 0) AS ending_90d_share,
    ended_unrenewed_365d,
    renewals_signed_730d,
    renewed_value::DOUBLE / nullif(former_value::DOUBLE, 0) - 1 AS renewal_change_730d,
    renewal_lead_days,
    added_value_365d::DECIMAL(18, 2) AS added_value_365d
FROM totals
LEFT JOIN renewed USING (cust);
