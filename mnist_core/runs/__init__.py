"""Runs: training as jobs in a process of their own. Started, watched, cancelled, and remembered."""
