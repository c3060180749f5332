"""How long the battery lasts: an estimate from figures that others have published. Nothing here was measured."""
