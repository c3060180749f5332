"""A whole desk in one process: manufacturer, bank, phone, terminal, and a simulated watch on somebody's wrist."""
