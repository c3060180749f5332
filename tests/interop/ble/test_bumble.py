"""The watch and Bumble as a central: over HCI on TCP, as somebody else's program would, and straight on the air."""

import asyncio
import socket

import pytest
from bumble import att, hci
from bumble.core import ProtocolError
from bumble.device import DeviceConfiguration
from bumble.gatt import Characteristic, Service
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate

from tapwatch.errors import UserError
from tapwatch.simulator.radio.hci_server import HciServer, is_loopback, parse_address
from tests.interop.ble.bell import TEXT, bell
from tests.interop.ble.phones import WAIT_S, WATCH, call, find, over_tcp

LIMIT_S = 30
READABLE = Characteristic.Permissions.READABLE
LOG_HANDLE = 24
"""At the watch: behind the number (18), the text (21) and its label (22)."""
REFUSED = (att.ATT_INSUFFICIENT_AUTHENTICATION_ERROR, att.ATT_INSUFFICIENT_ENCRYPTION_ERROR)


def run(scenario):
    asyncio.run(asyncio.wait_for(scenario, LIMIT_S))


async def state_of(watch, event):
    """The data of each event of this number."""
    return [data for number, data in (await watch.state())["events"] if number == event]


async def until(watch, wanted):
    """Wait until the bell's description is as wanted."""
    return await watch.wait_for(wanted, WAIT_S)


class Comparing(PairingDelegate):
    """Notes the number that is shown."""

    def __init__(self):
        super().__init__(PairingDelegate.DISPLAY_OUTPUT_AND_YES_NO_INPUT)
        self.numbers = []

    async def compare_numbers(self, number, digits):
        self.numbers.append(number)
        return True


async def _over_tcp(folder):
    delegate, keys = Comparing(), MemoryKeyStore()
    config = DeviceConfiguration(name="laptop", address=hci.Address("F0:F1:F2:F3:F4:F5"))
    async with bell(folder) as watch, HciServer(watch.air, "tcp:127.0.0.1:0") as server:
        async with over_tcp(server.address, config) as laptop:
            laptop.keystore = keys
            laptop.pairing_config_factory = lambda connection: PairingConfig(delegate=delegate)
            caller = await call(laptop)
            assert caller.connection.att_mtu == 247
            for attempt in (caller.number.read_value(), caller.number.write_value(b"1", with_response=True)):
                with pytest.raises(att.ATT_Error) as refused:
                    await attempt
                assert refused.value.error_code in REFUSED
            await caller.connection.pair()
            assert await state_of(watch, 31) == [[0, 4, delegate.numbers[0]]]
            await caller.listen(caller.number)
            await caller.number.write_value(b"42", with_response=True)
            assert await caller.hear() == b"42"
            await caller.connection.disconnect()
        await until(watch, lambda now: [event for event, _ in now["events"]][-1] == 2)
        async with over_tcp(server.address, config) as laptop:
            laptop.keystore = keys
            caller = await call(laptop, encrypt=True)
            assert await caller.number.read_value() == b"42"
            assert await state_of(watch, 28) == [[0, True, True, True, 16]] * 2


def test_over_tcp_it_pairs_rings_and_comes_back(tmp_path):
    run(_over_tcp(tmp_path))


async def _restart(folder):
    async with bell(folder, addr_mode=2) as watch:
        phone = await watch.air.device("phone")
        first = await find(phone)
        assert first.is_resolvable
        caller = await call(phone)
        await caller.connection.pair()
        assert str(caller.connection.peer_address) == f"{WATCH}/P" or str(caller.connection.peer_address) == WATCH
        gone = asyncio.Event()
        caller.connection.on("disconnection", lambda reason: gone.set())
        await until(watch, lambda now: now["secrets"] == 3)
        await watch.kill()
        await asyncio.wait_for(gone.wait(), WAIT_S)
        await watch.start()
        caller = await call(phone, encrypt=True)
        assert await caller.number.read_value() == b"0"
        assert await find_again(phone, watch) != first
        assert await state_of(watch, 28) == [[0, True, True, True, 16]]
        assert await state_of(watch, 31) == []


