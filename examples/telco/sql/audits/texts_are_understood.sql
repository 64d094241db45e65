/*---
description = """Every text of the file is one that staging knows. A new answer would else become a no, or a null, and nobody \
would see it."""
---*/
SELECT "customerID", column_name, text
FROM (
    SELECT "customerID", 'SeniorCitizen' AS column_name, "SeniorCitizen" AS text, '0|1' AS known FROM telco_customers
    UNION ALL SELECT "customerID", 'Partner', "Partner", 'Yes|No' FROM telco_customers
    UNION ALL SELECT "customerID", 'Dependents', "Dependents", 'Yes|No' FROM telco_customers
    UNION ALL SELECT "customerID", 'PaperlessBilling', "PaperlessBilling", 'Yes|No' FROM telco_customers
    UNION ALL SELECT "customerID", 'PhoneService', "PhoneService", 'Yes|No' FROM telco_customers
    UNION ALL SELECT "customerID", 'MultipleLines', "MultipleLines", 'Yes|No|No phone service' FROM telco_customers
    UNION ALL SELECT "customerID", 'InternetService', "InternetService", 'DSL|Fiber optic|No' FROM telco_customers
    UNION ALL SELECT "customerID", 'OnlineSecurity', "OnlineSecurity", 'Yes|No|No internet service' FROM telco_customers
    UNION ALL SELECT "customerID", 'OnlineBackup', "OnlineBackup", 'Yes|No|No internet service' FROM telco_customers
    UNION ALL SELECT "customerID", 'DeviceProtection', "DeviceProtection", 'Yes|No|No internet service' FROM telco_customers
    UNION ALL SELECT "customerID", 'TechSupport', "TechSupport", 'Yes|No|No internet service' FROM telco_customers
    UNION ALL SELECT "customerID", 'StreamingTV', "StreamingTV", 'Yes|No|No internet service' FROM telco_customers
    UNION ALL SELECT "customerID", 'StreamingMovies', "StreamingMovies", 'Yes|No|No internet service' FROM telco_customers
    UNION ALL SELECT "customerID", 'Contract', "Contract", 'Month-to-month|One year|Two year' FROM telco_customers
    UNION ALL SELECT "customerID", 'Churn', "Churn", 'Yes|No' FROM telco_customers
)
WHERE text IS NULL OR strpos('|' || known || '|', '|' || text || '|') = 0
