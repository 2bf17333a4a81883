"""Datasets to train and test on, real and synthetic."""
