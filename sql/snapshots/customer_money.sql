/*---
description = "What each customer brings and costs, in figures: one row per customer in force."
description_zh = "每位客户的收入与成本明细：每位有效客户一行。"
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
yearly_value = { type = "decimal(18,2)", null = false, description = "Yearly recurring value in force (customer_snapshot.value_in_force)", description_zh = "有效合同年化经常性金额" }
one_off_12m = { type = "decimal(18,2)", null = false, description = "Signed in 12 months for once: licences, upgrades, projects, additions without an end; what was cancelled since is left out", description_zh = "近 12 个月签订的一次性金额" }
tcv = { type = "decimal(18,2)", description = "Total contract value: whole amount of the contracts in force", description_zh = "合同总额 TCV" }
arpu = { type = "decimal(18,2)", description = "Revenue of 12 months per user under contract", description_zh = "每用户平均收入 ARPU" }
ltv = { type = "decimal(18,2)", description = "Lifetime value: discounted margin of the years to come", description_zh = "客户终身价值 LTV" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Billed in 12 months, credit notes taken off", description_zh = "近 12 个月开票额（扣除红字）" }
revenue_12m_before = { type = "decimal(18,2)", description = "Billed in the 12 months before; null where the lake's invoices do not reach so far back", description_zh = "此前 12 个月开票额" }
revenue_growth = { type = "double", description = "Change between the two (0.1 = up 10 %); null where it signed first less than 24 months ago, for half a year is no year to compare with", description_zh = "开票额同比增长" }
cost_12m = { type = "decimal(18,2)", null = false, description = "Direct cost of delivering what was billed", description_zh = "近 12 个月交付成本" }
implementation_12m = { type = "decimal(18,2)", null = false, description = "Implementation of what was signed in 12 months", description_zh = "近 12 个月实施成本" }
cost_to_serve_12m = { type = "decimal(18,2)", description = "Support's work on its tickets: minutes x cost of an hour; null if support does not know the customer, or no tickets are delivered", description_zh = "近 12 个月服务成本；服务系统未关联该客户或无工单数据为空" }
support_minutes_12m = { type = "int", description = "Minutes of that work; null as above", description_zh = "近 12 个月工单处理分钟数；空同上" }
margin_12m = { type = "decimal(18,2)", null = false, description = "Revenue minus cost, cost to serve and implementation; cost to serve that is not known is not counted", description_zh = "近 12 个月毛利（扣除交付、服务与实施成本；服务成本未知时不计）" }
margin_rate = { type = "double", description = "Margin / revenue; may be below 0", description_zh = "毛利率（可为负）" }
recurring_margin_12m = { type = "decimal(18,2)", null = false, description = "Margin before implementation", description_zh = "近 12 个月经常性毛利（未扣实施成本）" }
recurring_margin_rate = { type = "double", description = "That / revenue; may be below 0", description_zh = "经常性毛利率" }
cost_to_serve_rate = { type = "double", description = "Cost to serve / revenue; above 1 where support costs more than is billed; null where that cost is", description_zh = "服务成本占收入比例；成本未知为空" }
renewal_rate = { type = "double", description = "Share of the yearly value due in 36 months that was renewed (0-1)", description_zh = "近 36 个月按金额续约率（0-1）" }
renewals_due_36m = { type = "int", null = false, description = "Contracts that came up for renewal in 36 months", description_zh = "近 36 个月到期应续合同数" }
renewals_won_36m = { type = "int", null = false, description = "Those of them that were renewed", description_zh = "其中已续签合同数" }
repurchase_rate = { type = "double", description = "Purchases after the first, renewals aside, per year since the first", description_zh = "年均复购次数（不含续约）" }
bought_again_24m = { type = "bool", null = false, description = "Bought something in 24 months after its first purchase, renewals aside", description_zh = "近 24 个月是否复购" }
upsell_12m = { type = "decimal(18,2)", null = false, description = "Users, upgrades and growth at renewals signed in 12 months, yearly value", description_zh = "近 12 个月增购金额（用户、升级、续约增长）" }
cross_sell_12m = { type = "decimal(18,2)", null = false, description = "Modules added in 12 months, yearly value", description_zh = "近 12 个月交叉销售金额（新增模块）" }
downsell_12m = { type = "decimal(18,2)", null = false, description = "Yearly value given up at the renewals signed in 12 months", description_zh = "近 12 个月续约缩减金额" }
license_share = { type = "double", description = "Share of the billing of 12 months that was licences (0-1)", description_zh = "开票额中许可占比（0-1）" }
subscription_share = { type = "double", description = "Share of it that was subscriptions (0-1)", description_zh = "开票额中订阅占比（0-1）" }
service_fee_share = { type = "double", description = "Share of it that was service fees (0-1)", description_zh = "开票额中服务费占比（0-1）" }
customization_share = { type = "double", description = "Share of it that was customization (0-1)", description_zh = "开票额中定制开发占比（0-1）" }
addition_share = { type = "double", description = "Share of it that was modules, users and upgrades (0-1)", description_zh = "开票额中增购（模块、用户、升级）占比（0-1）" }
upgrades_24m = { type = "int", null = false, description = "Upgrades signed in 24 months", description_zh = "近 24 个月升级次数" }
customizations_24m = { type = "int", null = false, description = "Customization projects signed in 24 months", description_zh = "近 24 个月定制项目数" }
modules_in_force = { type = "int", null = false, description = "Modules named in contracts in force; those that come with a licence or subscription are not named", description_zh = "合同列明的有效模块数" }
core_modules_in_force = { type = "int", description = "Those of them that are core", description_zh = "其中核心模块数" }
modules_held = { type = "int", description = "Modules it has: named in a contract in force, or used within a year", description_zh = "拥有模块数（合同列明或近一年使用过）" }
core_modules_held = { type = "int", description = "Those of them that are core", description_zh = "其中核心模块数" }
module_adoption = { type = "double", description = "Share of the modules it has that were used in 4 weeks (0-1)", description_zh = "近 4 周模块使用率（0-1）" }
licensed_users = { type = "int", description = "Users under contract", description_zh = "签约用户数" }
collection_days = { type = "double", description = "Days sales outstanding (DSO): open / revenue of 12 months x 365", description_zh = "应收账款周转天数 DSO" }
best_possible_collection_days = { type = "double", description = "What that would be if everything due had been paid", description_zh = "最佳可能周转天数（仅未到期应收）" }
open_amount = { type = "decimal(18,2)", null = false, description = "Billed, and neither paid nor credited yet", description_zh = "未收金额" }
overdue_amount = { type = "decimal(18,2)", null = false, description = "Of that, due before today", description_zh = "逾期金额" }
capital_cost_12m = { type = "decimal(18,2)", null = false, description = "Cost of the money tied up: open on an average day of the year x yearly cost of capital", description_zh = "近 12 个月占用资金成本" }
margin_after_capital_12m = { type = "decimal(18,2)", null = false, description = "Margin minus that", description_zh = "扣除资金成本后的毛利" }
contribution_rank = { type = "int", null = false, description = "Rank by margin of 12 months, 1 the highest; equals share one", description_zh = "毛利贡献排名" }
contribution_share = { type = "double", description = "Share of all positive margin (0-1)", description_zh = "毛利贡献占比（0-1）" }
customers_share = { type = "double", description = "This and all better customers as a share of the customers (0-1): x of the contribution curve", description_zh = "贡献曲线横轴：累计客户占比（0-1）" }
cumulative_contribution_share = { type = "double", description = "Share of all positive margin that they bring together (0-1): its y", description_zh = "贡献曲线纵轴：累计贡献占比（0-1）" }
abc_class = { type = "text", description = "A: first 80 % of the margin, B: up to 95 %, C: the rest", description_zh = "ABC 分类" }
rfm_segment = { type = "text", description = "By recency, frequency and money: champion, loyal, promising, cooling, at_risk, occasional, dormant", description_zh = "RFM 分群" }
---*/
SELECT
    value.customer_id,
    contract.value_in_force AS yearly_value,
    purchases.one_off_12m,
    value.tcv,
    value.arpu,
    value.ltv,
    value.revenue_12m,
    mix.revenue_12m_before,
    CASE WHEN purchases.first_signed_on <= $as_of_date - INTERVAL '24 months' AND mix.revenue_12m_before > 0
         THEN CAST(value.revenue_12m AS DOUBLE) / CAST(mix.revenue_12m_before AS DOUBLE) - 1 END AS revenue_growth,
    value.cost_12m,
    value.implementation_12m,
    -- Who is not known to support cost it an unknown sum, not nothing.
    CASE WHEN support.customer_id IS NOT NULL THEN value.cost_to_serve_12m END AS cost_to_serve_12m,
    support.support_minutes_12m,
    value.margin_12m,
    CASE WHEN value.revenue_12m > 0 THEN CAST(value.margin_12m AS DOUBLE) / CAST(value.revenue_12m AS DOUBLE) END
        AS margin_rate,
    value.recurring_margin_12m,
    CASE WHEN value.revenue_12m > 0
         THEN CAST(value.recurring_margin_12m AS DOUBLE) / CAST(value.revenue_12m AS DOUBLE) END AS recurring_margin_rate,
    CASE WHEN value.revenue_12m > 0 AND support.customer_id IS NOT NULL
         THEN CAST(value.cost_to_serve_12m AS DOUBLE) / CAST(value.revenue_12m AS DOUBLE) END AS cost_to_serve_rate,
    value.renewal_rate,
    COALESCE(renewals.renewals_due_36m, 0) AS renewals_due_36m,
    COALESCE(renewals.renewals_won_36m, 0) AS renewals_won_36m,
    purchases.repurchase_rate,
    purchases.bought_again_24m,
    purchases.upsell_12m,
    purchases.cross_sell_12m,
    purchases.downsell_12m,
    mix.license_share,
    mix.subscription_share,
    mix.service_fee_share,
    mix.customization_share,
    mix.addition_share,
    purchases.upgrades_24m,
    purchases.customizations_24m,
    contract.modules_in_force,
    adoption.core_modules_in_force,
    adoption.modules_held,
    adoption.core_modules_held,
    adoption.module_adoption,
    contract.licensed_users,
    value.collection_days,
    tied.best_possible_collection_days,
    tied.open_amount,
    tied.overdue_amount,
    tied.capital_cost_12m,
    CAST(value.margin_12m - tied.capital_cost_12m AS DECIMAL(18, 2)) AS margin_after_capital_12m,
    value.contribution_rank,
    value.contribution_share,
    curve.customers_share,
    curve.cumulative_contribution_share,
    value.abc_class,
    value.rfm_segment
FROM customer_value AS value
JOIN contract_features AS contract ON contract.customer_id = value.customer_id
JOIN customer_purchases AS purchases ON purchases.customer_id = value.customer_id
JOIN billing_mix AS mix ON mix.customer_id = value.customer_id
JOIN module_adoption AS adoption ON adoption.customer_id = value.customer_id
JOIN tied_up AS tied ON tied.customer_id = value.customer_id
JOIN contribution_curve AS curve ON curve.customer_id = value.customer_id
LEFT JOIN customer_renewals AS renewals ON renewals.customer_id = value.customer_id
LEFT JOIN customer_support AS support ON support.customer_id = value.customer_id
