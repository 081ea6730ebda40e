"""The Debian packages, built once for all tests of a run."""

import functools

from installed_tree import BUILD, output_of

NAMES = ("melsweep", "melsweep-coordinator", "melsweep-worker")


@functools.cache
def build():
    """Their files by their names."""
    output_of("cmake", "--build", BUILD, "--target", "packages")
    return {file.name.partition("_")[0]: file for file in sorted((BUILD / "packages").glob("*.deb"))}
