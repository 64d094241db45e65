/*---
description = "The segments hold every customer of the file once, and the snapshot all who are still there, with all of the risk."
---*/
WITH file AS (
    SELECT rows_known AS customers FROM luopan.sources WHERE source = 'telco_customers'
), summary AS (
    SELECT
        sum(customers) AS customers,
        sum(left_last_month) AS left_last_month,
        sum(still_there) AS still_there,
        sum(value_at_risk) AS value_at_risk
    FROM segment_summary
), snapshot AS (
    SELECT count(*) AS still_there, sum(value_at_risk) AS value_at_risk FROM customer_snapshot
)
SELECT
    file.customers AS in_file,
    summary.customers AS in_segments,
    summary.still_there AS still_there_in_segments,
    snapshot.still_there AS in_snapshot,
    summary.value_at_risk AS risk_in_segments,
    snapshot.value_at_risk AS risk_in_snapshot
FROM file
CROSS JOIN summary
CROSS JOIN snapshot
WHERE file.customers <> summary.customers
    OR summary.customers <> summary.left_last_month + summary.still_there
    OR summary.still_there <> snapshot.still_there
    OR summary.value_at_risk <> snapshot.value_at_risk
