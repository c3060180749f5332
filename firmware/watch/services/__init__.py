"""What the watch knows: notifications, alarms, timers, weather, music, calendar, steps, loyalty cards, the phone."""
