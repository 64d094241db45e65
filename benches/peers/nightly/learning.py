"""Chooses, calibrates, fits, measures and scores with scikit-learn and LightGBM: as many fits, on the same cutoffs, as luopan.

For churn and for growth: logistic regression and boosted trees (shallow, and deeper ones) compete on later cutoffs, the
simplest within one standard error is taken, calibrated on what no fit has seen, fitted again, and measured on the newest
cutoff; then the same on all cutoffs, and today is scored. Where one cutoff alone could calibrate, fifths of the customers do.
"""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from estimators import candidates, fit_size, logistic_curve

FOLDS, FIFTHS = 3, 5
MAX_ROWS, MAX_SIZES, SEED = 100_000, 20_000, 7
LEFT_OUT = ["customer_id", "industry", "churned", "growth"]


class Rows:
    """Features as float32 (missing = nan; texts as codes), labels, customers as numbers, and each row's cutoff."""

    def __init__(self, x, texts, label, customer, cutoff):
        self.x, self.texts, self.label, self.customer, self.cutoff = x, texts, label, customer, cutoff
        self.event = label > 0 if label is not None else None

    def take(self, rows):
        return Rows(self.x[rows], self.texts, self.label[rows], self.customer[rows], self.cutoff[rows])


def read_days(folder, days, levels):
    """The features of days one under the other, column by column. `levels`: of each text, filled on first sight."""
    tables = [pq.read_table(f"{folder}/{day}.parquet") for day in days]
    names = [n for n in tables[0].column_names if n not in LEFT_OUT]
    rows = sum(t.num_rows for t in tables)
    x, texts = np.empty((rows, len(names)), dtype=np.float32, order="F"), []
    at = np.cumsum([0] + [t.num_rows for t in tables])
    for place, name in enumerate(names):
        for table, start in zip(tables, at):
            column = table[name].combine_chunks()
            if pa.types.is_string(column.type):
                known = levels.setdefault(name, {})
                codes = [np.nan if v is None else known.setdefault(v, len(known)) for v in column.to_pylist()]
                x[start:start + len(column), place] = codes
            else:
                x[start:start + len(column), place] = column.cast(pa.float32()).to_numpy(zero_copy_only=False)
        if name in levels:
            texts.append(place)
    return x, texts, tables, at


