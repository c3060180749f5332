"""Apps that want more than an app may have, each taken through every wall on its own."""
