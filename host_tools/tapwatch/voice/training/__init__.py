"""From synthetic words to a file of weights, in stages that can be stopped at any moment and go on later."""
