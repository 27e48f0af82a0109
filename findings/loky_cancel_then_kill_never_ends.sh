#!/usr/bin/env bash
# joblib's loky: cancel what waits, tell the executor to kill its workers, and the program stays.
#
# Seen 2026-11-30 with joblib 1.6.0 (loky inside), Python 3.11, Linux x86_64.
#
# Guess: a future that is cancelled before it runs is out of the executor's way, as in
# concurrent.futures; shutdown(kill_workers=True) is the strongest way to end.
# Seen: the thread that ends the workers gives each waiting future an exception, fails at the
# first that is cancelled (InvalidStateError), and dies before it has killed anybody. shutdown
# returns at once; at its end Python waits for workers that nobody ends. Without the cancelling
# the program is gone within the second.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check joblib==1.6.0 2>/dev/null
cat > "$folder/stop.py" <<'PYTHON'
import sys
import time

from joblib.externals.loky import get_reusable_executor

if __name__ == "__main__":
    executor = get_reusable_executor(2)
    futures = [executor.submit(time.sleep, 60) for _ in range(20)]
    time.sleep(3)
    if sys.argv[1] == "cancel":
        for future in futures:
            future.cancel()
    executor.shutdown(wait=False, kill_workers=True)
PYTHON

end() { timeout --kill-after=1 20 "$folder/venv/bin/python" "$folder/stop.py" "$1" 2>/dev/null && echo ends || echo stays; }
found="$(end leave) $(end cancel)"
echo "left alone, cancelled: $found"
test "$found" = "ends stays"
echo "as found: cancelled futures keep the executor from killing its workers"
