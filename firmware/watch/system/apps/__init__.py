"""Apps on the watch: how they come and go, which one runs, what it is granted and what it asks for."""
