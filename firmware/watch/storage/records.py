"""The table of record kinds: one number per fact the watch keeps, and who seals it.

A number is never given to another fact later: an old watch may still hold the old one. Kinds with several places
(one per card, one per payment) take consecutive numbers from their first.
"""

from micropython import const

SLOTS = const(8)
"""Cards the watch can hold. With 10 keys each they take a fifth of the journal."""
HISTORY_PLACES = const(50)
"""Payments that are remembered."""
APP_PLACES = const(32)
"""Apps and faces that keep settings of their own."""
BONDS = const(8)
"""Bonded Bluetooth peers. NimBLE on the stock image keeps 4 connections; twice that is plenty of bonds."""
ALARMS = const(16)
"""Alarms; a phone sets up to ten, the rest is for the wearer."""
STEP_DAYS = const(8)
"""Days of steps: today and a week to compare with."""
INSTALLED_APPS = const(24)
"""Apps that did not come with the firmware."""
APP_PAYMENTS = const(6)
"""Payments that apps asked for and the bank does not know yet."""
LOYALTY_CARDS = const(20)
"""Bar codes of shops; more are a list that nobody looks through at a till."""

VOICE_WORDS = const(34)
"""Words that the wearer can teach in one language: the vocabulary of watch.voice."""
VOICE_LANGUAGES = const(2)

# The device itself
IDENTITY = const(0x0001)
DEVICE_CERTIFICATE = const(0x0002)
ROOT = const(0x0003)
ISSUERS = const(0x0004)
NOTICE_NUMBER = const(0x0005)
CLOCK_FLOOR = const(0x0006)

# The wearer
PASSCODE = const(0x0010)
TRIES = const(0x0011)
RECEIPT_PUBLIC = const(0x0012)
RECEIPT_PRIVATE = const(0x0013)
SETTINGS = const(0x0014)
LIMITS = const(0x0015)
ACTIVE_TOKEN = const(0x0016)
LOST = const(0x0017)
EXPRESS_TOKEN = const(0x0018)
OWN_RECORD = const(0x0019)

# Payments, one per place
HISTORY = const(0x0100)

# Radio peers, one per bond
BOND = const(0x0200)
RADIO_IDENTITY = const(0x0210)

# Cards, one per slot
TOKEN = const(0x0300)
TOKEN_KEYS = const(0x0320)
TOKEN_ATC = const(0x0340)
SPENDING = const(0x0360)
REQUEST = const(0x0380)
KEPT_PACKAGE = const(0x03A0)
RECEIPT = const(0x03C0)
EXPRESS_KEYS = const(0x03E0)
EXPRESS_ATC = const(0x0400)
EXPRESS_SPENDING = const(0x0420)
CODE_SEED = const(0x0440)
CODE_STATE = const(0x0460)

# Apps, one per place
APP_SETTINGS = const(0x0480)
APP = const(0x04A0)
APP_LICENCE = const(0x04C0)
APP_PAYMENT = const(0x04E0)

# All apps
REVOCATIONS = const(0x0600)
DEVELOPERS = const(0x0601)
APP_VERSIONS = const(0x0602)
CHECKED_BUNDLES = const(0x0603)

# System images
UPDATE_FLOOR = const(0x0700)

# What the wearer set and did, one per place
ALARM = const(0x0500)
STEPS = const(0x0520)
LOYALTY = const(0x0540)
REPLIES = const(0x0560)
VOICE_WORD = const(0x0580)

PLAIN = const(0)
"""Not secret; the journal's checksum is its only guard."""
DEVICE = const(1)
"""Sealed under a key of the device secret: readable while locked, not changeable without the device."""
VAULT = const(2)
"""Sealed under the vault key: readable only after the passcode."""

TABLE = (
    (IDENTITY, 1, "identity key pair", DEVICE),
    (DEVICE_CERTIFICATE, 1, "device certificate", DEVICE),
    (ROOT, 1, "manufacturer root key", DEVICE),
    (ISSUERS, 1, "trusted token services", DEVICE),
    (NOTICE_NUMBER, 1, "highest notice number seen", DEVICE),
    (CLOCK_FLOOR, 1, "floor of security time", DEVICE),
    (PASSCODE, 1, "salt, oracle calls and wrapped vault key", PLAIN),
    (TRIES, 1, "passcode tries", PLAIN),
    (RECEIPT_PUBLIC, 1, "receipt public key", DEVICE),
    (RECEIPT_PRIVATE, 1, "receipt private key", VAULT),
    (SETTINGS, 1, "settings", PLAIN),
    (LIMITS, 1, "the wearer's own limits", DEVICE),
    (ACTIVE_TOKEN, 1, "the card that pays", DEVICE),
    (LOST, 1, "lost mode", DEVICE),
    (EXPRESS_TOKEN, 1, "the card that pays without the watch being armed", DEVICE),
    (OWN_RECORD, 1, "the wearer's own NDEF message", DEVICE),
    (HISTORY, HISTORY_PLACES, "payments made", DEVICE),
    (BOND, BONDS, "Bluetooth bonds", DEVICE),
    (RADIO_IDENTITY, 1, "key of the watch's private Bluetooth addresses", DEVICE),
    (TOKEN, SLOTS, "token without keys", DEVICE),
    (TOKEN_KEYS, SLOTS, "single-use keys", VAULT),
    (TOKEN_ATC, SLOTS, "state of each ATC", DEVICE),
    (SPENDING, SLOTS, "limit counters of a card", DEVICE),
    (REQUEST, SLOTS, "outstanding token request", DEVICE),
    (KEPT_PACKAGE, SLOTS, "package that waits for the next unlock", DEVICE),
    (RECEIPT, SLOTS, "receipt that waits for the phone", DEVICE),
    (EXPRESS_KEYS, SLOTS, "single-use keys for express", DEVICE),
    (EXPRESS_ATC, SLOTS, "state of each express ATC", DEVICE),
    (EXPRESS_SPENDING, SLOTS, "express counters of a card", DEVICE),
    (CODE_SEED, SLOTS, "seed of payment codes", VAULT),
    (CODE_STATE, SLOTS, "payment codes shown so far", DEVICE),
    (ALARM, ALARMS, "alarm", PLAIN),
    (STEPS, STEP_DAYS, "steps of a day", PLAIN),
    (LOYALTY, LOYALTY_CARDS, "loyalty card", DEVICE),
    (REPLIES, 1, "the wearer's own answers", DEVICE),
    (VOICE_WORD, VOICE_LANGUAGES * VOICE_WORDS, "word in the wearer's own voice", DEVICE),
    (APP_SETTINGS, APP_PLACES, "settings of an app", PLAIN),
    (APP, INSTALLED_APPS, "installed app", DEVICE),
    (APP_LICENCE, INSTALLED_APPS, "licence of an app", DEVICE),
    (APP_PAYMENT, APP_PAYMENTS, "payment that an app asked for", DEVICE),
    (REVOCATIONS, 1, "list of revocations", DEVICE),
    (DEVELOPERS, 1, "keys of developers that the wearer has enrolled", DEVICE),
    (APP_VERSIONS, 1, "highest versions of apps that were there", DEVICE),
    (CHECKED_BUNDLES, 1, "bundles of the firmware that were checked", DEVICE),
    (UPDATE_FLOOR, 1, "lowest version of the system that may be installed", DEVICE),
)
"""First number, places, name, who seals it."""


def name_of(record: int) -> str:
    """What a record holds, for the log and for errors. Unknown numbers get their number."""
    for first, places, name, _ in TABLE:
        if first <= record < first + places:
            return name if places == 1 else f"{name} {record - first}"
    return f"record {record}"
