"""The instruments that the book's experiments share.

========== ====================================================================
catalog    names of activations, initializers, datasets (no heavy imports)
data       THE dataset
model      THE network
probe      every layer's signals, in one forward/backward pass
by_hand    the same pass in NumPy: the book's formulas and nothing else
theory     what mean-field theory predicts for them
training   the same network trained over many seeds
stats      spread over seeds
figures    one look for all figures
cli        one behaviour for all command lines
words      numbers as Spanish text writes them
notebook   measured numbers for the prose, tables for the page
provenance which code a module depends on
store      a measurement is made once per build
greeting   TensorFlow is imported without a word
observe    every layer's signals in ANY Keras model
losses     which loss a model has, and what ignoring the input would cost
symptoms   what those signals mean
advice     the likely cause of a symptom, and what to try
diagnosis  the reader's own network, before and while it is trained
dashboard  the five plots of a training
========== ====================================================================
"""

import os

from lab import quiet_tensorflow

# Read by TensorFlow when it is first imported. oneDNN's products of matrices are faster, and
# round the same with most processors' instructions; TensorFlow's own choice depends on them.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
quiet_tensorflow.silence()
