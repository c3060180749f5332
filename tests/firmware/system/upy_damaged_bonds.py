"""A bond or the radio's identity key damaged in flash: the watch pays all the same, and pairing replaces it."""

from support import scrubbing
from support.world import refused

from tests.firmware.system.radio_kit import Worn
from watch.access import records as records_room
from watch.ble import events
from watch.ble.bonds import Bonds
from watch.kernel.errors import CorruptError, SealError, StorageError
from watch.storage.records import BOND, RADIO_IDENTITY

scrubbing.leave_out()


def paired():
    """A watch with a phone, its main one, and a television; switched off."""

    async def story(worn):
        await worn.pair()
        await worn.pair(number=2, role="tv")

    worn = Worn()
    worn.run(story)
    return worn


def damage(worn, record):
    """Change one byte under the seal; the checksum of the flash is right."""
    journal = worn.services.journal
    sealed = bytearray(journal.get(record))
    sealed[-1] ^= 1
    journal.commit({record: bytes(sealed)})


def test_a_damaged_bond_is_left_out_and_the_watch_pays():
    worn = paired()
    damage(worn, BOND)

    async def story(again):
        assert [one.role for one in again.bluetooth.devices.known()] == ["tv"]
        assert any("damaged bonds left out 1" in line for line in again.watch.log.lines()), again.watch.log.lines()
        assert again.services.wallet.arm(), "it pays"
        again.services.wallet.disarm()
        await again.pair(number=3)
        assert [(one.number, one.role, one.primary) for one in again.bluetooth.devices.known()] == [
            (0, "phone", True),
            (1, "tv", False),
        ], "the free place is taken"

    again = Worn(worn)
    again.run(story)
    assert again.services.bonds.damaged == 1 and Worn(again).services.bonds.damaged == 0, "it was overwritten"


def test_a_damaged_identity_key_gives_way_to_another():
    worn = paired()
    before = bytes(worn.services.bonds.secret(events.SECRET_IDENTITY, 0, None))
    damage(worn, RADIO_IDENTITY)

    async def story(again):
        assert any("every device has to pair again" in line for line in again.watch.log.lines())
        assert again.services.wallet.arm(), "it pays"
        again.services.wallet.disarm()
        await again.pair(number=3)

    again = Worn(worn)
    again.run(story)
    kept = Worn(again).services.bonds
    key = kept.secret(events.SECRET_IDENTITY, 0, None)
    assert key and not kept.identity_damaged
    assert len(before) == len(key)


def test_a_flash_that_cannot_be_read_is_an_error():
    """It may give the bond the next time."""
    worn = paired()
    services = worn.services
    for error in (StorageError, CorruptError):

        class Failing:
            def get(self, record):
                raise error("not now")

        reading = records_room.DeviceRecords(Failing(), services.sealed._device, services.random)
        refused(error, Bonds, reading, services.journal)
    assert issubclass(SealError, CorruptError) and not services.bonds.damaged
