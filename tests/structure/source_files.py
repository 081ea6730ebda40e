"""The repository's files, found by walking the tree: a tarball, a container and another user's clone have no usable git.

As a program it prints them, one a line: source_files.py [SUFFIX...]   e.g. source_files.py .cc .h
"""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Not the repository's own, at its root and anywhere.
OUTSIDE = {"build", "weights"}
NEVER = {".git", ".cache", "__pycache__"}


def source_files(root=ROOT, suffixes=()):
    """Paths relative to the root, sorted; of every suffix where none is given."""
    found = []
    for folder, subfolders, names in os.walk(root):
        here = pathlib.PurePosixPath(os.path.relpath(folder, root))
        skipped = NEVER | (OUTSIDE if here == pathlib.PurePosixPath(".") else set())
        subfolders[:] = [name for name in subfolders if name not in skipped]
        found.extend(here / name for name in names if not suffixes or pathlib.PurePosixPath(name).suffix in suffixes)
    return sorted(found)


if __name__ == "__main__":
    for file in source_files(suffixes=set(sys.argv[1:])):
        print(file)