async def find_again(phone, watch):
    """The private address under which the bell advertises after a disconnection."""
    for connection in tuple(phone.connections.values()):
        await connection.disconnect()
    await until(watch, lambda now: [event for event, _ in now["events"]][-1] == 2)
    return await find(phone)


def test_a_killed_watch_is_a_lost_link_and_bonds_live_in_its_flash(tmp_path):
    run(_restart(tmp_path))


async def _just_works(folder):
    async with bell(folder) as watch:
        phone = await watch.air.device("phone", compare=None)
        caller = await call(phone)
        await caller.connection.pair()
        assert await state_of(watch, 28) == [[0, True, False, True, 16]]
        with pytest.raises(att.ATT_Error) as refused:
            await caller.number.read_value()
        assert refused.value.error_code == att.ATT_INSUFFICIENT_AUTHENTICATION_ERROR


def test_a_phone_without_screen_is_encrypted_but_not_authenticated(tmp_path):
    run(_just_works(tmp_path))


async def _refusals(folder):
    async def no(number):
        return False

    async with bell(folder, refuse=True) as watch:
        phone = await watch.air.device("phone")
        caller = await call(phone)
        with pytest.raises(ProtocolError):
            await caller.connection.pair()
        assert await state_of(watch, 28) == [[0, False, False, False, 0]]
        assert (await watch.state())["secrets"] == 1
        await watch.air.remove(phone)
        wary = await watch.air.device("wary", compare=no)
        caller = await call(wary)
        with pytest.raises(ProtocolError):
            await caller.connection.pair()
        with pytest.raises(att.ATT_Error):
            await caller.number.read_value()


def test_a_no_on_either_side_ends_the_pairing(tmp_path):
    run(_refusals(tmp_path))


async def _weak_key(folder):
    async with bell(folder) as watch:
        phone = await watch.air.device("phone")
        phone.pairing_config_factory = lambda connection: PairingConfig(delegate=weak)
        weak = Comparing()
        weak.maximum_encryption_key_size = 7
        caller = await call(phone)
        await caller.connection.pair()
        assert await state_of(watch, 28) == [[0, True, True, True, 7]]


def test_a_short_key_is_told_as_it_is(tmp_path):
    run(_weak_key(tmp_path))


async def _writes(folder, stock):
    async with bell(folder, stock_writes=stock) as watch:
        phone = await watch.air.device("phone")
        caller = await call(phone)
        await caller.connection.pair()
        await caller.listen(caller.number)
        if stock:
            await caller.number.write_value(b"no", with_response=True)
        else:
            with pytest.raises(att.ATT_Error) as refused:
                await caller.number.write_value(b"no", with_response=True)
            assert refused.value.error_code == att.ATT_INSUFFICIENT_AUTHORIZATION_ERROR
        await caller.number.write_value(bytes(150), with_response=True)
        assert await caller.hear() == bytes(100), "what is longer than the buffer is cut, as stock does"


@pytest.mark.parametrize("stock", [True, False])
def test_a_handler_refuses_a_write_unless_the_image_is_stock(tmp_path, stock):
    run(_writes(tmp_path, stock))


async def _long_values(folder):
    async with bell(folder, mtu=64) as watch:
        phone = await watch.air.device("phone")
        caller = await call(phone)
        assert caller.connection.att_mtu == 64
        long = bytes(range(256)) + bytes(range(200))
        await caller.peer.gatt_client.write_long_value(caller.log.handle, long)
        assert await caller.log.read_value() == b"", "appended writes are gone once they are read"
        assert (await state_of(watch, 3)) == [[0, LOG_HANDLE]], "a long write is one write"
        await caller.text.write_value(b"x" * 60, with_response=True)
        assert await caller.text.read_value() == b"x" * 40
        label = (await caller.text.discover_descriptors())[0]
        assert await label.read_value() == b"the bell"


def test_long_values_pass_in_parts(tmp_path):
    run(_long_values(tmp_path))


