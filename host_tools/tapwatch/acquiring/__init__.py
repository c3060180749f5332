"""What a terminal and a bank say to each other: ISO 8583:1987 messages with EMV data in field 55, over TCP."""
