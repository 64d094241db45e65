-- Every id of every system as a number, in the order of (system, id), and every customer as one in the order of its id:
-- all that follows joins narrow integers, and ties by id are broken as the ids would break them.
CREATE TEMP TABLE raw_links AS
SELECT
    lower(source_system) AS source_system,
    lower(source_id) AS source_id,
    customer_id,
    make_timestamp(epoch_us(linked_at)) AS linked_at,
    replaced_at
FROM $standing(identity/links/*.parquet, lower(source_system) || ' ' || lower(source_id), linked_at);

CREATE TEMP TABLE people AS
SELECT
    (row_number() OVER (ORDER BY customer_id))::INTEGER AS cust,
    customer_id,
    lower(customer_id) AS folded
FROM (SELECT DISTINCT customer_id FROM raw_links);

CREATE TEMP TABLE ids AS
SELECT (row_number() OVER (ORDER BY source_system, source_id))::INTEGER AS sid, source_system, source_id
FROM (SELECT DISTINCT source_system, source_id FROM raw_links);

CREATE TEMP TABLE links AS
SELECT sid, ids.source_system AS system, cust, linked_at AS known_at, replaced_at
FROM raw_links JOIN ids USING (source_system, source_id) JOIN people USING (customer_id);

-- Customers whose id was written in more than one way.
CREATE TEMP TABLE spellings AS
SELECT cust, folded FROM people WHERE folded IN (SELECT folded FROM people GROUP BY folded HAVING count(*) > 1);

DROP TABLE raw_links;
