"""The trusted screens of the watch. Each takes plain data and callbacks."""
