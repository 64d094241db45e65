-- To whom an id belongs, as known at $as_of; an id of a customer that is written in several ways goes by the first.
CREATE OR REPLACE TEMP TABLE ident AS
WITH known AS (
    SELECT sid, system, cust, known_at FROM links WHERE known_at < $as_of AND (replaced_at IS NULL OR replaced_at >= $as_of)
),
firsts AS (
    SELECT folded, arg_min(cust, (known_at, cust)) AS first_cust
    FROM known JOIN spellings USING (cust)
    GROUP BY folded
)
SELECT sid, system, coalesce(first_cust, known.cust) AS cust
FROM known
LEFT JOIN (SELECT cust, first_cust FROM spellings JOIN firsts USING (folded)) AS respelt ON respelt.cust = known.cust;
