"""How a developer lives with an app: on a simulator that follows the files, and on a watch."""
