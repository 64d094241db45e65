/*---
description = "Who a customer in force is, as the CRM knows it, and what changed there."
grain = ["customer_id"]
tags = ["account"]
[columns]
employees = { unit = "number", group = "size",
    phrase = "Employees", description = "Employees",
    phrase_zh = "员工人数", description_zh = "员工人数" }
annual_revenue = { unit = "money", group = "size",
    phrase = "Its own yearly turnover", description = "The customer's own yearly turnover",
    phrase_zh = "客户自身年营业额", description_zh = "客户年营业额" }
company_age_days = { unit = "days", group = "age",
    phrase = "Company registered for", description = "Days since the company was registered",
    phrase_zh = "企业注册至今", description_zh = "企业注册至今的天数" }
digital_maturity = { unit = "number", description = "Digital maturity (1-5)", description_zh = "数字化成熟度（1-5）" }
executive_sponsor = { unit = "flag", group = "sponsor", description = "Has an executive sponsor", description_zh = "有高层支持者" }
expansion_plan = { unit = "text",
    phrase = "Plan", description = "Plan: expansion, funding, ipo or none",
    phrase_zh = "发展计划", description_zh = "发展计划（扩张、融资、上市或无）" }
industry_benchmark = { unit = "flag", group = "standing", description = "A benchmark of its industry", description_zh = "行业标杆" }
brand_rank = { unit = "number", group = "standing", description = "Rank of the brand (0-5)", description_zh = "品牌等级（0-5）" }
ecosystem_partner = { unit = "flag", group = "partnership", description = "Partner in our ecosystem", description_zh = "生态伙伴" }
co_creation = { unit = "flag", group = "partnership", description = "Develops products with us", description_zh = "参与联合共创" }
industry = { unit = "text", description = "Its industry, in lower case; no feature: the models leave it out, their cards are by it", description_zh = "所属行业（小写）" }
sold_by_partner = { unit = "flag", group = "channel", description = "Sold by a channel partner", description_zh = "由渠道伙伴销售" }
owner_changed_365d = { unit = "flag", description = "Got another account manager in the last year", description_zh = "近一年更换过客户经理" }
sponsor_lost_365d = { unit = "flag", group = "sponsor", description = "Lost its executive sponsor in the last year", description_zh = "近一年失去高层支持者" }
employees_change_365d = { unit = "change",
    phrase = "Employees within a year", description = "Change of employees in a year",
    phrase_zh = "员工人数同比", description_zh = "员工人数同比变化" }
---*/
WITH year_ago AS (
    SELECT *
    FROM account_versions
    WHERE valid_from < $as_of - INTERVAL '365 days'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY valid_from DESC) = 1
)
SELECT
    account.customer_id,
    account.employees,
    account.annual_revenue,
    $as_of_date - account.registered_on AS company_age_days,
    account.digital_maturity,
    account.executive_sponsor,
    account.expansion_plan,
    account.industry_benchmark,
    account.brand_rank,
    account.ecosystem_partner,
    account.co_creation,
    lower(account.industry) AS industry,
    account.channel_partner_id IS NOT NULL AS sold_by_partner,
    account.owner <> year_ago.owner AS owner_changed_365d,
    year_ago.executive_sponsor AND NOT account.executive_sponsor AS sponsor_lost_365d,
    CAST(account.employees AS DOUBLE) / year_ago.employees - 1 AS employees_change_365d
FROM customers_in_force
JOIN customers AS account ON account.customer_id = customers_in_force.customer_id
LEFT JOIN year_ago ON year_ago.account_id = account.account_id
