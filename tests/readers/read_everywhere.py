"""Opens every table of every day of a warehouse with every reader, and compares what they find.

    pip install -r tests/readers/requirements.txt            # DuckDB, PyArrow, Polars, pandas
    pip install -r tests/readers/requirements-heavy.txt      # and DataFusion, Spark (needs Java 17), ClickHouse
    python3 tests/readers/read_everywhere.py WAREHOUSE

Each table is read twice: from the files that the manifest names (names, order and types of columns, every value), and by a glob
over `TABLE/as_of=*/` (the days, and by day the rows, nulls, sums, least and greatest and different values as the reader itself
counts them). Prints a line for each reader and each difference; exits with 1 if there is one, else with 77 if a reader that
--require names is not installed, or none at all. Reads a folder; uses no network. Needs Python 3.10 or newer.
"""

import argparse
import pathlib
import sys
import time
from collections import Counter

sys.dont_write_bytecode = True  # before our own modules: nothing is left beside them

import figures
import frame_readers
import sql_readers

READERS = {
    "pyarrow": frame_readers.PyArrow,
    "duckdb": sql_readers.DuckDB,
    "polars": frame_readers.Polars,
    "pandas": frame_readers.Pandas,
    "datafusion": sql_readers.DataFusion,
    "spark": sql_readers.Spark,
    "clickhouse": sql_readers.ClickHouse,
}
SHOWN = 20


class Findings:
    """What the readers found, by table and day: what the first read, the others must find, too."""

    def __init__(self, tables):
        self.tables, self.read = tables, {}

    def from_manifests(self, reader):
        """Differences in what a reader finds in the files that manifests name."""
        for table in self.tables:
            where = f"{table.name} of {table.day}"
            try:
                columns = reader.table(table.files)
            except Exception as error:
                yield f"{where}: {first_line(error)}"
                continue
            found = [(column.name, column.type) for column in columns]
            if found != table.columns:
                unlike = [f"{f} instead of {w}" for f, w in zip(found, table.columns) if f != w]
                yield f"{where}: columns: {'; '.join(unlike) or f'{len(found)} instead of {len(table.columns)}'}"
                continue
            rows = len(columns[0].values)
            if rows != table.rows:
                yield f"{where}: {rows} rows, and the manifest names {table.rows}"
            read = (figures.digest(columns), {column.name: figures.summary(column) for column in columns})
            first = self.read.setdefault((table.name, table.day), read)
            if read[0] != first[0]:
                yield f"{where}: {self.unlike(first[1], read[1]) or 'values differ, though their sums agree'}"

    def from_folders(self, reader, root, types_of_day):
        """Differences in what a reader finds by a glob over all days."""
        for name in sorted({table.name for table in self.tables}):
            days = {table.day: table for table in self.tables if table.name == name}
            columns = {column: kind for table in days.values() for column, kind in table.columns}
            try:
                of_day, found = reader.days(str(root / name), list(columns.items()))
            except Exception as error:
                yield f"{name} by folder: {first_line(error)}"
                continue
            types_of_day[of_day] += 1
            wanted = {day for day, table in days.items() if table.rows}
            if set(found) != wanted:
                yield f"{name} by folder: days {sorted(map(str, found))} instead of {sorted(wanted)}"
            for day in sorted(wanted & set(found)):
                rows, read = found[day]
                if rows != days[day].rows:
                    yield f"{name} of {day} by folder: {rows} rows, and the manifest names {days[day].rows}"
                # What a day did not have yet is null, not a blank.
                lacking = {column: {"nulls": rows} for column in columns if column not in dict(days[day].columns)}
                unlike = self.unlike(self.read.get((name, day), ("", {}))[1] | lacking, read)
                if unlike:
                    yield f"{name} of {day} by folder: {unlike}"

    def unlike(self, first, read):
        wrong = {name: figures.differences(wanted, read.get(name, {})) for name, wanted in first.items()}
        return "; ".join(f"{name}: {', '.join(found)}" for name, found in wrong.items() if found)


def first_line(error) -> str:
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:300]}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = lambda text: [name for name in text.split(",") if name]
    parser.add_argument("warehouse", type=pathlib.Path)
    parser.add_argument("--only", type=names, default=list(READERS), help=", ".join(READERS))
    parser.add_argument("--require", type=names, default=[], help="readers without which it fails")
    asked = parser.parse_args()
    if unknown := set(asked.only + asked.require) - set(READERS):
        parser.error(f"no reader {', '.join(sorted(unknown))}: there are {', '.join(READERS)}")
    root = asked.warehouse.resolve()
    tables, wrong = figures.open_warehouse(root)
    found, differences = Findings(tables), [("files", text) for text in wrong]
    missing, outcomes = [], []
    for name in READERS:
        if name not in asked.only + asked.require:
            continue
        began = time.monotonic()
        try:
            reader = READERS[name]()
        except ImportError as error:
            outcomes.append((name, "-", "skipped: not installed", f"({error})"))
            missing.append(name)
            continue
        types_of_day = Counter()
        own = [*found.from_manifests(reader), *found.from_folders(reader, root, types_of_day)]
        differences += [(name, text) for text in own]
        outcome = f"{len(own)} differences" if own else "the same"
        of_day = ", ".join(types_of_day)
        outcomes.append((name, reader.version, outcome, f"{of_day}, {time.monotonic() - began:.1f} s"))
    days = {table.day for table in tables}
    rows = sum(table.rows for table in tables)
    print(f"{len({t.name for t in tables})} tables of {len(days)} days, {rows:,} rows\n")
    print(f"{'reader':<12}{'version':<10}{'finds':<24}as_of is")
    for name, version, outcome, more in outcomes:
        print(f"{name:<12}{version:<10}{outcome:<24}{more}")
    for name, text in differences[:SHOWN]:
        print(f"\n{name}: {text}")
    if len(differences) > SHOWN:
        print(f"\n… and {len(differences) - SHOWN} more")
    lacking = [name for name in asked.require if name in missing]
    if lacking:
        print(f"not installed: {', '.join(lacking)}", file=sys.stderr)
    if differences:
        return 1
    return 77 if lacking or set(asked.only) <= set(missing) else 0


if __name__ == "__main__":
    sys.exit(main())
