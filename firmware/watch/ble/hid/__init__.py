"""The watch as a game controller and a remote: HID over GATT, for televisions, computers and boxes."""
