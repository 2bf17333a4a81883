"""Learning: from data to a model. The only room that may import tensorflow, and only to train and export."""
