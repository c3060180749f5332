"""What the services know, by a path."""


def value_at(services, path):
    """Attributes, places of lists, and calls, one after the other."""
    value = services
    for step in path.split("."):
        if step == "notifications":
            value = [value.notifications.at(place) for place in range(len(value.notifications))]
        elif step in ("alarms", "loyalty"):
            value = getattr(value, step).places
        elif step.isdigit():
            value = value[int(step)]
        elif step.endswith("()"):
            value = getattr(value, step[:-2])()
        else:
            value = getattr(value, step)
    return value
