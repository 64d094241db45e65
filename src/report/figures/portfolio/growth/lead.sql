/*---
[[sentence]]
en = "{expected} of growth in yearly value is expected within 180 days, {star_share} of it from stars."
zh = "未来 180 天预期增长年化金额 {expected}，其中 {star_share} 来自明星客户。"
[[sentence]]
en = "Of such forecasts, the one of {graded_on} added up to {ratio} of what then came."
zh = "此前预测的检验：{graded_on} 的预测合计为实际的 {ratio}。"
[[sentence]]
en = "{space_customers} customers lack modules that customers like them have; if they bought all of these they would pay {whitespace} more a year. Nobody expects that: it is where to look."
zh = "{space_customers} 家客户缺少同类客户常用的模块；若全部购买，每年可增加 {whitespace}。这是可寻找的空间，不是预测。"
[[sentence]]
en = "{question_marks} question marks are healthy, so worth raising; {question_mark_growth} of growth is expected from them."
zh = "{question_marks} 家问号客户健康状况良好，值得培育，预期增长 {question_mark_growth}。"
if = "has_question_marks"
[columns]
expected = { as = "money" }
star_share = { as = "percent" }
graded_on = { as = "date" }
ratio = { as = "percent" }
space_customers = { as = "count" }
whitespace = { as = "money" }
question_marks = { as = "count" }
question_mark_growth = { as = "money" }
has_question_marks = { as = "flag" }
---*/
WITH totals AS (
    SELECT
        SUM(expected_expansion) AS expected,
        MAX(expansion_share) FILTER (WHERE quadrant = 'star') AS star_share,
        SUM(whitespace_value) AS whitespace
    FROM resource_use
),
graded AS (
    SELECT MAX(test_cutoff) AS graded_on, MAX(value) AS ratio
    FROM model_metrics
    WHERE model = 'growth_potential' AND status = 'published' AND metric = 'total_ratio'
),
space AS (
    SELECT COUNT(DISTINCT customer_id) AS space_customers FROM whitespace
),
questions AS (
    SELECT COUNT(*) AS question_marks, SUM(expected_expansion) AS question_mark_growth
    FROM customer_snapshot
    WHERE quadrant = 'question_mark' AND health_band = 'healthy'
)
SELECT
    expected,
    star_share,
    graded_on,
    ratio,
    space_customers,
    whitespace,
    question_marks,
    question_mark_growth,
    question_marks > 0 AS has_question_marks
FROM totals
CROSS JOIN graded
CROSS JOIN space
CROSS JOIN questions
