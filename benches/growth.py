"""How time and memory grow with customers, months, cutoffs and features: the peer's work by luopan, cold, one thing changed at a time.

    python growth.py --luopan BINARY --project DIR --work DIR

Prints Markdown. Needs nothing but Python's own library; lakes and warehouses go to --work.
"""

import argparse
import math
import os
import shutil

import measured

HERE = os.path.dirname(os.path.abspath(__file__))
BASE = {"customers": 10_000, "months": 30, "cutoffs": 6, "features added": 0}
TRIED = {
    "customers": [5_000, 10_000, 20_000, 40_000],
    "months": [30, 42, 60],
    "cutoffs": [3, 6, 9],
    "features added": [0, 50, 100],
}


def lake_of(asked, given):
    folder = f"{asked.work}/lakes/{given['customers']}x{given['months']}"
    if not os.path.exists(f"{folder}.ready"):
        shutil.rmtree(folder, ignore_errors=True)
        measured.run([asked.luopan, "sample", folder, "--customers", str(given["customers"]), "--months", str(given["months"])],
                     f"{asked.work}/sample.log")
        open(f"{folder}.ready", "w").close()
    return folder


def project_of(asked, given):
    """The built-in tables with the pipeline of the peer's work: so many cutoffs, and so many columns more to learn from."""
    folder = f"{asked.work}/project"
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("sql", "models"):
        shutil.copytree(f"{asked.project}/{part}", f"{folder}/{part}")
    shutil.copytree(f"{HERE}/same_work", folder, dirs_exist_ok=True)
    measured.rewrite(f"{folder}/pipelines/scores.toml", r"count = \d+", f"count = {given['cutoffs']}")
    # Noise that hangs on the customer: a column costs what it costs, whatever it says.
    added = "".join(f"    (usage.logins_91d * {7_919 + 2 * n} + contract.tenure_days * {31 + n}) % 1009 AS added_{n},\n"
                    for n in range(given["features added"]))
    measured.rewrite(f"{folder}/sql/features/customer_features.sql", r"---\*/\nSELECT\n", f"---*/\nSELECT\n{added}")
    return folder


def measure(asked, given):
    warehouse = f"{asked.work}/warehouse"
    shutil.rmtree(warehouse, ignore_errors=True)
    command = [asked.luopan, "run", "scores", "--project", project_of(asked, given), "--lake", lake_of(asked, given),
               "--warehouse", warehouse, "--as-of", "2026-04-01", "--threads", "2"]
    return measured.run(command, f"{asked.work}/run.log")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--luopan", required=True)
    parser.add_argument("--project", default=os.path.dirname(HERE))
    parser.add_argument("--work", required=True, help="folder for lakes and warehouses")
    asked = parser.parse_args()
    asked.luopan, asked.project, asked.work = map(os.path.abspath, (asked.luopan, asked.project, asked.work))
    os.makedirs(f"{asked.work}/lakes", exist_ok=True)
    print(f"{measured.machine()}; 2 threads; what is not named is as in {BASE}\n\n"
          "| | | wall s | CPU s | peak MB | CPU grows as |\n| --- | ---: | ---: | ---: | ---: | --- |", flush=True)
    taken = {}
    for name, values in TRIED.items():
        runs = []
        for value in values:
            given = {**BASE, name: value}
            key = tuple(given.items())
            taken[key] = taken.get(key) or measure(asked, given)
            runs.append(taken[key])
            # From one to the next: 1 is in proportion, 0 not at all. Nothing can be said of a step from none.
            slope = "" if len(runs) < 2 or values[len(runs) - 2] == 0 else (
                f"{name}^{math.log(runs[-1].cpu / runs[-2].cpu) / math.log(value / values[len(runs) - 2]):.2f}")
            print(f"| {name} | {value:,} | {runs[-1].wall:.1f} | {runs[-1].cpu:.1f} | {runs[-1].peak_mb:,.0f} | {slope} |", flush=True)


if __name__ == "__main__":
    main()
