/*---
title = "How calm the quadrants are"
title_zh = "象限的稳定程度"
note = "Moves from set to set, by the month that they began in; and returns: those back within 90 days to the quadrant that they had left. Few returns mean that a move is news."
note_zh = "按月统计的象限变动次数，以及 90 天内又回到原象限的次数；往返越少，变动越值得关注。"
chart = "columns"
empty = "There is no set before this one."
empty_zh = "尚无上一期数据。"
[columns]
month = { en = "Month", zh = "月份", as = "month", chart = "x" }
sets = { en = "Sets", zh = "数据期数", as = "count" }
moves = { en = "Moves", zh = "变动", as = "count", chart = "y" }
returns = { en = "Of these, returns", zh = "其中往返", as = "count", chart = "y" }
return_share = { en = "Share of returns", zh = "往返占比", as = "percent" }
moves_by_cuts = { en = "By the cuts alone", zh = "仅按分界线变动", as = "count", help = "Moves without margin and minimum stay", help_zh = "若无缓冲区与最短停留期的变动次数" }
returns_by_cuts = { en = "Of these, returns by the cuts", zh = "仅按分界线往返", as = "count" }
---*/
WITH months AS (
    SELECT
        CAST(date_trunc('month', CAST(previous_day AS TIMESTAMP)) AS DATE) AS month,
        COUNT(*) AS sets,
        SUM(moves) AS moves,
        SUM(flaps) AS returns,
        SUM(moves_by_cuts) AS moves_by_cuts,
        SUM(flaps_by_cuts) AS returns_by_cuts
    FROM quadrant_stability
    WHERE previous_day IS NOT NULL
    GROUP BY 1
)
SELECT
    month,
    sets,
    moves,
    returns,
    CAST(returns AS DOUBLE) / NULLIF(moves, 0) AS return_share,
    moves_by_cuts,
    returns_by_cuts
FROM months
ORDER BY month
