"""Datasets: what there is to learn from and to be measured by, real and made up."""
