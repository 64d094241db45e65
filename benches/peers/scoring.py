"""How good probabilities are, with intervals from resampled customers. Every figure takes weights, so that a resample is
a vector of counts and nothing is sorted twice.

    python scoring.py        # checks the figures against scikit-learn and cases counted by hand
"""

import numpy as np

# Higher is better for the first three; for the rest lower is.
METRICS = ["roc_auc", "pr_auc", "lift_top_tenth", "log_loss", "brier", "ece", "ece_pooled"]
PER_FOLD = METRICS[:-1]
BINS = 10
CLIP = 1e-15


class Scored:
    """One method's probabilities of the rows of one fold, sorted once."""

    def __init__(self, label, probability):
        order = np.argsort(-probability, kind="stable")
        self.order = order
        self.y = label[order].astype(float)
        self.p = probability[order].astype(float)
        # Rows of equal probability are one group: nothing may hang on their order.
        starts = np.flatnonzero(np.r_[True, np.diff(self.p) != 0])
        self.starts = starts
        clipped = np.clip(self.p, CLIP, 1 - CLIP)
        self.surprise = -np.where(self.y == 1, np.log(clipped), np.log1p(-clipped))
        self.square = (self.p - self.y) ** 2

    def metrics(self, weights=None):
        """PER_FOLD for rows that count `weights` times (in the order given to the constructor); nan without both
        classes."""
        w = np.ones(len(self.y)) if weights is None else weights[self.order]
        total = w.sum()
        positive = np.add.reduceat(w * self.y, self.starts)
        weight = np.add.reduceat(w, self.starts)
        negative = weight - positive
        events, others = positive.sum(), negative.sum()
        if events == 0 or others == 0:
            return np.full(len(PER_FOLD), np.nan)
        hits, false = np.cumsum(positive), np.cumsum(negative)
        # Pairs won, ties half: the others that stand after the group, and half of those in it.
        roc_auc = (positive * (others - false + negative / 2)).sum() / (events * others)
        seen = hits + false
        precision = np.divide(hits, seen, out=np.zeros_like(hits), where=seen > 0)
        pr_auc = (positive * precision).sum() / events
        tenth = total / 10
        # The group in which the tenth ends counts by its part.
        part = np.clip(np.divide(tenth - (seen - weight), weight, out=np.zeros_like(seen), where=weight > 0), 0, 1)
        lift = (positive * part).sum() / tenth / (events / total)
        log_loss = (w * self.surprise).sum() / total
        brier = (w * self.square).sum() / total
        expected = np.add.reduceat(w * self.p, self.starts)
        bins = np.minimum(((seen - weight / 2) / total * BINS).astype(int), BINS - 1)
        gap = np.bincount(bins, weights=positive - expected, minlength=BINS)
        return np.array([roc_auc, pr_auc, lift, log_loss, brier, np.abs(gap).sum() / total])

    def ece_by_chance(self, simulations=200, seed=7):
        """The mean ECE if every probability were the truth: what ten bins of so few rows show of themselves."""
        random = np.random.default_rng(seed)
        seen = np.cumsum(np.diff(np.r_[self.starts, len(self.p)]))
        weight = np.diff(np.r_[0, seen])
        bins = np.repeat(np.minimum(((seen - weight / 2) / len(self.p) * BINS).astype(int), BINS - 1), weight)
        found = 0.0
        for _ in range(simulations):
            gap = np.bincount(bins, weights=(random.random(len(self.p)) < self.p) - self.p, minlength=BINS)
            found += np.abs(gap).sum() / len(self.p)
        return found / simulations


