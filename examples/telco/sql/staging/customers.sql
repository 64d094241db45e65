/*---
description = "Every customer of the file, with types: texts become numbers, money and yes or no."
grain = ["customer_id"]
---*/
-- Names with capitals stand in double quotes: without them SQL would look for `customerid`.
SELECT
    "customerID" AS customer_id,
    gender,
    "SeniorCitizen" = '1' AS is_senior,
    "Partner" = 'Yes' AS has_partner,
    "Dependents" = 'Yes' AS has_dependents,
    CAST(tenure AS BIGINT) AS tenure_months,
    "Contract" AS contract,
    "PaymentMethod" AS payment_method,
    "PaperlessBilling" = 'Yes' AS has_paperless_billing,
    CAST("MonthlyCharges" AS DECIMAL(18, 2)) AS monthly_charge,
    -- Blank for the 11 customers in their first month. Nobody has sent them a bill yet: unknown, not 0.
    CAST(nullif(trim("TotalCharges"), '') AS DECIMAL(18, 2)) AS total_charges,
    "PhoneService" = 'Yes' AS has_phone,
    CASE "InternetService" WHEN 'No' THEN 'none' ELSE "InternetService" END AS internet,
    -- Three answers: Yes, No, and 'No internet service'. Who has no internet has not turned the security down, so that
    -- answer is null. A model sees that it is missing, and does not mistake it for a no.
    CASE "MultipleLines" WHEN 'Yes' THEN true WHEN 'No' THEN false END AS has_multiple_lines,
    CASE "OnlineSecurity" WHEN 'Yes' THEN true WHEN 'No' THEN false END AS has_online_security,
    CASE "OnlineBackup" WHEN 'Yes' THEN true WHEN 'No' THEN false END AS has_online_backup,
    CASE "DeviceProtection" WHEN 'Yes' THEN true WHEN 'No' THEN false END AS has_device_protection,
    CASE "TechSupport" WHEN 'Yes' THEN true WHEN 'No' THEN false END AS has_tech_support,
    CASE "StreamingTV" WHEN 'Yes' THEN true WHEN 'No' THEN false END AS has_streaming_tv,
    CASE "StreamingMovies" WHEN 'Yes' THEN true WHEN 'No' THEN false END AS has_streaming_movies,
    -- What the model is asked for. It is here for the label and for counting, and never a feature.
    "Churn" = 'Yes' AS churned
FROM telco_customers
