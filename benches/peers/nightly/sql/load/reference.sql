CREATE TEMP TABLE industries AS
SELECT lower(industry) AS industry, outlook_growth, policy_support
FROM $standing(reference/industries.parquet, lower(industry), TIMESTAMPTZ '1970-01-01 00:00:00+00')
WHERE replaced_at IS NULL;

CREATE TEMP TABLE core_modules AS
SELECT lower(module) AS module, is_core
FROM $standing(reference/modules.parquet, lower(module), TIMESTAMPTZ '1970-01-01 00:00:00+00')
WHERE replaced_at IS NULL;
