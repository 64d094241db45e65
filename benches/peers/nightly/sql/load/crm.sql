CREATE TEMP TABLE partners AS
SELECT (row_number() OVER (ORDER BY channel_partner_id))::INTEGER AS partner, channel_partner_id
FROM (SELECT DISTINCT channel_partner_id FROM read_parquet('$lake/crm/accounts/*.parquet') WHERE channel_partner_id IS NOT NULL);

-- `age` numbers the versions so that of any of them the newest has the highest.
CREATE TEMP TABLE accounts AS
SELECT
    (row_number() OVER (ORDER BY valid_from, sid DESC))::INTEGER AS age,
    sid,
    make_timestamp(epoch_us(valid_from)) AS known_at,
    replaced_at,
    lower(industry) AS industry,
    coalesce(partner, 0) AS partner,
    owner,
    CASE WHEN employees > 0 THEN employees END AS employees,
    CASE WHEN annual_revenue > 0 THEN annual_revenue END AS annual_revenue,
    CASE WHEN registered_on >= DATE '1800-01-02' AND registered_on NOT IN (DATE '1900-01-01', DATE '1970-01-01')
         THEN registered_on END AS registered_on,
    CASE WHEN digital_maturity BETWEEN 1 AND 5 THEN digital_maturity END AS digital_maturity,
    executive_sponsor,
    lower(expansion_plan) AS expansion_plan,
    industry_benchmark,
    CASE WHEN brand_rank BETWEEN 0 AND 5 THEN brand_rank END AS brand_rank,
    ecosystem_partner,
    co_creation
FROM $standing(crm/accounts/*.parquet, lower(account_id) || ' ' || epoch_us(valid_from), valid_from) AS account
JOIN ids ON ids.source_system = 'crm' AND ids.source_id = lower(account.account_id)
LEFT JOIN partners USING (channel_partner_id);

CREATE TEMP TABLE engagements AS
SELECT
    sid,
    make_timestamp(epoch_us(held_at)) AS known_at,
    replaced_at,
    make_timestamp(epoch_us(held_at))::DATE AS held_on,
    lower(kind) AS kind,
    lower(customer_level) = 'executive' OR lower(kind) = 'executive_visit' AS is_executive
FROM $standing(crm/engagements/*.parquet, lower(engagement_id), held_at) AS met
JOIN ids ON ids.source_system = 'crm' AND ids.source_id = lower(met.account_id)
WHERE held_at >= TIMESTAMPTZ '1980-01-01 00:00:00+00';

CREATE TEMP TABLE surveys AS
SELECT
    sid,
    (row_number() OVER (ORDER BY lower(survey_id)))::INTEGER AS survey,
    make_timestamp(epoch_us(responded_at)) AS known_at,
    replaced_at,
    CASE WHEN nps BETWEEN 0 AND 10 THEN nps END AS nps,
    CASE WHEN csat BETWEEN 1 AND 5 THEN csat END AS csat
FROM $standing(crm/surveys/*.parquet, lower(survey_id), responded_at) AS answer
JOIN ids ON ids.source_system = 'crm' AND ids.source_id = lower(answer.account_id)
WHERE responded_at >= TIMESTAMPTZ '1980-01-01 00:00:00+00';

CREATE TEMP TABLE opportunities AS
SELECT
    ids.sid,
    referrer.sid AS referrer_sid,
    make_timestamp(epoch_us(created_at)) AS known_at,
    replaced_at,
    lower(kind) = 'renewal' AS is_renewal,
    CASE WHEN amount BETWEEN 0 AND 1000000000 THEN amount END AS amount,
    make_timestamp(epoch_us(closed_at)) AS closed_at,
    won,
    competitor IS NOT NULL AS to_competitor
FROM $standing(crm/opportunities/*.parquet, lower(opportunity_id), created_at) AS hope
JOIN ids ON ids.source_system = 'crm' AND ids.source_id = lower(hope.account_id)
LEFT JOIN ids AS referrer ON referrer.source_system = 'crm' AND referrer.source_id = lower(hope.referred_by_account_id)
WHERE created_at >= TIMESTAMPTZ '1980-01-01 00:00:00+00';
