"""Evaluation: what a model is worth. Measured, checked before it reads for everyone, given away."""
