"""What a list of revocations does on a whole watch: apps that are void end and stay shut, and so do token services."""

from support import scrubbing
from support.issuer import LATER_S
from support.visitor import Visitor, app_files, code_entry
from support.world import TOKEN, World, refused

from watch.exchange import messages, permits
from watch.kernel.errors import SignerError
from watch.ui.languages import en

scrubbing.leave_out()
SHARE = "apps"
UNTRUSTED = en.TEXT["error.app-signer"]
STORE, MAKER = 1, 2
"""Serial numbers of the certificates in `support.bundles`."""


class Customer(Visitor):
    """A watch of the manufacturer whose store the test plays, with an app of that store."""

    def __init__(self, **changes):
        super().__init__(enrolled=False)
        self.services.identity.root = self.cast.root.public
        entry = {"entry": code_entry(), "permissions": ["light"]}
        entry.update(changes)
        self.data = self.cast.reviewed(app_files(), **entry)
        assert self.install(self.data)[0] == "installed", self.state(self.data)
        self.watch.navigator.button("single")

    def open(self):
        self.watch.navigator.apps.open("counter")
        self.step()
        return self

    def revoke(self, number=1, serials=(), manifests=()):
        status, _ = self.ask(messages.REVOCATIONS, self.cast.revocations(number, serials, manifests))
        self.step()
        return status

    def manifest(self):
        return self.services.shelf.verdict("counter").manifest


def _voids(one):
    return {"store": {"serials": [STORE]}, "maker": {"serials": [MAKER]}, "app": {"manifests": [one.manifest()]}}


def test_an_app_that_is_void_does_not_open_and_says_why():
    for name in ("store", "maker", "app"):
        one = Customer()
        assert one.open().screen == "app-counter"
        one.watch.navigator.button("single")
        assert one.revoke(**_voids(one)[name]) == "ok"
        assert one.open().screen == "error", name
        assert UNTRUSTED in " ".join(one.texts()), one.texts()
        assert one.services.shelf.find("counter").strikes == 0, "it is no failure of the app"
    print("NOTE revoked: store, developer and app each shut an app, with a card that says so")


def test_one_that_runs_is_ended():
    for name in ("store", "maker", "app"):
        one = Customer().open()
        running = one.watch.stack.top
        assert running.running and one.services.guard.state == "foreign"
        assert one.revoke(**_voids(one)[name]) == "ok"
        assert not running.running and one.screen == "error" and one.services.guard.state == "worn"
        assert UNTRUSTED in " ".join(one.texts()), one.texts()


def test_a_face_that_is_void_gives_way_and_stays_away():
    one = Customer(kind="face", id="counter")
    shelf, apps = one.services.shelf, one.watch.navigator.apps
    one.services.settings.set("face", "counter")
    one.revoke(serials=[STORE])
    apps.start()
    assert apps.in_front() == "digital", apps.in_front()
    refused(SignerError, shelf.expect, "counter")


def test_others_go_on_and_an_older_list_is_refused():
    one = Customer().open()
    assert one.revoke(5, serials=[3], manifests=[bytes(16)]) == "ok" and one.screen == "app-counter"
    for number in (1, 4, 5):
        assert one.revoke(number, serials=[STORE]) == "replayed" and one.screen == "app-counter"
    forged = one.cast.revocations(9, [STORE], signer=one.cast.store)
    assert one.ask(messages.REVOCATIONS, forged)[0] == "bad-signature" and one.screen == "app-counter"


def test_a_licence_that_ends_ends_the_app():
    one = Customer(paid=True)
    device, cast = one.services.identity.device_id, one.cast
    assert one.open().screen == "error"
    assert one.ask(messages.LICENCE, [cast.licence(device), cast.store_certificate])[0] == "ok"
    assert one.open().screen == "app-counter"
    given_back = [cast.licence(device, 2, until_s=1), cast.store_certificate]
    assert one.ask(messages.LICENCE, given_back)[0] == "ok"
    assert one.screen == "error" and one.services.guard.state == "worn"


def test_who_may_bring_a_list():
    assert messages.REVOCATIONS in permits.MAILBOX
    for role, primary in (("phone", True), ("loader", False)):
        assert messages.REVOCATIONS in permits.of(role, primary)
    assert messages.REVOCATIONS not in permits.of("terminal", False)


def test_a_token_service_that_is_void_is_believed_nothing():
    world = World().provision().set_passcode().add_card()
    services, issuer = world.services, world.issuer
    key_id, serial = issuer.service.key_id, issuer.serial
    certificate = issuer.certificate("token-service", issuer.service.public)
    assert services.identity.issuer(key_id) == issuer.service.public
    void = {1: 1, 2: 1, 3: list(range(serial + 1)), 4: []}
    services.shelf.revoke(issuer.root.sign("tapwatch/revocations", void))
    device = services.identity.device_id
    issuer.notice_number = 0
    notice = issuer.token_state(device, TOKEN, "suspended")
    for call, data in ((services.identity.issuer, key_id), (services.notices.receive, notice)):
        refused(SignerError, call, data)
    refused(SignerError, services.issuance.request, TOKEN, key_id)
    world.restart()
    refused(SignerError, world.services.identity.issuer, key_id)
    assert not world.services.identity.addresses()
    world.services.identity.trust(certificate)
    assert world.services.identity.issuer(key_id), "a renewed certificate of the same key counts again"
    again = {1: 2, 2: 1, 3: [serial + 1], 4: []}
    world.services.shelf.revoke(issuer.root.sign("tapwatch/revocations", again))
    refused(SignerError, world.services.identity.trust, certificate)
    print("NOTE revoked: a void token service is refused for notices, requests and certificates, also after a restart")


def test_revoked_services_make_room():
    world = World().provision()
    identity, issuer = world.services.identity, world.issuer
    others = [world.issuer.__class__(world.services.random).service for _ in range(4)]
    for other in others[:3]:
        identity.trust(issuer.certificate("token-service", other.public))
    serial = issuer.serial
    void = {1: 1, 2: 1, 3: [serial], 4: []}
    world.services.shelf.revoke(issuer.root.sign("tapwatch/revocations", void))
    identity.trust(issuer.certificate("token-service", others[3].public, LATER_S))
    assert others[2].key_id not in _known(identity)
    assert identity.issuer(others[3].key_id) == others[3].public


def _known(identity):
    return [entry[0] for entry in identity._issuers()]
