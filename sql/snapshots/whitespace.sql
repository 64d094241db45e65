/*---
description = "Modules that a customer in force does not have and customers like it do: the best few of each customer, with what speaks for them."
description_zh = "有效客户尚未拥有而同类客户已有的模块：每位客户最值得推荐的几个及其依据。"
grain = ["customer_id", "module"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
module = { type = "text", null = false, description = "A module that no contract of it in force names and that it did not use within a year", description_zh = "该客户尚未拥有的模块（无有效合同且近一年未使用）" }
rank = { type = "int", null = false, description = "1 = first among the customer's modules: by peer_value, then by confidence_low", description_zh = "在该客户推荐中的排序，1 为首选" }
if_kind = { type = "text", null = false, description = "What its best rule starts from: all, module, industry, size or industry_module (see module_rules)", description_zh = "最佳规则的前件类型（见 module_rules）" }
if_name = { type = "text", null = false, description = "Which module, industry or size class", description_zh = "最佳规则的前件" }
reason = { type = "text", null = false, description = "The rule in words", description_zh = "推荐理由（英文）" }
reason_zh = { type = "text", null = false, description = "The same in Chinese", description_zh = "推荐理由（中文）" }
support = { type = "double", null = false, description = "Share of all customers who fit the rule and have the module (0-1)", description_zh = "支持度（0-1）" }
confidence = { type = "double", null = false, description = "Share of the customers who fit the rule that have the module (0-1): how usual it is among them, not how likely this one is to buy", description_zh = "置信度（0-1）：同类客户中的普及率，而非购买概率" }
confidence_low = { type = "double", null = false, description = "What chance hardly explains of the confidence (0-1)", description_zh = "排除偶然因素后的置信度下限（0-1）" }
lift = { type = "double", null = false, description = "confidence / share of all customers who have the module", description_zh = "提升度：置信度 / 总体占比" }
expected_yearly_value = { type = "decimal(18,2)", description = "What it would pay a year, if it bought", description_zh = "若购买，预计年付金额" }
price_basis = { type = "text", description = "Where that is from: paid (median of customers of its size class), list_for_users (list price, scaled by what as many users usually pay), list (the list price as it is)", description_zh = "价格依据：paid（同规模客户实付中位数）、list_for_users（按用户数折算的目录价）、list（目录价）" }
peer_value = { type = "decimal(18,2)", description = "confidence x expected_yearly_value: what customers like it spend on the module on average, those without it counted as 0; orders the list, and is no forecast", description_zh = "同类客户在该模块上的平均年支出（置信度 × 预计年付金额），仅用于排序，不是销售预测" }
open_opportunity = { type = "bool", null = false, description = "Sales is already at it: an opportunity of the last two years for the module is open", description_zh = "该模块已有进行中的商机" }
last_lost_on = { type = "date", description = "Last day that an opportunity for the module was lost", description_zh = "该模块商机最近一次丢单日期" }
previously_had = { type = "bool", null = false, description = "A former contract named the module: it was dropped", description_zh = "曾签约该模块后停用" }
---*/
WITH paid AS (
    SELECT
        contracts.module,
        peers.size_class,
        median(contracts.yearly_amount) AS price,
        COUNT(DISTINCT contracts.customer_id) AS payers
    FROM contracts
    JOIN customer_peers AS peers ON peers.customer_id = contracts.customer_id
    WHERE contracts.module IS NOT NULL AND contracts.is_recurring AND contracts.yearly_amount > 0
      AND contracts.signed_at >= $as_of - INTERVAL '36 months'
    GROUP BY contracts.module, peers.size_class
),
sales AS (
    SELECT
        customer_id,
        module,
        COUNT(*) FILTER (WHERE closed_at IS NULL AND kind <> 'renewal' AND created_on >= $as_of_date - 730) AS open_now,
        MAX(closed_on) FILTER (WHERE NOT won) AS last_lost_on
    FROM opportunities
    WHERE module IS NOT NULL
    GROUP BY customer_id, module
),
former AS (
    SELECT DISTINCT customer_id, module
    FROM contracts
    WHERE module IS NOT NULL AND NOT in_force AND force_until < $as_of_date
),
priced AS (
    SELECT
        best.*,
        CASE WHEN paid.payers >= $price_min_customers THEN 'paid'
             WHEN modules.list_price IS NOT NULL AND prices.slope IS NOT NULL AND peers.licensed_users IS NOT NULL
             THEN 'list_for_users'
             WHEN modules.list_price IS NOT NULL THEN 'list' END AS price_basis,
        CAST(CASE WHEN paid.payers >= $price_min_customers THEN CAST(paid.price AS DECIMAL(18, 2))
             WHEN prices.slope IS NOT NULL AND peers.licensed_users IS NOT NULL
             THEN CAST(CAST(modules.list_price AS DOUBLE)
                       * exp(prices.intercept + prices.slope * ln(CAST(peers.licensed_users AS DOUBLE))) AS DECIMAL(18, 2))
             ELSE modules.list_price END AS DECIMAL(18, 2)) AS price
    FROM whitespace_rules AS best
    JOIN customer_peers AS peers ON peers.customer_id = best.customer_id
    LEFT JOIN modules ON modules.module = best.then_module
    LEFT JOIN module_prices AS prices ON prices.term = 'recurring'
    LEFT JOIN paid ON paid.module = best.then_module AND paid.size_class = peers.size_class
    -- What is no longer on the list is no longer sold.
    WHERE modules.module IS NOT NULL OR (SELECT COUNT(*) FROM modules) = 0
),
ranked AS (
    SELECT
        *,
        CAST(confidence * CAST(price AS DOUBLE) AS DECIMAL(18, 2)) AS peer_value,
        CAST(CAST(round(100 * confidence) AS BIGINT) AS TEXT) AS percent,
        CAST(CAST(round(100 * base_share) AS BIGINT) AS TEXT) AS base_percent,
        ROW_NUMBER() OVER (
            PARTITION BY customer_id
            ORDER BY confidence * CAST(price AS DOUBLE) DESC NULLS LAST, confidence_low DESC, then_module) AS rank
    FROM priced
)
SELECT
    ranked.customer_id,
    ranked.then_module AS module,
    CAST(ranked.rank AS BIGINT) AS rank,
    ranked.if_kind,
    ranked.if_name,
    CASE ranked.if_kind
        WHEN 'all' THEN concat(ranked.percent, ' % of all customers have ', ranked.then_module)
        ELSE concat(
            CASE ranked.if_kind
                WHEN 'module' THEN concat('Has ', ranked.if_module)
                WHEN 'industry' THEN concat('In ', ranked.if_industry)
                WHEN 'size' THEN concat('With ', ranked.if_size, ' users')
                ELSE concat('In ', ranked.if_industry, ', has ', ranked.if_module) END,
            ': ', ranked.percent, ' % of ', CAST(ranked.customers_with_if AS TEXT), ' such customers have ',
            ranked.then_module, ', of all ', ranked.base_percent, ' %') END AS reason,
    CASE ranked.if_kind
        WHEN 'all' THEN concat('全体客户中 ', ranked.percent, '% 拥有 ', ranked.then_module)
        ELSE concat(
            CASE ranked.if_kind
                WHEN 'module' THEN concat('已有 ', ranked.if_module)
                WHEN 'industry' THEN concat('行业 ', ranked.if_industry)
                WHEN 'size' THEN concat('签约用户 ', ranked.if_size, ' 个')
                ELSE concat('行业 ', ranked.if_industry, '，已有 ', ranked.if_module) END,
            '：', CAST(ranked.customers_with_if AS TEXT), ' 家同类客户中 ', ranked.percent, '% 拥有 ',
            ranked.then_module, '，全体为 ', ranked.base_percent, '%') END AS reason_zh,
    ranked.support,
    ranked.confidence,
    ranked.confidence_low,
    ranked.lift,
    ranked.price AS expected_yearly_value,
    ranked.price_basis,
    ranked.peer_value,
    COALESCE(sales.open_now > 0, FALSE) AS open_opportunity,
    sales.last_lost_on,
    former.customer_id IS NOT NULL AS previously_had
FROM ranked
LEFT JOIN sales ON sales.customer_id = ranked.customer_id AND sales.module = ranked.then_module
LEFT JOIN former ON former.customer_id = ranked.customer_id AND former.module = ranked.then_module
WHERE ranked.rank <= $whitespace_modules_kept
