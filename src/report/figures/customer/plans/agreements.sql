/*---
title = "Agreements in force"
title_zh = "有效合同"
empty = "No agreement is in force in our books."
empty_zh = "系统中没有有效合同。"
rows = 12
[columns]
kind = { en = "Agreement", zh = "合同类型", as = "word", words = "contract_type" }
module = { en = "Module", zh = "模块", as = "word" }
product = { en = "Product", zh = "产品", as = "text" }
licensed_users = { en = "Users", zh = "用户数", as = "count" }
yearly_value = { en = "A year", zh = "年化金额", as = "money" }
signed_on = { en = "Signed", zh = "签订", as = "date" }
ends_on = { en = "Until", zh = "到期", as = "date" }
state = { en = "Renewal", zh = "续签", as = "word", words = "agreement_state" }
---*/
-- What is bought once, or for good, has no value of a year.
SELECT
    kind,
    module,
    NULLIF(concat_ws(' ', product_series, product_version), '') AS product,
    licensed_users,
    CASE WHEN is_recurring THEN yearly_value END AS yearly_value,
    signed_on,
    ends_on,
    CASE WHEN is_renewed THEN 'renewed'
         WHEN is_recurring AND days_to_end <= 120 THEN 'due'
         WHEN is_recurring THEN 'later'
         ELSE 'none' END AS state
FROM customer_agreements
WHERE customer_id = $customer
ORDER BY is_recurring DESC, ends_on NULLS LAST, signed_on DESC, contract_id
