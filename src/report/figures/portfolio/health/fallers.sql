/*---
title = "Customers whose health fell most"
title_zh = "健康度大幅下降的客户"
note = "15 points or more in three months, the largest customers first. Weakest: the component that costs the score most now. At most 5,000."
note_zh = "近三个月下降 15 分以上，按开票额排序。最弱项：目前失分最多的评分项；最多 5,000 家。"
list = true
empty = "Nobody lost 15 points in three months, or there is no set of three months ago."
empty_zh = "近三个月没有客户下降 15 分以上，或尚无三个月前的数据。"
[columns]
customer_id = { en = "No.", zh = "客户编号", as = "text" }
customer_name = { en = "Customer", zh = "客户", as = "customer" }
owner = { en = "Account manager", zh = "客户经理", as = "text" }
quadrant = { en = "Quadrant", zh = "象限", as = "word" }
revenue_12m = { en = "Revenue, 12 months", zh = "近 12 个月开票额", as = "money" }
health_score = { en = "Health", zh = "健康度", as = "score" }
health_change_3m = { en = "In three months", zh = "三个月变化", as = "delta" }
weakest = { en = "Weakest", zh = "最弱项", as = "word", words = "component" }
logins_trend_91d = { en = "Logins", zh = "登录变化", as = "change", help = "Last 13 weeks against the 13 before", help_zh = "近 13 周较前 13 周" }
complaints_90d = { en = "Complaints, 90 days", zh = "近 90 天投诉", as = "count" }
renewal_due_on = { en = "Renewal due", zh = "待续签到期", as = "date" }
---*/
WITH ranked AS (
    SELECT
        customer_id,
        component,
        ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY weight * 100 - CAST(contribution AS DOUBLE) DESC, component)
            AS place
    FROM score_components
    WHERE score = 'health' AND points IS NOT NULL
)
SELECT
    signal.customer_id,
    COALESCE(signal.customer_name, signal.customer_id) AS customer_name,
    signal.owner,
    signal.quadrant,
    signal.revenue_12m,
    signal.health_score,
    signal.health_change_3m,
    ranked.component AS weakest,
    signal.logins_trend_91d,
    signal.complaints_90d,
    signal.renewal_due_on
FROM customer_signals AS signal
LEFT JOIN ranked ON ranked.customer_id = signal.customer_id AND ranked.place = 1
WHERE signal.health_change_3m <= -15
ORDER BY signal.revenue_12m DESC, signal.customer_id
LIMIT 5000
