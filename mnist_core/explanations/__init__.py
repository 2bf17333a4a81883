"""Why a network answers as it does: its activations, gradients, and what would change its answer."""
