"""What every room stands on: errors, time, waiting, tasks, events, wake locks and the log."""
