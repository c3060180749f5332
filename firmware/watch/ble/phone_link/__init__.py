"""The phone link: Gadgetbridge's Bangle.js protocol over the Nordic UART service. Data both ways, never code."""
