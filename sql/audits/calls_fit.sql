/*---
description = "Nobody is given more calls than there is time for, and nobody below the line would keep more than somebody above it."
---*/
SELECT owner, COUNT(*) FILTER (WHERE fits) AS calls, MIN(expected_kept) FILTER (WHERE fits) AS least_above,
    MAX(expected_kept) FILTER (WHERE NOT fits) AS most_below
FROM call_list
GROUP BY owner
HAVING COUNT(*) FILTER (WHERE fits) > $calls_per_week
    OR MIN(expected_kept) FILTER (WHERE fits) < MAX(expected_kept) FILTER (WHERE NOT fits)
    OR MIN(expected_kept) <= 0