def evaluate(labels, folds, customers, probabilities, resamples, seed=7):
    """{method: {metric: {value, low, high, minus_ours, minus_ours_low, minus_ours_high}}}: the metric of each fold,
    averaged over folds (`ece_pooled`: of all tested rows at once). 95 % intervals from resampled customers, who keep all
    their rows: the quantiles of the resamples about their mean, laid about the value. (About their mean, because a
    resample of few rows has more ECE than the rows themselves, for every method.) `minus_ours` is there if a method is
    called `luopan`: the paired difference on the same resamples."""
    names = list(probabilities)
    tested = [np.flatnonzero(folds == fold) for fold in np.unique(folds)]
    scored = [[Scored(labels[rows], probabilities[name][rows]) for rows in tested] for name in names]
    pooled = [Scored(labels, probabilities[name]) for name in names]

    def all_of(weights):
        of = lambda one, rows: one.metrics(None if weights is None else weights[rows])
        per_fold = np.array([[of(one, rows) for one, rows in zip(method, tested)] for method in scored])
        together = [of(one, slice(None))[PER_FOLD.index("ece")] for one in pooled]
        return np.column_stack([np.nanmean(per_fold, axis=1), together])

    point = all_of(None)
    codes = np.unique(customers, return_inverse=True)[1]
    count = codes.max() + 1
    random = np.random.default_rng(seed)
    draws = np.empty((resamples, len(names), len(METRICS)))
    for i in range(resamples):
        times = np.bincount(random.integers(0, count, count), minlength=count).astype(float)
        draws[i] = all_of(times[codes])

    def interval(value, drawn):
        return value + np.nanpercentile(drawn - np.nanmean(drawn), [2.5, 97.5])

    ours = names.index("luopan") if "luopan" in names else None
    result = {}
    for m, name in enumerate(names):
        result[name] = {}
        for k, metric in enumerate(METRICS):
            low, high = interval(point[m, k], draws[:, m, k])
            cell = {"value": point[m, k], "low": low, "high": high}
            if metric == "ece":
                cell["by_chance"] = np.mean([one.ece_by_chance() for one in scored[m]])
            if metric == "ece_pooled":
                cell["by_chance"] = pooled[m].ece_by_chance()
            if ours is not None and m != ours:
                less = point[m, k] - point[ours, k]
                low, high = interval(less, draws[:, m, k] - draws[:, ours, k])
                cell |= {"minus_ours": less, "minus_ours_low": low, "minus_ours_high": high}
            result[name][metric] = {key: float(value) for key, value in cell.items()}
    return result


def check():
    from sklearn import metrics as sk

    random = np.random.default_rng(1)
    for digits in (1, 2, 12):
        y = (random.random(3000) < 0.2).astype(int)
        p = np.clip(np.round(0.2 + 0.15 * y + 0.1 * random.normal(size=3000), digits), 0.001, 0.999)
        times = random.integers(0, 4, 3000).astype(float)
        for w in (None, times):
            got = dict(zip(PER_FOLD, Scored(y, p).metrics(w)))
            np.testing.assert_allclose(got["roc_auc"], sk.roc_auc_score(y, p, sample_weight=w), rtol=1e-12)
            np.testing.assert_allclose(got["pr_auc"], sk.average_precision_score(y, p, sample_weight=w), rtol=1e-12)
            np.testing.assert_allclose(got["log_loss"], sk.log_loss(y, p, sample_weight=w), rtol=1e-12)
            np.testing.assert_allclose(got["brier"], sk.brier_score_loss(y, p, sample_weight=w), rtol=1e-12)
        # A row that counts twice is two rows.
        again = np.repeat(np.arange(3000), times.astype(int))
        np.testing.assert_allclose(Scored(y, p).metrics(times), Scored(y[again], p[again]).metrics(), rtol=1e-9)
    # Twenty rows, two to a bin. Two events; both in the top tenth: ten times the rate.
    y = np.array([1, 1] + [0] * 18)
    p = np.linspace(0.95, 0.0, 20)
    got = dict(zip(PER_FOLD, Scored(y, p).metrics()))
    assert got["lift_top_tenth"] == 10 and got["roc_auc"] == 1 and got["pr_auc"] == 1
    # Bin 1: |2 - 1.85|, the others the sum of their probabilities: 9.5 - 1.85; over 20 rows.
    np.testing.assert_allclose(got["ece"], (0.15 + 9.5 - 1.85) / 20)
    # All equal: no order, lift 1, and the only bin is right.
    got = dict(zip(PER_FOLD, Scored(y, np.full(20, 0.1)).metrics()))
    np.testing.assert_allclose([got["roc_auc"], got["lift_top_tenth"], got["ece"]], [0.5, 1, 0], atol=1e-12)
    # Probabilities that are the truth have the ECE of chance.
    p = random.random(20_000) * 0.3
    once = [Scored((random.random(20_000) < p).astype(int), p) for _ in range(50)]
    mean = np.mean([dict(zip(PER_FOLD, s.metrics()))["ece"] for s in once])
    np.testing.assert_allclose(once[0].ece_by_chance(), mean, rtol=0.1)
    # Every row a customer: the interval is that of the normal approximation.
    y = (random.random(4000) < 0.3).astype(int)
    rows = {"luopan": np.full(4000, 0.3), "other": np.full(4000, 0.2)}
    found = evaluate(y, np.zeros(4000), np.arange(4000), rows, 2000)
    half = 1.96 * np.std((0.2 - y) ** 2 - (0.3 - y) ** 2) / np.sqrt(4000)
    cell = found["other"]["brier"]
    np.testing.assert_allclose(cell["minus_ours_high"] - cell["minus_ours"], half, rtol=0.08)
    print("scoring: as scikit-learn and as counted by hand")


if __name__ == "__main__":
    check()
