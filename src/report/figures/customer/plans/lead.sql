/*---
[[sentence]]
en = "{agreements} agreements are in force, worth {yearly_value} a year."
zh = "有效合同 {agreements} 份，年化金额 {yearly_value}。"
if = "has_several"
[[sentence]]
en = "One agreement is in force, worth {yearly_value} a year."
zh = "有效合同 1 份，年化金额 {yearly_value}。"
if = "has_one"
[[sentence]]
en = "The next one to be renewed ends on {next_end_on}, in {days_to_end}."
zh = "下一份待续签合同于 {next_end_on} 到期，距今 {days_to_end}。"
[[sentence]]
en = "Everything that has to be renewed is renewed already."
zh = "需续签的合同均已续签。"
if = "is_all_renewed"
[columns]
agreements = { as = "count" }
yearly_value = { as = "money" }
has_several = { as = "flag" }
has_one = { as = "flag" }
next_end_on = { as = "date" }
days_to_end = { as = "days" }
is_all_renewed = { as = "flag" }
---*/
WITH found AS (
    SELECT
        COUNT(*) AS agreements,
        SUM(yearly_value) FILTER (WHERE is_recurring) AS yearly_value,
        MIN(ends_on) FILTER (WHERE is_recurring AND NOT is_renewed) AS next_end_on,
        COUNT(*) FILTER (WHERE is_renewed) AS renewed
    FROM customer_agreements
    WHERE customer_id = $customer
)
SELECT
    agreements,
    yearly_value,
    agreements > 1 AS has_several,
    agreements = 1 AS has_one,
    next_end_on,
    next_end_on - $as_of_date AS days_to_end,
    next_end_on IS NULL AND renewed > 0 AS is_all_renewed
FROM found
