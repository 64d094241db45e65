/*---
description = "Where each customer in force stands: what it is worth, could be worth, how likely it is to leave, and what to do."
description_zh = "每位有效客户的现状：当前价值、潜在价值、流失可能性与应对动作。"
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
customer_name = { type = "text", description = "Its name in the CRM", description_zh = "CRM 中的客户名称" }
industry = { type = "text", description = "Its industry", description_zh = "所属行业" }
region = { type = "text", description = "Its region", description_zh = "所在区域" }
channel_partner_id = { type = "text", description = "Who sold to it; null: sold directly", description_zh = "销售渠道伙伴；空为直销" }
owner = { type = "text", description = "Its account manager", description_zh = "客户经理" }
revenue_12m = { type = "decimal(18,2)", null = false, description = "Billed in the last 12 months, credit notes taken off", description_zh = "近 12 个月开票额（已扣除冲红）" }
margin_12m = { type = "decimal(18,2)", null = false, description = "Revenue minus cost, cost to serve and implementation (where no tickets are delivered, support's work is not counted)", description_zh = "近 12 个月毛利（扣除交付、服务与实施成本；无工单数据时不计支持工作）" }
arpu = { type = "decimal(18,2)", description = "Revenue of 12 months per user under contract", description_zh = "近 12 个月每签约用户平均收入 ARPU" }
tcv = { type = "decimal(18,2)", description = "Total contract value: whole amount of the contracts in force", description_zh = "合同总额 TCV：有效合同的全部金额" }
ltv = { type = "decimal(18,2)", description = "Lifetime value: discounted margin of the years to come", description_zh = "客户终身价值 LTV：未来各年毛利的折现" }
renewal_rate = { type = "double", description = "Share of the yearly value due in 36 months that was renewed (0-1)", description_zh = "近 36 个月按金额续约率（0-1）" }
churn_probability = { type = "double", description = "Probability to have no contract in force 90 days from now (0-1)", description_zh = "流失概率：90 天后无有效合同的概率（0-1）" }
churn_reasons = { type = "text", description = "What raises that probability most, with signs", description_zh = "推高流失概率的主要原因及带正负号的影响值（英文）" }
expansion_probability = { type = "double", description = "Probability to grow within 180 days (0-1)", description_zh = "180 天内增购概率（0-1）" }
expected_expansion = { type = "decimal(18,2)", description = "Growth of the yearly value expected within 180 days", description_zh = "180 天内预期年化增长金额" }
value_at_risk = { type = "decimal(18,2)", description = "churn_probability x the margin of a year that would leave with the customer", description_zh = "流失概率 × 随客户流失的一年毛利" }
current_value_score = { type = "decimal(9,4)", description = "Worth now (0-100)", description_zh = "当前价值评分（0-100）" }
potential_score = { type = "decimal(9,4)", description = "Worth to come (0-100)", description_zh = "潜力评分（0-100）" }
strategic_score = { type = "decimal(9,4)", description = "Worth beyond money (0-100)", description_zh = "战略价值评分（0-100）" }
potential_strategic_score = { type = "decimal(9,4)", description = "The quadrant's second axis: potential and strategic worth (0-100)", description_zh = "潜力与战略价值评分，即象限第二轴（0-100）" }
health_score = { type = "decimal(9,4)", description = "How well it is doing with us (0-100)", description_zh = "健康度评分（0-100）" }
health_band = { type = "text", description = "healthy, at_risk or churn_alert", description_zh = "健康度分档：healthy 健康、at_risk 有风险、churn_alert 流失预警" }
abc_class = { type = "text", description = "A: first 80 % of the margin, B: up to 95 %, C: the rest", description_zh = "ABC 分类：A 为毛利累计前 80%，B 至 95%，C 为其余" }
rfm_segment = { type = "text", description = "By recency, frequency and money: champion, loyal, promising, cooling, at_risk, occasional, dormant", description_zh = "RFM 分群：champion 冠军、loyal 忠诚、promising 潜力、cooling 降温、at_risk 流失风险、occasional 偶购、dormant 沉睡" }
quadrant = { type = "text", description = "star, cash_cow, question_mark or dog", description_zh = "所在象限：star 明星、cash_cow 现金牛、question_mark 问号、dog 瘦狗" }
previous_quadrant = { type = "text", description = "Its quadrant in the last set before", description_zh = "上一期所在象限" }
quadrant_since = { type = "date", description = "First day in this quadrant without a break", description_zh = "连续处于当前象限的起始日" }
quadrant_rule = { type = "text", description = "What decided the quadrant: cuts, margin, minimum_stay, or the name of a rule of models/rules.toml", description_zh = "象限判定依据：cuts 分界线、margin 缓冲区、minimum_stay 最短停留，或 models/rules.toml 中的规则名称" }
playbook = { type = "text", description = "What to do: rescue, grow, defend, maintain, repair, develop, let_go or serve_lightly", description_zh = "服务方案：rescue 挽救、grow 增长、defend 防守、maintain 维系、repair 修复、develop 培育、let_go 放手、serve_lightly 低成本服务" }
tags = { type = "text", description = "What stands out, sorted, separated by commas", description_zh = "客户标签，已排序，以逗号分隔" }
recurring_margin_12m = { type = "decimal(18,2)", null = false, description = "Margin before one-off implementation (where no tickets are delivered, support's work is not counted)", description_zh = "近 12 个月经常性毛利（未扣一次性实施成本；无工单数据时不计支持工作）" }
cost_to_serve_12m = { type = "decimal(18,2)", null = false, description = "Support's work on its tickets (where no tickets are delivered, support's work is not counted)", description_zh = "近 12 个月服务成本（工单支持；无工单数据时不计支持工作）" }
collection_days = { type = "double", description = "Days sales outstanding (DSO)", description_zh = "应收账款周转天数 DSO" }
overdue_amount = { type = "decimal(18,2)", description = "Due and not yet paid", description_zh = "逾期应收金额" }
repurchases_24m = { type = "int", description = "Contracts bought in 24 months beyond the first and renewals", description_zh = "近 24 个月复购合同数（不含首购与续约）" }
yearly_retention = { type = "double", description = "Probability to still be a customer in a year (0-1)", description_zh = "一年后仍为客户的概率（0-1）" }
contribution_rank = { type = "int", description = "Rank by margin of 12 months, 1 the highest", description_zh = "近 12 个月毛利排名，1 为最高" }
contribution_share = { type = "double", description = "Share of all positive margin (0-1)", description_zh = "占全部正毛利的比例（0-1）" }
value_in_force = { type = "decimal(18,2)", description = "Yearly value of the contracts in force that have to be renewed", description_zh = "需续约的有效合同年化金额" }
first_end_on = { type = "date", description = "Next end of a contract that has to be renewed", description_zh = "最近一份需续约合同的到期日" }
licensed_users = { type = "int", description = "Users under contract", description_zh = "签约用户数" }
active_users = { type = "double", description = "Usual number of users of the busiest module, 13 weeks", description_zh = "近 13 周最常用模块的通常用户数" }
logins_trend = { type = "double", description = "Change of logins, 13 weeks against the 13 before", description_zh = "近 13 周登录次数较前 13 周的变化" }
nps = { type = "int", description = "Would recommend us (0-10), last answer", description_zh = "最近一次推荐意愿评分（0-10）" }
churn_reasons_zh = { type = "text", description = "churn_reasons in Chinese", description_zh = "推高流失概率的主要原因及带正负号的影响值" }
churn_reasons_against = { type = "text", description = "What lowers the probability to leave most, with signs", description_zh = "降低流失概率的主要原因及带正负号的影响值（英文）" }
churn_reasons_against_zh = { type = "text", description = "The same in Chinese", description_zh = "降低流失概率的主要原因及带正负号的影响值" }
expansion_reasons = { type = "text", description = "What raises the probability to grow most, with signs", description_zh = "推高增购概率的主要原因及带正负号的影响值（英文）" }
expansion_reasons_zh = { type = "text", description = "The same in Chinese", description_zh = "推高增购概率的主要原因及带正负号的影响值" }
health_segment = { type = "text", description = "The segment of models/health.toml whose weights judged it; null: as everybody", description_zh = "健康度评分所用权重的客群（见 models/health.toml）；空为通用权重" }
---*/
SELECT
    value.customer_id,
    account.customer_name,
    account.industry,
    account.region,
    account.channel_partner_id,
    account.owner,
    value.revenue_12m,
    value.margin_12m,
    value.arpu,
    value.tcv,
    value.ltv,
    value.renewal_rate,
    risk.probability AS churn_probability,
    risk.reasons AS churn_reasons,
    growth.probability AS expansion_probability,
    CAST(growth.expected AS DECIMAL(18, 2)) AS expected_expansion,
    -- Who leaves within 90 days takes along the margin of about a year; a customer that costs more than it brings, nothing.
    CAST(risk.probability * CAST(GREATEST(value.recurring_margin_12m, 0) AS DOUBLE) AS DECIMAL(18, 2)) AS value_at_risk,
    current_value.score AS current_value_score,
    potential_value.score AS potential_score,
    strategic_value.score AS strategic_score,
    quadrant.y AS potential_strategic_score,
    health.score AS health_score,
    health.band AS health_band,
    value.abc_class,
    value.rfm_segment,
    quadrant.quadrant,
    before.quadrant AS previous_quadrant,
    quadrant.quadrant_since,
    quadrant.quadrant_rule,
    playbook.rule AS playbook,
    tags.tags,
    value.recurring_margin_12m,
    value.cost_to_serve_12m,
    value.collection_days,
    features.overdue_amount,
    value.repurchases_24m,
    value.yearly_retention,
    value.contribution_rank,
    value.contribution_share,
    features.value_in_force,
    $as_of_date + features.days_to_first_end AS first_end_on,
    features.licensed_users,
    features.active_users_91d AS active_users,
    features.logins_trend_91d AS logins_trend,
    features.nps_last AS nps,
    risk.reasons_zh AS churn_reasons_zh,
    risk.reasons_against AS churn_reasons_against,
    risk.reasons_against_zh AS churn_reasons_against_zh,
    growth.reasons AS expansion_reasons,
    growth.reasons_zh AS expansion_reasons_zh,
    health.segment AS health_segment
FROM customer_value AS value
JOIN customer_features AS features ON features.customer_id = value.customer_id
LEFT JOIN customers AS account ON account.customer_id = value.customer_id
LEFT JOIN churn_risk AS risk ON risk.customer_id = value.customer_id
LEFT JOIN growth_potential AS growth ON growth.customer_id = value.customer_id
LEFT JOIN current_value ON current_value.customer_id = value.customer_id
LEFT JOIN potential_value ON potential_value.customer_id = value.customer_id
LEFT JOIN strategic_value ON strategic_value.customer_id = value.customer_id
LEFT JOIN health ON health.customer_id = value.customer_id
LEFT JOIN quadrant_states AS quadrant ON quadrant.customer_id = value.customer_id
LEFT JOIN playbooks AS playbook ON playbook.customer_id = value.customer_id
LEFT JOIN tags ON tags.customer_id = value.customer_id
LEFT JOIN previous.customer_snapshot AS before ON before.customer_id = value.customer_id
