"""Compares luopan's features and labels with the peer's, cell by cell.

    python compare.py LUOPAN LAKE OUT [--project DIR] [--pipeline NAME] [--as-of 2026-04-01] [--kept FOLDER]

OUT is what nightly.py wrote. LUOPAN is the binary: its labelled rows come from `luopan train MODEL --rows`, today's from
`luopan query customer_features`. Text, booleans, whole numbers and decimals must be the same; floats, whose sums depend on
the order of rows, within 1e-9 of each other. Exits with 1 if any cell differs.
"""

import argparse
import datetime as dt
import decimal
import json
import os
import subprocess
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

NEAR = 1e-9
# What `train --rows` adds to the features.
SAID = ["cutoff", "label", "fold", "probability", "uncalibrated", "estimator"]
MODELS = {"churned": "churn_risk", "growth": "growth_potential"}


def luopan(asked, *arguments):
    command = [asked.luopan, *arguments, "--project", asked.project, "--pipeline", asked.pipeline, "--lake", asked.lake,
               "--as-of", str(asked.as_of)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def theirs_labelled(asked, label):
    """{cutoff: table} of customers, features and label."""
    path = f"{asked.kept}/{label}.parquet"
    if not os.path.exists(path):
        luopan(asked, "train", MODELS[label], "--tests", "1", "--rows", path)
    rows = pq.read_table(path)
    days = rows["cutoff"].cast(pa.date32())
    by_day = {}
    for day in pc.unique(days).to_pylist():
        of_day = rows.filter(pc.equal(days, pa.scalar(day, pa.date32())))
        by_day[day] = of_day.rename_columns([label if c == "label" else c for c in of_day.column_names])
    return by_day


def theirs_today(asked, schema):
    """Today's table, read as the types that the past days have."""
    path = f"{asked.kept}/today.json"
    if not os.path.exists(path):
        with open(path, "w") as file:
            file.write(luopan(asked, "query", "customer_features", "--limit", "0", "--format", "json"))
    with open(path) as file:
        text = file.read()
    rows = json.loads(text, parse_float=str) if text.lstrip().startswith("[") else \
        [json.loads(line, parse_float=str) for line in text.splitlines()]
    columns = {}
    for field in schema:
        values = [row.get(field.name) for row in rows]
        if pa.types.is_floating(field.type):
            values = [None if v is None else float(v) for v in values]
        elif pa.types.is_decimal(field.type):
            values = [None if v is None else decimal.Decimal(str(v)) for v in values]
        columns[field.name] = pa.array(values, field.type)
    return pa.table(columns)


def plain(column):
    """A column as float64, int64, text, decimal or bool, whatever its width."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_integer(kind):
        return column.cast(pa.int64())
    if pa.types.is_floating(kind):
        return column.cast(pa.float64())
    if pa.types.is_decimal(kind):
        return column.cast(pa.decimal128(38, kind.scale))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    return column


def differing(ours, other):
    """Which cells of a column differ, and the largest relative difference of floats."""
    a, b = plain(ours), plain(other)
    if pa.types.is_floating(a.type) or pa.types.is_floating(b.type):
        a, b = a.cast(pa.float64()), b.cast(pa.float64())
        gap = pc.abs(pc.subtract(a, b))
        size = pc.max_element_wise(pc.abs(a), pc.abs(b), 1e-300)
        relative = pc.fill_null(pc.divide(gap, size), 0.0)
        same = pc.less_equal(relative, NEAR)
        largest = pc.max(relative).as_py() or 0.0
    else:
        if a.type != b.type:
            a, b = a.cast(pa.decimal128(38, 2)), b.cast(pa.decimal128(38, 2))
        same, largest = pc.fill_null(pc.equal(a, b), True), 0.0
    same = pc.and_(same, pc.equal(pc.is_null(a), pc.is_null(b)))
    return pc.invert(same), largest


def compare_day(day, ours, other, found):
    """Counts the cells of a day into `found`, and shows the first rows that differ."""
    ours, other = ours.sort_by("customer_id"), other.sort_by("customer_id")
    if ours["customer_id"].to_pylist() != other["customer_id"].to_pylist():
        ids, theirs = set(ours["customer_id"].to_pylist()), set(other["customer_id"].to_pylist())
        sys.exit(f"{day}: customers differ: peer only {sorted(ids - theirs)[:5]}, luopan only {sorted(theirs - ids)[:5]}")
    columns = [c for c in other.column_names if c not in SAID]
    if missing := [c for c in columns if c not in ours.column_names]:
        sys.exit(f"{day}: the peer lacks {missing}")
    for name in columns:
        unlike, largest = differing(ours[name], other[name])
        count = pc.sum(unlike).as_py() or 0
        cells, differ, most = found.get(name, (0, 0, 0.0))
        found[name] = (cells + len(unlike), differ + count, max(most, largest))
        if count and differ < 3:
            for row in pc.indices_nonzero(unlike).to_pylist()[:3]:
                print(f"  {day} {ours['customer_id'][row]} {name}: peer {ours[name][row]}, luopan {other[name][row]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("luopan")
    parser.add_argument("lake")
    parser.add_argument("out")
    parser.add_argument("--project", default=".")
    parser.add_argument("--pipeline", default="nightly")
    parser.add_argument("--as-of", type=dt.date.fromisoformat, default=dt.date(2026, 4, 1))
    parser.add_argument("--kept", help="folder for luopan's rows, which are made only if they are not there")
    asked = parser.parse_args()
    asked.kept = asked.kept or f"{asked.out}/luopan"
    os.makedirs(asked.kept, exist_ok=True)

    found = {}
    for label in MODELS:
        for day, other in sorted(theirs_labelled(asked, label).items()):
            # `train` alone takes cutoffs for its own horizon, one of which a night does not have.
            if not os.path.exists(f"{asked.out}/features/{day}.parquet"):
                continue
            if label == "growth":
                # The features were compared with the other label's rows, which are the same.
                other = other.select(["customer_id", "growth"])
            elif not found:
                schema = pa.schema([f for f in other.schema if f.name not in SAID + [label]])
            compare_day(day, pq.read_table(f"{asked.out}/features/{day}.parquet"), other, found)
    today = pq.read_table(f"{asked.out}/features/{asked.as_of}.parquet")
    compare_day(asked.as_of, today, theirs_today(asked, schema), found)

    cells, differ = sum(f[0] for f in found.values()), sum(f[1] for f in found.values())
    print(f"{len(found)} columns, {cells:,} cells, {differ:,} differ")
    for name, (cells, count, largest) in found.items():
        if count:
            print(f"  {name}: {count:,} of {cells:,} differ, by {largest:.3g} at most")
    nearest = max(found.items(), key=lambda f: f[1][2])
    print(f"largest relative difference: {nearest[1][2]:.3g} ({nearest[0]})")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
