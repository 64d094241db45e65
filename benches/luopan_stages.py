"""luopan's stages, by its log in JSON and the record that it leaves."""

import glob
import json

LEARNED = {"churn_risk", "growth_potential"}
LABELS = {"churned", "growth"}


def seconds(said, kind):
    """`kind` (cpu, or wall: elapsed, millis) of a record in seconds, under whichever name it goes; None if it says nothing."""
    names = {"cpu": ("cpu_seconds", "cpu"), "wall": ("seconds", "wall_seconds")}[kind]
    milli = {"cpu": ("cpu_millis", "cpu_ms"), "wall": ("millis", "wall_millis")}[kind]
    for name in names:
        if isinstance(said.get(name), (int, float)):
            return float(said[name])
    for name in milli:
        if isinstance(said.get(name), (int, float)):
            return said[name] / 1000
    return None


def group_of(step, today):
    if step["table"] in LEARNED:
        return f"model {step['table']}"
    if step["table"] in LABELS:
        return "labels"
    if step.get("cached"):
        return "tables of past days, from the cache"
    return "tables of today" if step.get("as_of") == today else "tables of past days"


def luopan_stages(log, warehouse):
    """[{stage, wall, cpu, rows, times}]: the phases that the log tells of, and the tables of the newest record by kind.

    Tables are made at once, so that their wall seconds add up to more than the phase that they are made in. What is not
    said is None: older records give no CPU time.
    """
    phases, last = [], None
    with open(log, errors="replace") as file:
        for line in file:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if not isinstance(event, dict):
                continue
            if event.get("event") == "stage":
                last = dict(stage=f"phase: {event.get('stage')}", began=event.get("elapsed_seconds", 0.0), wall=None,
                            cpu=seconds(event, "cpu"), rows=None, times=1, peak_mb=event.get("peak_mb"))
                phases.append(last)
            elapsed = event.get("elapsed_seconds", event.get("seconds"))
            if last is not None and isinstance(elapsed, (int, float)):
                last["ended"] = elapsed
    for phase, following in zip(phases, phases[1:] + [None]):
        ended = following["began"] if following else phase.get("ended", phase["began"])
        phase["wall"] = ended - phase["began"]
    records = sorted(glob.glob(f"{warehouse}/_luopan/runs/*.json"))
    record = json.load(open(records[-1])) if records else {}
    # A record may tell of phases itself, with their CPU time.
    for said in record.get("stages") or []:
        name = f"phase: {said.get('stage') or said.get('name')}"
        known = next((p for p in phases if p["stage"] == name), None)
        if known is None:
            known = dict(stage=name, wall=None, cpu=None, rows=None, times=1, peak_mb=None)
            phases.append(known)
        known["wall"] = seconds(said, "wall") or known["wall"]
        known["cpu"] = seconds(said, "cpu") or known["cpu"]
        known["peak_mb"] = said.get("peak_mb") or known["peak_mb"]
    groups = {}
    for step in record.get("steps") or []:
        group = groups.setdefault(group_of(step, record.get("as_of")), dict(wall=0.0, cpu=None, rows=0, times=0, peak_mb=None))
        group["wall"] += seconds(step, "wall") or 0.0
        if (cpu := seconds(step, "cpu")) is not None:
            group["cpu"] = (group["cpu"] or 0.0) + cpu
        group["rows"] += step.get("rows") or 0
        group["times"] += 1
    return phases + [dict(stage=name, **group) for name, group in groups.items()]
