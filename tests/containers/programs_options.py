"""Which options and environment variables the programs have, by their own --help."""

import functools
import re
import subprocess

from programs import BIN

# Image -> the program that its arguments are of.
PROGRAMS = {
    "coordinator": "melsweep-coordinator",
    "worker": "melsweep-worker",
    "worker-cuda": "melsweep-worker",
    "client": "melsweep",
    "quickstart": "melsweep",
}
# Read by a program that the image's starts.
TRAINERS = {"MELSWEEP_WEIGHTS_DIR"}


@functools.cache
def help_of(program, *verb):
    return subprocess.run([BIN / program, *verb, "--help"], capture_output=True, text=True, check=True, timeout=60).stdout


def image_name(image):
    """melsweep/worker:0.1.0 -> worker"""
    return image.split("/")[-1].split(":")[0]


def unknown_options(image, arguments):
    """Those of the arguments that the image's program does not have."""
    program = PROGRAMS[image_name(image)]
    verb = [arguments[0]] if program == "melsweep" else []
    known = set(re.findall(r"--[a-z][a-z-]*", help_of(program, *verb)))
    used = {argument.split("=", 1)[0] for argument in arguments[len(verb) :] if argument.startswith("--")}
    return used - known


def unknown_variables(image, names):
    """Those of the environment's MELSWEEP_* that the image's program does not read."""
    known = set(re.findall(r"\(Env:(\w+)\)", help_of(PROGRAMS[image_name(image)]))) | TRAINERS
    return {name for name in names if name.startswith("MELSWEEP_")} - known
