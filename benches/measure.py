"""Measures one lake: luopan, the peer and the floor; prints tables in Markdown. benches/nightly.sh calls it.

    python measure.py --luopan BINARY --project DIR --lake DIR --work DIR [--as-of 2026-04-01] [--skip-compare]
"""

import argparse
import datetime as dt
import json
import os
import shutil
import sys

import measured
from luopan_stages import luopan_stages

HERE = os.path.dirname(os.path.abspath(__file__))
LITTLE = "1GB"
LITTLE_IS_FOR = 200_000_000  # rows of a lake


def projects(asked):
    """The project with the pipeline of the peer's work, and the same with models that cost next to nothing to fit."""
    same, features = f"{asked.work}/same_work", f"{asked.work}/features_only"
    for folder in (same, features):
        shutil.rmtree(folder, ignore_errors=True)
        for part in ("sql", "models"):
            shutil.copytree(f"{asked.project}/{part}", f"{folder}/{part}")
        shutil.copytree(f"{HERE}/same_work", folder, dirs_exist_ok=True)
    for name in ("churn_risk", "growth_potential"):
        path = f"{features}/models/{name}.toml"
        measured.rewrite(path, r"(?m)^estimator = .*", 'estimator = "logistic"')
        measured.rewrite(path, r"(?m)^max_rows = .*", "max_rows = 2000")
    return same, features


def luopan_run(asked, name, pipeline, project, warehouse, as_of, *limit):
    log = f"{asked.work}/{name}.log"
    command = [asked.luopan, "run", pipeline, "--project", project, "--lake", asked.lake, "--warehouse", warehouse,
               "--as-of", str(as_of), "--threads", str(asked.threads), *limit]
    taken = measured.run(command, log)
    return taken, luopan_stages(warehouse)


def number(value, digits=1):
    return "–" if value is None else f"{value:,.{digits}f}"


