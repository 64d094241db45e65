-- $contracts as of the cutoff, $later as of the end of the horizon; a contract is followed to whom it belongs then.
CREATE OR REPLACE TEMP TABLE churned AS
SELECT held.cust, count(still.cust) = 0 AS churned
FROM $contracts AS held
LEFT JOIN $later AS later USING (c)
LEFT JOIN (SELECT DISTINCT cust FROM $later WHERE in_force) AS still ON still.cust = coalesce(later.cust, held.cust)
WHERE held.in_force
GROUP BY held.cust;
