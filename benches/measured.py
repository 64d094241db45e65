"""Runs a command, and says what it took: wall and CPU seconds, peak memory, bytes read."""

import os
import re
import subprocess
import sys
import time


class Run:
    def __init__(self, wall, cpu, peak_mb, read_mb):
        self.wall, self.cpu, self.peak_mb, self.read_mb = wall, cpu, peak_mb, read_mb


def run(command, log, env=None):
    """Output goes to the file `log`; ends the benchmark if the command fails. Linux only: it reads /proc."""
    print("+ " + " ".join(command), file=sys.stderr, flush=True)
    with open(log, "w") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=out, env=env)
        # Its figures can be read until it is waited for.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        wall = time.perf_counter() - began
        read_mb = bytes_read(process.pid) / 2**20
        # Of the process and of all that it waited for.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
    if status != 0:
        sys.exit(f"failed ({os.waitstatus_to_exitcode(status)}): {' '.join(command)}; its last words are in {log}:\n{tail(log)}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, read_mb)


def bytes_read(pid):
    """By read calls, from the disk or the system's cache."""
    try:
        with open(f"/proc/{pid}/io") as io:
            return next(int(line.split()[1]) for line in io if line.startswith("rchar"))
    except OSError:
        return 0


def tail(path, lines=5):
    with open(path, errors="replace") as file:
        return "".join(file.readlines()[-lines:])


def machine():
    """Processor, cores and load, for the head of the figures: those of a busy machine are too high."""
    with open("/proc/cpuinfo") as cpus:
        model = next((line.split(":", 1)[1].strip() for line in cpus if line.startswith("model name")), "unknown processor")
    load = os.getloadavg()
    return f"{os.cpu_count()} x {model}, load before it {load[0]:.1f}"


def rewrite(path, pattern, text):
    """Puts `text` in the place of the one match of `pattern`; a benchmark of something else would be worse than none."""
    with open(path) as file:
        after, times = re.subn(pattern, lambda _: text, file.read())
    if times != 1:
        sys.exit(f"{path}: {pattern} was found {times} times, not once")
    with open(path, "w") as file:
        file.write(after)
