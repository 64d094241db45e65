/*---
description = "How many customers of each group will leave within 90 days, and what goes with them: expected, with a 95 % interval as far as past cutoffs can tell how far off all probabilities may be together."
description_zh = "各分组 90 天内预计流失的客户数及随之流失的金额：预期值，并在以往截止日足以判断整体概率偏差时给出 95% 区间。"
grain = ["group_kind", "group_name"]
[columns]
group_kind = { type = "text", null = false, description = "all, industry, region, channel, quadrant or health_band", description_zh = "分组方式：all 全部、industry 行业、region 区域、channel 渠道、quadrant 象限、health_band 健康度分档" }
group_name = { type = "text", null = false, description = "Which one; unknown where that is not known", description_zh = "分组名称；未知则为 unknown" }
customers = { type = "int", null = false, description = "Customers with a probability", description_zh = "有流失概率的客户数" }
expected_churners = { type = "double", description = "Sum of their probabilities", description_zh = "预计流失客户数（流失概率之和）" }
churners_low = { type = "double", description = "Lower end of the interval", description_zh = "预计流失客户数的 95% 区间下限" }
churners_high = { type = "double", description = "Upper end", description_zh = "预计流失客户数的 95% 区间上限" }
value_at_risk = { type = "decimal(18,2)", description = "Margin of a year that is expected to leave", description_zh = "90 天内预计流失的年毛利" }
value_at_risk_low = { type = "decimal(18,2)", description = "Lower end of the interval", description_zh = "预计流失毛利的 95% 区间下限" }
value_at_risk_high = { type = "decimal(18,2)", description = "Upper end", description_zh = "预计流失毛利的 95% 区间上限" }
---*/
-- Two things make a group's sum uncertain. Chance: each customer leaves or stays, with variance p (1 - p). And the model:
-- all log-odds may be off together, by an offset and a slope whose variances luopan.models has, measured on cutoffs that
-- the fit had not seen. With w = p (1 - p) and z the log-odds from the centre, to first order:
--     variance = sum w + offset (sum w)^2 + 2 covariance (sum w)(sum w z) + slope (sum w z)^2
-- and for money the same with w times the margin m, and sum w m^2 for chance. Without variances there is no interval.
WITH scored AS (
    SELECT
        snapshot.industry,
        snapshot.region,
        snapshot.channel_partner_id,
        snapshot.quadrant,
        snapshot.health_band,
        model.offset_variance,
        model.slope_variance,
        model.offset_slope_covariance,
        -- Sums of decimals are the same in any order.
        CAST(risk.probability AS DECIMAL(20, 12)) AS p,
        CAST(risk.probability * (1 - risk.probability) AS DECIMAL(20, 12)) AS w,
        CAST(risk.probability * (1 - risk.probability) * (risk.log_odds - model.centre) AS DECIMAL(20, 12)) AS wz,
        CAST(GREATEST(snapshot.recurring_margin_12m, 0) AS DOUBLE) AS margin,
        snapshot.value_at_risk
    FROM customer_snapshot AS snapshot
    JOIN churn_risk AS risk ON risk.customer_id = snapshot.customer_id
    JOIN luopan.models AS model ON model.model = 'churn_risk'
    WHERE risk.probability IS NOT NULL
),
money AS (
    SELECT
        *,
        CAST(margin * CAST(w AS DOUBLE) AS DECIMAL(28, 8)) AS mw,
        CAST(margin * CAST(wz AS DOUBLE) AS DECIMAL(28, 8)) AS mwz,
        CAST(margin * margin * CAST(w AS DOUBLE) AS DECIMAL(36, 6)) AS mmw
    FROM scored
),
grouped AS (
    SELECT 'all' AS group_kind, 'all' AS group_name, * FROM money
    UNION ALL
    SELECT 'industry', COALESCE(industry, 'unknown'), * FROM money
    UNION ALL
    SELECT 'region', COALESCE(region, 'unknown'), * FROM money
    UNION ALL
    SELECT 'channel', COALESCE(channel_partner_id, 'direct'), * FROM money
    UNION ALL
    SELECT 'quadrant', COALESCE(quadrant, 'unknown'), * FROM money
    UNION ALL
    SELECT 'health_band', COALESCE(health_band, 'unknown'), * FROM money
),
sums AS (
    SELECT
        group_kind,
        group_name,
        COUNT(*) AS customers,
        CAST(SUM(p) AS DOUBLE) AS p,
        CAST(SUM(w) AS DOUBLE) AS w,
        CAST(SUM(wz) AS DOUBLE) AS wz,
        SUM(value_at_risk) AS value_at_risk,
        CAST(SUM(mw) AS DOUBLE) AS mw,
        CAST(SUM(mwz) AS DOUBLE) AS mwz,
        CAST(SUM(mmw) AS DOUBLE) AS mmw,
        -- One model: the same in every row.
        MAX(offset_variance) AS offset_variance,
        MAX(slope_variance) AS slope_variance,
        MAX(offset_slope_covariance) AS covariance
    FROM grouped
    GROUP BY group_kind, group_name
),
spread AS (
    SELECT
        *,
        1.96 * sqrt(w + offset_variance * w * w + 2 * covariance * w * wz + slope_variance * wz * wz) AS half,
        1.96 * sqrt(mmw + offset_variance * mw * mw + 2 * covariance * mw * mwz + slope_variance * mwz * mwz) AS half_money
    FROM sums
)
SELECT
    group_kind,
    group_name,
    customers,
    p AS expected_churners,
    CASE WHEN half IS NOT NULL THEN GREATEST(p - half, 0) END AS churners_low,
    CASE WHEN half IS NOT NULL THEN LEAST(p + half, customers) END AS churners_high,
    CAST(value_at_risk AS DECIMAL(18, 2)) AS value_at_risk,
    CASE WHEN half_money IS NOT NULL
         THEN CAST(GREATEST(CAST(value_at_risk AS DOUBLE) - half_money, 0) AS DECIMAL(18, 2)) END AS value_at_risk_low,
    CASE WHEN half_money IS NOT NULL
         THEN CAST(CAST(value_at_risk AS DOUBLE) + half_money AS DECIMAL(18, 2)) END AS value_at_risk_high
FROM spread
