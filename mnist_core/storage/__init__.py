"""Storage: what outlasts a visit. The shelf of models, their cards, files written whole or not at all."""
