/*---
[[sentence]]
en = "Your account manager is {owner}."
zh = "贵司的客户经理：{owner}。"
[[sentence]]
en = "Our last business review was on {last_review_on}."
zh = "上一次业务回顾：{last_review_on}。"
[[sentence]]
en = "By our records there was no business review before."
zh = "记录中此前未进行过业务回顾。"
if = "is_first_review"
[columns]
owner = { as = "text" }
last_review_on = { as = "date" }
is_first_review = { as = "flag" }
---*/
SELECT
    snapshot.owner,
    service.last_review_on,
    COALESCE(service.meetings_12m IS NOT NULL AND service.last_review_on IS NULL, FALSE) AS is_first_review
FROM customer_snapshot AS snapshot
LEFT JOIN customer_service AS service ON service.customer_id = snapshot.customer_id
WHERE snapshot.customer_id = $customer
