"""How much memory a process of its own has held, said by itself at its end.

Not ru_maxrss: Linux begins it with what the process had held before it ran another program. Under
subprocess that is this one, and a child of 13 MB of a parent of 2.2 GiB says 2.2 GiB.
"""

#: Code that prints the peak in GiB, on Linux.
PEAK = """
import re
from pathlib import Path

print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 2**20)
"""
