"""A contactless test terminal: readers, entry point, kernels 2 and 3, online authorisation and receipt.

Start reading at `session.tap`: it is one tap from field on to receipt.
"""
