/*---
title = "Which customers each channel has"
title_zh = "各渠道客户构成"
note = "Revenue of 12 months by quadrant, of the 15 partners with the most; direct sales would dwarf them and are left out."
note_zh = "开票额最多的 15 家伙伴按象限的开票额构成；直销体量过大，未列入。"
chart = "stacked"
empty = "Nothing is sold by partners."
empty_zh = "没有渠道伙伴销售的客户。"
[columns]
channel = { en = "Partner", zh = "渠道伙伴", as = "word", chart = "x" }
star_revenue_12m = { en = "Stars", zh = "明星", as = "money", chart = "y" }
cash_cow_revenue_12m = { en = "Cash cows", zh = "现金牛", as = "money", chart = "y" }
question_mark_revenue_12m = { en = "Question marks", zh = "问号", as = "money", chart = "y" }
dog_revenue_12m = { en = "Dogs", zh = "瘦狗", as = "money", chart = "y" }
stars = { en = "Stars, number", zh = "明星客户数", as = "count" }
cash_cows = { en = "Cash cows, number", zh = "现金牛客户数", as = "count" }
question_marks = { en = "Question marks, number", zh = "问号客户数", as = "count" }
dogs = { en = "Dogs, number", zh = "瘦狗客户数", as = "count" }
---*/
SELECT
    channel,
    star_revenue_12m,
    cash_cow_revenue_12m,
    question_mark_revenue_12m,
    dog_revenue_12m,
    stars,
    cash_cows,
    question_marks,
    dogs
FROM channel_figures
WHERE channel <> 'direct'
ORDER BY revenue_12m DESC, channel
LIMIT 15
