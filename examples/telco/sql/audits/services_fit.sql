/*---
description = "Extras are unknown exactly where there is no internet, several lines exactly where there is no telephone."
---*/
SELECT customer_id, internet, has_phone
FROM customers
WHERE (has_multiple_lines IS NULL) = has_phone
    OR (has_online_security IS NULL) <> (internet = 'none')
    OR (has_online_backup IS NULL) <> (internet = 'none')
    OR (has_device_protection IS NULL) <> (internet = 'none')
    OR (has_tech_support IS NULL) <> (internet = 'none')
    OR (has_streaming_tv IS NULL) <> (internet = 'none')
    OR (has_streaming_movies IS NULL) <> (internet = 'none')
