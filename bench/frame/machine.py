"""What the figures were measured on."""

import os
import pathlib
import platform
import re


def cpu_model():
    found = re.search(r"^model name\s*:\s*(.+)$", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1).strip() if found else platform.machine()


def vector_units():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    found = re.search(r"^flags\s*:\s*(.+)$", text, re.MULTILINE)
    flags = set(found.group(1).split()) if found else set()
    return [flag for flag in ("avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16") if flag in flags]


def memory_gib():
    found = re.search(r"^MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text(encoding="utf-8"), re.MULTILINE)
    return round(int(found.group(1)) / 2**20, 1) if found else 0.0


def describe():
    return {
        "cpu": cpu_model(),
        "processors": len(os.sched_getaffinity(0)),
        "vector_units": vector_units(),
        "memory_gib": memory_gib(),
        "system": f"{platform.system()} {platform.release()}",
        "load_at_start": round(os.getloadavg()[0], 2),  # others who use the machine meanwhile
    }
