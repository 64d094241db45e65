CREATE OR REPLACE TEMP TABLE linked_crm AS SELECT DISTINCT cust FROM ident WHERE system = 'crm';

CREATE OR REPLACE TEMP TABLE engagement_features AS
WITH known AS (
    SELECT * FROM engagements JOIN ident USING (sid)
    WHERE known_at < $as_of AND (replaced_at IS NULL OR replaced_at >= $as_of)
),
met AS (
    SELECT
        cust,
        count(*) FILTER (WHERE held_on >= $as_of_date - 90) AS engagements_90d,
        count(*) FILTER (WHERE held_on >= $as_of_date - 365) AS engagements_365d,
        count(*) FILTER (WHERE is_executive AND held_on >= $as_of_date - 180) AS executive_meetings_180d,
        count(*) FILTER (WHERE kind = 'qbr' AND held_on >= $as_of_date - 365) AS business_reviews_365d,
        count(*) FILTER (WHERE kind = 'training' AND held_on >= $as_of_date - 365) AS trainings_365d,
        max(held_on) AS last_held_on
    FROM known
    GROUP BY cust
)
SELECT
    cust,
    coalesce(engagements_90d, 0) AS engagements_90d,
    coalesce(engagements_365d, 0) AS engagements_365d,
    coalesce(executive_meetings_180d, 0) AS executive_meetings_180d,
    coalesce(business_reviews_365d, 0) AS business_reviews_365d,
    coalesce(trainings_365d, 0) AS trainings_365d,
    $as_of_date - last_held_on AS days_since_engagement
FROM linked_crm
LEFT JOIN met USING (cust)
WHERE EXISTS (FROM met);

CREATE OR REPLACE TEMP TABLE survey_features AS
WITH answers AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY cust, nps IS NULL ORDER BY known_at DESC, survey) AS nth_nps,
        row_number() OVER (PARTITION BY cust, csat IS NULL ORDER BY known_at DESC, survey) AS nth_csat
    FROM surveys JOIN ident USING (sid)
    WHERE known_at < $as_of AND known_at >= $as_of - INTERVAL 730 DAYS AND (replaced_at IS NULL OR replaced_at >= $as_of)
)
SELECT
    cust,
    max(nps) FILTER (WHERE nth_nps = 1) AS nps_last,
    max(nps) FILTER (WHERE nth_nps = 1) - max(nps) FILTER (WHERE nth_nps = 2) AS nps_change,
    avg(nps) AS nps_avg_730d,
    max(csat) FILTER (WHERE nth_csat = 1) AS survey_csat_last,
    $as_of_date - max(known_at)::DATE AS days_since_survey
FROM answers
GROUP BY cust;

CREATE OR REPLACE TEMP TABLE opportunity_features AS
WITH known AS (
    SELECT
        ident.cust,
        referrer.cust AS referred_by,
        known_at,
        known_at::DATE AS created_on,
        is_renewal,
        amount,
        CASE WHEN closed_at < $as_of THEN closed_at::DATE END AS closed_on,
        CASE WHEN closed_at < $as_of THEN won END AS won,
        to_competitor
    FROM opportunities
    JOIN ident USING (sid)
    LEFT JOIN ident AS referrer ON referrer.sid = opportunities.referrer_sid
    WHERE known_at < $as_of AND (replaced_at IS NULL OR replaced_at >= $as_of)
),
hoped AS (
    SELECT
        cust,
        count(*) FILTER (WHERE closed_on IS NULL AND created_on >= $as_of_date - 730) AS open_opportunities,
        sum(amount) FILTER (WHERE closed_on IS NULL AND created_on >= $as_of_date - 730 AND NOT is_renewal) AS open_expansion_amount,
        count(*) FILTER (WHERE closed_on IS NULL AND created_on >= $as_of_date - 730 AND is_renewal) AS open_renewals,
        count(*) FILTER (WHERE created_on >= $as_of_date - 365) AS opportunities_365d,
        sum(amount) FILTER (WHERE won AND closed_on >= $as_of_date - 365) AS won_amount_365d,
        count(*) FILTER (WHERE NOT won AND closed_on >= $as_of_date - 365 AND is_renewal) AS lost_renewals_365d,
        count(*) FILTER (WHERE NOT won AND closed_on >= $as_of_date - 730 AND to_competitor) AS lost_to_competitor_730d,
        count(*) FILTER (WHERE won AND closed_on >= $as_of_date - 730) AS won_730d,
        count(*) FILTER (WHERE won IS NOT NULL AND closed_on >= $as_of_date - 730) AS closed_730d
    FROM known
    GROUP BY cust
),
referred AS (
    SELECT referred_by AS cust, count(DISTINCT cust) AS referrals_730d
    FROM known
    WHERE referred_by <> cust AND known_at >= $as_of - INTERVAL 730 DAYS
    GROUP BY referred_by
)
SELECT
    cust,
    coalesce(open_opportunities, 0) AS open_opportunities,
    coalesce(open_expansion_amount, 0)::DECIMAL(18, 2) AS open_expansion_amount,
    coalesce(open_renewals, 0) AS open_renewals,
    coalesce(opportunities_365d, 0) AS opportunities_365d,
    coalesce(won_amount_365d, 0)::DECIMAL(18, 2) AS won_amount_365d,
    coalesce(lost_renewals_365d, 0) AS lost_renewals_365d,
    coalesce(lost_to_competitor_730d, 0) AS lost_to_competitor_730d,
    won_730d::DOUBLE / nullif(closed_730d, 0) AS win_rate_730d,
    coalesce(referrals_730d, 0) AS referrals_730d
FROM linked_crm
LEFT JOIN hoped USING (cust)
LEFT JOIN referred USING (cust)
WHERE EXISTS (FROM hoped);
