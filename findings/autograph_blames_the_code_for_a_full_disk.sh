#!/usr/bin/env bash
# TensorFlow's AutoGraph on a disk that is full: a loop that is right is called forbidden.
#
# Seen 2026-12-01 with tensorflow-cpu 2.21.0, Python 3.11, Linux x86_64.
#
# Guess: tf.function translates Python in memory; a full disk does not matter to it, or is an
# OSError that says so.
# Seen: it writes each translated function into the temporary folder and imports it from there.
# Where it cannot write, it warns (a warning that many programs silence), runs the function
# untranslated, and what then fails says that one may not iterate over a tensor. What is compiled
# already goes on; with autograph=False and tf.while_loop nothing is written.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tensorflow-cpu==2.21.0 2>/dev/null
cat > "$folder/total.py" <<'PYTHON'
import resource

import tensorflow as tf


def total(count):
    sum = tf.constant(0)
    for number in tf.range(count):
        sum += number
    return sum


def also_total(count):
    return tf.while_loop(
        lambda number, sum: number < count,
        lambda number, sum: (number + 1, sum + number),
        (tf.constant(0), tf.constant(0)),
    )[1]


def told(function):
    try:
        return int(function(tf.constant(5)))
    except Exception as error:
        return type(error).__name__


before = tf.function(total)
print(told(before))
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))  # no file takes a byte any more
print(told(before), told(tf.function(lambda count: total(count))), end=" ")
print(told(tf.function(also_total, autograph=False)))
PYTHON
found=$(TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" "$folder/total.py" 2>/dev/null | tr '\n' ' ')
echo "$found"
test "$found" = "10 10 OperatorNotAllowedInGraphError 10 "
echo "as found: without room for a file, a loop over a tensor is said not to be allowed"
