"""The floor: what it costs to decode once the columns that the features need, of all files of a lake, and nothing else.

    python floor.py LAKE [--with duckdb|pyarrow] [--threads 2] [--json]

pyarrow decodes batch after batch and drops them. DuckDB has to be asked for something: it counts the values of each column
that are not null, which makes it decode them and costs next to nothing.
"""

import argparse
import glob
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers", "nightly"))
from stages import cpu_seconds, peak_mb

# What sql/staging/ reads for customer_features and the labels; `*`: all columns but those of the list.
COLUMNS = {
    "identity/links/*.parquet": ["customer_id", "source_system", "source_id", "linked_at"],
    "crm/accounts/*.parquet": ["account_id", "industry", "employees", "annual_revenue", "registered_on", "channel_partner_id",
                               "owner", "digital_maturity", "executive_sponsor", "expansion_plan", "industry_benchmark",
                               "brand_rank", "ecosystem_partner", "co_creation", "valid_from"],
    "crm/engagements/*.parquet": ["engagement_id", "account_id", "held_at", "kind", "customer_level"],
    "crm/surveys/*.parquet": ["survey_id", "account_id", "responded_at", "nps", "csat"],
    "crm/opportunities/*.parquet": ["opportunity_id", "account_id", "kind", "amount", "created_at", "closed_at", "won",
                                    "competitor", "referred_by_account_id"],
    "erp/contracts/*.parquet": ["contract_id", "erp_customer_id", "contract_type", "module", "licensed_users", "amount",
                                "signed_at", "starts_on", "ends_on", "cancelled_at", "renews_contract_id"],
    "erp/invoices/month=*/*.parquet": ["invoice_id", "contract_id", "erp_customer_id", "invoiced_at", "due_on", "amount", "cost"],
    "erp/payments/month=*/*.parquet": ["payment_id", "invoice_id", "erp_customer_id", "paid_at", "amount"],
    "support/tickets/month=*/*.parquet": ["ticket_id", "support_org_id", "opened_at", "first_response_at", "resolved_at",
                                          "severity", "is_complaint", "reopened_count", "csat"],
    "product/usage_daily/month=*/*.parquet": ["tenant_id", "usage_date", "module", "active_users", "logins", "transactions"],
    "reference/industries.parquet": ["industry", "outlook_growth", "policy_support"],
    "reference/modules.parquet": ["module", "is_core"],
}


def by_pyarrow(lake, threads):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(threads)
    rows = 0
    for pattern, columns in COLUMNS.items():
        for path in sorted(glob.glob(f"{lake}/{pattern}")):
            # Strings as the dictionaries that they are in the file: cheaper, and enough to group by.
            meta = pq.read_metadata(path)
            texts = [c for i, c in enumerate(meta.schema.names) if "RLE_DICTIONARY" in meta.row_group(0).column(i).encodings
                     and meta.schema.column(i).physical_type == "BYTE_ARRAY"] if meta.num_row_groups else []
            file = pq.ParquetFile(path, metadata=meta, read_dictionary=texts)
            for batch in file.iter_batches(batch_size=1 << 16, columns=columns, use_threads=True):
                rows += batch.num_rows
    return rows


def by_duckdb(lake, threads):
    import duckdb

    con = duckdb.connect(config={"threads": threads})
    rows = 0
    for pattern, columns in COLUMNS.items():
        if glob.glob(f"{lake}/{pattern}"):
            counts = ", ".join(f"count({c})" for c in columns)
            rows += con.execute(f"SELECT count(*), {counts} FROM read_parquet('{lake}/{pattern}', hive_partitioning = false)").fetchone()[0]
    return rows


def bytes_of_columns(lake):
    """Compressed bytes of these columns, by the files' footers."""
    import pyarrow.parquet as pq

    total = 0
    for pattern, columns in COLUMNS.items():
        for path in glob.glob(f"{lake}/{pattern}"):
            meta = pq.read_metadata(path)
            for group in range(meta.num_row_groups):
                chunks = (meta.row_group(group).column(i) for i in range(meta.num_columns))
                total += sum(c.total_compressed_size for c in chunks if c.path_in_schema in columns)
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lake")
    parser.add_argument("--with", dest="reader", choices=["duckdb", "pyarrow"], default="duckdb")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    lake = asked.lake.rstrip("/")
    read = bytes_of_columns(lake)
    cpu, wall = cpu_seconds(), time.perf_counter()
    rows = {"duckdb": by_duckdb, "pyarrow": by_pyarrow}[asked.reader](lake, asked.threads)
    figures = dict(reader=asked.reader, wall=time.perf_counter() - wall, cpu=cpu_seconds() - cpu, peak_mb=peak_mb(),
                   rows=rows, read_mb=read / 2**20)
    if asked.json:
        print(json.dumps(figures))
    else:
        print(f"{asked.reader}: wall {figures['wall']:.2f} s, cpu {figures['cpu']:.2f} s, peak {figures['peak_mb']:.0f} MB, "
              f"{rows:,} rows, {figures['read_mb']:.0f} MB of columns")


if __name__ == "__main__":
    main()
