"""Usage, which has a hundred times the rows of everything else, added up once for all days.

The windows of all days cut time into slices. A row lies in one of them, so each is grouped once, and a day's windows are
sums of slices. Slices are grouped one after another: their hash tables are small, and so is the memory. Keys are doubled in
few groups: these alone are read again.
"""

import bisect
import datetime as dt
import glob

import pyarrow.parquet as pq

# Days before the as-of at which a period begins, newest first; the first is the end of what is known.
PERIODS = [1, 29, 57, 92, 183, 365]
LONGEST_SLICE = 64


def spans_of(days):
    """(first day, day after the last) of each slice."""
    bounds = sorted({day - dt.timedelta(n) for day in days for n in PERIODS})
    spans = []
    for first, past in zip(bounds, bounds[1:]):
        while (past - first).days > LONGEST_SLICE:
            spans.append((first, first + dt.timedelta(LONGEST_SLICE)))
            first += dt.timedelta(LONGEST_SLICE)
        spans.append((first, past))
    return spans


def period_starts(spans, day):
    """The slice at which each of the periods begins."""
    firsts = [first for first, _ in spans]
    return [bisect.bisect_left(firsts, day - dt.timedelta(n)) for n in PERIODS]


def files_by_date(lake):
    """(path, first usage date, last) by the files' statistics."""
    found = []
    for path in sorted(glob.glob(f"{lake}/product/usage_daily/month=*/*.parquet")):
        meta = pq.read_metadata(path)
        at = meta.schema.names.index("usage_date")
        stats = [meta.row_group(i).column(at).statistics for i in range(meta.num_row_groups)]
        if stats:
            found.append((path, min(s.min for s in stats), max(s.max for s in stats)))
    return found


def load_usage(night, days):
    """Fills the tables slice_N of (k, sums): each slice once, and again just the groups in which a key is doubled."""
    con, night.spans, night.slices, rows = night.con, spans_of(days), [], 0
    night.run("usage/names")
    night.modules = max(night.count("used_modules"), 1)
    files = files_by_date(night.lake)
    for number, (first, past) in enumerate(night.spans):
        within = [path for path, low, high in files if low < past and high >= first]
        if within:
            night.run("usage/slice", files=within, first=f"DATE '{first}'", past=f"DATE '{past}'", slice=number)
            found = con.execute(f"SELECT coalesce(sum(reports), 0) FROM slice_{number}").fetchone()[0]
            rows += found
            if found:
                night.slices.append(number)
    con.execute("CREATE TEMP TABLE slice_days (slice INTEGER, usage_date DATE)")
    con.executemany("INSERT INTO slice_days VALUES (?, ?)", [
        (number, first + dt.timedelta(n)) for number, (first, past) in enumerate(night.spans) for n in range((past - first).days)])
    night.run("usage/suspects", doubled=union("slice, k", night.slices, "WHERE is_doubled"), others=respelt(con, night.slices))
    for n in night.slices:
        con.execute(f"DELETE FROM slice_{n} WHERE k IN (SELECT k FROM suspects WHERE slice = {n})")
        con.execute(f"INSERT INTO slice_{n} SELECT * EXCLUDE (slice) FROM redone WHERE slice = {n}")
    con.execute("DROP TABLE suspects; DROP TABLE redone")
    align(con, night.slices)
    return int(rows)


def align(con, slices):
    """Gives every slice the same rows in the same order, so that they can be read side by side without a join."""
    con.execute("SET preserve_insertion_order = true")
    con.execute(f"CREATE TEMP TABLE usage_keys AS SELECT DISTINCT k FROM ({union('k', slices)}) ORDER BY k")
    for n in slices:
        con.execute(f"""
            CREATE TEMP TABLE aligned AS
            SELECT coalesce(logins, 0)::UINTEGER AS logins, coalesce(transactions, 0)::UINTEGER AS transactions,
                coalesce(users, 0)::UINTEGER AS users, coalesce(reports, 0)::USMALLINT AS reports, last_used_on
            FROM usage_keys LEFT JOIN slice_{n} USING (k) ORDER BY k""")
        con.execute(f"DROP TABLE slice_{n}; ALTER TABLE aligned RENAME TO slice_{n}")
    con.execute("SET preserve_insertion_order = false")


def union(columns, slices, where=""):
    """These columns of all slices, one under the other."""
    rows = [f"SELECT {columns} FROM (SELECT {n} AS slice, * FROM slice_{n}) {where}" for n in slices]
    return " UNION ALL ".join(rows) or "SELECT 0 AS slice, 0 AS k WHERE FALSE"


def respelt(con, slices):
    """The groups of tenants and modules that the files write in several ways; hardly ever any."""
    tenants = con.execute("SELECT coalesce(list(ti), []) FROM tenants WHERE sid IN (FROM (SELECT sid FROM tenants GROUP BY sid HAVING count(*) > 1))")
    tenants = tenants.fetchone()[0]
    modules = con.execute("SELECT count(*) - count(DISTINCT module) FROM used_modules").fetchone()[0]
    if not tenants and not modules:
        return "SELECT 0 AS slice, 0 AS k WHERE FALSE"
    # Of modules that are written in several ways everything is read again: there is nothing to be saved.
    return union("slice, k", slices, "" if modules else f"WHERE list_contains({tenants}, k // (SELECT count(*) FROM used_modules))")


def windows(night, day):
    """What day/usage_features.sql takes of the slices: side by side, so that a window is a sum of columns."""
    p0, p1, p2, p3, p4, p5 = period_starts(night.spans, day)
    within = [n for n in night.slices if p5 <= n < p0]

    def total(column, since, until=p0):
        return " + ".join(f"s{n}.{column}::BIGINT" for n in within if since <= n < until) or "0"

    columns = {
        "logins_28d": total("logins", p1),
        "logins_28d_before": total("logins", p2, p1),
        "logins_91d": total("logins", p3),
        "logins_91d_before": total("logins", p4, p3),
        "logins_182d_before": total("logins", p5, p4),
        "transactions_91d": total("transactions", p3),
        "transactions_91d_before": total("transactions", p4, p3),
        "users_28d": total("users", p1),
        "reports_28d": total("reports", p1),
        "users_91d": total("users", p3),
        "reports_91d": total("reports", p3),
        "users_91d_before": total("users", p4, p3),
        "reports_91d_before": total("reports", p4, p3),
        "last_used_on": "greatest(" + ", ".join([f"s{n}.last_used_on" for n in within] or ["NULL::DATE"]) + ")",
    }
    selected = ",\n        ".join(f"{sql} AS {name}" for name, sql in columns.items())
    beside = "\n    ".join(f"POSITIONAL JOIN slice_{n} AS s{n}" for n in within)
    return f"SELECT k,\n        {selected}\n    FROM usage_keys\n    {beside}\n    WHERE {total('reports', p5)} > 0"
