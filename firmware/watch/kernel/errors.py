"""The one tree of errors on the watch.

Rooms raise these; only an edge (the NFC router, the screen stack, a message carrier) turns one into a status word,
a screen or a status text. `code` is that text: a stable key of the language catalogue and of docs/formats.md.
Drivers do not know this tree: they raise OSError or ValueError.
"""


class WatchError(Exception):
    """Base of everything the watch raises on purpose."""

    code = "error"


class InputError(WatchError):
    """What came from outside is malformed, too long or not allowed here."""

    code = "bad-input"


class DeadlineError(WatchError):
    """A peer or a chip did not answer in time."""

    code = "timeout"


class StateError(WatchError):
    """The request is well formed but not allowed in the present state."""

    code = "wrong-state"


class NoPasscodeError(StateError):
    """Nobody can agree to anything yet: a passcode has to be chosen on the watch first."""

    code = "no-passcode"


class StorageError(WatchError):
    """The vault flash could not be used as asked."""

    code = "storage"


class CorruptError(StorageError):
    """Stored bytes that were valid once are not now. Never the same as "not there"."""

    code = "storage-corrupt"


class SealError(CorruptError):
    """The flash gave back what was written, and the record in it does not open or is malformed."""


class FullError(StorageError):
    """No room; nothing was changed."""

    code = "storage-full"


class WriteError(StorageError):
    """The flash refused a program or an erase, or did not read back what was written."""

    code = "storage-write"


class CryptoError(WatchError):
    """A cryptographic operation could not be done, or its input is invalid."""

    code = "crypto"


class TagError(CryptoError):
    """Authenticated decryption failed: wrong key or changed bytes."""

    code = "bad-tag"


class SignatureError(CryptoError):
    """A signature, its signer or its certificate is not acceptable."""

    code = "bad-signature"


class EntropyError(CryptoError):
    """Randomness was asked for before an entropy source had seeded it."""

    code = "no-entropy"


class LockedError(WatchError):
    """The watch must be unlocked first."""

    code = "locked"


class LostError(LockedError):
    """The bank has said that the watch is lost: nothing opens it until the bank says it is found."""

    code = "lost"


class PasscodeError(WatchError):
    """The passcode was wrong."""

    code = "wrong-passcode"


class WipedError(WatchError):
    """The watch has been wiped, or is being wiped now."""

    code = "wiped"


class PaymentError(WatchError):
    """No payment is possible; the subclass says why."""

    code = "payment"


class NoTokenError(PaymentError):
    """There is no such card on the watch."""

    code = "no-token"


class NoKeysError(PaymentError):
    """The card has no unused single-use keys left."""

    code = "no-keys"


class NoCodesError(PaymentError):
    """The card has no payment codes left, or they are too old."""

    code = "no-codes"


class DeclinedError(PaymentError):
    """The wearer or the card's limits refused a payment that was asked for."""

    code = "declined"


class ExpiredError(PaymentError):
    """The card or its keys are past their time."""

    code = "expired"


class SuspendedError(PaymentError):
    """The bank has suspended the card."""

    code = "suspended"


class AppError(WatchError):
    """An app cannot be installed or opened; the subclass says why, the text what exactly, for its developer."""

    code = "app"


class BundleError(AppError):
    """The bundle is malformed, or not what its manifest says."""

    code = "app-damaged"


class BytecodeError(AppError):
    """The code does something that no app may do."""

    code = "app-code"


class SignerError(AppError):
    """Nobody whom this watch trusts has signed it, or no longer."""

    code = "app-signer"


class VersionError(AppError):
    """An app of another maker has this id, or a newer version is or was there."""

    code = "app-version"


class TakenError(AppError):
    """It calls itself what another app or the watch itself is called."""

    code = "app-name"


class LicenceError(AppError):
    """The app was not bought for this watch, or the licence has ended."""

    code = "app-licence"


class QuotaError(AppError):
    """There is no room for it, or it wants more than an app may have."""

    code = "app-quota"


class UpdateError(WatchError):
    """The system cannot be updated; the subclass says why, the text what exactly, for whoever made the image."""

    code = "update"


class ImageError(UpdateError):
    """The image or delta is malformed, or not what its hash says."""

    code = "update-damaged"


class ImageSignerError(UpdateError):
    """Too few keys that this watch trusts have signed the image."""

    code = "update-signer"


class ImageVersionError(UpdateError):
    """The image is older than what runs, or than the watch may ever take again."""

    code = "update-version"


class ImageBoardError(UpdateError):
    """The image is for another board, another processor, or for watches that are developed on."""

    code = "update-board"


class DeltaBaseError(UpdateError):
    """The delta starts from another image than the one that runs."""

    code = "update-base"


class ReplayError(WatchError):
    """A message was seen before, or answers no outstanding request."""

    code = "replayed"


class LinkError(WatchError):
    """A device at the other end of a radio link has gone."""

    code = "link"
