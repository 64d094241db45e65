/*---
description = "Everybody stands once on the map, where the snapshot says, and since a day that can be; a quadrant has a name and a reason."
---*/
SELECT
    COALESCE(state.customer_id, snapshot.customer_id) AS customer_id,
    state.quadrant,
    snapshot.quadrant AS snapshot_quadrant,
    state.quadrant_rule,
    state.quadrant_since,
    state.former_quadrant
FROM quadrant_states AS state
FULL JOIN customer_snapshot AS snapshot ON snapshot.customer_id = state.customer_id
WHERE state.customer_id IS NULL
   OR snapshot.customer_id IS NULL
   -- In brackets: DataFusion reads what follows IS DISTINCT FROM to the end.
   OR (state.quadrant IS DISTINCT FROM snapshot.quadrant)
   OR (state.quadrant_since IS DISTINCT FROM snapshot.quadrant_since)
   OR (state.quadrant IS NULL) <> (state.quadrant_rule IS NULL)
   OR state.quadrant NOT IN ('star', 'cash_cow', 'question_mark', 'dog')
   OR state.former_quadrant = state.quadrant
