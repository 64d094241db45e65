"""Readers that are asked in SQL. See `frame_readers` for what each has to give."""

import json
from decimal import Decimal

from figures import Column, aggregates, decimal_type, of_row


def by_name(types: dict, written: str) -> str:
    """A reader's own word for a type in the manifest's words; one that was not to be expected stays as it is."""
    return decimal_type(written) if written.lower().startswith("decimal") else types.get(written, written)


def plain(value, type_name: str):
    return value.isoformat() if type_name == "date" and value is not None else value


def transposed(rows, types) -> list:
    columns = zip(*rows) if rows else [[] for _ in types]
    return [
        Column(name, type_name, [plain(v, type_name) for v in values])
        for (name, type_name), values in zip(types, columns)
    ]


class DuckDB:
    TYPES = {
        "VARCHAR": "text", "BIGINT": "int", "DOUBLE": "double", "BOOLEAN": "bool", "DATE": "date",
        "TIMESTAMP WITH TIME ZONE": "timestamp",
    }  # fmt: skip

    def __init__(self):
        import duckdb

        self.version, self.connection = duckdb.__version__, duckdb.connect()

    def table(self, files):
        source = f"read_parquet({files}, hive_partitioning = false)"
        described = self.connection.sql(f"DESCRIBE SELECT * FROM {source}").fetchall()
        types = [(row[0], by_name(self.TYPES, row[1])) for row in described]
        # As a number: Python's values of this type need a package more.
        chosen = [f'epoch_us("{name}")' if kind == "timestamp" else f'"{name}"' for name, kind in types]
        return transposed(self.connection.sql(f"SELECT {', '.join(chosen)} FROM {source}").fetchall(), types)

    def days(self, folder, columns):
        source = f"read_parquet('{folder}/*/*.parquet', hive_partitioning = true, union_by_name = true)"
        of_day = self.connection.sql(f"DESCRIBE SELECT as_of FROM {source}").fetchall()[0][1]
        rows = self.connection.sql(f"SELECT {aggregates(columns)} FROM {source} GROUP BY as_of").fetchall()
        return of_day, {row[0]: (row[1], of_row(columns, row)) for row in rows}


class DataFusion:
    TYPES = {
        "string": "text", "string_view": "text", "int64": "int", "double": "double", "bool": "bool",
        "date32[day]": "date", "timestamp[us, tz=UTC]": "timestamp",
    }  # fmt: skip

    def __init__(self):
        import datafusion
        import pyarrow

        self.version, self.arrow, self.context = datafusion.__version__, pyarrow, datafusion.SessionContext()

    def table(self, files):
        from frame_readers import of_arrow

        frames = [self.context.read_parquet(file) for file in files]
        batches = [batch for frame in frames for batch in frame.collect()]
        return of_arrow(self.arrow.Table.from_batches(batches, frames[0].schema()), self.TYPES)

    def days(self, folder, columns):
        name = folder.rsplit("/", 1)[-1]
        self.context.register_parquet(name, folder, table_partition_cols=[("as_of", self.arrow.date32())])
        chosen = aggregates(columns, micros="CAST({} AS BIGINT)")
        found = self.context.sql(f"SELECT {chosen} FROM {name} GROUP BY as_of").collect()
        rows = [
            [column[i].as_py() for column in batch.columns] for batch in found for i in range(batch.num_rows)
        ]
        return "date32, as declared", {row[0]: (row[1], of_row(columns, row)) for row in rows}


class Spark:
    TYPES = {
        "string": "text", "bigint": "int", "double": "double", "boolean": "bool", "date": "date",
        "timestamp": "timestamp",
    }  # fmt: skip

    def __init__(self):
        import pyspark
        from pyspark.sql import SparkSession

        self.version = pyspark.__version__
        settings = {
            "spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC", "spark.driver.memory": "2g",
            "spark.sql.shuffle.partitions": "2", "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1", "spark.sql.debug.maxToStringFields": "1000",
        }  # fmt: skip
        builder = SparkSession.builder.master("local[2]").appName("read_everywhere")
        for name, value in settings.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")

    def table(self, files):
        frame = self.session.read.parquet(*files)
        types = [(name, by_name(self.TYPES, written)) for name, written in frame.dtypes]
        chosen = [f"unix_micros(`{name}`)" if kind == "timestamp" else f"`{name}`" for name, kind in types]
        return transposed([tuple(row) for row in frame.selectExpr(*chosen).collect()], types)

    def days(self, folder, columns):
        frame = self.session.read.option("mergeSchema", "true").parquet(folder)
        frame.createOrReplaceTempView("t")
        chosen = aggregates(columns, "`", "STRING", "unix_micros({})")
        rows = self.session.sql(f"SELECT {chosen} FROM t GROUP BY as_of").collect()
        of_day = dict(frame.dtypes)["as_of"]
        return of_day, {row[0]: (row[1], of_row(columns, row)) for row in rows}


class ClickHouse:
    TYPES = {
        "String": "text", "Int64": "int", "Float64": "double", "Bool": "bool", "Date32": "date",
        "DateTime64(6, 'UTC')": "timestamp",
    }  # fmt: skip
    SETTINGS = (
        "session_timezone = 'UTC', output_format_json_quote_decimals = 1, output_format_json_quote_64bit_integers = 0, "
        "output_format_json_quote_denormals = 1, "
        # All days' columns, and null rather than a blank where a day lacks one.
        "schema_inference_mode = 'union', schema_inference_make_columns_nullable = 1"
    )

    def __init__(self):
        import chdb

        self.version, self.chdb = chdb.__version__, chdb

    def ask(self, sql, hive):
        sql = f"{sql} SETTINGS {self.SETTINGS}, use_hive_partitioning = {hive}"
        lines = str(self.chdb.query(sql, "JSONCompactEachRow")).splitlines()
        return [json.loads(line, parse_int=str, parse_float=str) for line in lines]

    def described(self, source, hive):
        bare = lambda written: written[9:-1] if written.startswith("Nullable(") else written
        return [(row[0], bare(row[1])) for row in self.ask(f"DESCRIBE TABLE {source}", hive)]

    def table(self, files):
        source = f"file('{{{','.join(files)}}}', Parquet)" if len(files) > 1 else f"file('{files[0]}', Parquet)"
        types = [(name, by_name(self.TYPES, written)) for name, written in self.described(source, 0)]
        chosen = [
            f"toUnixTimestamp64Micro(`{name}`)" if kind == "timestamp" else f"`{name}`" for name, kind in types
        ]
        as_python = {"int": int, "timestamp": int, "double": float}
        value = lambda cell, kind: cell if cell is None else as_python.get(kind, Decimal if "(" in kind else lambda v: v)(cell)
        rows = [
            [value(cell, kind) for cell, (_, kind) in zip(row, types)]
            for row in self.ask(f"SELECT {', '.join(chosen)} FROM {source}", 0)
        ]
        return [
            Column(name, kind, [row[i] for row in rows]) for i, (name, kind) in enumerate(types)
        ]

    def days(self, folder, columns):
        source = f"file('{folder}/*/*.parquet', Parquet)"
        of_day = dict(self.described(source, 1))["as_of"]
        chosen = aggregates(columns, "`", "Nullable(String)", "toUnixTimestamp64Micro({})")
        rows = self.ask(f"SELECT {chosen} FROM {source} GROUP BY as_of", 1)
        return of_day, {row[0]: (int(row[1]), of_row(columns, [row[0], int(row[1]), *row[2:]])) for row in rows}
