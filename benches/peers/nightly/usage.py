"""Usage, which has a hundred times the rows of everything else, added up once for all days.

The windows of all days cut time into slices. A row lies in one of them, so each is grouped once, and a day's windows are
sums of slices. Slices are grouped one after another: their hash tables are small, and so is the memory.
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
    night.spans = spans_of(days)
    night.con.execute("""
        CREATE TEMP TABLE tenants (ti INTEGER, tenant_id TEXT, sid INTEGER);
        CREATE TEMP TABLE used_modules (mi UTINYINT, raw_module TEXT, module TEXT, is_core BOOLEAN);
        CREATE TEMP TABLE usage_slices (
            slice UTINYINT, ti INTEGER, mi UTINYINT, logins BIGINT, transactions BIGINT, users BIGINT, reports INTEGER,
            last_used_on DATE)""")
    files = files_by_date(night.lake)
    rows = 0
    for slice_, (first, past) in enumerate(night.spans):
        within = [path for path, low, high in files if low < past and high >= first]
        if not within:
            continue
        values = dict(files=within, first=f"DATE '{first}'", past=f"DATE '{past}'", slice=slice_)
        night.run("usage/slice", **values)
        rows += night.con.execute("SELECT coalesce(sum(reports), 0) FROM slice").fetchone()[0]
        ids, spelt = night.con.execute("SELECT count(DISTINCT sid) = count(*), count(*) FROM tenants").fetchone()
        modules = night.con.execute("SELECT count(DISTINCT module) = count(*) FROM used_modules").fetchone()[0]
        night.run("usage/redo", respelt=str(not (ids and modules)).upper(), **values)
    return int(rows)
