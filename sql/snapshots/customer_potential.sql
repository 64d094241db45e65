/*---
description = "What each customer could become, and what it is worth beyond its money, in figures."
description_zh = "每位客户的成长空间，以及其金额之外的价值。"
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
expansion_probability = { type = "double", description = "Probability to grow within 180 days (0-1)", description_zh = "180 天内增购概率（0-1）" }
expected_expansion = { type = "decimal(18,2)", description = "Growth of the yearly value expected within 180 days", description_zh = "180 天内预期年化增长金额" }
industry = { type = "text", description = "Its industry", description_zh = "所属行业" }
industry_outlook = { type = "double", description = "Expected yearly growth of the industry (0.12 = 12 %)", description_zh = "行业预期年增长率（0.12 即 12%）" }
policy_support = { type = "bool", description = "The industry is supported by policy", description_zh = "行业受政策支持" }
employees = { type = "int", description = "Employees", description_zh = "员工人数" }
annual_revenue = { type = "decimal(18,2)", description = "The customer's own yearly turnover", description_zh = "客户自身年营业额" }
employees_growth = { type = "double", description = "Change of employees against what the CRM said a year ago (0.1 = up 10 %)", description_zh = "员工人数同比变化（0.1 即增长 10%）" }
annual_revenue_growth = { type = "double", description = "Change of its turnover against what the CRM said a year ago", description_zh = "客户年营业额同比变化" }
expansion_plan = { type = "text", description = "none, expansion, funding or ipo", description_zh = "发展计划：无、扩张、融资、上市" }
open_expansion_amount = { type = "decimal(18,2)", description = "Amount of the open opportunities for more", description_zh = "进行中的增购商机金额" }
seats_per_employee = { type = "double", description = "Users under contract per employee", description_zh = "签约用户占员工人数的比例" }
room_for_users = { type = "int", description = "Employees who are no users under contract, at least 0; not all of them need be users", description_zh = "尚未签约的员工数（不低于 0，未必都需要账号）" }
users_room_value = { type = "decimal(18,2)", description = "What these would bring in a year at the customer's own revenue per user: an upper bound", description_zh = "上述员工按该客户单用户收入计算的年收入上限" }
whitespace_modules = { type = "int", description = "Modules recommended to it (see whitespace); null where its modules are unknown", description_zh = "推荐模块数（见 whitespace）；其模块未知时为空" }
whitespace_value = { type = "decimal(18,2)", description = "What these would pay a year if it bought all of them; those without a price are left out", description_zh = "若购买全部推荐模块的年付金额（无价格的除外）" }
whitespace_peer_value = { type = "decimal(18,2)", description = "What customers like it spend on these a year on average: no forecast", description_zh = "同类客户在这些模块上的平均年支出（非预测）" }
best_module = { type = "text", description = "The first of these", description_zh = "首选推荐模块" }
digital_maturity = { type = "int", description = "Digital maturity (1-5)", description_zh = "数字化成熟度（1-5）" }
executive_sponsor = { type = "bool", description = "Has an executive sponsor", description_zh = "有高层支持者" }
executive_meetings_180d = { type = "int", description = "Meetings with executives in the last half year", description_zh = "近半年高层互动次数" }
industry_benchmark = { type = "bool", description = "A benchmark of its industry", description_zh = "行业标杆" }
brand_rank = { type = "int", description = "Rank of the brand (0-5)", description_zh = "品牌等级（0-5）" }
ecosystem_partner = { type = "bool", description = "Partner in our ecosystem", description_zh = "生态伙伴" }
co_creation = { type = "bool", description = "Develops products with us", description_zh = "参与联合共创" }
referrals_won_730d = { type = "int", description = "Opportunities that it referred to us and that were won in the last two years", description_zh = "近两年转介绍并赢单的商机数" }
referred_value_730d = { type = "decimal(18,2)", description = "Amount of these", description_zh = "近两年转介绍赢单金额" }
---*/
WITH year_ago AS (
    SELECT account_id, annual_revenue
    FROM account_versions
    WHERE valid_from < $as_of - INTERVAL '365 days'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY valid_from DESC) = 1
),
referred AS (
    SELECT referred_by_customer_id AS customer_id, COUNT(*) AS won, SUM(amount) AS amount
    FROM opportunities
    WHERE won AND closed_on >= $as_of_date - 730 AND referred_by_customer_id <> customer_id
    GROUP BY referred_by_customer_id
),
offered AS (
    SELECT
        customer_id,
        COUNT(*) AS modules,
        SUM(expected_yearly_value) AS value,
        SUM(peer_value) AS peer_value,
        MAX(CASE WHEN rank = 1 THEN module END) AS best_module
    FROM whitespace
    GROUP BY customer_id
),
-- Nothing to recommend is 0 only where it is known what the customer has.
known AS (SELECT DISTINCT customer_id FROM module_holdings)
SELECT
    snapshot.customer_id,
    snapshot.expansion_probability,
    snapshot.expected_expansion,
    snapshot.industry,
    features.industry_outlook,
    features.industry_policy_support AS policy_support,
    features.employees,
    features.annual_revenue,
    features.employees_change_365d AS employees_growth,
    CAST(features.annual_revenue AS DOUBLE) / NULLIF(CAST(year_ago.annual_revenue AS DOUBLE), 0) - 1
        AS annual_revenue_growth,
    features.expansion_plan,
    features.open_expansion_amount,
    features.seats_per_employee,
    CASE WHEN features.licensed_users >= features.employees THEN 0
         ELSE features.employees - features.licensed_users END AS room_for_users,
    CASE WHEN features.licensed_users >= features.employees THEN CAST(0 AS DECIMAL(18, 2))
         WHEN snapshot.arpu >= 0
         THEN CAST(snapshot.arpu * (features.employees - features.licensed_users) AS DECIMAL(18, 2)) END
        AS users_room_value,
    CASE WHEN known.customer_id IS NOT NULL THEN COALESCE(offered.modules, 0) END AS whitespace_modules,
    CAST(CASE WHEN offered.customer_id IS NOT NULL THEN offered.value
              WHEN known.customer_id IS NOT NULL THEN 0 END AS DECIMAL(18, 2)) AS whitespace_value,
    CAST(CASE WHEN offered.customer_id IS NOT NULL THEN offered.peer_value
              WHEN known.customer_id IS NOT NULL THEN 0 END AS DECIMAL(18, 2)) AS whitespace_peer_value,
    offered.best_module,
    features.digital_maturity,
    features.executive_sponsor,
    features.executive_meetings_180d,
    features.industry_benchmark,
    features.brand_rank,
    features.ecosystem_partner,
    features.co_creation,
    -- Nobody referred is 0 only where opportunities are written down at all.
    CASE WHEN features.referrals_730d IS NOT NULL THEN COALESCE(referred.won, 0) END AS referrals_won_730d,
    CAST(CASE WHEN features.referrals_730d IS NOT NULL THEN COALESCE(referred.amount, 0) END AS DECIMAL(18, 2))
        AS referred_value_730d
FROM customer_snapshot AS snapshot
JOIN customer_features AS features ON features.customer_id = snapshot.customer_id
LEFT JOIN customers AS account ON account.customer_id = snapshot.customer_id
LEFT JOIN year_ago ON year_ago.account_id = account.account_id
LEFT JOIN known ON known.customer_id = snapshot.customer_id
LEFT JOIN offered ON offered.customer_id = snapshot.customer_id
LEFT JOIN referred ON referred.customer_id = snapshot.customer_id
