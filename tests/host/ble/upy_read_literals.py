"""What the watch makes of each line of a file in Latin-1: a JSON value, or null where it refuses."""

import json
import sys

from watch.ble.phone_link.literal import parse
from watch.kernel.errors import InputError

with open(sys.argv[1], "rb") as file:
    for line in file.read().split(b"\n")[:-1]:
        try:
            print(json.dumps({"value": parse(line)}))
        except InputError:
            print("null")
