"""The peers: what a good practitioner would fit with scikit-learn and LightGBM, without knowing the test rows."""

import time
import warnings

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

# HistGradientBoosting takes 255 bins: the most frequent values keep their own.
MOST_CATEGORIES = 250


def split_columns(frame):
    texts = [c for c in frame.columns if frame[c].dtype == object]
    return [c for c in frame.columns if c not in texts], texts


def native(train, test):
    """Texts as categories of the training rows; a value not seen there is missing. Without columns of nothing but gaps."""
    filled = [c for c in train.columns if train[c].notna().any()]
    train, test = train[filled].copy(), test[filled].copy()
    for column in split_columns(train)[1]:
        known = train[column].value_counts().index[:MOST_CATEGORIES]
        kind = pd.CategoricalDtype(sorted(known))
        train[column], test[column] = train[column].astype(kind), test[column].astype(kind)
    return train, test


def linear(C):
    def fit(train, label, groups, test, threads):
        return fit_linear(C, train, label, test)

    return fit


def fit_linear(C, train, label, test):
    numbers, texts = split_columns(train.loc[:, train.notna().any()])
    scaled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=10, sparse_output=False)
    missing = lambda frame: frame.astype(object).where(frame.notna(), "(missing)")
    model = make_pipeline(
        ColumnTransformer([("numbers", scaled, numbers), ("texts", one_hot, texts)]),
        LogisticRegression(C=C, max_iter=2000),
    )
    prepare = lambda frame: frame.assign(**{c: missing(frame[c]) for c in texts})
    model.fit(prepare(train), label)
    return model.predict_proba(prepare(test))[:, 1]


def linear_tuned(train, label, groups, test, threads):
    """The penalty by log-loss in four inner folds (a customer in one of them)."""
    inner = list(StratifiedGroupKFold(4, shuffle=True, random_state=7).split(train, label, groups))
    found = lambda C: np.mean([
        log_loss(label[hold], fit_linear(C, train.iloc[learn], label[learn], train.iloc[hold])) for learn, hold in inner
    ])
    return fit_linear(min([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0], key=found), train, label, test)


def hist_boosting(**settings):
    def fit(train, label, groups, test, threads):
        train, test = native(train, test)
        model = HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=7, **settings)
        return model.fit(train, label).predict_proba(test)[:, 1]

    return fit


def light(**settings):
    def fit(train, label, groups, test, threads):
        train, test = native(train, test)
        model = lgb.LGBMClassifier(n_jobs=threads, random_state=7, deterministic=True, verbose=-1, **settings)
        return model.fit(train, label).predict_proba(test)[:, 1]

    return fit


# Shallow, slow, subsampled: what one reaches for below some ten thousand rows.
SMALL = dict(n_estimators=200, learning_rate=0.04, num_leaves=8, min_child_samples=20, subsample=0.8,
             subsample_freq=1, colsample_bytree=0.6, reg_lambda=3.0)
# And for hundreds of thousands of rows: more and slower trees, larger leaves.
LARGE = dict(n_estimators=400, learning_rate=0.03, num_leaves=31, min_child_samples=100, subsample=0.8, subsample_freq=1,
             colsample_bytree=0.5, reg_lambda=5.0)
GRID = [
    dict(num_leaves=4, min_child_samples=20),
    dict(num_leaves=8, min_child_samples=20),
    dict(num_leaves=8, min_child_samples=80),
    dict(num_leaves=31, min_child_samples=80),
]


def light_tuned(train, label, groups, test, threads):
    """Leaves and number of trees by log-loss in four inner folds (a customer in one of them) of the training rows."""
    train, test = native(train, test)
    data = lgb.Dataset(train, label, free_raw_data=False)
    inner = list(StratifiedGroupKFold(4, shuffle=True, random_state=7).split(train, label, groups))
    base = dict(objective="binary", metric="binary_logloss", learning_rate=0.04, bagging_fraction=0.8, bagging_freq=1,
                feature_fraction=0.6, lambda_l2=3.0, num_threads=threads, seed=7, deterministic=True, verbose=-1)
    best = (np.inf, None, None)
    for one in GRID:
        settings = base | {k: v for k, v in one.items() if k == "num_leaves"}
        settings["min_data_in_leaf"] = one["min_child_samples"]
        found = lgb.cv(settings, data, 1000, folds=inner, callbacks=[lgb.early_stopping(50, verbose=False)])
        losses = found["valid binary_logloss-mean"]
        if min(losses) < best[0]:
            best = (min(losses), settings, int(np.argmin(losses)) + 1)
    _, settings, trees = best
    return lgb.train(settings, data, trees).predict(test)


def calibrated(fit):
    """Platt's scaling on five inner folds' predictions, the final fit on all training rows."""

    def fit_calibrated(train, label, groups, test, threads):
        held_out = np.empty(len(label))
        for learn, hold in StratifiedGroupKFold(5, shuffle=True, random_state=7).split(train, label, groups):
            held_out[hold] = fit(train.iloc[learn], label[learn], groups[learn], train.iloc[hold], threads)
        log_odds = lambda p: np.log(np.clip(p, 1e-9, 1 - 1e-9) / (1 - np.clip(p, 1e-9, 1 - 1e-9)))[:, None]
        platt = LogisticRegression(C=1e6).fit(log_odds(held_out), label)
        return platt.predict_proba(log_odds(fit(train, label, groups, test, threads)))[:, 1]

    return fit_calibrated


PEERS = {
    "logistic": linear(1.0),
    "logistic_tuned": linear_tuned,
    "hist_boosting": hist_boosting(),
    "hist_boosting_no_stop": hist_boosting(early_stopping=False),
    "lightgbm": light(),
    "lightgbm_small": light(**SMALL),
    "lightgbm_small_platt": calibrated(light(**SMALL)),
    "lightgbm_tuned": light_tuned,
    "lightgbm_large": light(**LARGE),
}
# What one would publish for a table of any size, and what takes a multiple of a fit.
SLOW = ["logistic_tuned", "lightgbm_small_platt", "lightgbm_tuned"]


def fit_peer(name, train, label, groups, test, threads):
    """Probabilities of the test rows, and the seconds of preparing, fitting and predicting."""
    with threadpool_limits(threads), warnings.catch_warnings():
        # Categories not seen in training are as good as missing: that is meant.
        warnings.filterwarnings("ignore", message=".*unknown categories.*")
        warnings.filterwarnings("ignore", category=FutureWarning)
        began = time.perf_counter()
        probability = PEERS[name](train, label, groups, test, threads)
        return probability, time.perf_counter() - began
