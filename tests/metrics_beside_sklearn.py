"""Computes metrics with scikit-learn and scipy, for tests/it/metrics_beside_sklearn.rs to compare with ours.

    python3 tests/metrics_beside_sklearn.py cases.json

cases.json: a list of {"scores", "probabilities", "events", "predicted", "actual"}, each a list with one entry per row.
Prints a list with the metrics of each case. Exits with 77 where scikit-learn or scipy is not installed.
"""

import json
import pathlib
import sys

try:
    from scipy import stats
    from sklearn import metrics
except ImportError as missing:
    print(missing, file=sys.stderr)
    sys.exit(77)


def measured(case: dict) -> dict:
    events, predicted, actual = case["events"], case["predicted"], case["actual"]
    return {
        "roc_auc": metrics.roc_auc_score(events, case["scores"]),
        "average_precision": metrics.average_precision_score(events, case["scores"]),
        "brier": metrics.brier_score_loss(events, case["probabilities"]),
        "log_loss": metrics.log_loss(events, case["probabilities"], labels=[False, True]),
        "spearman": float(stats.spearmanr(predicted, actual).statistic),
        "r_squared": metrics.r2_score(actual, predicted),
        "mean_absolute_error": metrics.mean_absolute_error(actual, predicted),
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    cases = json.loads(pathlib.Path(sys.argv[1]).read_text())
    json.dump([measured(case) for case in cases], sys.stdout)
