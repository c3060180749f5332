"""What the card must answer to the commands of a terminal: steps of a selection, in plain data."""

SELECTED, REFUSED, OPENED, FINISHED = 1, 2, 3, 4


class CardModel:
    """The card of one `Model` while one reader is there."""

    def __init__(self, model):
        self._model = model
        self._entered = None
        self._step = 0

    def answer(self, command):
        """What must come of a command of `reader.Script`: ("sent", ATC), (why not, 0), or None where it is all one."""
        kind, profile = command["kind"], command["profile"]
        if kind == "ppse":
            self._entered = None
        elif kind == "select":
            if self._present(profile):
                self._entered, self._step = profile, SELECTED
        elif kind == "record":
            outcome = self._model.outcome
            if self._entered in ("visa", "closed-loop") and self._step >= OPENED and outcome is not None:
                outcome["complete"] = True
        elif self._entered is not None and kind == "gpo":
            return self._options(command)
        elif self._entered == "mastercard" and kind == "generate":
            return self._generate(command)
        return None

    def _present(self, profile):
        model = self._model
        if model.armed is not None:
            return model.facts["cards"][model.armed]["profile"] == profile
        return any(model.facts["cards"][name]["profile"] == profile for name in model.live())

    def _options(self, command):
        by_generate = self._entered == "mastercard"
        if self._model.armed is None or self._step != SELECTED or by_generate != (command["profile"] == "mastercard"):
            return "not-now", 0
        if by_generate:
            self._step = OPENED
            return None
        self._step = REFUSED
        found = self._judge(command)
        if found[0] == "sent":
            self._step = OPENED
        return found

    def _generate(self, command):
        if self._step != OPENED:
            return "not-now", 0
        self._step = FINISHED
        found = self._judge(command)
        self._model.outcome["complete"] = True
        return found

    def _judge(self, command):
        model, amount, currency = self._model, command["amount"], command["currency"]
        result = "declined" if command.get("decline") else model.judge(amount, currency, command["required"])
        model.outcome = {"result": result, "asked": [amount, currency], "complete": False}
        if result != "sent":
            return result, 0
        model.last_sent = model.outcome
        return result, model.spend(amount, currency)
