/*---
[[sentence]]
en = "It moved from {from_quadrant} to {to_quadrant} since the last set; cause: {cause}."
zh = "自上一期由{from_quadrant}移至{to_quadrant}；原因：{cause}。"
[[sentence]]
en = "{evidence}."
zh = "{evidence}。"
[[sentence]]
en = "It stands in the quadrant of the last set."
zh = "象限与上一期相同。"
if = "has_stayed"
[[sentence]]
en = "It was not in the last set."
zh = "上一期没有该客户。"
if = "is_new"
[[sentence]]
en = "This is the first set: there is nothing to compare with."
zh = "这是第一期数据，尚无可比较的上一期。"
if = "is_first_set"
[columns]
from_quadrant = { as = "word", words = "quadrant" }
to_quadrant = { as = "word", words = "quadrant" }
cause = { as = "word" }
evidence = { as = "text", words = "quadrant,health_band,module" }
has_stayed = { as = "flag" }
is_new = { as = "flag" }
is_first_set = { as = "flag" }
---*/
SELECT
    moves.from_quadrant,
    moves.to_quadrant,
    moves.cause,
    CASE WHEN $lang = 'zh' THEN COALESCE(moves.evidence_zh, moves.evidence) ELSE moves.evidence END AS evidence,
    before.customer_id IS NOT NULL AND before.quadrant IS NOT DISTINCT FROM now.quadrant AS has_stayed,
    before.customer_id IS NULL AND sets.customers > 0 AS is_new,
    sets.customers = 0 AS is_first_set
FROM customer_snapshot AS now
CROSS JOIN (SELECT COUNT(*) AS customers FROM previous.customer_snapshot) AS sets
LEFT JOIN previous.customer_snapshot AS before ON before.customer_id = now.customer_id
LEFT JOIN quadrant_moves AS moves ON moves.customer_id = now.customer_id
WHERE now.customer_id = $customer
