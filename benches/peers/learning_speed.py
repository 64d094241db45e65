"""What scikit-learn and LightGBM take for the fits that luopan makes, on the rows that `cargo bench --bench learning`
wrote: the same settings, two threads, wall and CPU seconds.

    python learning_speed.py rows.parquet
"""

import resource
import sys
import time
import warnings

import lightgbm as lgb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

THREADS = 2
MAX_ROWS = 100_000
SCORED = 1_000_000
warnings.filterwarnings("ignore")


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def stage(name, work):
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")
    wall, used = time.time(), cpu()
    result = work()
    wall, used = time.time() - wall, cpu() - used
    peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(f"peers\t{name}\t{wall:.2f}\t{used:.2f}\t{peak / 1024:.0f}", flush=True)
    return result


def read(path):
    """Texts as categories, everything else as float64 (LightGBM and scikit-learn take no decimals)."""
    table = pq.read_table(path).to_pandas()
    days, label = pd.to_datetime(table.pop("cutoff")), table.pop("label").astype(float).to_numpy()
    # The key, what the model excludes, and what `luopan train --rows` says of a row beside its features.
    others = ["customer_id", "industry", "fold", "estimator", "probability", "uncalibrated"]
    table = table.drop(columns=others, errors="ignore")
    kinds = {"texts": [], "numbers": []}
    for column in table:
        values = table[column].dropna()
        text = len(values) > 0 and isinstance(values.iloc[0], str)
        table[column] = table[column].astype("category" if text else "float64")
        kinds["texts" if text else "numbers"].append(column)
    return days, label, table, kinds


def linear(kinds):
    """Gaps filled and marked, long tails squeezed by nobody: as most would write it."""
    scaled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=10, sparse_output=False)
    texts = make_pipeline(SimpleImputer(strategy="constant", fill_value="(missing)"), one_hot)
    prepare = ColumnTransformer([("numbers", scaled, kinds["numbers"]), ("texts", texts, kinds["texts"])])
    return prepare, LogisticRegression(C=1.0, max_iter=1000)


def as_objects(rows, kinds):
    return rows.assign(**{c: rows[c].astype(object).where(rows[c].notna(), np.nan) for c in kinds["texts"]})


def lightgbm(depth, share):
    return lgb.LGBMClassifier(
        n_estimators=200, learning_rate=0.05, max_depth=depth, num_leaves=2**depth, max_bin=127, reg_lambda=5.0,
        min_child_weight=5.0, min_child_samples=1, colsample_bytree=share, subsample=0.7, subsample_freq=1,
        n_jobs=THREADS, verbose=-1, seed=7,
    )


def histogram(depth, share):
    return HistGradientBoostingClassifier(
        max_iter=200, learning_rate=0.05, max_depth=depth, max_leaf_nodes=2**depth, l2_regularization=5.0, max_bins=127,
        categorical_features="from_dtype", early_stopping=False, random_state=7,
    )


TREES = {"LightGBM": lightgbm, "HistGradientBoosting": histogram}


def all_rows(label, rows, kinds):
    prepare, model = linear(kinds)
    x = stage("encode: matrix", lambda: prepare.fit_transform(as_objects(rows, kinds)))
    print(f"# {x.shape[0]} x {x.shape[1]}")
    stage("logistic: fit", lambda: model.fit(x, label))
    p = stage("logistic: predict", lambda: model.predict_proba(x)[:, 1])
    print(f"# log-loss {log_loss(label, p):.6f}, {model.n_iter_[0]} steps")
    del x
    for depth, share in [(3, 0.5), (5, 0.8)]:
        for name, trees in TREES.items():
            model = trees(depth, share)
            stage(f"trees, depth {depth}: fit ({name})", lambda: model.fit(rows, label))
            p = stage(f"trees, depth {depth}: predict ({name})", lambda: model.predict_proba(rows)[:, 1])
            print(f"# log-loss {log_loss(label, p):.6f}")


def sample(rows, label, seed=7):
    """All events and as many others as fit, as luopan takes them."""
    events, others = np.flatnonzero(label > 0), np.flatnonzero(label == 0)
    if len(label) > MAX_ROWS:
        rng = np.random.default_rng(seed)
        events = rng.permutation(events)[: MAX_ROWS // 2]
        others = rng.permutation(others)[: MAX_ROWS - len(events)]
    kept = np.sort(np.r_[events, others])
    return rows.iloc[kept], label[kept]


def whole(days, label, rows, kinds, horizon=90):
    """The ten fits of a training: choose on the newest cutoffs whose fits knew half of the events, then fit on all."""
    cutoffs = np.sort(days.unique())
    known = lambda test: [c for c in cutoffs if c + np.timedelta64(horizon, "D") <= test]
    events = lambda among: label[days.isin(among)].sum()
    tests = [test for test in cutoffs[-3:] if known(test) and 2 * events(known(test)) >= events(cutoffs)]
    losses = {}

    def fit_all(among):
        kept = days.isin(among).to_numpy()
        x, y = sample(rows[kept], label[kept])
        prepare, model = linear(kinds)
        model = make_pipeline(prepare, model).fit(as_objects(x, kinds), y)
        fits = {"logistic": lambda x: model.predict_proba(as_objects(x, kinds))[:, 1]}
        for depth, share in [(3, 0.5), (5, 0.8)]:
            trees = lightgbm(depth, share).fit(x, y)
            fits[f"depth {depth}"] = lambda x, trees=trees: trees.predict_proba(x)[:, 1]
        return fits

    for test in tests:
        here = (days == test).to_numpy()
        for name, predict in fit_all(known(test)).items():
            losses.setdefault(name, []).append(log_loss(label[here], predict(rows[here])))
    x, y = sample(rows, label)
    best = min(losses, key=lambda name: np.mean(losses[name]))
    depth = {"depth 3": (3, 0.5)}.get(best, (5, 0.8))
    lightgbm(*depth).fit(x, y)
    return len(tests)


def score(rows, label, kinds):
    many = rows.iloc[np.arange(SCORED) % len(rows)]
    x, y = sample(rows, label)
    prepare, model = linear(kinds)
    model = make_pipeline(prepare, model).fit(as_objects(x[:20_000], kinds), y[:20_000])
    stage("score, logistic regression", lambda: model.predict_proba(as_objects(many, kinds)))
    for depth, share in [(3, 0.5), (5, 0.8)]:
        model = lightgbm(depth, share).fit(x[:20_000], y[:20_000])
        stage(f"score, boosted trees, depth {depth} (LightGBM)", lambda: model.predict_proba(many))
        stage(f"contributions alone, boosted trees, depth {depth} (LightGBM)", lambda: model.predict(many, pred_contrib=True))


def main(path):
    days, label, rows, kinds = stage("read", lambda: read(path))
    with threadpool_limits(THREADS):
        all_rows(label, rows, kinds)
        tests = stage("whole training (100000 rows a fit, LightGBM)", lambda: whole(days, label, rows, kinds))
        print(f"# {tests} tests")
        score(rows, label, kinds)


main(sys.argv[1])
