"""Libraries that the dynamic linker puts between a program and the C library, so that a test decides what the system does."""

import pathlib
import shutil
import subprocess
import unittest

needs_c_compiler = unittest.skipUnless(shutil.which("cc"), "needs a C compiler")


def build_preload(source, folder):
    """Compiles this folder's C file `source` into `folder` and returns what LD_PRELOAD has to name."""
    library = pathlib.Path(folder) / f"{source}.so"
    source_file = pathlib.Path(__file__).resolve().parent / f"{source}.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source_file], check=True)
    return str(library)
