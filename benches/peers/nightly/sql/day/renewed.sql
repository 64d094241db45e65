-- $renewed: contracts of $contracts that were renewed, and by which.
CREATE OR REPLACE TEMP TABLE $renewed AS
WITH direct AS (
    SELECT former.c, former.cust, former.ends_on, former.yearly_amount, renewal.c AS renewal_c, renewal.signed_at AS renewed_at
    FROM $contracts AS former
    JOIN $contracts AS renewal ON renewal.renews_c = former.c
    QUALIFY row_number() OVER (PARTITION BY former.c ORDER BY renewal.signed_at, renewal.c) = 1
),
taken_in AS (
    SELECT addition.c, addition.cust, addition.ends_on, addition.yearly_amount, direct.renewal_c, direct.renewed_at
    FROM $contracts AS addition
    JOIN direct ON direct.cust = addition.cust
    WHERE addition.is_addition
      AND addition.ends_on BETWEEN direct.ends_on - 31 AND direct.ends_on + 31
      AND addition.signed_at < direct.renewed_at
      AND addition.c NOT IN (SELECT c FROM direct)
    QUALIFY row_number() OVER (PARTITION BY addition.c ORDER BY direct.renewed_at, direct.renewal_c) = 1
)
FROM direct UNION ALL FROM taken_in;
