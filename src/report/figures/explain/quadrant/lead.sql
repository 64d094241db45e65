/*---
[[sentence]]
en = "{quadrant}, since {quadrant_since}."
zh = "{quadrant}，始于 {quadrant_since}。"
[[sentence]]
en = "Before that it was {former_quadrant}."
zh = "此前为{former_quadrant}。"
[[sentence]]
en = "The two cuts decide it."
zh = "由两条分界线决定。"
if = "by_cuts_alone"
[[sentence]]
en = "By the cuts alone it would be {by_cuts}; it stays because it is not far enough beyond the cut."
zh = "仅按分界线应为{by_cuts}；因越过分界线不够远，维持原象限。"
if = "by_margin"
[[sentence]]
en = "By the cuts alone it would be {by_cuts}; it stays because it moved only lately."
zh = "仅按分界线应为{by_cuts}；因刚移动不久，维持原象限。"
if = "by_stay"
[[sentence]]
en = "The rule {quadrant_rule} decides it, whatever the scores say; by the cuts alone it would be {by_cuts}."
zh = "由规则{quadrant_rule}直接决定，与得分无关；仅按分界线应为{by_cuts}。"
if = "by_rule"
[[sentence]]
en = "It stands in no quadrant: at least one of its two axes is unknown."
zh = "暂无象限：至少一个维度未知。"
if = "is_unplaced"
[columns]
quadrant = { as = "word" }
quadrant_since = { as = "date" }
former_quadrant = { as = "word", words = "quadrant" }
quadrant_rule = { as = "word", words = "rule" }
by_cuts = { as = "word", words = "quadrant" }
by_cuts_alone = { as = "flag" }
by_margin = { as = "flag" }
by_stay = { as = "flag" }
by_rule = { as = "flag" }
is_unplaced = { as = "flag" }
---*/
SELECT
    quadrant,
    quadrant_since,
    former_quadrant,
    quadrant_rule,
    by_cuts,
    COALESCE(quadrant_rule = 'cuts', FALSE) AS by_cuts_alone,
    COALESCE(quadrant_rule = 'margin', FALSE) AS by_margin,
    COALESCE(quadrant_rule = 'minimum_stay', FALSE) AS by_stay,
    COALESCE(quadrant_rule NOT IN ('cuts', 'margin', 'minimum_stay'), FALSE) AS by_rule,
    quadrant IS NULL AS is_unplaced
FROM quadrant_states
WHERE customer_id = $customer
