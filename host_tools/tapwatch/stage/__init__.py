"""A whole desk in one process: manufacturer, bank, phone, terminal, and a simulated watch with somebody's hands on it."""
