#!/usr/bin/env bash
# What Keras 3.14.1 draws: as 3.15.1, but for attention.
#
# Measured 2026-11-30 with keras 3.14.1 on jax 0.10.2, Python 3.11, Linux x86_64.
#
# Guess: the same as 3.15.1; a change of what a layer draws would wait for Keras 4.
# Seen: an attention's kernels have three axes, (d, h, d/h), which Keras up to 3.14 reads as a
# convolution's: d pixels, h channels in, d/h channels out. That leaves 2/(h + d/h) of what is due,
# 1/36 here; of the output's kernel, (h, d/h, d), 2/9. What the layer answers to a token of rms 1
# has rms 0.08, and 1 since 3.15.0, by the same line of code.
source "$(dirname "$0")/room.sh"
python_packages keras==3.14.1 jax==0.10.2 jaxlib==0.10.2
export KERAS_BACKEND=jax
"$python" -c 'import keras_rows; keras_rows.rows(2 / 72, 2 * 512 / 8 / (64 + 512))'
