"""What Keras' `predict` takes for the shipped network: a process of its own, since it loads tensorflow.

python -m benchmarks.keras_predict: JSON, by the number of cells, the milliseconds of each run
"""

import json
import time

import keras
import numpy as np

from mnist_core.config import PROJECT_FOLDER

RUNS = {1: 30, 1000: 20}
"""How often so many cells are read, after two runs that don't count."""


def main() -> None:
    model = keras.models.load_model(PROJECT_FOLDER / "models" / "shipped" / "model.keras")
    cells = np.random.default_rng(0).random((max(RUNS), 28, 28, 1), np.float32)
    spent: dict[int, list[float]] = {}
    for count, times in RUNS.items():
        for _ in range(times + 2):
            start = time.perf_counter()
            model.predict(cells[:count], verbose=0)
            spent.setdefault(count, []).append(1000 * (time.perf_counter() - start))
    print(json.dumps({str(count): runs[2:] for count, runs in spent.items()}))


if __name__ == "__main__":
    main()
