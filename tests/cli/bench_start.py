"""What a cold start costs: processor time from nothing to the moment Heard runs, and of --help."""

import os
import resource
import subprocess
import sys
from pathlib import Path

from tests.cli.test_run import running

TICKS = os.sysconf("SC_CLK_TCK")


def spent(process):
    """Seconds of processor time of a process so far (proc(5), stat, fields 14 and 15)."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def bench_a_cold_start(staffed, telegram):
    took = []
    for _ in range(5):
        with running(staffed, telegram) as (process, _):
            took.append(spent(process))
    print(f"\nheard run, CPU until started: {min(took):.2f} to {max(took):.2f} s (goal: under 1.5)")


def bench_help(bare):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "bot", "--help"],
        env=bare.environment(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\nheard --help, CPU: {took:.2f} s")
