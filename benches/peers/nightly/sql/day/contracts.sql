-- $contracts: what was signed, and whether it was in force, as known at $as_of.
CREATE OR REPLACE TEMP TABLE $contracts AS
WITH known AS (
    SELECT
        * EXCLUDE (sid, replaced_at, known_at, ends_on, cancelled_at),
        cust,
        known_at AS signed_at,
        CASE WHEN ends_on < $as_of_date + 14610 THEN ends_on END AS ends_on,
        CASE WHEN cancelled_at < $as_of THEN cancelled_at END AS cancelled_at
    FROM signed JOIN ident USING (sid)
    WHERE known_at < $as_of AND (replaced_at IS NULL OR replaced_at >= $as_of)
),
spans AS (SELECT *, least(ends_on, cancelled_at::DATE) AS force_until FROM known)
SELECT
    * EXCLUDE (yearly_of_term, is_project, amount, starts_on, force_until),
    CASE WHEN ends_on IS NULL THEN amount ELSE yearly_of_term END AS yearly_amount,
    ends_on IS NOT NULL AND NOT is_project AS is_recurring,
    coalesce(starts_on <= $as_of_date AND coalesce(force_until >= $as_of_date, TRUE) AND cancelled_at IS NULL, FALSE) AS in_force,
    coalesce(starts_on <= $as_of_date - 365 AND coalesce(force_until >= $as_of_date - 365, TRUE), FALSE) AS was_in_force
FROM spans;
