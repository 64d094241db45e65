/*---
title = "Why it may leave"
title_zh = "为什么可能流失"
note = "Each line adds to the log-odds, where 0 means one in two; the last line is their sum s, and 1 / (1 + exp(-s)) is the probability. Beside each line: the probability down to it."
note_zh = "每行是对“对数几率”的增减（0 相当于五成），末行为合计 s，概率 = 1 / (1 + exp(-s))；右列为累计至该行的概率。"
empty = "No reasons: the model gave no probability."
empty_zh = "没有原因：模型未给出概率。"
[columns]
reason = { en = "Reason", zh = "原因", as = "text" }
contribution = { en = "Adds", zh = "增减", as = "delta" }
so_far = { en = "So far", zh = "累计概率", as = "percent" }
---*/
WITH lines AS (
    SELECT
        CASE WHEN effect = 'base' THEN 0 ELSE rank END AS place,
        CASE WHEN $lang = 'zh' THEN COALESCE(text_zh, text) ELSE text END AS reason,
        CAST(contribution AS DECIMAL(18, 9)) AS contribution
    FROM score_reasons
    WHERE model = 'churn_risk' AND customer_id = $customer
),
added AS (
    SELECT place, reason, contribution, SUM(contribution) OVER (ORDER BY place) AS log_odds FROM lines
    UNION ALL
    SELECT 1000 AS place, CASE WHEN $lang = 'zh' THEN '合计' ELSE 'Together' END AS reason, total AS contribution, total AS log_odds
    FROM (SELECT SUM(contribution) AS total FROM lines)
    WHERE total IS NOT NULL
)
SELECT reason, contribution, 1 / (1 + exp(-CAST(log_odds AS DOUBLE))) AS so_far
FROM added
ORDER BY place
