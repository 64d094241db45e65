/*---
description = "Every open alert speaks of a customer of the snapshot, and no customer has one alert twice."
---*/
SELECT alerts.alert_id, alerts.customer_id, 'no such customer' AS finding
FROM alerts
LEFT JOIN customer_snapshot AS snapshot ON snapshot.customer_id = alerts.customer_id
WHERE snapshot.customer_id IS NULL AND alerts.status = 'open'
UNION ALL
SELECT MIN(alert_id), customer_id, concat(alert, ' twice')
FROM alerts
GROUP BY customer_id, alert
HAVING COUNT(*) > 1
