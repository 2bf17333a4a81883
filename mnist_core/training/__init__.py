"""Training: from data to a model. Only this package and evaluation's keras_check import tensorflow."""
