"""python -m pytest test_bench.py: the rows that peers may learn from, and a whole run over a small file."""

import datetime
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import bench

DAYS = [datetime.date(2025, 1, 1), datetime.date(2025, 4, 1), datetime.date(2025, 7, 1)]


def test_random_folds_learn_from_all_other_folds_and_from_no_row_without_one():
    rows = pd.DataFrame({"fold": [0, 1, 2, None, 0], "cutoff": [DAYS[0]] * 5})
    assert bench.learnable(rows, 0, None).tolist() == [1, 2]


def test_time_folds_learn_from_what_was_over_by_then():
    rows = pd.DataFrame({"fold": [None, None, 0, 1], "cutoff": [DAYS[0], DAYS[1], DAYS[1], DAYS[2]]})
    assert bench.learnable(rows, 0, 90).tolist() == [0]
    # 1 January + 90 days is 1 April; + 91 days is not over by then.
    assert bench.learnable(rows, 0, 91).tolist() == []
    assert bench.learnable(rows, 1, 91).tolist() == [0, 1, 2]
    assert bench.learnable(rows, 1, 92).tolist() == [0]


def test_a_whole_run_over_gaps_texts_decimals_and_unseen_categories(tmp_path):
    random, n = np.random.default_rng(1), 900
    amount = np.round(random.gamma(2, 50, n), 2)
    plan = random.choice(["a", "b", "rare"], n, p=[0.6, 0.39, 0.01])
    truth = 1 / (1 + np.exp(1.5 - 0.01 * amount - (plan == "a")))
    label = (random.random(n) < truth).astype(float)
    money = pa.array(amount).cast(pa.decimal128(18, 2), safe=False)
    table = pa.table({
        "customer_id": [f"c{i % 700}" for i in range(n)],
        "cutoff": pa.array([DAYS[0]] * n, pa.date32()),
        "label": pa.array([None if i == 5 else v for i, v in enumerate(label)], pa.float64()),
        "fold": pa.array([i % 700 % 3 for i in range(n)], pa.int64()),
        "probability": truth,
        "uncalibrated": truth,
        "estimator": ["logistic"] * n,
        "amount": pa.array([None if i % 7 == 0 else v for i, v in enumerate(money.to_pylist())], pa.decimal128(18, 2)),
        "plan": pa.array([None if i % 11 == 0 else v for i, v in enumerate(plan)], pa.string()),
        "is_new": pa.array([None if i % 5 == 0 else bool(i % 2) for i in range(n)], pa.bool_()),
        "empty": pa.nulls(n, pa.float64()),
        "signed_on": pa.array([DAYS[0]] * n, pa.date32()),
    })
    pq.write_table(table, tmp_path / "rows.parquet")
    (tmp_path / "fit.json").write_text('{"fit_seconds": {"0": 1.0, "1": 2.0, "2": 3.0}}')
    run = subprocess.run(
        [sys.executable, "bench.py", tmp_path / "rows.parquet", "--seconds", tmp_path / "fit.json", "--out",
         tmp_path / "out.json", "--resamples", "50", "--threads", "1"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "no features: signed_on" in run.stderr
    result = json.loads((tmp_path / "out.json").read_text())
    assert result["rows"] == n - 1 and result["features"] == 4 and result["customers"] == 700
    assert set(result["methods"]) == {"luopan", "luopan_uncalibrated", *bench.peers.PEERS}
    assert "| luopan |" in run.stdout and "| 2.00 |" in run.stdout
    ours = result["methods"]["luopan"]["roc_auc"]["value"]
    for name in ("logistic", "lightgbm_small"):
        figures = result["methods"][name]["roc_auc"]
        assert ours - 0.08 < figures["value"] <= ours + 0.01, (name, figures, ours)
        assert abs(figures["value"] - ours - figures["minus_ours"]) < 1e-12