def table(title, taken, stages, rows_of_lake):
    """One run: the whole, then its stages."""
    lines = [f"#### {title}", "", "| stage | wall s | CPU s | peak MB | rows/s | read MB |", "| --- | ---: | ---: | ---: | ---: | ---: |",
             f"| **whole** | {number(taken.wall)} | {number(taken.cpu)} | {number(taken.peak_mb, 0)} | "
             f"{number(rows_of_lake / taken.wall, 0)} | {number(taken.read_mb, 0)} |"]
    for stage in stages:
        wall, rows = stage["wall"], stage.get("rows")
        pace = rows / wall if rows and wall else None
        times = f" ({stage['times']})" if (stage.get("times") or 1) > 1 else ""
        lines.append(f"| {stage['stage']}{times} | {number(wall)} | {number(stage['cpu'])} | {number(stage.get('peak_mb'), 0)} | "
                     f"{number(pace, 0)} | – |")
    print("\n".join(lines) + "\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--luopan", required=True)
    parser.add_argument("--project", required=True)
    parser.add_argument("--lake", required=True)
    parser.add_argument("--work", required=True, help="folder for warehouses and logs")
    parser.add_argument("--name", default="")
    parser.add_argument("--as-of", type=dt.date.fromisoformat, default=dt.date(2026, 4, 1))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--skip-compare", action="store_true", help="do not compare the cells of luopan and peer")
    asked = parser.parse_args()
    asked.luopan, asked.lake, asked.work = map(os.path.abspath, (asked.luopan, asked.lake, asked.work))
    for old in ("nightly", "same", "features", "little"):
        shutil.rmtree(f"{asked.work}/warehouse_{old}", ignore_errors=True)
    shutil.rmtree(f"{asked.work}/peer", ignore_errors=True)
    os.makedirs(asked.work, exist_ok=True)
    same, features = projects(asked)
    next_day = asked.as_of + dt.timedelta(1)
    print(f"### {asked.name}\n\n{measured.machine()}; {asked.threads} threads\n", flush=True)

    floors = {}
    for reader in ("duckdb", "pyarrow"):
        log = f"{asked.work}/floor_{reader}.json"
        measured.run([sys.executable, f"{HERE}/floor.py", asked.lake, "--with", reader, "--threads", str(asked.threads), "--json"], log)
        floors[reader] = json.load(open(log))
    rows = floors["duckdb"]["rows"]

    runs = {}
    for key, title, arguments in [
        ("cold", "luopan, the peer's work, cold", ("scores", same, f"{asked.work}/warehouse_same", asked.as_of)),
        ("next", "luopan, the peer's work, the next day", ("scores", same, f"{asked.work}/warehouse_same", next_day)),
        ("features", "luopan, features and labels (fits on 2,000 rows)",
         ("scores", features, f"{asked.work}/warehouse_features", asked.as_of)),
        # For who has to keep within less than the peer takes; a small lake needs no more than it gets anyhow.
        ("little", f"luopan, the peer's work, cold, --memory-limit {LITTLE}",
         ("scores", same, f"{asked.work}/warehouse_little", asked.as_of, "--memory-limit", LITTLE)),
        ("night", "luopan, the whole built-in pipeline, cold", ("nightly", asked.project, f"{asked.work}/warehouse_nightly", asked.as_of)),
        ("next_night", "luopan, the whole built-in pipeline, the next day",
         ("nightly", asked.project, f"{asked.work}/warehouse_nightly", next_day)),
    ]:
        if key == "little" and rows > LITTLE_IS_FOR:
            continue
        runs[key], stages = luopan_run(asked, key, *arguments)
        table(title, runs[key], stages, rows)

    figures = f"{asked.work}/peer.json"
    peer = [sys.executable, f"{HERE}/peers/nightly/nightly.py", asked.lake, f"{asked.work}/peer", "--as-of", str(asked.as_of),
            "--threads", str(asked.threads), "--figures", figures]
    runs["peer"] = measured.run(peer, f"{asked.work}/peer.log")
    table("peer", runs["peer"], json.load(open(figures))["stages"], rows)
    runs["peer_features"] = measured.run(peer + ["--features-only"], f"{asked.work}/peer_features.log")
    table("peer, features and labels", runs["peer_features"], json.load(open(figures))["stages"], rows)

    print("#### floor: the needed columns decoded once\n\n| reader | wall s | CPU s | peak MB | rows/s | MB of columns |\n"
          "| --- | ---: | ---: | ---: | ---: | ---: |")
    for reader, floor in floors.items():
        print(f"| {reader} | {floor['wall']:.2f} | {floor['cpu']:.2f} | {floor['peak_mb']:.0f} | {floor['rows'] / floor['wall']:,.0f} "
              f"| {floor['read_mb']:,.0f} |")
    ratios(runs, floors)
    if not asked.skip_compare:
        # The fits do not matter here.
        compare(asked, features)


def ratios(runs, floors):
    print("\n#### ratios\n\n| | CPU | peak memory |\n| --- | ---: | ---: |")
    for name, one, other in [
        ("luopan / peer, the same work, cold", "cold", "peer"),
        (f"luopan with --memory-limit {LITTLE} / peer, the same work, cold", "little", "peer"),
        ("luopan / peer, features and labels", "features", "peer_features"),
        ("luopan's whole built-in pipeline / peer", "night", "peer"),
        ("next day / cold, the same work", "next", "cold"),
        ("next day / cold, the whole built-in pipeline", "next_night", "night"),
    ]:
        if one not in runs:
            continue
        a, b = runs[one], runs[other]
        print(f"| {name} | {a.cpu / b.cpu:.2f} | {a.peak_mb / b.peak_mb:.2f} |")
    for reader, floor in floors.items():
        for name, key in (("luopan", "features"), ("peer", "peer_features")):
            print(f"| {name}'s features and labels / floor by {reader} | {runs[key].cpu / floor['cpu']:.1f} | |")
    print(flush=True)


def compare(asked, project):
    log = f"{asked.work}/compare.log"
    kept = f"{asked.work}/luopan_rows"
    shutil.rmtree(kept, ignore_errors=True)
    measured.run([sys.executable, f"{HERE}/peers/nightly/compare.py", asked.luopan, asked.lake, f"{asked.work}/peer", "--project",
                  project, "--pipeline", "scores", "--as-of", str(asked.as_of), "--kept", kept], log)
    print("cell by cell: " + open(log).read().strip().replace("\n", "; ") + "\n", flush=True)


if __name__ == "__main__":
    main()
