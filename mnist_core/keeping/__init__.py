"""Keeping: what outlasts a visit. The files on disk, written whole or not at all."""
