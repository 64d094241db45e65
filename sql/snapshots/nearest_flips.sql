/*---
description = "What would move a customer: on each axis, the component whose points would have to change least for it to change sides, all else as it is."
description_zh = "什么会使客户换象限：在每条轴上，其余不变时，只需最小得分变化即可越过分界线的组成部分。"
grain = ["customer_id", "axis"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
axis = { type = "text", null = false, description = "x (worth now) or y (worth to come)", description_zh = "x 当前价值，y 未来价值" }
from_quadrant = { type = "text", null = false, description = "Where it stands", description_zh = "当前象限" }
to_quadrant = { type = "text", null = false, description = "Where it would stand", description_zh = "将进入的象限" }
score = { type = "text", null = false, description = "The score that the component is a part of", description_zh = "所属评分" }
component = { type = "text", null = false, description = "The component", description_zh = "评分项" }
value = { type = "double", description = "Its figure now; null for words", description_zh = "当前数值" }
value_needed = { type = "double", description = "The figure that would do; null for ranks and words", description_zh = "所需数值；位次与文字项为空" }
points = { type = "double", null = false, description = "Its points now (0-100)", description_zh = "当前得分（0-100）" }
points_needed = { type = "double", null = false, description = "The points that would do", description_zh = "所需得分" }
change = { type = "double", null = false, description = "The change in points", description_zh = "所需得分变化" }
is_nearest = { type = "bool", null = false, description = "Whether it is the smaller of the customer's two", description_zh = "是否为该客户最小的变化" }
---*/
SELECT
    customer_id, axis, from_quadrant, to_quadrant, score, component, value, value_needed, points, points_needed, change,
    is_nearest
FROM quadrant_flips
