"""How long the commands take that people wait for, as a Markdown table: medians of whole processes.

    python3 feel.py --luopan target/release/luopan --project . --work /tmp/feel

The project of 500 SQL files is the given one with copies of its own features and values under other names.
"""

import argparse
import glob
import os
import shutil
import statistics
import subprocess
import sys
import time

import measured

FILES = 500
TIMES = 9


def larger(project, folder):
    """The project with so many SQL files."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("sql", "models", "pipelines"):
        shutil.copytree(f"{project}/{part}", f"{folder}/{part}")
    missing = FILES - len(glob.glob(f"{folder}/sql/**/*.sql", recursive=True))
    copied = sorted(glob.glob(f"{project}/sql/features/*.sql") + glob.glob(f"{project}/sql/value/*.sql"))
    for number in range(missing):
        name = os.path.basename(copied[number % len(copied)])[: -len(".sql")]
        shutil.copy(copied[number % len(copied)], f"{folder}/sql/value/{name}_copy{number // len(copied)}.sql")
    return folder


def seconds(command, folder):
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        taken.append(time.perf_counter() - began)
        if done.returncode:
            sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stderr}")
    return statistics.median(taken)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--luopan", required=True)
    parser.add_argument("--project", required=True, help="the built-in project, with its sample lake")
    parser.add_argument("--work", required=True, help="folder for the larger project")
    asked = parser.parse_args()
    luopan = os.path.abspath(asked.luopan)
    folders = [asked.project, larger(asked.project, f"{asked.work}/feel")]
    print(f"### feel\n\n{measured.machine()}; wall milliseconds of a whole command\n")
    print(f"| | built-in project | {FILES} SQL files |\n| --- | ---: | ---: |")
    for arguments, of in [(["--help"], folders[:1]), (["ls"], folders), (["query", "crm_accounts"], folders[:1]), (["check"], folders)]:
        cells = [f"{seconds([luopan, *arguments], folder) * 1000:.0f}" for folder in of]
        print(f"| `luopan {' '.join(arguments)}` | {' | '.join((cells + [''])[:2])} |")
    print(flush=True)


if __name__ == "__main__":
    main()
