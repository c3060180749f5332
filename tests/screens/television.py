"""A television's end of a link, without a radio."""


class TvLink:
    """Keeps the reports it was sent. `full`: refused notifications before one is taken. `heard`: [row, bytes] each."""

    def __init__(self, full=0, bond=1):
        self.role, self.bond, self.primary, self.alive = "tv", bond, False, True
        self.full, self.tries = full, 0
        self.heard = []
        self.quiet = None

    def try_notify(self, row, data):
        """As `gatt.Link`. With `quiet`, a buffer, nothing is kept and nothing allocated."""
        self.tries += 1
        if not self.alive or self.full:
            self.full -= 1 if self.full else 0
            return False
        if self.quiet is None:
            self.heard.append((row, bytes(data)))
        else:
            for place in range(len(data)):
                self.quiet[place] = data[place]
        return True

    def take(self):
        """The reports since the last call, without their rows."""
        reports = [data for _, data in self.heard]
        self.heard = []
        return reports

    def close(self):
        """As `gatt.Link`."""
        self.alive = False
