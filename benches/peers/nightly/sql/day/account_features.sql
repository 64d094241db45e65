CREATE OR REPLACE TEMP TABLE customers AS
WITH current AS (
    SELECT cust, max(age) AS age
    FROM accounts JOIN ident USING (sid)
    WHERE known_at < $as_of AND (replaced_at IS NULL OR replaced_at >= $as_of)
    GROUP BY cust
)
SELECT current.cust, accounts.* FROM current JOIN accounts USING (age);

CREATE OR REPLACE TEMP TABLE account_features AS
WITH former AS (
    SELECT sid, max(age) AS age
    FROM accounts
    WHERE known_at < $as_of - INTERVAL 365 DAYS AND (replaced_at IS NULL OR replaced_at >= $as_of)
    GROUP BY sid
),
year_ago AS (SELECT former.sid, owner, executive_sponsor, employees FROM former JOIN accounts USING (age))
SELECT
    account.cust,
    account.employees,
    account.annual_revenue,
    $as_of_date - CASE WHEN account.registered_on <= $as_of_date THEN account.registered_on END AS company_age_days,
    account.digital_maturity,
    account.executive_sponsor,
    account.expansion_plan,
    account.industry_benchmark,
    account.brand_rank,
    account.ecosystem_partner,
    account.co_creation,
    account.industry,
    account.partner > 0 AS sold_by_partner,
    account.owner <> year_ago.owner AS owner_changed_365d,
    year_ago.executive_sponsor AND NOT account.executive_sponsor AS sponsor_lost_365d,
    account.employees::DOUBLE / year_ago.employees - 1 AS employees_change_365d
FROM customers AS account
LEFT JOIN year_ago USING (sid);

CREATE OR REPLACE TEMP TABLE industry_features AS
WITH spans AS (
    SELECT cust, bool_or(in_force) AS in_force, bool_or(was_in_force) AS was_in_force
    FROM $contracts
    GROUP BY cust
),
peers AS (
    SELECT cust, in_force, was_in_force, industry, partner FROM spans JOIN customers USING (cust)
),
by_industry AS (
    SELECT
        industry,
        count(*) FILTER (WHERE was_in_force) AS industry_then,
        count(*) FILTER (WHERE was_in_force AND NOT in_force) AS industry_left
    FROM peers GROUP BY industry
),
by_partner AS (
    SELECT
        partner,
        count(*) FILTER (WHERE was_in_force) AS partner_then,
        count(*) FILTER (WHERE was_in_force AND NOT in_force) AS partner_left
    FROM peers GROUP BY partner
),
ranked AS (
    SELECT cust, percent_rank() OVER (PARTITION BY industry ORDER BY licensed_users) AS industry_users_rank
    FROM contract_features JOIN customers USING (cust)
    WHERE industry IS NOT NULL AND licensed_users IS NOT NULL
)
SELECT
    peers.cust,
    industries.outlook_growth AS industry_outlook,
    industries.policy_support AS industry_policy_support,
    CASE WHEN industry_then >= 20 THEN industry_left::DOUBLE / industry_then END AS industry_loss_rate_365d,
    industry_users_rank,
    CASE WHEN partner_then >= 20 THEN partner_left::DOUBLE / partner_then END AS partner_loss_rate_365d
FROM peers
LEFT JOIN by_industry USING (industry)
LEFT JOIN by_partner USING (partner)
LEFT JOIN industries USING (industry)
LEFT JOIN ranked ON ranked.cust = peers.cust
WHERE peers.in_force;
