"""Spoken words: making the speech to train on, training, quantising and judging the networks that the watch carries."""
