"""Compares luopan's out-of-fold probabilities with scikit-learn and LightGBM on the same rows and folds.

    python bench.py ROWS.parquet [--horizon-days 90] [--seconds FIT.json] [--out RESULT.json] [--name NAME]

ROWS.parquet is what `luopan train MODEL --rows FILE` writes: customer_id, cutoff, label, fold (null where never tested),
probability, uncalibrated, estimator, then the features. With --horizon-days the folds are cutoffs, and a peer learns
from the rows whose label was over by the fold's cutoff (cutoff + horizon <= test); without it folds are random, and a
peer learns from all other folds. A file whose `probability` is null throughout measures the peers alone.
"""

import argparse
import hashlib
import json
import os
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import peers
import scoring

RESERVED = ["customer_id", "cutoff", "label", "fold", "probability", "uncalibrated", "estimator"]
# Peers that take a multiple of one fit are left out above this many training rows.
SLOW_ABOVE = 60_000


def read_rows(path):
    """Labelled rows, and their features: numbers and bools as float64 (missing = nan), texts as objects."""
    table = pq.read_table(path)
    if missing := [c for c in RESERVED if c not in table.column_names]:
        sys.exit(f"{path} lacks the columns {', '.join(missing)}")
    rows = table.select(RESERVED).to_pandas()
    features, left_out = {}, []
    for field in table.schema:
        if field.name in RESERVED:
            continue
        column = table[field.name]
        if pa.types.is_dictionary(field.type):
            column = column.cast(field.type.value_type)
        kind = column.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            features[field.name] = np.array(column.to_pylist(), dtype=object)
        elif pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            features[field.name] = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
        else:
            left_out.append(f"{field.name} ({kind})")
    if left_out:
        print(f"no features: {', '.join(left_out)}", file=sys.stderr)
    known = rows["label"].notna().to_numpy()
    # dtype=object keeps pandas from making its own string type of the texts.
    frame = pd.DataFrame({c: pd.Series(v, dtype=v.dtype) for c, v in features.items()})
    return rows[known].reset_index(drop=True), frame[known].reset_index(drop=True)


def learnable(rows, fold, horizon_days):
    """Places of the rows that a model tested on `fold` may learn from."""
    if horizon_days is None:
        # A row of no fold may be a tested customer's of another day: nobody learns from it.
        return np.flatnonzero((rows["fold"].notna() & (rows["fold"] != fold)).to_numpy())
    cutoffs = pd.to_datetime(rows["cutoff"])
    tested = cutoffs[rows["fold"] == fold].unique()
    if len(tested) != 1:
        sys.exit(f"fold {fold} has {len(tested)} cutoffs; with --horizon-days a fold is one cutoff")
    return np.flatnonzero((cutoffs + pd.Timedelta(days=horizon_days) <= tested[0]).to_numpy())


def fit_all(rows, features, names, horizon_days, threads):
    """Each peer's probability of each tested row (nan elsewhere), and its seconds per fold."""
    label = rows["label"].to_numpy().astype(int)
    groups = np.unique(rows["customer_id"].to_numpy(dtype=str), return_inverse=True)[1]
    probability = {name: np.full(len(rows), np.nan) for name in names}
    seconds = {name: {} for name in names}
    learned_from = {}
    for fold in sorted(rows["fold"].dropna().unique()):
        train = learnable(rows, fold, horizon_days)
        test = np.flatnonzero((rows["fold"] == fold).to_numpy())
        learned_from[str(int(fold))] = {"train_rows": len(train), "test_rows": len(test),
                                        "train_events": int(label[train].sum()), "test_events": int(label[test].sum())}
        for name in names:
            if len(train) > SLOW_ABOVE and name in peers.SLOW:
                continue
            found, took = peers.fit_peer(name, features.iloc[train], label[train], groups[train], features.iloc[test], threads)
            probability[name][test] = found
            seconds[name][str(int(fold))] = took
            print(f"fold {int(fold)} {name}: {took:.1f} s", file=sys.stderr, flush=True)
    return probability, seconds, learned_from


def fit_or_recall(rows, features, names, horizon_days, threads, folder):
    """`fit_all`, of each peer once: the same rows, folds and peers.py give the probabilities and seconds kept in
    `folder`."""
    if folder is None:
        return fit_all(rows, features, names, horizon_days, threads)
    digest = hashlib.sha256(open(peers.__file__, "rb").read())
    digest.update(repr((horizon_days, threads, list(features.columns))).encode())
    for frame in (rows[["customer_id", "cutoff", "label", "fold"]].astype(str), features):
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    folder = os.path.join(folder, digest.hexdigest()[:24])
    os.makedirs(folder, exist_ok=True)
    probability, seconds, folds = {}, {}, None
    for name in names:
        path = os.path.join(folder, f"{name}.json")
        if not os.path.exists(path):
            found, took, folds = fit_all(rows, features, [name], horizon_days, threads)
            # nan (no row of a test) is null in JSON; a float's repr comes back to the last bit.
            kept = [None if np.isnan(v) else float(v) for v in found[name]]
            with open(path, "w") as file:
                json.dump({"probability": kept, "seconds": took[name], "folds": folds}, file)
        kept = json.load(open(path))
        probability[name] = np.array([np.nan if v is None else v for v in kept["probability"]])
        seconds[name], folds = kept["seconds"], kept["folds"]
    return probability, seconds, folds


