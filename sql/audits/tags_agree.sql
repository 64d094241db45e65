/*---
description = "The typed tags say what the snapshot's text of tags says."
---*/
WITH compared AS (
    SELECT tags.*, concat(',', COALESCE(snapshot.tags, ''), ',') AS text
    FROM customer_tags AS tags
    JOIN customer_snapshot AS snapshot ON snapshot.customer_id = tags.customer_id
)
SELECT customer_id, text
FROM compared
-- A tag that is unknown is not in the text.
WHERE COALESCE(is_benchmark, FALSE) <> (text LIKE '%,benchmark,%')
   OR COALESCE(is_co_creator, FALSE) <> (text LIKE '%,co_creation,%')
   OR COALESCE(expanding, FALSE) <> (text LIKE '%,expanding,%')
   OR COALESCE(falling_use, FALSE) <> (text LIKE '%,falling_use,%')
   OR COALESCE(is_overdue, FALSE) <> (text LIKE '%,overdue,%')
   OR COALESCE(refers, FALSE) <> (text LIKE '%,refers,%')
   OR COALESCE(renewal_due_90d, FALSE) <> (text LIKE '%,renewal_due,%')
   OR COALESCE(lost_sponsor, FALSE) <> (text LIKE '%,sponsor_lost,%')
   OR unprofitable <> (text LIKE '%,unprofitable,%')
   OR (is_new AND text NOT LIKE '%,new,%')
