"""What a training run learns from, is calibrated with and is tested on; kept apart from the start."""
