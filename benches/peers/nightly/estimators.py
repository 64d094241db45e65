"""What learns log-odds: logistic regression and boosted trees, with the settings that luopan's candidates have."""

import lightgbm as lgb
import numpy as np
from scipy.special import expit as logistic_curve
from sklearn.linear_model import LogisticRegression

__all__ = ["candidates", "fit_size", "logistic_curve"]

FEW_EVENTS, EVENTS_OF_DEEPER_TREES = 1000, 500


class Logistic:
    def __init__(self, penalty):
        self.penalty, self.name = penalty, f"logistic regression, penalty {penalty}"

    def fit(self, rows, shared):
        if "matrix" not in shared:
            shared["prepare"] = Preparation(rows.x, rows.texts)
            shared["matrix"] = shared["prepare"](rows.x)
        # Many more rows than columns: Newton's steps are few, a quarter of L-BFGS's time.
        model = LogisticRegression(C=1 / self.penalty, solver="newton-cholesky", max_iter=100)
        model.fit(shared["matrix"], rows.event)
        prepare = shared["prepare"]
        return lambda x: model.decision_function(prepare(x))


class Preparation:
    """Standardised numbers (long tails by their logarithm, missing as the mean, and a flag for it), one column a text."""

    def __init__(self, x, texts):
        self.texts, numbers = texts, [c for c in range(x.shape[1]) if c not in texts]
        self.numbers, self.logs, self.centres, self.scales, self.gaps = [], [], [], [], []
        for column in numbers:
            values = x[:, column]
            known = values[~np.isnan(values)].astype(np.float64)
            if len(known) == 0 or known.min() == known.max():
                continue
            # Not flags, which no logarithm makes less skewed.
            log = abs(skewness(known)) > 2 and len(np.unique(known[:1000])) > 2
            known = signed_log(known) if log else known
            self.numbers.append(column)
            self.logs.append(log)
            self.centres.append(known.mean())
            self.scales.append(known.std())
            if 0 < len(values) - len(known):
                self.gaps.append(column)
        self.levels = {c: np.unique(x[~np.isnan(x[:, c]), c]) for c in texts}

    def __call__(self, x):
        width = len(self.numbers) + len(self.gaps) + sum(len(levels) for levels in self.levels.values())
        matrix = np.empty((len(x), width), dtype=np.float32, order="F")
        for place, (column, log, centre, scale) in enumerate(zip(self.numbers, self.logs, self.centres, self.scales)):
            values = x[:, column].astype(np.float64)
            values = (signed_log(values) if log else values) - centre
            values /= scale
            matrix[:, place] = np.nan_to_num(values, copy=False, nan=0.0)
        place = len(self.numbers)
        for column in self.gaps:
            matrix[:, place] = np.isnan(x[:, column])
            place += 1
        for column, levels in self.levels.items():
            for level in levels:
                matrix[:, place] = x[:, column] == level
                place += 1
        return matrix


def signed_log(values):
    return np.sign(values) * np.log1p(np.abs(values))


def skewness(values):
    z = values - values.mean()
    deviation = z.std()
    return (z * z * z).mean() / deviation**3 if deviation > 0 else 0.0


class Trees:
    def __init__(self, depth, column_share, threads):
        self.name = f"boosted trees, depth {depth}"
        self.settings = dict(
            objective="binary", learning_rate=0.05, max_depth=depth, num_leaves=2**depth, min_sum_hessian_in_leaf=5.0,
            min_data_in_leaf=1, lambda_l2=5.0, feature_fraction=column_share, bagging_fraction=0.7, bagging_freq=1, max_bin=127,
            num_threads=threads, seed=7, force_col_wise=True, feature_pre_filter=False, verbose=-1)

    def fit(self, rows, shared):
        if "data" not in shared:
            # Binned once for all trees.
            shared["data"] = lgb.Dataset(rows.x, rows.event, categorical_feature=rows.texts, params=self.settings)
        model = lgb.train(self.settings, shared["data"], 200)
        return lambda x: model.predict(x, raw_score=True)


def fit_size(x, texts, sizes, threads):
    """Trees under Tweedie's loss, which predicts a mean: a fifth of a forest's time, and nearer on later cutoffs."""
    settings = dict(
        objective="tweedie", learning_rate=0.05, max_depth=5, num_leaves=32, min_data_in_leaf=20, lambda_l2=5.0,
        feature_fraction=0.5, bagging_fraction=0.7, bagging_freq=1, max_bin=127, num_threads=threads, seed=7,
        force_col_wise=True, verbose=-1)
    return lgb.train(settings, lgb.Dataset(x, sizes, categorical_feature=texts, params=settings), 200).predict


def candidates(events, threads):
    """The simplest first; stronger penalties where events are few, deeper trees where they are many."""
    penalties = [1000.0, 100.0, 10.0, 1.0] if events < FEW_EVENTS else [1.0]
    trees = [Trees(3, 0.5, threads)]
    if events >= EVENTS_OF_DEEPER_TREES:
        trees.append(Trees(5, 0.8, threads))
    return [Logistic(penalty) for penalty in penalties] + trees
