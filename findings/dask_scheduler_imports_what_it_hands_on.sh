#!/usr/bin/env bash
# Dask's scheduler imports the module of a function that it only hands on to a worker.
#
# Seen 2026-11-30 with distributed 2026.8.0, Python 3.11, Linux x86_64.
#
# Guess: the scheduler moves bytes; client and workers have the code, and it need not.
# Seen: it unpickles each task, the function included. client.submit(mine.double, 21) is refused
# ("Error during deserialization of the task graph") though the worker can import mine. A function
# of the standard library that gets the work as bytes (pickle.loads) goes through.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"; kill $(jobs -p) 2>/dev/null || true' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check distributed==2026.8.0 2>/dev/null
mkdir "$folder/code"
echo "def double(x): return 2 * x" > "$folder/code/mine.py"
cat > "$folder/ask.py" <<'PYTHON'
import pickle
import sys

import mine
from distributed import Client


class Task:
    def __reduce__(self):
        return mine.double, (21,)


client = Client(scheduler_file=sys.argv[1])
client.wait_for_workers(1)
try:
    print("by reference", client.submit(mine.double, 21).result(timeout=30))
except RuntimeError as error:
    print("by reference", "refused" if "deserialization" in str(error) else error)
client = Client(scheduler_file=sys.argv[1])
print("as bytes", client.submit(pickle.loads, pickle.dumps(Task())).result(timeout=30))
PYTHON

cd "$folder"
dask=("$folder/venv/bin/dask")
"${dask[@]}" scheduler --host tcp://127.0.0.1 --port 0 --no-dashboard --scheduler-file at.json 2>/dev/null &
until test -s at.json; do sleep 0.2; done
PYTHONPATH="$folder/code" "${dask[@]}" worker --no-dashboard --scheduler-file at.json 2>/dev/null &
found=$(PYTHONPATH="$folder/code" "$folder/venv/bin/python" ask.py at.json 2>/dev/null)
echo "$found"
test "$found" = "by reference refused
as bytes 42"
echo "as found: the scheduler imports what it hands on"
