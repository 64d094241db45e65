/*---
description = "Where support, visits and discounts go, by quadrant, against what each quadrant earns and may bring: twelve months."
description_zh = "近十二个月服务支持、拜访与折扣在各象限的投入，与各象限的收益及潜力对照。"
grain = ["quadrant"]
[columns]
quadrant = { type = "text", null = false, description = "star, cash_cow, question_mark, dog, or unscored", description_zh = "象限：star、cash_cow、question_mark、dog 或 unscored（未评分）" }
customers = { type = "int", null = false, description = "Customers in force", description_zh = "有效客户数" }
customer_share = { type = "double", null = false, description = "Share of all customers (0-1)", description_zh = "客户数占比（0-1）" }
requests_12m = { type = "int", description = "Their requests to support", description_zh = "近 12 个月工单数" }
support_minutes_12m = { type = "int", description = "Minutes of work on these", description_zh = "近 12 个月支持工时（分钟）" }
support_share = { type = "double", description = "Share of all such minutes (0-1)", description_zh = "支持工时占比（0-1）" }
minutes_per_customer = { type = "double", description = "Minutes of support per customer whom support knows", description_zh = "户均支持分钟数" }
cost_to_serve_12m = { type = "decimal(18,2)", description = "What these minutes cost; null where support knows none of them", description_zh = "近 12 个月服务成本" }
visits_12m = { type = "int", description = "Meetings of all kinds", description_zh = "近 12 个月拜访与会议次数" }
visit_share = { type = "double", description = "Share of all meetings (0-1)", description_zh = "拜访次数占比（0-1）" }
reviews_12m = { type = "int", description = "Of these, business reviews", description_zh = "其中业务回顾次数" }
executive_visits_12m = { type = "int", description = "Of these, visits of executives", description_zh = "其中高层拜访次数" }
trainings_12m = { type = "int", description = "Of these, trainings", description_zh = "其中培训次数" }
calls_12m = { type = "int", description = "Of these, calls", description_zh = "其中电话次数" }
executive_visit_share = { type = "double", description = "Share of all visits of executives (0-1)", description_zh = "高层拜访占比（0-1）" }
contracts_12m = { type = "int", null = false, description = "Contracts signed", description_zh = "近 12 个月签约合同数" }
signed_12m = { type = "decimal(18,2)", null = false, description = "Their amount", description_zh = "近 12 个月签约金额" }
priced_contracts_12m = { type = "int", null = false, description = "Of these, those of which a usual price is known; of the others nobody can tell a discount", description_zh = "其中可判断折扣的合同数（其余无法判断）" }
usual_price_12m = { type = "decimal(18,2)", description = "What as many users usually pay for these", description_zh = "上述合同按同等用户数的通常价格" }
discount_12m = { type = "decimal(18,2)", description = "By how much they were signed below that; those above do not make up for it", description_zh = "低于通常价格的金额（高出部分不抵减）" }
discount_rate = { type = "double", description = "discount_12m / usual_price_12m", description_zh = "折扣率" }
discount_share = { type = "double", description = "Share of all such discounts (0-1)", description_zh = "折扣占比（0-1）" }
margin_12m = { type = "decimal(18,2)", null = false, description = "Their margin of 12 months", description_zh = "近 12 个月毛利" }
margin_share = { type = "double", description = "Share of all margin; below 0 for a quadrant that loses money", description_zh = "毛利占比（亏损时为负）" }
value_in_force = { type = "decimal(18,2)", null = false, description = "Yearly value of their contracts that have to be renewed", description_zh = "需续签合同的年化金额" }
value_share = { type = "double", description = "Share of all such value (0-1)", description_zh = "年化金额占比（0-1）" }
expected_expansion = { type = "decimal(18,2)", description = "Growth expected within 180 days", description_zh = "180 天内预期增长金额" }
expansion_share = { type = "double", description = "Share of all expected growth", description_zh = "预期增长占比" }
whitespace_value = { type = "decimal(18,2)", description = "What the modules recommended to them would pay a year if all were bought", description_zh = "推荐模块全部购买时的年付金额" }
whitespace_share = { type = "double", description = "Share of all such value (0-1)", description_zh = "推荐模块金额占比（0-1）" }
effort_to_margin = { type = "double", description = "support_share / margin_share: 2 = twice the support that its margin stands for; null where it earns nothing", description_zh = "支持工时占比 / 毛利占比；无毛利时为空" }
---*/
WITH sums AS (
    SELECT
        COALESCE(snapshot.quadrant, 'unscored') AS quadrant,
        COUNT(*) AS customers,
        SUM(effort.requests_12m) AS requests_12m,
        SUM(effort.support_minutes_12m) AS support_minutes_12m,
        COUNT(effort.support_minutes_12m) AS known_to_support,
        SUM(snapshot.cost_to_serve_12m) AS cost_to_serve_12m,
        SUM(effort.visits_12m) AS visits_12m,
        SUM(effort.reviews_12m) AS reviews_12m,
        SUM(effort.executive_visits_12m) AS executive_visits_12m,
        SUM(effort.trainings_12m) AS trainings_12m,
        SUM(effort.calls_12m) AS calls_12m,
        SUM(effort.contracts_12m) AS contracts_12m,
        SUM(effort.signed_12m) AS signed_12m,
        SUM(effort.priced_contracts_12m) AS priced_contracts_12m,
        SUM(effort.usual_price_12m) AS usual_price_12m,
        SUM(effort.discount_12m) AS discount_12m,
        SUM(snapshot.margin_12m) AS margin_12m,
        COALESCE(SUM(snapshot.value_in_force), 0) AS value_in_force,
        SUM(snapshot.expected_expansion) AS expected_expansion,
        SUM(potential.whitespace_value) AS whitespace_value
    FROM customer_snapshot AS snapshot
    JOIN customer_effort AS effort ON effort.customer_id = snapshot.customer_id
    JOIN customer_potential AS potential ON potential.customer_id = snapshot.customer_id
    GROUP BY 1
),
shares AS (
    SELECT
        *,
        CAST(customers AS DOUBLE) / SUM(customers) OVER () AS customer_share,
        CAST(support_minutes_12m AS DOUBLE) / NULLIF(SUM(support_minutes_12m) OVER (), 0) AS support_share,
        CAST(visits_12m AS DOUBLE) / NULLIF(SUM(visits_12m) OVER (), 0) AS visit_share,
        CAST(executive_visits_12m AS DOUBLE) / NULLIF(SUM(executive_visits_12m) OVER (), 0) AS executive_visit_share,
        CAST(discount_12m AS DOUBLE) / NULLIF(CAST(SUM(discount_12m) OVER () AS DOUBLE), 0) AS discount_share,
        -- Shares of a loss would have the wrong sign.
        CASE WHEN SUM(margin_12m) OVER () > 0
             THEN CAST(margin_12m AS DOUBLE) / CAST(SUM(margin_12m) OVER () AS DOUBLE) END AS margin_share,
        CAST(value_in_force AS DOUBLE) / NULLIF(CAST(SUM(value_in_force) OVER () AS DOUBLE), 0) AS value_share,
        CAST(expected_expansion AS DOUBLE) / NULLIF(CAST(SUM(expected_expansion) OVER () AS DOUBLE), 0)
            AS expansion_share,
        CAST(whitespace_value AS DOUBLE) / NULLIF(CAST(SUM(whitespace_value) OVER () AS DOUBLE), 0) AS whitespace_share
    FROM sums
)
SELECT
    quadrant,
    customers,
    customer_share,
    requests_12m,
    support_minutes_12m,
    support_share,
    CAST(support_minutes_12m AS DOUBLE) / NULLIF(known_to_support, 0) AS minutes_per_customer,
    CASE WHEN known_to_support > 0 THEN CAST(cost_to_serve_12m AS DECIMAL(18, 2)) END AS cost_to_serve_12m,
    visits_12m,
    visit_share,
    reviews_12m,
    executive_visits_12m,
    trainings_12m,
    calls_12m,
    executive_visit_share,
    contracts_12m,
    CAST(signed_12m AS DECIMAL(18, 2)) AS signed_12m,
    priced_contracts_12m,
    CAST(usual_price_12m AS DECIMAL(18, 2)) AS usual_price_12m,
    CAST(discount_12m AS DECIMAL(18, 2)) AS discount_12m,
    CAST(discount_12m AS DOUBLE) / NULLIF(CAST(usual_price_12m AS DOUBLE), 0) AS discount_rate,
    discount_share,
    CAST(margin_12m AS DECIMAL(18, 2)) AS margin_12m,
    margin_share,
    CAST(value_in_force AS DECIMAL(18, 2)) AS value_in_force,
    value_share,
    CAST(expected_expansion AS DECIMAL(18, 2)) AS expected_expansion,
    expansion_share,
    CAST(whitespace_value AS DECIMAL(18, 2)) AS whitespace_value,
    whitespace_share,
    CASE WHEN margin_share > 0 THEN support_share / margin_share END AS effort_to_margin
FROM shares
