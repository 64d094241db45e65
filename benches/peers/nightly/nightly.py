"""The peer of luopan's cold run: the same features, labels, models and scores, with DuckDB, scikit-learn and LightGBM.

    python nightly.py LAKE OUT [--as-of 2026-04-01] [--threads 2] [--figures FILE.json] [--features-only]

Writes OUT/features/DAY.parquet (today's, and those of each cutoff with the labels that were known by today) and
OUT/scores.parquet. The SQL is in sql/: load/ once, usage/ once per slice of time, day/ and label/ once per day.
"""

import argparse
import datetime as dt
import json
import os
import re

# Threads of LightGBM that wait for each other sleep: spinning took ten times the CPU time on a machine with other work.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import duckdb

from stages import Stages
from usage import load_usage, windows

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sql")
FAMILIES = ["contract", "revenue", "payment", "ticket", "crm", "account", "usage", "customer"]
HORIZONS = {"churned": 90, "growth": 180}
EVERY_MONTHS, CUTOFFS = 3, 6


def cutoff_days(as_of):
    """Firsts of quarters, the newest six whose shortest label window is over."""
    newest = as_of - dt.timedelta(min(HORIZONS.values()))
    month = newest.year * 12 + (newest.month - 1) // EVERY_MONTHS * EVERY_MONTHS
    months = [month - EVERY_MONTHS * i for i in reversed(range(CUTOFFS))]
    return [dt.date(m // 12, m % 12 + 1, 1) for m in months]


class Night:
    def __init__(self, lake, as_of, threads, stages):
        self.lake, self.as_of, self.stages = lake.rstrip("/"), as_of, stages
        self.cutoffs = cutoff_days(as_of)
        self.con = duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})
        # How many names of modules usage has: known once it is read.
        self.doubled = self.modules = 0

    def run(self, name, **values):
        """The statements of sql/NAME.sql with $values put in."""
        text = open(os.path.join(HERE, name + ".sql")).read()
        text = re.sub(r"\$standing\((\S+\.parquet), (.+), ([\w ':+-]+)\)", self.standing, text)
        values.update(lake=self.lake, modules=self.modules)
        for key in sorted(values, key=len, reverse=True):
            text = text.replace("$" + key, str(values[key]))
        for statement in text.split(";\n"):
            if statement.strip():
                self.con.execute(statement)

    def standing(self, said):
        """A source with `replaced_at`: when another row of the same key, further down in the files, was known. A row
        stands at a day if it was known before it and not yet replaced. Keys are grouped, and doubled ones alone sorted."""
        path, key, known_at = said.groups()
        read = f"read_parquet('{self.lake}/{path}', filename = true, file_row_number = true, hive_partitioning = false)"
        self.doubled += 1
        later = f"later_{self.doubled}"
        self.con.execute(f"""
            CREATE TEMP TABLE doubled AS SELECT {key} AS key FROM {read} GROUP BY key HAVING count(*) > 1 AND key IS NOT NULL""")
        self.con.execute(f"""
            CREATE TEMP TABLE {later} AS
            SELECT filename AS in_file, file_row_number AS at_row, min(make_timestamp(epoch_us({known_at}))) OVER (
                PARTITION BY {key} ORDER BY filename, file_row_number
                ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS replaced_at
            FROM {read} WHERE {key} IN (FROM doubled)""")
        self.con.execute("DROP TABLE doubled")
        return f"(SELECT lake.*, replaced_at FROM {read} AS lake LEFT JOIN {later} ON at_row = file_row_number AND in_file = filename)"

    def load(self):
        with self.stages("load small sources") as stage:
            for name in ["links", "reference", "crm", "erp", "support"]:
                self.run(f"load/{name}")
            small = ["links", "accounts", "engagements", "surveys", "opportunities", "signed", "invoices", "payments", "tickets"]
            stage.rows = sum(self.count(name) for name in small)
        with self.stages("load usage") as stage:
            stage.rows = load_usage(self, self.cutoffs + [self.as_of])

    def count(self, table):
        return self.con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    def values(self, day):
        return dict(as_of=f"TIMESTAMP '{day}'", as_of_date=f"DATE '{day}'", **self.names(day, ""))

    def names(self, day, prefix):
        return {f"{prefix}contracts": f"contracts_{day:%Y%m%d}", f"{prefix}renewed": f"renewed_{day:%Y%m%d}"}

    def contracts(self, day):
        """What was signed and renewed as known on `day`, made once."""
        if f"contracts_{day:%Y%m%d}" not in self.made:
            for name in ["ident", "contracts", "renewed"]:
                self.run(f"day/{name}", **self.values(day))
            self.made.add(f"contracts_{day:%Y%m%d}")

    def features(self, day):
        # `ident` is of the day that was made last: the families read today's.
        self.made.discard(f"contracts_{day:%Y%m%d}")
        self.contracts(day)
        for name in FAMILIES:
            self.run(f"day/{name}_features", windows=windows(self, day), **self.values(day))

    def labels(self, day):
        """The labels of a cutoff that are known by today."""
        known = []
        for label, horizon in HORIZONS.items():
            end = day + dt.timedelta(horizon)
            if end <= self.as_of:
                self.contracts(end)
                later = {"later_renewed": f"renewed_{end:%Y%m%d}", "later": f"contracts_{end:%Y%m%d}"}
                self.run(f"label/{label}", **self.values(day), **later)
                known.append(label)
        return known

    def write(self, day, labels, path):
        columns = ", ".join(["customer_features.*"] + labels)
        joins = " ".join(f"LEFT JOIN {label} USING (cust)" for label in labels)
        return self.con.execute(f"""
            COPY (SELECT {columns} FROM customer_features JOIN people USING (customer_id) {joins} ORDER BY customer_id)
            TO '{path}' (FORMAT parquet, COMPRESSION zstd)""").fetchone()[0]

    def build(self, folder):
        os.makedirs(folder, exist_ok=True)
        self.made = set()
        for day in self.cutoffs + [self.as_of]:
            with self.stages("features") as stage:
                self.features(day)
            labels = []
            if day < self.as_of:
                with self.stages("labels"):
                    labels = self.labels(day)
            with self.stages("write features") as stage:
                stage.rows = self.write(day, labels, f"{folder}/{day}.parquet")
            self.forget(day)

    def forget(self, day):
        for name in [n for n in self.made if n != f"contracts_{self.as_of:%Y%m%d}"]:
            self.con.execute(f"DROP TABLE {name}; DROP TABLE {name.replace('contracts', 'renewed')}")
            self.made.discard(name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lake")
    parser.add_argument("out")
    parser.add_argument("--as-of", type=dt.date.fromisoformat, default=dt.date(2026, 4, 1))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--figures", help="write what each stage took here, as JSON")
    parser.add_argument("--features-only", action="store_true", help="no models")
    asked = parser.parse_args()

    stages = Stages()
    night = Night(asked.lake, asked.as_of, asked.threads, stages)
    night.load()
    night.build(f"{asked.out}/features")
    cutoffs = night.cutoffs
    night.con.close()
    if not asked.features_only:
        # Only now: what it needs takes a hundred megabytes.
        import learning

        learning.learn_and_score(f"{asked.out}/features", cutoffs, asked.as_of, HORIZONS, asked.out, asked.threads, stages)
    figures = stages.figures()
    if asked.figures:
        with open(asked.figures, "w") as file:
            json.dump(figures, file, indent=1)
    for stage in figures["stages"]:
        print(f"{stage['stage']:<32} wall {stage['wall']:7.2f} s  cpu {stage['cpu']:7.2f} s  peak {stage['peak_mb']:6.0f} MB")
    print(f"{'whole':<32} wall {figures['wall']:7.2f} s  cpu {figures['cpu']:7.2f} s  peak {figures['peak_mb']:6.0f} MB"
          f"  read {figures['read_mb']:.0f} MB")


if __name__ == "__main__":
    main()
