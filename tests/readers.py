"""Opens every table of a warehouse with DuckDB, PyArrow and Polars, and compares rows, types, sums and nulls.

    pip install duckdb pyarrow polars
    python tests/readers.py warehouse [DAY]

Prints one line per table; exits 1 at the first difference. Not part of `cargo test`, which needs no Python.
"""

import json
import pathlib
import sys

import duckdb
import polars
import pyarrow.compute as compute
import pyarrow.dataset as dataset

TYPES = {"text": "string", "int": "int64", "double": "double", "bool": "bool", "date": "date32[day]"}


def expected_type(name: str) -> str:
    if name.startswith("decimal"):
        precision, scale = name[8:-1].split(",")
        return f"decimal128({precision}, {scale})"
    return "timestamp[us, tz=UTC]" if name == "timestamp" else TYPES[name]


def one(sql: str):
    """The only figure of a query."""
    return duckdb.sql(sql).fetchall()[0][0]


def check(warehouse: pathlib.Path, day: str) -> None:
    pointer = json.loads((warehouse / "_luopan/current.json").read_text())
    day = day or pointer["newest"]
    manifest = json.loads((warehouse / f"_luopan/sets/{day}/{pointer['sets'][day]}.json").read_text())
    for table in manifest["tables"]:
        folder = warehouse / table["name"] / f"as_of={day}"
        arrow = dataset.dataset(folder, format="parquet").to_table()
        frame = polars.read_parquet(folder / "*.parquet", hive_partitioning=False)
        glob = str(folder / "*.parquet")
        rows = sum(file["rows"] for file in table["files"])
        duck_rows = one(f"SELECT count(*) FROM read_parquet('{glob}', hive_partitioning = false)")
        assert arrow.num_rows == frame.height == duck_rows == rows, f"{table['name']}: rows"
        for column in table["schema"]:
            name = column["name"]
            assert str(arrow.schema.field(name).type) == expected_type(column["type"]), f"{table['name']}.{name}: type"
            nulls = one(
                f"SELECT count(*) - count(\"{name}\") FROM read_parquet('{glob}', hive_partitioning = false)"
            )
            assert arrow[name].null_count == frame[name].null_count() == nulls, f"{table['name']}.{name}: nulls"
            if column["type"].startswith("decimal") and rows:
                sums = compute.sum(arrow[name]).as_py()
                duck = one(f"SELECT sum(\"{name}\") FROM read_parquet('{glob}', hive_partitioning = false)")
                assert sums == frame[name].sum() == duck, f"{table['name']}.{name}: sum"
        hive = one(
            f"SELECT count(*) FROM read_parquet('{warehouse}/{table['name']}/*/*.parquet', hive_partitioning = true) "
            f"WHERE as_of = '{day}'"
        )
        assert hive == rows, f"{table['name']}: partition"
        print(f"{table['name']}: {rows} rows and {len(table['schema'])} columns are the same in three readers")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    check(pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
