"""EMV on the terminal's side: data objects, commands, entry point and the two kernels."""
