/*---
description = "What somebody should look at: one row per customer and alert that is open, and once more on the day on which it is over."
description_zh = "需要有人关注的事项：每位客户每条持续中的预警一行，解除当天再出现一次。"
grain = ["alert_id"]
[columns]
alert_id = { type = "text", null = false, description = "alert:customer:since, the same every day while it lasts", description_zh = "预警编号（预警:客户:起始日），持续期间不变" }
customer_id = { type = "text", null = false, description = "The customer", description_zh = "客户" }
alert = { type = "text", null = false, description = "Its name in models/alert_rules.toml", description_zh = "预警名称（见 models/alert_rules.toml）" }
severity = { type = "text", null = false, description = "high, medium or low", description_zh = "严重程度：high 高、medium 中、low 低" }
evidence = { type = "text", null = false, description = "The figures behind it, in words", description_zh = "依据的数据（英文）" }
evidence_zh = { type = "text", null = false, description = "The same in Chinese", description_zh = "依据的数据" }
since = { type = "date", null = false, description = "First day of this alert without a break", description_zh = "持续起始日" }
status = { type = "text", null = false, description = "open, or closed: over since the last set", description_zh = "open 持续中；closed 已解除" }
is_new = { type = "bool", null = false, description = "Raised today", description_zh = "今日新增" }
last_held_on = { type = "date", description = "Last day on which it was known to hold: while nobody can tell, for want of a past set or a figure, it stays open for a month", description_zh = "最近一次确认成立的日期；因缺少历史快照或数据而无法判断时，预警保留一个月" }
closed_on = { type = "date", description = "Day on which it was over", description_zh = "解除日期" }
owner_role = { type = "text", description = "Who should look at it", description_zh = "负责角色" }
owner = { type = "text", description = "The customer's account manager", description_zh = "客户经理" }
description = { type = "text", description = "What it means", description_zh = "含义（英文）" }
description_zh = { type = "text", description = "The same in Chinese", description_zh = "含义" }
next_step = { type = "text", description = "What to do", description_zh = "建议动作（英文）" }
next_step_zh = { type = "text", description = "The same in Chinese", description_zh = "建议动作" }
---*/
WITH before AS (
    SELECT * FROM previous.alerts WHERE COALESCE(status, 'open') = 'open'
),
both_days AS (
    SELECT
        COALESCE(found.customer_id, before.customer_id) AS customer_id,
        COALESCE(found.alert, before.alert) AS alert,
        -- While nobody can tell, what was last known stands.
        CASE WHEN found.holds THEN found.severity ELSE COALESCE(before.severity, found.severity) END AS severity,
        COALESCE(CASE WHEN found.holds THEN found.evidence ELSE COALESCE(before.evidence, found.evidence) END, '')
            AS evidence,
        COALESCE(
            CASE WHEN found.holds THEN found.evidence_zh
                 -- A set of an older program has it in English only.
                 ELSE COALESCE(before.evidence_zh, before.evidence, found.evidence_zh) END, '') AS evidence_zh,
        COALESCE(before.since, $as_of_date) AS since,
        before.alert_id AS known_id,
        CASE WHEN found.holds THEN $as_of_date ELSE COALESCE(before.last_held_on, before.since) END AS last_held_on,
        found.holds OR (found.alert IS NOT NULL AND found.holds IS NULL
                        AND COALESCE(before.last_held_on, before.since) > $as_of_date - 32) AS holds,
        before.alert IS NULL AS is_new,
        COALESCE(found.owner_role, before.owner_role) AS owner_role,
        COALESCE(found.description, before.description) AS description,
        COALESCE(found.description_zh, before.description_zh) AS description_zh,
        COALESCE(found.next_step, before.next_step) AS next_step,
        COALESCE(found.next_step_zh, before.next_step_zh) AS next_step_zh
    FROM alert_rules AS found
    FULL JOIN before ON before.alert = found.alert AND before.customer_id = found.customer_id
    -- What nobody can tell is not raised.
    WHERE found.holds OR before.alert IS NOT NULL
)
SELECT
    COALESCE(known_id, concat(alert, ':', both_days.customer_id, ':', CAST(since AS VARCHAR))) AS alert_id,
    both_days.customer_id,
    alert,
    severity,
    evidence,
    evidence_zh,
    since,
    CASE WHEN holds THEN 'open' ELSE 'closed' END AS status,
    is_new,
    last_held_on,
    CASE WHEN NOT COALESCE(holds, FALSE) THEN $as_of_date END AS closed_on,
    owner_role,
    account.owner,
    description,
    description_zh,
    next_step,
    next_step_zh
FROM both_days
LEFT JOIN customers AS account ON account.customer_id = both_days.customer_id