def our_seconds(path):
    """Seconds per fold: {"fit_seconds": {"0": 1.2, …}}, or {"folds": [{"fold": 0, "fit_seconds": 1.2}, …]}."""
    if path is None:
        return {}
    said = json.load(open(path))
    if "folds" in said:
        return {str(f["fold"]): float(f["fit_seconds"]) for f in said["folds"]}
    return {str(fold): float(s) for fold, s in said["fit_seconds"].items()}


SHOWN = [("roc_auc", "ROC AUC", 4), ("pr_auc", "PR AUC", 4), ("log_loss", "log-loss", 4), ("brier", "Brier", 4),
         ("ece", "ECE", 4), ("ece_pooled", "ECE pooled", 4), ("lift_top_tenth", "lift 10 %", 2)]


def markdown(result):
    n = result["folds"]
    lines = [
        f"### {result['name']}: {result['tested_rows']:,} tested rows of {result['customers']:,} customers, "
        f"{result['tested_events']:,} events ({result['tested_events'] / result['tested_rows']:.1%}), "
        f"{result['features']} features, {n} {'cutoffs' if result['horizon_days'] else 'random folds'}", "",
        "| method | " + " | ".join(title for _, title, _ in SHOWN) + " | fit s |",
        "| --- |" + " ---: |" * (len(SHOWN) + 1),
    ]
    for name, figures in result["methods"].items():
        cells = [f"{figures[m]['value']:.{d}f} ({figures[m]['low']:.{d}f}–{figures[m]['high']:.{d}f})" for m, _, d in SHOWN]
        spent = result["fit_seconds"].get(name, {})
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {np.mean(list(spent.values())):.2f} |" if spent
                     else f"| {name} | " + " | ".join(cells) + " | – |")
    least = min(f["ece"]["by_chance"] for f in result["methods"].values())
    pooled = min(f["ece_pooled"]["by_chance"] for f in result["methods"].values())
    lines += ["", f"Probabilities that are the truth would have an ECE of about {least:.4f} a fold and {pooled:.4f} pooled, by chance."]
    if "luopan" in result["methods"]:
        lines += ["", "Less luopan's, on the same resamples (in bold where the interval leaves out 0):", "",
                  "| method | " + " | ".join(title for _, title, _ in SHOWN) + " |", "| --- |" + " ---: |" * len(SHOWN)]
        for name, figures in result["methods"].items():
            if name == "luopan":
                continue
            cells = []
            for m, _, d in SHOWN:
                f = figures[m]
                text = f"{f['minus_ours']:+.{d}f} ({f['minus_ours_low']:+.{d}f} to {f['minus_ours_high']:+.{d}f})"
                cells.append(f"**{text}**" if f["minus_ours_low"] > 0 or f["minus_ours_high"] < 0 else text)
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows")
    parser.add_argument("--name")
    parser.add_argument("--horizon-days", type=int, help="folds are cutoffs, labels look this far ahead")
    parser.add_argument("--seconds", help="JSON with luopan's fit seconds per fold")
    parser.add_argument("--out", help="write all figures as JSON")
    parser.add_argument("--peers", default=",".join(peers.PEERS), help="which, separated by commas")
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--kept", metavar="FOLDER", help="keep the peers' probabilities here, and take them from here")
    asked = parser.parse_args()

    rows, features = read_rows(asked.rows)
    probability, seconds, folds = fit_or_recall(
        rows, features, asked.peers.split(","), asked.horizon_days, asked.threads, asked.kept)
    methods = {}
    tested = rows["fold"].notna().to_numpy()
    if rows.loc[tested, "probability"].notna().any():
        for name, column in (("luopan", "probability"), ("luopan_uncalibrated", "uncalibrated")):
            if absent := int(rows.loc[tested, column].isna().sum()):
                sys.exit(f"{absent} tested rows have no {column}")
            methods[name] = rows[column].to_numpy(dtype=float)
        seconds["luopan"] = our_seconds(asked.seconds)
    methods |= {name: p for name, p in probability.items() if np.isfinite(p[tested]).all()}
    figures = scoring.evaluate(
        rows["label"].to_numpy()[tested].astype(int), rows["fold"].to_numpy()[tested],
        rows["customer_id"].to_numpy(dtype=str)[tested], {k: v[tested] for k, v in methods.items()}, asked.resamples,
    )
    result = {
        "name": asked.name or os.path.splitext(os.path.basename(asked.rows))[0],
        "horizon_days": asked.horizon_days,
        "folds": int(rows["fold"].nunique()),
        "rows": len(rows),
        "tested_rows": int(tested.sum()),
        "tested_events": int(rows.loc[tested, "label"].sum()),
        "customers": int(rows.loc[tested, "customer_id"].nunique()),
        "features": features.shape[1],
        "resamples": asked.resamples,
        "estimator": sorted(rows["estimator"].dropna().unique().tolist()),
        "per_fold": folds,
        "fit_seconds": seconds,
        "methods": figures,
    }
    if asked.out:
        with open(asked.out, "w") as file:
            json.dump(result, file, indent=1)
    print(markdown(result))


if __name__ == "__main__":
    main()
