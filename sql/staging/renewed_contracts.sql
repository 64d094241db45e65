/*---
description = "Contracts that were renewed, and by which: one row per contract that has a follower."
grain = ["contract_id"]
materialized = "table"
---*/
WITH direct AS (
    SELECT
        former.contract_id,
        former.customer_id,
        former.ends_on,
        former.yearly_amount,
        renewal.contract_id AS renewal_id,
        renewal.signed_at AS renewed_at
    FROM contracts AS former
    JOIN contracts AS renewal ON renewal.renews_contract_id = former.contract_id
    QUALIFY ROW_NUMBER() OVER (PARTITION BY former.contract_id ORDER BY renewal.signed_at, renewal.contract_id) = 1
),
-- Modules and users added during a term often end with it, and the renewal of the term takes them in without naming
-- them. Forgetting that would count an addition twice: when it is bought, and again as growth at the renewal.
taken_in AS (
    SELECT
        addition.contract_id,
        addition.customer_id,
        addition.ends_on,
        addition.yearly_amount,
        direct.renewal_id,
        direct.renewed_at
    FROM contracts AS addition
    JOIN direct ON direct.customer_id = addition.customer_id
    WHERE addition.contract_type IN ('module', 'users')
      AND addition.ends_on BETWEEN direct.ends_on - 31 AND direct.ends_on + 31
      AND addition.signed_at < direct.renewed_at
      AND NOT EXISTS (SELECT 1 FROM direct AS own WHERE own.contract_id = addition.contract_id)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY addition.contract_id ORDER BY direct.renewed_at, direct.renewal_id) = 1
)
SELECT * FROM direct
UNION ALL
SELECT * FROM taken_in
