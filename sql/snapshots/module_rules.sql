/*---
description = "Which modules go together: association rules among the customers in force whose modules are known."
description_zh = "哪些模块常一同使用：在模块已知的有效客户中得出的关联规则。"
grain = ["if_kind", "if_name", "then_module"]
[columns]
if_kind = { type = "text", null = false, description = "What the rule starts from: all (anybody), module (has it), industry, size (users under contract), or industry_module (has it, in this industry)", description_zh = "规则前件类型：all（全体客户）、module（已有某模块）、industry（行业）、size（签约用户规模）、industry_module（该行业内已有某模块）" }
if_name = { type = "text", null = false, description = "Which module, industry or size class; industry and module with a slash; all", description_zh = "具体模块、行业或规模；行业与模块以斜杠分隔" }
then_module = { type = "text", null = false, description = "The module that goes with it", description_zh = "关联模块" }
if_module = { type = "text", description = "The module of the first part, if it has one", description_zh = "前件模块" }
if_industry = { type = "text", description = "The industry of the first part, if it has one", description_zh = "前件行业" }
if_size = { type = "text", description = "The size class of the first part, if it has one", description_zh = "前件规模" }
customers = { type = "int", null = false, description = "Customers in force whose modules are known", description_zh = "已知模块的有效客户数" }
customers_with_if = { type = "int", null = false, description = "Of these, those whom the first part fits", description_zh = "符合前件的客户数" }
customers_with_then = { type = "int", null = false, description = "Of these, those who have then_module", description_zh = "已有关联模块的客户数" }
customers_with_both = { type = "int", null = false, description = "Those whom the first part fits and who have then_module", description_zh = "同时符合两者的客户数" }
support = { type = "double", null = false, description = "customers_with_both / customers (0-1)", description_zh = "支持度：同时符合两者的客户占比（0-1）" }
confidence = { type = "double", null = false, description = "customers_with_both / customers_with_if (0-1)", description_zh = "置信度：符合前件者中已有关联模块的占比（0-1）" }
confidence_low = { type = "double", null = false, description = "Lower end of the confidence's Wilson interval of three standard deviations: what chance hardly explains", description_zh = "置信度威尔逊区间（三倍标准差）下限：排除偶然因素后的置信度" }
base_share = { type = "double", null = false, description = "customers_with_then / customers: how usual the module is anyway (0-1)", description_zh = "关联模块在全部客户中的占比（0-1）" }
lift = { type = "double", null = false, description = "confidence / base_share: 1.3 = 1.3 times as usual as among all", description_zh = "提升度：置信度 / 总体占比" }
recommends = { type = "bool", null = false, description = "Strong enough to recommend by: lift is high enough, and confidence_low above base_share; or nearly everybody has the module", description_zh = "是否足以用于推荐" }
---*/
-- Support and confidence after Agrawal, Imielinski and Swami, "Mining association rules between sets of items in large
-- databases" (1993); lift (there: interest) after Brin et al., "Dynamic itemset counting" (1997); the interval of a share
-- after Wilson, JASA 22 (1927). It is that of three standard deviations, not of two (95 %): of some 3,000 pairs that are
-- looked at, 2.5 % would pass the latter by chance alone. Rules that fewer than whitespace_min_customers bear out are
-- left out.
WITH held AS (
    SELECT holdings.customer_id, holdings.module, peers.industry, peers.size_class
    FROM module_holdings AS holdings
    JOIN customer_peers AS peers ON peers.customer_id = holdings.customer_id
),
people AS (
    SELECT industry, size_class, COUNT(*) AS customers
    FROM (SELECT DISTINCT customer_id, industry, size_class FROM held) AS known
    GROUP BY industry, size_class
),
-- Everything that is counted: how many have one module, how many have two. All rules are sums of these.
singles AS (
    SELECT industry, size_class, module, COUNT(*) AS customers
    FROM held
    GROUP BY industry, size_class, module
),
pairs AS (
    SELECT one.industry, one.module AS if_module, two.module AS then_module, COUNT(*) AS customers
    FROM held AS one
    JOIN held AS two ON two.customer_id = one.customer_id
    WHERE two.module <> one.module
    GROUP BY one.industry, one.module, two.module
),
fits AS (
    SELECT 'module' AS if_kind, module AS if_module, CAST(NULL AS TEXT) AS if_industry,
           CAST(NULL AS TEXT) AS if_size, module AS if_name, SUM(customers) AS customers_with_if
    FROM singles GROUP BY module
    UNION ALL
    -- What nearly all have can have no lift: the rule without a condition speaks for it.
    SELECT 'all', NULL, NULL, NULL, 'all', SUM(customers)
    FROM people
    UNION ALL
    SELECT 'industry', NULL, industry AS if_industry, NULL, industry AS if_name, SUM(customers)
    FROM people WHERE industry IS NOT NULL GROUP BY industry
    UNION ALL
    SELECT 'size', NULL, NULL, size_class AS if_size, size_class AS if_name, SUM(customers)
    FROM people WHERE size_class IS NOT NULL GROUP BY size_class
    UNION ALL
    SELECT 'industry_module', module, industry, NULL, concat(industry, '/', module), SUM(customers)
    FROM singles WHERE industry IS NOT NULL GROUP BY industry, module
),
both_fit AS (
    SELECT 'module' AS if_kind, if_module AS if_name, then_module, SUM(customers) AS customers_with_both
    FROM pairs GROUP BY if_module, then_module
    UNION ALL
    SELECT 'all', 'all', module, SUM(customers)
    FROM singles GROUP BY module
    UNION ALL
    SELECT 'industry', industry, module, SUM(customers)
    FROM singles WHERE industry IS NOT NULL GROUP BY industry, module
    UNION ALL
    SELECT 'size', size_class, module, SUM(customers)
    FROM singles WHERE size_class IS NOT NULL GROUP BY size_class, module
    UNION ALL
    SELECT 'industry_module', concat(industry, '/', if_module), then_module, customers
    FROM pairs WHERE industry IS NOT NULL
),
totals AS (SELECT SUM(customers) AS customers FROM people),
goals AS (SELECT module, SUM(customers) AS customers_with_then FROM singles GROUP BY module),
rules AS (
    SELECT
        fits.*,
        both_fit.then_module,
        totals.customers,
        goals.customers_with_then,
        both_fit.customers_with_both,
        CAST(customers_with_both AS DOUBLE) / totals.customers AS support,
        CAST(customers_with_both AS DOUBLE) / customers_with_if AS confidence,
        CAST(customers_with_then AS DOUBLE) / totals.customers AS base_share
    FROM both_fit
    JOIN fits ON fits.if_kind = both_fit.if_kind AND fits.if_name = both_fit.if_name
    JOIN goals ON goals.module = both_fit.then_module
    CROSS JOIN totals
    WHERE both_fit.customers_with_both >= $whitespace_min_customers
),
bounded AS (
    SELECT
        *,
        confidence / base_share AS lift,
        (confidence + z * z / 2 / customers_with_if
            - z * sqrt((confidence * (1 - confidence) + z * z / 4 / customers_with_if) / customers_with_if))
            / (1 + z * z / customers_with_if) AS confidence_low
    FROM (SELECT rules.*, $whitespace_rule_z AS z FROM rules) AS tested
)
SELECT
    if_kind, if_name, then_module, if_module, if_industry, if_size,
    customers, customers_with_if, customers_with_then, customers_with_both,
    support, confidence, confidence_low, base_share, lift,
    CASE WHEN if_kind = 'all' THEN confidence_low >= $whitespace_usual_share
         ELSE lift >= $whitespace_min_lift AND confidence_low > base_share END AS recommends
FROM bounded
