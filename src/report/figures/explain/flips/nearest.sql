/*---
title = "What would move it"
title_zh = "怎样会换象限"
note = "On each axis, the component whose points would have to change least for it to change sides, all else as it is. A rank has no figure that would do: it depends on the others."
note_zh = "每个维度上，其他不变时得分变动最小即可换边的评分项；位次类得分取决于其他客户，没有对应数值。"
empty = "No single component could move it."
empty_zh = "没有任何单一评分项能使其换象限。"
[columns]
axis = { en = "Axis", zh = "维度", as = "word" }
to_quadrant = { en = "Would be", zh = "将成为", as = "word", words = "quadrant" }
component = { en = "Component", zh = "评分项", as = "word" }
points = { en = "Points", zh = "得分", as = "score" }
points_needed = { en = "Needed", zh = "所需得分", as = "score" }
change = { en = "Change", zh = "变动", as = "delta" }
value = { en = "Figure", zh = "数值", as = "number" }
value_needed = { en = "Needed", zh = "所需数值", as = "number" }
---*/
SELECT axis, to_quadrant, component, points, points_needed, change, value, value_needed
FROM nearest_flips
WHERE customer_id = $customer
ORDER BY abs(change), axis
