"""clang-tidy over the project's own sources, one test a file. What was clean is remembered in build/tidy under a hash of the
file, the headers of ours that it includes, and the configuration, so that only what changed is looked at again.

usage: tidy.py TALLY_FILE [FOLDER...]   (only sources below these folders)
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMANDS = ROOT / "build" / "release" / "compile_commands.json"
MEMORY = ROOT / "build" / "tidy"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


# What clang must not see of GCC's commands: precompiled headers and warnings that only GCC knows. Without the precompiled
# headers a file that forgets an include is found here, too. (libtorch's are replaced: see libtorch_for_clang.h.)
LIBTORCH = re.compile(r"-include \S*melsweep_torch_pch\S*")
FOR_LIBTORCH = f"-include {ROOT / 'tests' / 'structure' / 'libtorch_for_clang.h'}"
GCC_ONLY = re.compile(r"-Winvalid-pch|-include \S*cmake_pch\.hxx|-Wno-restrict|-Wno-maybe-uninitialized")


def write_commands():
    """The build's commands as clang understands them, in build/tidy; returns the project's own sources."""
    commands = json.loads(COMMANDS.read_text(encoding="utf-8"))
    for command in commands:
        for_clang = LIBTORCH.sub(FOR_LIBTORCH, command["command"])
        command["command"] = GCC_ONLY.sub("", for_clang)
    (MEMORY / "compile_commands.json").write_text(json.dumps(commands), encoding="utf-8")
    files = {pathlib.Path(command["file"]).resolve() for command in commands}
    programs = ("shared", "coordinator", "worker", "client")
    return sorted(file for file in files if file.is_relative_to(ROOT) and file.relative_to(ROOT).parts[0] in programs)


def closure(file, seen):
    """The file and every header of ours below it."""
    if file in seen or not file.is_file():
        return seen
    seen.add(file)
    for target in INCLUDE.findall(file.read_text(encoding="utf-8")):
        closure(ROOT / target, seen)
    return seen


def fingerprint(file):
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    for part in sorted(closure(file, set())):
        digest.update(str(part.relative_to(ROOT)).encode())
        digest.update(part.read_bytes())
    return digest.hexdigest()


def check(file):
    mark = MEMORY / fingerprint(file)
    if mark.exists():
        return file, ""
    run = subprocess.run(
        ["clang-tidy", "--quiet", "-p", str(MEMORY), str(file)], capture_output=True, text=True, cwd=ROOT
    )
    if run.returncode == 0:
        mark.touch()
        return file, ""
    return file, run.stdout or run.stderr


def main(tally, folders):
    MEMORY.mkdir(parents=True, exist_ok=True)
    files = write_commands()
    if folders:
        files = [file for file in files if any(file.is_relative_to(ROOT / folder) for folder in folders)]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, problems in pool.map(check, files):
            if problems:
                failed += 1
                print(f"FAILED  {file.relative_to(ROOT)}\n{problems}")
    print(f"{len(files) - failed} files clean, {failed} not")
    with open(tally, "a", encoding="utf-8") as file:
        file.write(f"{len(files) - failed} {failed} 0\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
