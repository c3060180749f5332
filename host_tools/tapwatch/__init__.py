"""The desk side of Tapwatch: simulator, test terminal, test bank, phone and tools behind one command."""
