"""What a watch with two cards must do, in plain sets and numbers: the oracle of the random campaign."""

DAY_S = 86_400


class CardModel:
    """One card."""

    def __init__(self):
        self.batch = 0
        self.free = []
        self.gone = set()
        """ATCs that were used, or in RAM when the power went: never again."""
        self.held = 0
        self.suspended = False
        self.day = 0
        self.today = 0
        self.has_express = False
        self.express_free = []
        self.express_taps = 0
        """Since the last passcode."""

    def refill(self, atcs, express_atcs):
        self.batch += 1
        self.free, self.express_free = list(atcs), list(express_atcs)
        self.has_express = bool(self.express_free)
        self.held = (self.free + self.express_free)[-1]

    def may_express(self):
        return self.has_express and bool(self.express_free) and not self.suspended and self.express_taps < 3

    def express_gone(self, atc):
        """Used, or in RAM when the power went."""
        self.gone.add(atc)
        self.express_free.remove(atc)

    def next_three(self):
        return self.free[:3]

    def spend(self, atc, amount):
        self.free.remove(atc)
        self.gone.add(atc)
        self.today += amount

    def lose(self, atcs):
        """The power went while these were in RAM."""
        for atc in atcs:
            self.gone.add(atc)
            if atc in self.free:
                self.free.remove(atc)

    def turn_day(self, now_s):
        if now_s // DAY_S > self.day:
            self.day, self.today = now_s // DAY_S, 0


class Model:
    """The whole watch."""

    def __init__(self):
        self.cards = {}
        self.results = {}
        """(token, ATC) to the last word on that payment."""
        self.notice = 0
        self.wrong = 0
        self.locked = False

    def differences(self, services):
        """Names of what the watch tells otherwise."""
        found = []
        for token_id, card in self.cards.items():
            slot = services.vault.find(token_id)[1]
            marks = [atc for atc, mark in slot.atc.marks if mark == 0]
            express_marks = [atc for atc, mark in slot.express_atc.marks if mark == 0]
            checks = (
                ("free keys", marks, card.free),
                ("free express keys", express_marks, card.express_free),
                ("express taps", slot.express_spending.taps_without_cdcvm, card.express_taps),
                ("batch", slot.token.batch, card.batch),
                ("state", slot.token.state, "suspended" if card.suspended else "active"),
                ("today", slot.spending.today, card.today),
                ("highest held", slot.held(), card.held),
            )
            found += [(name, is_, should) for name, is_, should in checks if is_ != should]
        if services.guard.tries_left() != 10 - self.wrong:
            found.append(("tries", services.guard.tries_left(), 10 - self.wrong))
        if services.guard.unlocked() == self.locked:
            found.append(("locked", not services.guard.unlocked(), self.locked))
        for payment in services.history.payments:
            should = self.results.get((payment.token_id, payment.atc))
            if payment.result != should:
                found.append(("result", (payment.atc, payment.result), should))
        numbers = [(payment.token_id, payment.atc) for payment in services.history.payments]
        if len(set(numbers)) != len(numbers):
            found.append(("history", "twice", "once"))
        return found
