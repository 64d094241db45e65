/*---
description = "Everything a model may know about a customer in force: every column but the key is a feature."
grain = ["customer_id"]
[columns]
seat_use_rate = { unit = "share", group = "use",
    phrase = "Users under contract who are active, 13 weeks", description = "Active users per user under contract, last 13 weeks",
    phrase_zh = "近 13 周签约用户活跃率", description_zh = "近 13 周活跃用户占签约用户的比例" }
logins_per_seat_28d = { unit = "number", group = "use",
    phrase = "Logins per user under contract in 4 weeks", description = "Logins per user under contract, last 4 weeks",
    phrase_zh = "近 4 周每个签约用户登录次数", description_zh = "近 4 周每个签约用户的登录次数" }
core_module_use_rate = { unit = "share", group = "use",
    phrase = "Users under contract active in a core module, 4 weeks", description = "Users of a core module per user under contract, last 4 weeks",
    phrase_zh = "近 4 周核心模块用户活跃率", description_zh = "近 4 周核心模块的活跃用户占签约用户的比例" }
seats_per_employee = { unit = "share",
    phrase = "Users under contract as a part of its employees", description = "Users under contract per employee",
    phrase_zh = "签约用户占员工人数的比例", description_zh = "签约用户占员工人数的比例" }
satisfaction = { unit = "number", group = "satisfaction",
    phrase = "Satisfaction overall (0-1)", description = "Satisfaction (0-1): mean of recommendation, surveys and solved tickets, as far as known",
    phrase_zh = "综合满意度（0-1）", description_zh = "综合满意度（0-1）：推荐意愿、调查与工单评分的平均" }
due_while_use_falls = { unit = "share", group = "renewal_due",
    phrase = "Contract value due within 90 days, weighted by the fall of logins", description = "Value that ends within 90 days without renewal, times the fall of logins",
    phrase_zh = "90 天内到期未续金额占比（按登录降幅加权）", description_zh = "90 天内到期未续金额占比与登录下降幅度的乘积" }
ticket_load_90d = { unit = "number", group = "tickets",
    phrase = "Ticket load per 10 users in 90 days", description = "Tickets per 10 users under contract in the last 90 days, severe ones counted twice and complaints four times",
    phrase_zh = "近 90 天每 10 个用户的工单负担", description_zh = "近 90 天每 10 个签约用户的工单负担（严重工单计两次，投诉计四次）" }
---*/
SELECT
    customers.customer_id,
    contract.* EXCEPT (customer_id),
    revenue.* EXCEPT (customer_id),
    payment.* EXCEPT (customer_id),
    usage.* EXCEPT (customer_id, logins_28d, active_users_28d, core_users_28d),
    ticket.* EXCEPT (customer_id),
    engagement.* EXCEPT (customer_id),
    survey.* EXCEPT (customer_id),
    opportunity.* EXCEPT (customer_id),
    account.* EXCEPT (customer_id),
    industry.* EXCEPT (customer_id),
    -- What only two families together can tell.
    usage.active_users_91d / contract.licensed_users AS seat_use_rate,
    CAST(usage.logins_28d AS DOUBLE) / contract.licensed_users AS logins_per_seat_28d,
    usage.core_users_28d / contract.licensed_users AS core_module_use_rate,
    CAST(contract.licensed_users AS DOUBLE) / account.employees AS seats_per_employee,
    10.0 * (ticket.tickets_90d + ticket.severe_tickets_90d + 3 * ticket.complaints_90d) / contract.licensed_users
        AS ticket_load_90d,
    -- GREATEST and LEAST pass over a null, so what is unknown is asked for first.
    CASE WHEN contract.ending_90d_share = 0 THEN 0.0
         WHEN usage.logins_trend_91d IS NOT NULL
         THEN contract.ending_90d_share * GREATEST(-usage.logins_trend_91d, 0) END AS due_while_use_falls,
    (COALESCE(survey.nps_last / 10.0, 0) + COALESCE((survey.survey_csat_last - 1) / 4.0, 0)
        + COALESCE((ticket.ticket_csat_365d - 1) / 4.0, 0))
        / NULLIF(CASE WHEN survey.nps_last IS NULL THEN 0 ELSE 1 END
                 + CASE WHEN survey.survey_csat_last IS NULL THEN 0 ELSE 1 END
                 + CASE WHEN ticket.ticket_csat_365d IS NULL THEN 0 ELSE 1 END, 0) AS satisfaction
FROM customers_in_force AS customers
LEFT JOIN contract_features AS contract ON contract.customer_id = customers.customer_id
LEFT JOIN revenue_features AS revenue ON revenue.customer_id = customers.customer_id
LEFT JOIN payment_features AS payment ON payment.customer_id = customers.customer_id
LEFT JOIN usage_features AS usage ON usage.customer_id = customers.customer_id
LEFT JOIN ticket_features AS ticket ON ticket.customer_id = customers.customer_id
LEFT JOIN engagement_features AS engagement ON engagement.customer_id = customers.customer_id
LEFT JOIN survey_features AS survey ON survey.customer_id = customers.customer_id
LEFT JOIN opportunity_features AS opportunity ON opportunity.customer_id = customers.customer_id
LEFT JOIN account_features AS account ON account.customer_id = customers.customer_id
LEFT JOIN industry_features AS industry ON industry.customer_id = customers.customer_id