def sampled(rows, generator):
    """At most MAX_ROWS: the rarer class whole, up to half; and what that adds to the log-odds."""
    if len(rows.event) <= MAX_ROWS:
        return rows, 0.0
    classes = [np.flatnonzero(~rows.event), np.flatnonzero(rows.event)]
    rarer = int(len(classes[1]) <= len(classes[0]))
    kept = [0, 0]
    kept[rarer] = min(len(classes[rarer]), MAX_ROWS // 2)
    kept[1 - rarer] = MAX_ROWS - kept[rarer]
    chosen = [generator.choice(c, n, replace=False) for c, n in zip(classes, kept)]
    share = [n / len(c) for c, n in zip(classes, kept)]
    return rows.take(np.sort(np.concatenate(chosen))), np.log(share[1] / share[0])


def losses(log_odds, event):
    return np.logaddexp(0, np.where(event, -log_odds, log_odds))


def simplest_within_one_error(all_losses, customer):
    """The first whose mean is above the least by no more than a standard error of the difference; a customer is one draw."""
    best = min(range(len(all_losses)), key=lambda i: all_losses[i].mean())
    for place, own in enumerate(all_losses):
        d = own - all_losses[best]
        by_customer = np.bincount(customer, d - d.mean())
        groups = len(np.unique(customer))
        if d.mean() <= np.sqrt((by_customer**2).sum() * groups / max(groups - 1, 1)) / len(d):
            return place
    return best


def platt(scores, event):
    line = LogisticRegression(C=1e9).fit(scores[:, None], event)
    return lambda s: line.decision_function(s[:, None])


def isotonic(scores, event):
    steps = IsotonicRegression(out_of_bounds="clip", y_min=1e-6, y_max=1 - 1e-6).fit(scores, event)
    def log_odds(s):
        p = steps.predict(s)
        return np.log(p / (1 - p))
    return log_odds


def calibrated(scores, event, part, customer):
    """None, Platt's or steps: the simplest that is as good as the best on parts that it has not seen."""
    rarer = int(min(event.sum(), (~event).sum()))
    kinds = [lambda s, e: lambda z: z] + [platt] * (rarer >= 20) + [isotonic] * (rarer >= 200)
    if part.max() == 0:
        part = customer % FIFTHS
    found = []
    for kind in kinds:
        own = np.empty(len(event))
        for one in np.unique(part):
            there = part == one
            own[there] = losses(kind(scores[~there], event[~there])(scores[there]), event[there])
        found.append(own)
    return kinds[simplest_within_one_error(found, customer)](scores, event)


class Training:
    """The fits of one model, each made once."""

    def __init__(self, rows, days, horizon, stages, name):
        self.rows, self.days, self.horizon, self.stages, self.name = rows, days, horizon, stages, name
        self.by_part = [np.flatnonzero(rows.cutoff == day) for day in range(len(days))]
        self.generator, self.fits, self.made = np.random.default_rng(SEED), {}, 0

    def learnable(self, test, among):
        return [p for p in among if (self.days[test] - self.days[p]).days >= self.horizon]

    def tests(self, among, folds):
        tests = []
        for place in reversed([p for p in among if self.learnable(p, among)]):
            if len(tests) < folds and (not tests or self.learnable(tests[-1], [place])):
                tests.append(place)
        return tests[::-1]

    def events(self, parts):
        return sum(int(self.rows.event[self.by_part[p]].sum()) for p in parts)

    def telling(self, among):
        tests = self.tests(among, FOLDS)
        enough = [t for t in tests if 2 * self.events(self.learnable(t, among)) >= self.events(among)]
        return enough or tests[-1:]

    def fit_on(self, rows, wanted):
        """Candidates fitted on the rows of these places."""
        with self.stages(f"{self.name}: gather"):
            train, offset = sampled(self.rows.take(rows), self.generator)
        shared, fits = {}, []
        for candidate in wanted:
            with self.stages(f"{self.name}: {candidate.name}"):
                predict = candidate.fit(train, shared)
            self.made += 1
            fits.append(lambda x, predict=predict: predict(x) - offset)
        return fits, train

    def fitted(self, parts, wanted):
        key = tuple(parts)
        missing = [c for c in wanted if (key, c.name) not in self.fits]
        if missing:
            fits, _ = self.fit_on(np.concatenate([self.by_part[p] for p in parts]), missing)
            self.fits.update({(key, c.name): fit for c, fit in zip(missing, fits)})
        return [self.fits[key, c.name] for c in wanted]

    def unseen(self, among, tests, wanted):
        """Scores of the tests by each candidate, their rows, and the test of each."""
        at = np.concatenate([self.by_part[t] for t in tests])
        part = np.concatenate([np.full(len(self.by_part[t]), i) for i, t in enumerate(tests)])
        scores = [[] for _ in wanted]
        for test in tests:
            for own, fit in zip(scores, self.fitted(self.learnable(test, among), wanted)):
                own.append(fit(self.rows.x[self.by_part[test]]))
        return [np.concatenate(s) for s in scores], at, part

    def aside(self, among, wanted):
        """The same by fifths of the customers, at all cutoffs."""
        at = np.concatenate([self.by_part[p] for p in among])
        fifth = self.generator.permutation(self.rows.customer.max() + 1)[self.rows.customer[at]] % FIFTHS
        scores = [np.empty(len(at)) for _ in wanted]
        for one in range(FIFTHS):
            fits, _ = self.fit_on(at[fifth != one], wanted)
            for own, fit in zip(scores, fits):
                own[fifth == one] = fit(self.rows.x[at[fifth == one]])
        return scores, at, fifth

    def learn_from(self, among, wanted):
        """The chosen candidate, fitted on all of `among` and calibrated on rows that no fit has seen."""
        tests = self.telling(among)
        scores, at, part = self.unseen(among, tests, wanted)
        event, customer = self.rows.event, self.rows.customer
        chosen = simplest_within_one_error([losses(s, event[at]) for s in scores], customer[at])
        seen_by_none = scores[chosen]
        if len(tests) == 1:
            # Only who was chosen is calibrated.
            (seen_by_none,), at, part = self.aside(among, [wanted[chosen]])
        with self.stages(f"{self.name}: calibrate"):
            calibrate = calibrated(seen_by_none, event[at], part, customer[at])
        fit = self.fitted(among, [wanted[chosen]])[0]
        return wanted[chosen].name, lambda x: calibrate(fit(x))

    def size(self, threads):
        """How large an amount is when it is above zero, of the newest such rows."""
        above = np.flatnonzero(self.rows.event)[-MAX_SIZES:]
        return fit_size(self.rows.x[above], self.rows.texts, self.rows.label[above], threads)


def learn_and_score(folder, cutoffs, as_of, horizons, out, threads, stages):
    levels, scores = {}, {}
    # LightGBM takes its threads; those of the linear algebra spin while they wait, which cost five times what one takes.
    with threadpool_limits(1, user_api="blas"):
        with stages("read features"):
            x, texts, tables, at = read_days(folder, cutoffs, levels)
            ids = np.concatenate([t["customer_id"].to_numpy() for t in tables])
            customer = np.unique(ids.astype("U"), return_inverse=True)[1]
            today = read_days(folder, [as_of], levels)
        for label, horizon in horizons.items():
            days = [d for d in cutoffs if (as_of - d).days >= horizon]
            rows = at[len(days)]
            values = np.concatenate([t[label].cast(pa.float64()).to_numpy() for t in tables[:len(days)]])
            cutoff = np.repeat(np.arange(len(days)), np.diff(at[:len(days) + 1]))
            training = Training(Rows(x[:rows], texts, values, customer[:rows], cutoff), days, horizon, stages, label)
            all_parts = list(range(len(days)))
            newest = training.tests(all_parts, 1)[-1]
            known = training.learnable(newest, all_parts)
            wanted = candidates(training.events(known), threads)
            name, measured = training.learn_from(known, wanted)
            held = training.by_part[newest]
            with stages(f"{label}: measure"):
                auc = roc_auc_score(training.rows.event[held], measured(training.rows.x[held]))
            name, score = training.learn_from(all_parts, wanted)
            with stages(f"{label}: score"):
                scores[f"{label}_probability"] = logistic_curve(score(today[0]))
            if label == "growth":
                # Twice, as luopan does: for the model that is measured, and for the one that scores.
                for _ in range(2):
                    with stages(f"{label}: size"):
                        size = training.size(threads)
                with stages(f"{label}: score"):
                    scores["expected_expansion"] = scores["growth_probability"] * size(today[0])
            print(f"{label}: {name}, {training.made} fits, AUC on {days[newest]} {auc:.4f}", flush=True)
    with stages("write scores"):
        pq.write_table(pa.table({"customer_id": today[2][0]["customer_id"], **scores}), f"{out}/scores.parquet", compression="zstd")
