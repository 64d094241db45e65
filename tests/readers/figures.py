"""What a warehouse says that it holds, and the figures by which readers are compared.

Values have one form, whoever read them: text as str, int as int, double as float, decimal as Decimal, bool as bool, a date as
"YYYY-MM-DD", a timestamp as microseconds since 1970 in UTC, null as None.
"""

import hashlib
import json
import math
import pathlib
import re
from dataclasses import dataclass
from decimal import Decimal

@dataclass
class Column:
    name: str
    type: str  # in the manifest's words: text, int, double, decimal(p,s), bool, date, timestamp
    values: list


@dataclass
class Table:
    """One table of one day, as its manifest describes it."""

    day: str
    name: str
    columns: list  # (name, type)
    files: list  # absolute paths
    rows: int


def open_warehouse(root: pathlib.Path):
    """The tables of every day that the pointer names, and what is wrong with their files."""
    pointer = json.loads((root / "_luopan/current.json").read_text())
    tables, wrong = [], []
    for day, name in sorted(pointer["sets"].items()):
        manifest = json.loads((root / f"_luopan/sets/{day}/{name}.json").read_text())
        for entry in manifest["tables"]:
            files = [root / file["path"] for file in entry["files"]]
            for file, path in zip(entry["files"], files):
                content = path.read_bytes() if path.is_file() else b""
                if (len(content), hashlib.sha256(content).hexdigest()) != (file["bytes"], file["sha256"]):
                    wrong.append(f"{file['path']}: its bytes are not those that the manifest names")
            columns = [(column["name"], column["type"]) for column in entry["schema"]]
            rows = sum(file["rows"] for file in entry["files"])
            tables.append(Table(day, entry["name"], columns, [str(path) for path in files], rows))
    return tables, wrong


def kind(type_name: str) -> str:
    return "decimal" if type_name.startswith("decimal") else type_name


def decimal_type(written: str) -> str:
    """`Decimal(18, 2)`, `decimal128(18, 2)` … → `decimal(18,2)`."""
    return "decimal({},{})".format(*re.findall(r"\d+", written)[-2:])


def digest(columns) -> str:
    """A hash of all values, whatever the order of the rows; doubles count to the last bit."""
    forms = [[form(value, column.type) for value in column.values] for column in columns]
    rows = sorted("\x1f".join(row) for row in zip(*forms))
    return hashlib.sha256("\x1e".join(rows).encode()).hexdigest()[:12]


def form(value, type_name: str) -> str:
    if value is None:
        return "\x00"
    if type_name == "double":
        return float(value).hex()
    if isinstance(value, Decimal):
        # Some readers drop zeros at the end.
        return f"{value:.{re.findall(r'[0-9]+', type_name)[-1]}f}"
    return str(value)


def summary(column: Column) -> dict:
    """What a reader that only aggregates must find in a column, too."""
    there = [value for value in column.values if value is not None]
    figures = {"nulls": len(column.values) - len(there)}
    match kind(column.type):
        case "text":
            figures["different"] = len(set(there))
        case "date" | "timestamp":
            figures |= {"least": min(there, default=None), "most": max(there, default=None)}
        case "double":
            figures["sum"] = math.fsum(there)
        case _:
            figures["sum"] = sum(there)
    return figures


def differences(expected: dict, found: dict) -> list:
    """The figures that differ: all exactly but sums of doubles, which depend on the order of adding."""
    wrong = []
    for name, wanted in expected.items():
        got = found.get(name)
        if name == "sum" and isinstance(wanted, float):
            same = got is not None and math.isclose(wanted, got, rel_tol=1e-9, abs_tol=1e-9)
        else:
            same = wanted == got
        if not same:
            wrong.append(f"{name} is {got}, not {wanted}")
    return wrong


def of_row(columns, row) -> dict:
    """Figures by column from one row of `aggregates` (without the day and the count that it begins with)."""
    found, cells = {}, iter(row[2:])
    for name, type_name in columns:
        figures = {"nulls": row[1] - int(next(cells))}
        match kind(type_name):
            case "text":
                figures["different"] = int(next(cells))
            case "date" | "timestamp":
                as_it_is = int if type_name == "timestamp" else str
                figures["least"], figures["most"] = (
                    cell if cell is None else as_it_is(cell) for cell in (next(cells), next(cells))
                )
            case _:
                cell = next(cells)
                number = {"double": float, "decimal": Decimal}.get(kind(type_name), int)
                figures["sum"] = number(cell if cell is not None else 0)
        found[name] = figures
    return found


def aggregates(columns, quote='"', text="VARCHAR", micros="epoch_us({})") -> str:
    """The same figures as the columns of a SELECT: as_of, rows, then what `of_row` takes apart."""
    parts = [f"CAST(as_of AS {text})", "count(*)"]
    for name, type_name in columns:
        column = f"{quote}{name}{quote}"
        parts.append(f"count({column})")
        match kind(type_name):
            case "text":
                parts.append(f"count(DISTINCT {column})")
            case "date":
                parts += [f"CAST({least}({column}) AS {text})" for least in ("min", "max")]
            case "timestamp":
                parts += [micros.format(f"{least}({column})") for least in ("min", "max")]
            case "bool":
                parts.append(f"sum(CASE WHEN {column} THEN 1 ELSE 0 END)")
            case _:
                parts.append(f"sum({column})")
    return ", ".join(parts)
