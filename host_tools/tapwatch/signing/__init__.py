"""Keys, signed envelopes and certificates, as docs/formats.md has them."""