async def _flood(folder):
    async with bell(folder) as watch:
        phone = await watch.air.device("phone")
        caller = await call(phone)
        await caller.listen(caller.log)
        watch.air.clear.clear()
        await caller.log.write_value(b"flood", with_response=True)
        sent, refused = (await watch.state())["flood"]
        assert (sent, refused) == (12, 28)
        watch.air.clear.set()
        assert [await caller.hear() for _ in range(12)] == [b"%02d" % number for number in range(12)]
        await caller.log.write_value(b"flood", with_response=True)
        assert (await watch.state())["flood"][0] == 12, "the queue has room again"
        print(f"NOTE ble.notifications_before_enomem {sent}")


def test_a_full_queue_refuses_instead_of_dropping(tmp_path):
    run(_flood(tmp_path))


async def _rest(folder):
    async with bell(folder, stay_open=True) as watch:
        phones = [await watch.air.device(f"phone {number}") for number in range(3)]
        callers = [await call(phone) for phone in phones]
        first = callers[0]
        await first.listen(first.log, indications=True)
        await first.log.write_value(b"indicate", with_response=True)
        assert await first.hear() == b"sure?"
        await until(watch, lambda now: [20, [0, LOG_HANDLE, 0]] in now["events"])
        asked = asyncio.Event()
        callers[1].connection.on("security_request", lambda request: asked.set())
        await callers[1].log.write_value(b"pair", with_response=True)
        await asyncio.wait_for(asked.wait(), WAIT_S)
        gone = asyncio.Event()
        callers[2].connection.on("disconnection", lambda reason: gone.set())
        await callers[2].log.write_value(b"bye", with_response=True)
        await asyncio.wait_for(gone.wait(), WAIT_S)
        assert [data[0] for data in await state_of(watch, 1)] == [0, 1, 2]
        assert (await watch.state())["lent"], "an address is lent for the call alone"
        ended = asyncio.Event()
        first.connection.on("disconnection", lambda reason: ended.set())
        await first.log.write_value(b"off", with_response=False)
        await asyncio.wait_for(ended.wait(), WAIT_S)


def test_three_links_indications_and_the_way_out(tmp_path):
    run(_rest(tmp_path))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "udp:127.0.0.1:1", "tcp:127.0.0.1", "tcp::9", "tcp:h:70000"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(UserError):
        parse_address(address)


def test_loopback_is_told_from_the_network():
    assert is_loopback("127.0.0.1")
    assert is_loopback("localhost")
    assert not is_loopback("192.0.2.1")
    assert not is_loopback("example.com")


async def _garbage(folder):
    async with bell(folder) as watch, HciServer(watch.air, "tcp:127.0.0.1:0") as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.address.rsplit(":", 1)[1]))
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await asyncio.wait_for(reader.read(), WAIT_S) == b"", "what speaks no HCI is hung up on"
        writer.close()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            with pytest.raises(UserError):
                async with HciServer(watch.air, f"tcp:127.0.0.1:{taken.getsockname()[1]}"):
                    pass
        assert await find(await watch.air.device("phone"))


def test_what_is_no_hci_is_hung_up_on(tmp_path):
    run(_garbage(tmp_path))


async def _client(folder):
    async with bell(folder, client=True) as watch:
        phone = await watch.air.device("phone")
        news = Characteristic(TEXT, Characteristic.Properties.READ | Characteristic.Properties.NOTIFY, READABLE, b"old")
        phone.gatt_server.add_service(Service("b3110000-d44c-49ed-a19b-a26f1343b084", [news]))
        subscribed = asyncio.Event()
        news.on("subscription", lambda bearer, notify, indicate: subscribed.set())
        caller = await call(phone)
        await caller.connection.pair()
        await asyncio.wait_for(subscribed.wait(), WAIT_S)
        await phone.gatt_server.notify_subscriber(caller.connection, news, b"new")
        await until(watch, lambda now: [18, [0, news.handle, b"new".hex()]] in now["events"])
        state = await watch.state()
        assert ["characteristic", news.handle, 0x12] in state["found"]
        assert ["descriptor", news.handle + 1, "0229"] in state["found"]
        assert [15, [0, news.handle, b"old".hex()]] in state["events"]
        assert [16, [0, news.handle, 0]] in state["events"]
        assert [17, [0, news.handle + 1, 0]] in state["events"]


def test_the_watch_reads_from_a_phone_and_hears_its_news(tmp_path):
    run(_client(tmp_path))
