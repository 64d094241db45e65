/*---
description = "What a customer in force answered when asked: one row per customer that ever answered."
grain = ["customer_id"]
tags = ["surveys"]
[columns]
nps_last = { unit = "number", group = "satisfaction", description = "Would recommend us (0-10), last answer", description_zh = "最近一次推荐意愿（0-10）" }
nps_change = { unit = "difference", group = "satisfaction",
    phrase = "Willingness to recommend us (0-10)", description = "Change of that against the answer before",
    phrase_zh = "推荐意愿（0-10）较上一次", description_zh = "推荐意愿较上一次的变化" }
nps_avg_730d = { unit = "number", group = "satisfaction", description = "Would recommend us (0-10), average of the last two years", description_zh = "近两年平均推荐意愿（0-10）" }
survey_csat_last = { unit = "number", group = "satisfaction", description = "Satisfaction (1-5), last answer", description_zh = "最近一次满意度（1-5）" }
days_since_survey = { unit = "days",
    phrase = "Since a survey was last answered", description = "Days since a survey was last answered",
    phrase_zh = "距最近一次答复调查", description_zh = "距最近一次调查的天数" }
---*/
WITH answers AS (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY customer_id, nps IS NULL ORDER BY responded_at DESC, survey_id) AS nth_nps,
        ROW_NUMBER() OVER (PARTITION BY customer_id, csat IS NULL ORDER BY responded_at DESC, survey_id) AS nth_csat
    FROM surveys
    -- An opinion of two years ago is no longer one. (By the timestamp, here and elsewhere: where a date cast from it is
    -- filtered, DataFusion 55 fails to plan over some files, "Selectivity is out of limit".)
    WHERE responded_at >= $as_of - INTERVAL '730 days'
),
answered AS (
    SELECT
        customer_id,
        MAX(nps) FILTER (WHERE nth_nps = 1) AS nps_last,
        MAX(nps) FILTER (WHERE nth_nps = 2) AS nps_before,
        AVG(nps) AS nps_avg_730d,
        MAX(csat) FILTER (WHERE nth_csat = 1) AS survey_csat_last,
        MAX(responded_on) AS last_responded_on
    FROM answers
    GROUP BY customer_id
)
SELECT
    customers.customer_id,
    nps_last,
    nps_last - nps_before AS nps_change,
    nps_avg_730d,
    survey_csat_last,
    $as_of_date - last_responded_on AS days_since_survey
FROM customers_in_force AS customers
JOIN answered ON answered.customer_id = customers.customer_id
