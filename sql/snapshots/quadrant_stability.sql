/*---
description = "How calm the quadrants are: per set of the last year, how many customers moved, and how many went back to where they had just come from; as it was, and by the cuts alone."
description_zh = "象限的稳定程度：过去一年每一期有多少客户换了象限、多少又回到原处；分别按实际结果与仅按分界线计算。"
grain = ["day"]
[columns]
day = { type = "date", null = false, description = "Day of the set", description_zh = "快照日期" }
previous_day = { type = "date", description = "Day of the set before; null for the first", description_zh = "上一快照日期" }
customers = { type = "int", null = false, description = "Customers with a quadrant in both", description_zh = "两期均有象限的客户数" }
moves = { type = "int", null = false, description = "Of these, how many moved", description_zh = "其中变动象限的客户数" }
flaps = { type = "int", null = false, description = "Of these, how many went back within 90 days to the quadrant that they had left", description_zh = "其中 90 天内又回到原象限的客户数" }
moves_by_cuts = { type = "int", null = false, description = "How many would have moved by the cuts alone", description_zh = "仅按分界线会变动的客户数" }
flaps_by_cuts = { type = "int", null = false, description = "How many of these would have gone back", description_zh = "仅按分界线会来回的客户数" }
flap_rate = { type = "double", description = "Share of all moves of the year up to this day that were such returns (0-1)", description_zh = "近一年变动中来回变动的占比（0-1）" }
flap_rate_by_cuts = { type = "double", description = "The same by the cuts alone", description_zh = "仅按分界线的来回占比" }
---*/
WITH tonight AS (
    SELECT
        CAST($as_of_date AS DATE) AS day,
        (SELECT MAX(day) FROM previous.quadrant_stability) AS previous_day,
        COUNT(*) FILTER (WHERE now.quadrant IS NOT NULL AND before.quadrant IS NOT NULL) AS customers,
        COUNT(*) FILTER (WHERE now.quadrant <> before.quadrant) AS moves,
        COUNT(*) FILTER (WHERE now.quadrant <> before.quadrant AND now.quadrant = before.former_quadrant
                           AND before.quadrant_since > $as_of_date - 90) AS flaps,
        COUNT(*) FILTER (WHERE now.by_cuts <> before.by_cuts) AS moves_by_cuts,
        COUNT(*) FILTER (WHERE now.by_cuts <> before.by_cuts AND now.by_cuts = before.former_by_cuts
                           AND before.by_cuts_since > $as_of_date - 90) AS flaps_by_cuts
    FROM quadrant_states AS now
    JOIN previous.quadrant_states AS before ON before.customer_id = now.customer_id
),
year AS (
    SELECT * FROM tonight
    UNION ALL
    SELECT day, previous_day, customers, moves, flaps, moves_by_cuts, flaps_by_cuts
    FROM previous.quadrant_stability
    WHERE day > $as_of_date - 366
)
SELECT
    *,
    CAST(SUM(flaps) OVER so_far AS DOUBLE) / NULLIF(SUM(moves) OVER so_far, 0) AS flap_rate,
    CAST(SUM(flaps_by_cuts) OVER so_far AS DOUBLE) / NULLIF(SUM(moves_by_cuts) OVER so_far, 0) AS flap_rate_by_cuts
FROM year
WINDOW so_far AS (ORDER BY day ROWS UNBOUNDED PRECEDING)
