/*---
description = "What a customer in force has signed, what of it runs out, and how renewals went."
grain = ["customer_id"]
tags = ["contracts"]
[columns]
tenure_days = { unit = "days", group = "age",
    phrase = "Customer for", description = "Days since the first contract",
    phrase_zh = "首份合同至今", description_zh = "首份合同至今的天数" }
contracts_in_force = { unit = "number", group = "breadth", description = "Contracts in force", description_zh = "有效合同数" }
value_in_force = { unit = "money", group = "size",
    phrase = "Yearly value of its contracts", description = "Yearly value of the contracts in force that have to be renewed",
    phrase_zh = "有效合同年化金额", description_zh = "需续签的有效合同的年化金额" }
subscription_share = { unit = "share",
    phrase = "Subscription in the value of its contracts", description = "Share of that value that is subscription",
    phrase_zh = "合同金额中订阅占比", description_zh = "需续签金额中订阅所占比例" }
modules_in_force = { unit = "number", group = "breadth", description = "Modules under contract", description_zh = "已签约模块数" }
licensed_users = { unit = "number", group = "size", description = "Users under contract", description_zh = "签约用户数" }
days_to_first_end = { unit = "days", group = "renewal_due",
    phrase = "Until the next contract has to be renewed", description = "Days until the next contract has to be renewed",
    phrase_zh = "距最近一份合同需续签", description_zh = "距最近一份合同需续签的天数" }
days_to_last_end = { unit = "days", group = "renewal_due",
    phrase = "Until the last contract with an end has ended", description = "Days until the last contract with an end has ended",
    phrase_zh = "距全部合同到期", description_zh = "距全部合同到期的天数" }
ending_90d_share = { unit = "share", group = "renewal_due",
    phrase = "Contract value that ends within 90 days and is not renewed", description = "Share of the yearly value that ends within 90 days and is not yet renewed",
    phrase_zh = "90 天内到期未续的合同金额占比", description_zh = "90 天内到期且尚未续签的金额占比" }
ended_unrenewed_365d = { unit = "number", group = "renewals",
    phrase = "Contracts that ran out unrenewed in a year", description = "Contracts that ran out in the last year without renewal",
    phrase_zh = "近一年到期未续的合同数", description_zh = "近一年到期未续的合同数" }
renewals_signed_730d = { unit = "number", group = "renewals",
    phrase = "Renewals signed in two years", description = "Renewals signed in the last two years",
    phrase_zh = "近两年续签次数", description_zh = "近两年续签次数" }
renewal_change_730d = { unit = "change", group = "renewals",
    phrase = "Contract value at the renewals of two years", description = "Change of the yearly value at the renewals of the last two years (0.1 = up 10 %)",
    phrase_zh = "近两年续签时年化金额", description_zh = "近两年续签时年化金额的变化（0.1 即增长 10%）" }
renewal_lead_days = { unit = "days", group = "renewals",
    phrase = "Last renewal signed before the old contract ended", description = "Days by which the last renewal was signed before the old contract ended (below 0: after)",
    phrase_zh = "最近一次续签比旧合同到期提前", description_zh = "最近一次续签比旧合同到期提前的天数（负数为逾期）" }
added_value_365d = { unit = "money", group = "buying",
    phrase = "Bought beyond renewals in a year", description = "Yearly value bought in the last year beyond renewals",
    phrase_zh = "近一年新增合同年化金额", description_zh = "近一年新增合同的年化金额" }
---*/
WITH signed AS (
    SELECT
        contracts.*,
        -- A date before there was software is a slip, and would make a customer a century old.
        CASE WHEN signed_on >= DATE '1980-01-01' THEN signed_on END AS signed_day,
        follower.renewal_id
    FROM contracts
    LEFT JOIN renewed_contracts AS follower ON follower.contract_id = contracts.contract_id
),
totals AS (
    SELECT
        customer_id,
        MIN(signed_day) AS first_signed_on,
        COUNT(*) FILTER (WHERE in_force) AS contracts_in_force,
        COALESCE(SUM(yearly_amount) FILTER (WHERE in_force AND is_recurring), 0) AS value_in_force,
        COALESCE(SUM(yearly_amount) FILTER (WHERE in_force AND is_recurring AND contract_type = 'subscription'), 0)
            AS subscription_value,
        MIN(ends_on) FILTER (WHERE in_force AND is_recurring) AS first_end,
        MAX(ends_on) FILTER (WHERE in_force) AS last_end,
        COALESCE(SUM(yearly_amount) FILTER (WHERE in_force AND is_recurring AND ends_on < $as_of_date + 90
                                              AND renewal_id IS NULL), 0) AS ending_value,
        COUNT(*) FILTER (WHERE is_recurring AND ends_on < $as_of_date AND ends_on >= $as_of_date - 365
                           AND cancelled_at IS NULL AND renewal_id IS NULL) AS ended_unrenewed_365d,
        COUNT(*) FILTER (WHERE is_renewal AND signed_on >= $as_of_date - 730) AS renewals_signed_730d,
        COALESCE(SUM(yearly_amount) FILTER (WHERE NOT is_renewal AND signed_on >= $as_of_date - 365), 0) AS added_value_365d
    FROM signed
    GROUP BY customer_id
),
-- A licence or subscription grants a number of users, and its parts and renewals repeat it; later additions add to it.
users AS (
    SELECT
        customer_id,
        NULLIF(COALESCE(MAX(licensed_users) FILTER (WHERE contract_type <> 'users'), 0)
            + COALESCE(SUM(licensed_users) FILTER (WHERE contract_type = 'users'), 0), 0) AS licensed_users
    FROM contracts
    WHERE in_force
    GROUP BY customer_id
),
breadth AS (
    SELECT customer_id, COUNT(*) AS modules
    FROM (SELECT DISTINCT customer_id, module FROM contracts WHERE in_force AND module IS NOT NULL) AS rights
    GROUP BY customer_id
),
renewals AS (
    SELECT
        renewal.customer_id,
        renewal.signed_on,
        renewal.yearly_amount,
        SUM(former.yearly_amount) AS former_amount,
        MAX(former.ends_on) - renewal.signed_on AS lead_days,
        ROW_NUMBER() OVER (PARTITION BY renewal.customer_id ORDER BY renewal.signed_at DESC, renewal.contract_id) AS nth
    FROM contracts AS renewal
    JOIN renewed_contracts AS former ON former.renewal_id = renewal.contract_id
    GROUP BY renewal.contract_id, renewal.customer_id, renewal.signed_at, renewal.signed_on, renewal.yearly_amount
),
renewed AS (
    SELECT
        customer_id,
        SUM(yearly_amount) FILTER (WHERE signed_on >= $as_of_date - 730) AS renewed_value,
        SUM(former_amount) FILTER (WHERE signed_on >= $as_of_date - 730) AS former_value,
        MAX(lead_days) FILTER (WHERE nth = 1) AS renewal_lead_days
    FROM renewals
    GROUP BY customer_id
)
SELECT
    customers.customer_id,
    $as_of_date - first_signed_on AS tenure_days,
    contracts_in_force,
    CAST(value_in_force AS DECIMAL(18, 2)) AS value_in_force,
    CAST(subscription_value AS DOUBLE) / NULLIF(CAST(value_in_force AS DOUBLE), 0) AS subscription_share,
    COALESCE(breadth.modules, 0) AS modules_in_force,
    licensed_users,
    first_end - $as_of_date AS days_to_first_end,
    last_end - $as_of_date AS days_to_last_end,
    CAST(ending_value AS DOUBLE) / NULLIF(CAST(value_in_force AS DOUBLE), 0) AS ending_90d_share,
    ended_unrenewed_365d,
    renewals_signed_730d,
    CAST(renewed_value AS DOUBLE) / NULLIF(CAST(former_value AS DOUBLE), 0) - 1 AS renewal_change_730d,
    renewal_lead_days,
    CAST(added_value_365d AS DECIMAL(18, 2)) AS added_value_365d
FROM customers_in_force AS customers
JOIN totals ON totals.customer_id = customers.customer_id
LEFT JOIN users ON users.customer_id = customers.customer_id
LEFT JOIN breadth ON breadth.customer_id = customers.customer_id
LEFT JOIN renewed ON renewed.customer_id = customers.customer_id
