#!/usr/bin/env bash
# What Keras 3.15.1 draws.
#
# Measured 2026-11-30 with keras 3.15.1 on jax 0.10.2, Python 3.11, Linux x86_64.
#
# Guess: Glorot's 1 by default in all layers and he_normal's 2 in each of them, for Keras counts
# the fans; an LSTM whose recurrent kernel has 1, being orthogonal.
# Seen: dense layers, plain convolutions and (since 3.15.0) attention are as guessed. Depthwise,
# Keras takes the channels for inputs of each output, and he_normal draws 2/c. Transposed, it takes
# outputs for inputs and does not divide by the stride: 2 · 4 c / (16 c/2) = 1. Of the orthogonal
# matrix four gates have a quarter each: 1/4.
# A GRU, guessed: the same with three gates. Seen: so it is, 1/2 and 1/3.
source "$(dirname "$0")/room.sh"
python_packages keras==3.15.1 jax==0.10.2 jaxlib==0.10.2
export KERAS_BACKEND=jax
"$python" -c 'import keras_rows; keras_rows.rows(attention_in=1, attention_out=1)'
