/*---
title = "Where effort and value do not match"
title_zh = "投入与价值不匹配之处"
note = "Fair: the share of the margin or of the growth, whichever is nearer. To move: what it would get more (or less) in a year at that share."
note_zh = "应得占比取毛利占比与预期增长占比中较接近者；应调整为按应得占比每年应增减的数量。"
empty = "No quadrant gets far more or far less effort than it brings."
empty_zh = "各象限投入与价值大致相称。"
[columns]
quadrant = { en = "Quadrant", zh = "象限", as = "word" }
resource = { en = "Effort", zh = "资源", as = "word" }
direction = { en = "Gets", zh = "投入", as = "word" }
used_share = { en = "Its share", zh = "实际占比", as = "percent" }
fair_share = { en = "Fair", zh = "应得占比", as = "percent" }
to_move = { en = "To move", zh = "应调整", as = "delta" }
finding = { en = "In words", zh = "说明", as = "text" }
---*/
SELECT
    quadrant,
    resource,
    direction,
    used_share,
    fair_share,
    ROUND(to_move) AS to_move,
    CASE WHEN $lang = 'zh' THEN COALESCE(finding_zh, finding) ELSE finding END AS finding
FROM misallocations
ORDER BY ABS(used_share - fair_share) DESC, resource, quadrant
