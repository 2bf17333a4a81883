"""The commands of `python -m mnist_core`, a module each; what a command needs is imported when it runs."""
