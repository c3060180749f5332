"""What apps take of the heap of a board, and what they give back."""
