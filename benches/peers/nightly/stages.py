"""What each stage of a run took: wall and CPU seconds, peak memory, rows."""

import contextlib
import resource
import time


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def reset_peak():
    # Linux: the high-water mark starts again from what is held now.
    with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w") as file:
        file.write("5")


class Stage:
    def __init__(self, name):
        self.name, self.wall, self.cpu, self.peak, self.rows, self.times = name, 0.0, 0.0, 0.0, None, 0


class Stages:
    def __init__(self):
        self.stages, self.began, self.highest = {}, time.perf_counter(), peak_mb()

    @contextlib.contextmanager
    def __call__(self, name):
        """Stages of one name are added up; `rows` are those of the last, times how often."""
        stage = self.stages.setdefault(name, Stage(name))
        reset_peak()
        wall, cpu = time.perf_counter(), cpu_seconds()
        yield stage
        stage.wall += time.perf_counter() - wall
        stage.cpu += cpu_seconds() - cpu
        stage.peak = max(stage.peak, peak_mb())
        stage.times += 1
        self.highest = max(self.highest, stage.peak)

    def figures(self):
        with open("/proc/self/io") as io:
            read = next(int(line.split()[1]) for line in io if line.startswith("rchar"))
        stages = [dict(stage=s.name, wall=s.wall, cpu=s.cpu, peak_mb=s.peak, rows=s.rows, times=s.times)
                  for s in self.stages.values()]
        return dict(stages=stages, wall=time.perf_counter() - self.began, cpu=cpu_seconds(),
                    peak_mb=max(self.highest, peak_mb()), read_mb=read / 2**20)
