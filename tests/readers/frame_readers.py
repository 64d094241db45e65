"""Readers that give whole tables. A reader is a class with a `version` and

table(files)            the columns of one day's table, read from the files that a manifest names
days(folder, columns)   the type that `as_of` gets, and by day (rows, figures by column), read by a glob over all days

and raises ImportError where its package is not installed. All read by name, so that a day may lack a column.
"""

import pathlib

from figures import Column, decimal_type, summary

ARROW_TYPES = {
    "string": "text", "large_string": "text", "int64": "int", "double": "double", "bool": "bool",
    "date32[day]": "date", "timestamp[us, tz=UTC]": "timestamp",
}  # fmt: skip


def of_arrow(table, types=ARROW_TYPES):
    """Columns of an Arrow table."""
    columns = []
    for field, values in zip(table.schema, table.columns):
        written = str(field.type)
        kind = decimal_type(written) if written.startswith("decimal128") else types.get(written, written)
        values = values.cast("int64").to_pylist() if kind == "timestamp" else values.to_pylist()
        if kind == "date":
            values = [value and value.isoformat() for value in values]
        columns.append(Column(field.name, kind, values))
    return columns


def by_day(columns, wanted):
    """Of columns with as_of among them: by day the number of rows, and the figures of the wanted columns."""
    days = next(column.values for column in columns if column.name == "as_of")
    found = {}
    for day in sorted(set(days), key=str):
        here = [i for i, other in enumerate(days) if other == day]
        kept = {c.name: Column(c.name, c.type, [c.values[i] for i in here]) for c in columns}
        found[str(day)] = (len(here), {name: summary(kept[name]) for name, _ in wanted if name in kept})
    return found


def of_all_days(arrow, folder):
    """The columns of all days by name: by itself a reader takes those of one file. Any may be null in a day that lacks it."""
    parts = sorted(pathlib.Path(folder).glob("*/*.parquet"))
    schema = arrow.unify_schemas([arrow.parquet.read_schema(path) for path in parts])
    return arrow.schema([field.with_nullable(True) for field in schema])


class PyArrow:
    def __init__(self):
        import pyarrow
        import pyarrow.dataset
        import pyarrow.parquet

        self.version, self.arrow = pyarrow.__version__, pyarrow

    def table(self, files):
        tables = [self.arrow.parquet.read_table(file, partitioning=None) for file in files]
        return of_arrow(self.arrow.concat_tables(tables))

    def days(self, folder, columns):
        dataset = self.arrow.dataset.dataset(folder, format="parquet", partitioning="hive")
        of_day = dataset.schema.field("as_of").type
        schema = of_all_days(self.arrow, folder).append(self.arrow.field("as_of", of_day))
        dataset = dataset.replace_schema(schema)
        return str(of_day), by_day(of_arrow(dataset.to_table()), columns)


class Polars:
    TYPES = {
        "String": "text", "Int64": "int", "Float64": "double", "Boolean": "bool", "Date": "date",
        "Datetime(time_unit='us', time_zone='UTC')": "timestamp",
    }  # fmt: skip

    def __init__(self):
        import polars

        self.version, self.polars = polars.__version__, polars

    def columns(self, frame):
        columns = []
        for name, dtype in frame.schema.items():
            written = str(dtype)
            kind = decimal_type(written) if written.startswith("Decimal") else self.TYPES.get(written, written)
            series = frame[name]
            if kind == "timestamp":
                series = series.to_physical()
            values = [value and value.isoformat() for value in series] if kind == "date" else series.to_list()
            columns.append(Column(name, kind, values))
        return columns

    def table(self, files):
        return self.columns(self.polars.read_parquet(files, hive_partitioning=False))

    def days(self, folder, columns):
        pattern = f"{folder}/*/*.parquet"
        of_day = self.polars.scan_parquet(pattern, hive_partitioning=True).collect_schema()["as_of"]
        schema = {}
        for path in sorted(pathlib.Path(folder).glob("*/*.parquet")):
            schema |= self.polars.read_parquet_schema(path)
        lazy = self.polars.scan_parquet(
            pattern, schema=schema, hive_schema={"as_of": of_day}, missing_columns="insert", extra_columns="ignore"
        )
        frame = lazy.collect()
        return str(frame.schema["as_of"]), by_day(self.columns(frame), columns)


class Pandas:
    """With the types that it takes by itself: of a whole number it makes a double where one is null."""

    def __init__(self):
        import pandas
        import pyarrow.parquet

        self.version, self.pandas, self.arrow = pandas.__version__, pandas, pyarrow

    def column(self, series, written):
        """`written` is the type in the file: many of pandas' columns are objects of any type."""
        as_pandas = {
            "text": ("str", "object"), "int": ("int64", "float64"), "double": ("float64",), "bool": ("bool", "object"),
            "date": ("object",), "timestamp": ("datetime64[us, UTC]", "datetime64[ns, UTC]"),
        }  # fmt: skip
        kind = decimal_type(written) if written.startswith("decimal128") else ARROW_TYPES.get(written, written)
        if str(series.dtype) not in as_pandas.get(kind, ("object",)):
            kind = str(series.dtype)
        one = {
            "int": int, "bool": bool, "date": lambda v: v.isoformat(), "double": float,
            "timestamp": lambda v: int(v.to_numpy().astype("datetime64[us]").astype("int64")),
        }.get(kind, lambda v: v)  # fmt: skip
        return Column(series.name, kind, [None if self.pandas.isna(v) else one(v) for v in series])

    def table(self, files):
        frame = self.pandas.concat([self.pandas.read_parquet(file, partitioning=None) for file in files])
        types = {field.name: str(field.type) for field in self.arrow.parquet.read_schema(files[0])}
        return [self.column(frame[name], types.get(name, "")) for name in frame.columns]

    def days(self, folder, columns):
        of_day = str(self.pandas.read_parquet(folder, columns=["as_of"])["as_of"].dtype)
        schema = of_all_days(self.arrow, folder)
        types = {field.name: str(field.type) for field in schema}
        frame = self.pandas.read_parquet(folder, schema=schema.append(self.arrow.field("as_of", "string")))
        read = [self.column(frame[name], types[name]) for name in frame.columns if name != "as_of"]
        return of_day, by_day([*read, Column("as_of", of_day, [str(day) for day in frame["as_of"]])], columns)
