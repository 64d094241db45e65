/*---
[columns]
x_cut = { en = "Worth now is high from", zh = "横轴分界", as = "score" }
y_cut = { en = "Worth to come is high from", zh = "纵轴分界", as = "score" }
---*/
-- The cuts, where all customers share them; cuts of each industry or region are no lines of the map.
SELECT
    CASE WHEN MIN(x_cut) = MAX(x_cut) AND COUNT(x_cut) = COUNT(*) THEN MIN(x_cut) END AS x_cut,
    CASE WHEN MIN(y_cut) = MAX(y_cut) AND COUNT(y_cut) = COUNT(*) THEN MIN(y_cut) END AS y_cut
FROM quadrant_states
