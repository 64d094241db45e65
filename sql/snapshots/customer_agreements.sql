/*---
description = "What a customer has signed that is in force: one row per customer in force and contract in force."
description_zh = "客户已签且有效的合同：每位有效客户的每份有效合同一行。"
grain = ["customer_id", "contract_id"]
[columns]
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
contract_id = { type = "text", null = false, description = "The contract in the ERP, in lower case", description_zh = "ERP 合同编号（小写）" }
kind = { type = "text", null = false, description = "license, subscription, service_fee, module, users, upgrade or customization", description_zh = "合同类型：license、subscription、service_fee、module、users、upgrade 或 customization" }
module = { type = "text", description = "The module that it names; null: none", description_zh = "合同列明的模块；空为未列明" }
product_series = { type = "text", description = "Beside a licence or subscription that names no module: the series that the customer runs, by the CRM", description_zh = "未列明模块的许可或订阅：CRM 中客户所用产品系列" }
product_version = { type = "text", description = "And its version", description_zh = "及其版本" }
licensed_users = { type = "int", description = "Users that it grants", description_zh = "授权用户数" }
amount = { type = "decimal(18,2)", null = false, description = "Its whole amount", description_zh = "合同总额" }
yearly_value = { type = "decimal(18,2)", null = false, description = "What it is worth in a year; what is bought once, or for good, counts whole", description_zh = "年化金额；一次性或永久购买按全额计" }
is_recurring = { type = "bool", null = false, description = "Has to be signed again when it ends", description_zh = "到期是否需续签" }
signed_on = { type = "date", null = false, description = "Day it was signed", description_zh = "签订日期" }
starts_on = { type = "date", null = false, description = "Day it began", description_zh = "开始日期" }
ends_on = { type = "date", description = "Its last day; null: bought for good", description_zh = "到期日期；空为永久" }
days_to_end = { type = "int", description = "Days until then", description_zh = "距到期天数" }
is_renewal = { type = "bool", null = false, description = "It renews an earlier contract", description_zh = "是否为续签合同" }
former_yearly_value = { type = "decimal(18,2)", description = "Yearly value of what it renewed, additions taken in; null if it renews nothing that we know", description_zh = "所续原合同的年化金额（含并入的增购）；无则为空" }
is_renewed = { type = "bool", description = "A later contract renews it already; null where it has not to be renewed", description_zh = "是否已续签；无需续签为空" }
renewed_on = { type = "date", description = "Day that one was signed", description_zh = "续签日期" }
renewed_by = { type = "text", description = "Which that is", description_zh = "续签合同编号" }
---*/
WITH former AS (
    SELECT renewal_id, SUM(yearly_amount) AS yearly_amount
    FROM renewed_contracts
    GROUP BY renewal_id
)
SELECT
    contracts.customer_id,
    contracts.contract_id,
    contracts.contract_type AS kind,
    contracts.module,
    CASE WHEN contracts.module IS NULL AND contracts.contract_type IN ('license', 'subscription')
         THEN account.product_series END AS product_series,
    CASE WHEN contracts.module IS NULL AND contracts.contract_type IN ('license', 'subscription')
         THEN account.product_version END AS product_version,
    contracts.licensed_users,
    contracts.amount,
    contracts.yearly_amount AS yearly_value,
    contracts.is_recurring,
    contracts.signed_on,
    contracts.starts_on,
    contracts.ends_on,
    contracts.ends_on - $as_of_date AS days_to_end,
    contracts.is_renewal,
    CAST(former.yearly_amount AS DECIMAL(18, 2)) AS former_yearly_value,
    CASE WHEN followers.renewal_id IS NOT NULL THEN TRUE WHEN contracts.is_recurring THEN FALSE END AS is_renewed,
    CAST(followers.renewed_at AS DATE) AS renewed_on,
    followers.renewal_id AS renewed_by
FROM contracts
LEFT JOIN renewed_contracts AS followers ON followers.contract_id = contracts.contract_id
LEFT JOIN former ON former.renewal_id = contracts.contract_id
LEFT JOIN customers AS account ON account.customer_id = contracts.customer_id
WHERE contracts.in_force
