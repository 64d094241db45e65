"""luopan's stages, by the record that a run leaves."""

import glob
import json

LEARNED = {"churn_risk", "growth_potential"}
LABELS = {"churned", "growth"}


def group_of(step, today):
    if step["table"] in LEARNED:
        return f"model {step['table']}"
    if step["table"] in LABELS:
        return "labels"
    if step["cached"]:
        return "tables of past days, from the cache"
    return "tables of today" if step["as_of"] == today else "tables of past days"


def luopan_stages(warehouse):
    """[{stage, wall, cpu, peak_mb, rows, times}]: the stages of the newest run, and its tables by kind.

    Tables are made at once, so that their wall seconds add up to more than the stage that they are made in; nobody can tell
    their CPU time apart. Memory is the most that the run had held by the end of the stage.
    """
    with open(max(glob.glob(f"{warehouse}/_luopan/runs/*.json"))) as file:
        record = json.load(file)
    stages = [dict(stage=said["stage"], wall=said["seconds"], cpu=said["cpu_seconds"], peak_mb=said["peak_mb"], rows=None, times=1)
              for said in record["stages"]]
    groups = {}
    for step in record["steps"]:
        name = group_of(step, record["as_of"])
        group = groups.setdefault(name, dict(stage=name, wall=0.0, cpu=None, peak_mb=None, rows=0, times=0))
        group["wall"] += step["millis"] / 1000
        group["rows"] += step["rows"] or 0
        group["times"] += 1
    return stages + list(groups.values())
