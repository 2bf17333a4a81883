"""What we claim, measured: run as `python -m benchmarks.accuracy` and `python -m benchmarks.speed`."""
