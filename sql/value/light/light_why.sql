/*---
description = "In plain words, what speaks for a customer most in the two light scores, and what against it."
grain = ["customer_id"]
tags = ["light"]
---*/
-- A component pulls by (points - 50) x weight: 50 is neither good nor bad.
WITH parts AS (
    SELECT customer_id, component, points, weight FROM light_profit_components
    UNION ALL
    SELECT customer_id, component, points, weight FROM light_willingness_components
),
worded AS (
    SELECT
        parts.customer_id,
        parts.component,
        CAST(parts.points - 50 AS DOUBLE) * parts.weight AS pull,
        CAST(round(parts.points) AS BIGINT) AS points,
        CAST(round(100 * margin_rate_12m) AS BIGINT) AS rate,
        CAST(round(100 * abs(billing_trend)) AS BIGINT) AS change,
        CASE WHEN billing_trend < 0 THEN 'down' ELSE 'up' END AS direction,
        CASE WHEN billing_trend < 0 THEN '下降' ELSE '上升' END AS direction_zh,
        CAST(ceil(100 * credited_share_12m) AS BIGINT) AS credited,
        CAST(tenure_days / 365.25 AS DECIMAL(9, 1)) AS years,
        days_since_contract,
        renewals_due_36m,
        renewals_won_36m
    FROM parts
    JOIN light_figures AS figures ON figures.customer_id = parts.customer_id
    WHERE parts.points IS NOT NULL
),
said AS (
    SELECT
        customer_id,
        pull,
        CASE component
            WHEN 'margin' THEN concat('its margin is above that of ', points, ' % of the other customers')
            WHEN 'margin_rate' THEN concat(rate, ' % of what is billed is left as margin')
            WHEN 'yearly_value' THEN concat('its yearly contract value is above that of ', points, ' % of the other customers')
            WHEN 'renewals' THEN concat('renewed ', renewals_won_36m, ' of ', renewals_due_36m, ' contracts that ended')
            WHEN 'billing_trend' THEN CASE WHEN change = 0 THEN 'recurring billing is what it was the year before'
                ELSE concat('recurring billing is ', direction, ' ', change, ' % on the year before') END
            WHEN 'last_contract' THEN concat('last signed something ', days_since_contract, ' days ago')
            WHEN 'credit_notes' THEN CASE WHEN credited = 0 THEN 'nothing was credited back in a year'
                ELSE concat(credited, ' % of what was billed in a year was credited back') END
            WHEN 'tenure' THEN concat('a customer for ', years, ' years')
            ELSE component END AS words,
        CASE component
            WHEN 'margin' THEN concat('毛利高于 ', points, '% 的其他客户')
            WHEN 'margin_rate' THEN concat('毛利率 ', rate, '%')
            WHEN 'yearly_value' THEN concat('合同年化金额高于 ', points, '% 的其他客户')
            WHEN 'renewals' THEN concat('到期合同 ', renewals_due_36m, ' 份，续签 ', renewals_won_36m, ' 份')
            WHEN 'billing_trend' THEN CASE WHEN change = 0 THEN '经常性开票额同比持平'
                ELSE concat('经常性开票额同比', direction_zh, ' ', change, '%') END
            WHEN 'last_contract' THEN concat('距最近一次签约 ', days_since_contract, ' 天')
            WHEN 'credit_notes' THEN CASE WHEN credited = 0 THEN '近一年无冲红'
                ELSE concat('近一年冲红占开票额 ', credited, '%') END
            WHEN 'tenure' THEN concat('合作 ', years, ' 年')
            ELSE component END AS words_zh,
        ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY pull DESC, component) AS nth_best,
        ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY pull, component) AS nth_worst
    FROM worded
)
SELECT
    customer_id,
    concat('Helps most: ', COALESCE(MAX(words) FILTER (WHERE nth_best = 1 AND pull > 0), 'nothing'),
           '. Hurts most: ', COALESCE(MAX(words) FILTER (WHERE nth_worst = 1 AND pull < 0), 'nothing'), '.') AS why,
    concat('最大加分：', COALESCE(MAX(words_zh) FILTER (WHERE nth_best = 1 AND pull > 0), '无'),
           '；最大减分：', COALESCE(MAX(words_zh) FILTER (WHERE nth_worst = 1 AND pull < 0), '无'), '。') AS why_zh
FROM said
GROUP BY customer_id
