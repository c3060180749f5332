"""A desk phone: carries messages between a watch and a bank, and understands none of the sealed ones."""
