"""Training: from data to a model. Only this room and evaluation's keras_check import tensorflow."""
