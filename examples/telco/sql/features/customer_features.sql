/*---
description = """All that a model may know of a customer: every column but the key is a feature. Columns are named one by one. \
`SELECT *` would bring `churned` along, and a model that is told the answer is right about everybody here and about nobody later."""
grain = ["customer_id"]
[columns]
gender = { type = "text", unit = "text", description = "Gender", description_zh = "性别" }
is_senior = { type = "bool", unit = "flag", description = "65 or older", description_zh = "65 岁及以上" }
has_partner = { type = "bool", unit = "flag", description = "Lives with a partner", description_zh = "有伴侣" }
has_dependents = { type = "bool", unit = "flag", description = "Has dependents", description_zh = "有受抚养人" }
tenure_months = { type = "int", unit = "months", group = "tenure", description = "Months as a customer", description_zh = "在网月数" }
contract = { type = "text", unit = "text", group = "contract", description = "Contract", description_zh = "合同类型" }
payment_method = { type = "text", unit = "text", group = "billing", description = "Payment", description_zh = "付款方式" }
has_paperless_billing = { type = "bool", unit = "flag", group = "billing", description = "Bills by e-mail", description_zh = "电子账单" }
monthly_charge = { type = "decimal(18,2)", unit = "money", group = "bill", description = "Monthly charge", description_zh = "月费" }
total_charges = { type = "decimal(18,2)", unit = "money", group = "bill", description = "Charged in all", description_zh = "累计费用" }
has_phone = { type = "bool", unit = "flag", description = "Telephone", description_zh = "电话服务" }
internet = { type = "text", unit = "text", description = "Internet", description_zh = "互联网接入" }
has_multiple_lines = { type = "bool", unit = "flag", description = "More than one line", description_zh = "多条线路" }
has_online_security = { type = "bool", unit = "flag", description = "Online security", description_zh = "网络安全服务" }
has_online_backup = { type = "bool", unit = "flag", description = "Online backup", description_zh = "在线备份" }
has_device_protection = { type = "bool", unit = "flag", description = "Device protection", description_zh = "设备保护" }
has_tech_support = { type = "bool", unit = "flag", description = "Technical support", description_zh = "技术支持" }
has_streaming_tv = { type = "bool", unit = "flag", description = "Television", description_zh = "网络电视" }
has_streaming_movies = { type = "bool", unit = "flag", description = "Films", description_zh = "网络电影" }
---*/
SELECT
    customer_id,
    gender,
    is_senior,
    has_partner,
    has_dependents,
    tenure_months,
    contract,
    payment_method,
    has_paperless_billing,
    monthly_charge,
    total_charges,
    has_phone,
    internet,
    has_multiple_lines,
    has_online_security,
    has_online_backup,
    has_device_protection,
    has_tech_support,
    has_streaming_tv,
    has_streaming_movies
FROM customers
