"""A television for the simulated watch: a HID host over Bluetooth, and what it makes of reports."""
