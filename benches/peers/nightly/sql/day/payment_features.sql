CREATE OR REPLACE TEMP TABLE payment_features AS
WITH paid AS (
    SELECT invoice, sum(amount)::DECIMAL(18, 2) AS amount, max(paid_on) AS last_paid_on
    FROM payments SEMI JOIN ident USING (sid)
    WHERE known_at < $as_of AND known_at >= $as_of - INTERVAL 760 DAYS AND (replaced_at IS NULL OR replaced_at >= $as_of)
    GROUP BY invoice
),
billed AS (
    SELECT
        billed_now.*,
        paid.last_paid_on,
        -- Above 0 what an invoice still asks for, below 0 what a credit note has not yet paid back.
        CASE WHEN billed_now.amount > 0 THEN greatest(billed_now.amount - coalesce(paid.amount, 0), 0)
             ELSE least(billed_now.amount - coalesce(paid.amount, 0), 0) END AS unpaid
    FROM billed_now
    LEFT JOIN paid USING (invoice)
    WHERE billed_now.amount <> 0
),
-- A credit note settles what is open on its contract that day, the oldest first. Few contracts have any.
running AS (
    SELECT
        billed.*,
        sum(unpaid) OVER oldest_first AS balance,
        sum(greatest(unpaid, 0)) OVER oldest_first AS billed_until
    FROM billed
    WHERE contract IN (SELECT contract FROM billed_now WHERE amount < 0)
    WINDOW oldest_first AS (
        PARTITION BY contract ORDER BY invoiced_on, amount DESC, invoice DESC ROWS UNBOUNDED PRECEDING)
),
credited AS (
    SELECT *, billed_until - balance + least(min(balance) OVER oldest_first, 0) AS credited_until
    FROM running
    WINDOW oldest_first AS (
        PARTITION BY contract ORDER BY invoiced_on, amount DESC, invoice DESC ROWS UNBOUNDED PRECEDING)
),
settled_by AS (
    SELECT
        asked.invoice,
        max(asked.billed_until) - max(note.credited_until) AS left_open,
        min(CASE WHEN note.credited_until >= asked.billed_until THEN note.invoiced_on END) AS credited_on
    FROM credited AS asked
    JOIN credited AS note ON note.contract = asked.contract AND note.amount < 0
    WHERE asked.amount > 0 AND asked.unpaid > 0
    GROUP BY asked.invoice
),
settled AS (
    SELECT
        asked.cust,
        asked.invoiced_on,
        asked.due_on,
        asked.amount,
        least(greatest(coalesce(note.left_open, asked.unpaid), 0), asked.unpaid)::DECIMAL(18, 2) AS open_amount,
        CASE WHEN asked.unpaid = 0 THEN asked.last_paid_on
             WHEN note.credited_on IS NOT NULL THEN greatest(asked.last_paid_on, note.credited_on) END AS paid_on,
        asked.last_paid_on
    FROM billed AS asked
    LEFT JOIN settled_by AS note USING (invoice)
    WHERE asked.amount > 0
),
receivables AS (
    SELECT
        *,
        CASE WHEN coalesce(paid_on, $as_of_date) > due_on THEN coalesce(paid_on, $as_of_date) - due_on
             WHEN due_on IS NOT NULL THEN 0 END AS days_late
    FROM settled
),
due AS (
    SELECT
        cust,
        coalesce(sum(open_amount) FILTER (WHERE due_on < $as_of_date), 0) AS overdue_amount,
        sum(amount) FILTER (WHERE invoiced_on >= $as_of_date - 365) AS charged_365d,
        max(days_late) FILTER (WHERE open_amount > 0) AS overdue_days_max,
        sum(days_late) FILTER (WHERE due_on < $as_of_date AND due_on >= $as_of_date - 365) AS late_days_365d,
        count(days_late) FILTER (WHERE due_on < $as_of_date AND due_on >= $as_of_date - 365) AS due_365d,
        count(*) FILTER (WHERE days_late > 7 AND due_on < $as_of_date AND due_on >= $as_of_date - 365) AS late_365d,
        sum(days_late) FILTER (WHERE due_on < $as_of_date AND due_on >= $as_of_date - 90) AS late_days_90d,
        count(days_late) FILTER (WHERE due_on < $as_of_date AND due_on >= $as_of_date - 90) AS due_90d,
        max(last_paid_on) AS last_paid_on
    FROM receivables
    GROUP BY cust
)
SELECT
    cust,
    overdue_amount::DECIMAL(18, 2) AS overdue_amount,
    overdue_amount::DOUBLE / nullif(charged_365d::DOUBLE, 0) AS overdue_share_365d,
    coalesce(overdue_days_max, 0) AS overdue_days_max,
    late_days_365d::DOUBLE / nullif(due_365d, 0) AS late_days_avg_365d,
    late_days_90d::DOUBLE / nullif(due_90d, 0) AS late_days_avg_90d,
    late_365d::DOUBLE / nullif(due_365d, 0) AS late_share_365d,
    $as_of_date - last_paid_on AS days_since_payment
FROM due;
