"""Compares a published set with naive rules, on what happened after its day. Needs `pip install duckdb`.

    python compare.py WAREHOUSE ONLINE_RETAIL_II_PARQUET DAY

WAREHOUSE is the folder that luopan wrote, DAY the as-of day of a set in it (2011-06-01 leaves 180 days to look at).
What happened is counted here from the raw file, not by the project's SQL, so that this checks the staging as well.
"""

import datetime
import sys

import duckdb

DATA_END = datetime.date(2011, 12, 10)  # the first day that the file says nothing about

OUTCOMES = """
CREATE TABLE outcomes AS
WITH lines AS (
    SELECT
        CAST("Customer ID" AS VARCHAR) AS customer_id,
        CAST(InvoiceDate AS DATE) AS day,
        Invoice LIKE 'C%' AS is_return,
        CAST(round(CAST(Price AS DECIMAL(12, 3)) * Quantity, 2) AS DECIMAL(18, 2)) AS amount
    FROM read_parquet($lines)
    WHERE NOT (sheet = 'Year 2009-2010' AND InvoiceDate >= '2010-12-01')
        AND "Customer ID" IS NOT NULL
        AND Price > 0
        AND (regexp_matches(StockCode, '^[0-9]{5}') OR StockCode IN ('PADS', 'SP1002'))
)
SELECT
    customer_id,
    CAST($day AS DATE) - max(day) FILTER (NOT is_return AND day < $day) AS recency_days,
    count(*) FILTER (NOT is_return AND day >= $day AND day < CAST($day AS DATE) + 90) = 0 AS churned,
    coalesce(sum(amount) FILTER (day < $day AND day >= CAST($day AS DATE) - 365), 0) AS last_year,
    coalesce(sum(amount) FILTER (day >= $day AND day < CAST($day AS DATE) + 180), 0) AS next_half,
    coalesce(sum(amount) FILTER (day < $day AND day >= CAST($day AS DATE) - 180), 0) AS last_half,
    coalesce(sum(amount) FILTER (day >= CAST($day AS DATE) - 365 AND day < CAST($day AS DATE) - 185), 0) AS last_season
FROM lines
GROUP BY customer_id
HAVING recency_days <= 180
"""


def ranked(score, outcome):
    """Mean ranks of both columns, equals sharing one; rows where either is unknown are left out."""
    return f"""
        SELECT
            {outcome} AS outcome,
            rank() OVER (ORDER BY {score}) + (count(*) OVER (PARTITION BY {score}) - 1) / 2 AS score_rank,
            rank() OVER (ORDER BY {outcome}) + (count(*) OVER (PARTITION BY {outcome}) - 1) / 2 AS outcome_rank
        FROM joined
        WHERE {score} IS NOT NULL AND {outcome} IS NOT NULL
    """


def auc(db, score, outcome):
    """Area under the ROC curve by rank sums; `outcome` is a boolean column. None if there is only one class."""
    events, others, rank_sum = db.execute(
        f"SELECT count(*) FILTER (outcome), count(*) FILTER (NOT outcome), sum(score_rank) FILTER (outcome) "
        f"FROM ({ranked(score, outcome)})"
    ).fetchone()
    if not events or not others:
        return None
    return (rank_sum - events * (events + 1) / 2) / (events * others)


def spearman(db, score, outcome):
    """Rank correlation of two columns, None if one of them is constant or empty."""
    return db.execute(f"SELECT corr(score_rank, outcome_rank) FROM ({ranked(score, outcome)})").fetchone()[0]


def main(warehouse, lines, day):
    db = duckdb.connect()
    db.execute(OUTCOMES, {"lines": lines, "day": day})
    snapshot = f"{warehouse}/customer_snapshot/as_of={day}/*.parquet"
    db.execute(f"CREATE TABLE snapshot AS SELECT * FROM read_parquet('{snapshot}', hive_partitioning = false)")
    db.execute("CREATE TABLE joined AS SELECT * FROM snapshot JOIN outcomes USING (customer_id)")
    published, counted, both = db.execute(
        "SELECT (SELECT count(*) FROM snapshot), (SELECT count(*) FROM outcomes), (SELECT count(*) FROM joined)"
    ).fetchone()
    print(f"as of {day}: {published} customers published, {counted} counted here, {both} in both")

    days_after = (DATA_END - datetime.date.fromisoformat(day)).days
    measures = [
        (90, "churn in 90 days, AUC", auc, "churned", {
            "luopan: churn_probability": "churn_probability",
            "naive: days since the last purchase": "recency_days",
        }),
        (180, "revenue of the next 180 days, Spearman", spearman, "next_half", {
            "luopan: revenue_12m less value_at_risk": "revenue_12m - value_at_risk",
            "luopan: current_value_score": "current_value_score",
            "naive: last year's revenue": "last_year",
        }),
        (180, "any growth over 180 days, AUC", auc, "next_half > last_half", {
            "luopan: expansion_probability": "expansion_probability",
            "luopan: potential_score": "potential_score",
            "naive: last year's revenue": "last_year",
            "naive: this year runs like the last": "last_season - last_half",
        }),
        (180, "pounds grown over 180 days (a decline is 0), Spearman", spearman, "greatest(next_half - last_half, 0)", {
            "luopan: expected_expansion": "expected_expansion",
            "luopan: potential_score": "potential_score",
            "naive: last year's revenue": "last_year",
            "naive: this year runs like the last": "last_season - last_half",
        }),
    ]
    for horizon, title, measure, outcome, scores in measures:
        if days_after < horizon:
            print(f"\n{title}: the file ends {days_after} days after {day}")
            continue
        print(f"\n{title}")
        for name, score in scores.items():
            figure = measure(db, score, outcome)
            print(f"  {name:40} {'unknown' if figure is None else f'{figure:.3f}'}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
