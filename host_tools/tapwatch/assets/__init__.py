"""Makes the font and icon files under `firmware/assets` from the outline fonts of the build machine."""
