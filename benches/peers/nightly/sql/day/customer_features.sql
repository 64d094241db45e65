-- Read once, when it is written.
CREATE OR REPLACE TEMP VIEW customer_features AS
SELECT
    customer_id,
    contract.* EXCLUDE (cust),
    revenue.* EXCLUDE (cust),
    payment.* EXCLUDE (cust),
    usage.* EXCLUDE (cust, logins_28d, active_users_28d, core_users_28d),
    ticket.* EXCLUDE (cust),
    engagement.* EXCLUDE (cust),
    survey.* EXCLUDE (cust),
    opportunity.* EXCLUDE (cust),
    account.* EXCLUDE (cust),
    industry.* EXCLUDE (cust),
    usage.active_users_91d / contract.licensed_users AS seat_use_rate,
    usage.logins_28d::DOUBLE / contract.licensed_users AS logins_per_seat_28d,
    usage.core_users_28d / contract.licensed_users AS core_module_use_rate,
    contract.licensed_users::DOUBLE / account.employees AS seats_per_employee,
    10 * (ticket.tickets_90d + ticket.severe_tickets_90d + 3 * ticket.complaints_90d)::DOUBLE / contract.licensed_users
        AS ticket_load_90d,
    CASE WHEN contract.ending_90d_share = 0 THEN 0.0::DOUBLE
         WHEN usage.logins_trend_91d IS NOT NULL
         THEN contract.ending_90d_share * greatest(-usage.logins_trend_91d, 0) END AS due_while_use_falls,
    (coalesce(survey.nps_last / 10, 0) + coalesce((survey.survey_csat_last - 1) / 4, 0)
        + coalesce((ticket.ticket_csat_365d - 1) / 4, 0))
        / nullif((survey.nps_last IS NOT NULL)::INTEGER + (survey.survey_csat_last IS NOT NULL)::INTEGER
                 + (ticket.ticket_csat_365d IS NOT NULL)::INTEGER, 0) AS satisfaction
FROM contract_features AS contract
JOIN people USING (cust)
LEFT JOIN revenue_features AS revenue USING (cust)
LEFT JOIN payment_features AS payment USING (cust)
LEFT JOIN usage_features AS usage USING (cust)
LEFT JOIN ticket_features AS ticket USING (cust)
LEFT JOIN engagement_features AS engagement USING (cust)
LEFT JOIN survey_features AS survey USING (cust)
LEFT JOIN opportunity_features AS opportunity USING (cust)
LEFT JOIN account_features AS account USING (cust)
LEFT JOIN industry_features AS industry USING (cust);
