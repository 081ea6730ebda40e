"""Prometheus' own tool: what it finds wrong is wrong. tests/run fetches it (deploy/fetch-promtool)."""

import os
import shutil
import subprocess
import unittest

from programs import ROOT

FETCHED = ROOT / "build" / "promtool"


def promtool(*arguments, cwd=ROOT, text=None):
    """What it says, all well; skips the test where there is none."""
    program = str(FETCHED) if os.access(FETCHED, os.X_OK) else shutil.which("promtool")
    if program is None:
        raise unittest.SkipTest("there is no promtool: deploy/fetch-promtool build/promtool fetches it")
    run = subprocess.run([program, *arguments], cwd=cwd, input=text, capture_output=True, text=True, timeout=300)
    if run.returncode != 0:
        raise AssertionError(f"promtool {' '.join(arguments)}\n{run.stdout[-4000:]}\n{run.stderr[-4000:]}")
    return run.stdout + run.stderr
