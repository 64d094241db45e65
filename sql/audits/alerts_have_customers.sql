/*---
description = "Every alert speaks of a customer of the snapshot."
---*/
SELECT alerts.alert_id, alerts.customer_id
FROM alerts
LEFT JOIN customer_snapshot AS snapshot ON snapshot.customer_id = alerts.customer_id
WHERE snapshot.customer_id IS NULL
