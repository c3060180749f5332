"""Who may certify the watch and its token services, and what happens to their certificates over time."""

from support.issuer import Issuer, Party
from support.world import World, refused

from watch.access.identity import MAX_ISSUERS
from watch.kernel.errors import InputError, ReplayError, SignatureError, StateError

DAY_S = 86_400


def _now(world):
    return world.services.clock.security_s()


def test_only_its_own_certificate_provisions_a_watch_and_only_once():
    world = World()
    identity, issuer = world.services.identity, world.issuer
    root = issuer.root.public
    other = Party(world.services.random)
    refused(SignatureError, identity.provision, root, issuer.certificate("device", other.public))
    refused(SignatureError, identity.provision, root, issuer.certificate("store", identity.public))
    refused(SignatureError, identity.provision, other.public, issuer.certificate("device", identity.public))
    expired = issuer.certificate("device", identity.public, not_after=_now(world) - 1)
    refused(SignatureError, identity.provision, root, expired)
    refused(InputError, identity.provision, root[:63], issuer.certificate("device", identity.public))
    assert not world.restart().services.identity.provisioned()
    world.provision()
    identity = world.services.identity
    refused(StateError, identity.provision, root, issuer.certificate("device", identity.public))
    assert world.restart().services.identity.root == root


def test_a_forged_certificate_is_refused():
    world = World().provision()
    thief = Issuer(world.services.random)
    thief.root.key_id = world.issuer.root.key_id
    refused(SignatureError, world.services.identity.trust, thief.certificate("token-service", thief.service.public))


def test_roles_are_not_interchangeable():
    world = World().provision()
    for role in ("device", "store", "update", "developer"):
        certificate = world.issuer.certificate(role, Party(world.services.random).public)
        refused(SignatureError, world.services.identity.trust, certificate)


def test_a_renewed_certificate_takes_the_place_of_the_older_one_and_never_the_other_way():
    world = World().provision()
    issuer, identity = world.issuer, world.services.identity
    older = issuer.certificate("token-service", issuer.service.public, not_after=_now(world) + DAY_S)
    newer = issuer.certificate("token-service", issuer.service.public, not_after=_now(world) + 90 * DAY_S)
    identity.trust(newer)
    identity.trust(newer)
    refused(ReplayError, identity.trust, older)
    world.board.clock.now_us += 2 * DAY_S * 1_000_000
    assert world.restart().services.identity.issuer(issuer.service.key_id) == issuer.service.public


def test_expired_services_make_room():
    world = World().provision()
    identity, issuer = world.services.identity, world.issuer
    for _ in range(MAX_ISSUERS - 1):
        soon = issuer.certificate("token-service", Party(world.services.random).public, not_after=_now(world) + 100)
        identity.trust(soon)
    late = issuer.certificate("token-service", Party(world.services.random).public)
    refused(StateError, identity.trust, late)
    world.board.clock.now_us += 200_000_000
    identity.trust(late)
    assert identity.issuer(issuer.service.key_id) == issuer.service.public


def test_malformed_certificates_are_refused():
    world = World().provision()
    issuer = world.issuer
    public = Party(world.services.random).public
    good = {1: "token-service", 2: public, 3: 0, 4: 4_000_000_000, 5: 900, 6: "test", 7: {}}
    wrong = (
        {2: public[:63]}, {2: "text"}, {3: "soon"}, {4: True}, {5: None}, {6: "x" * 65}, {7: []}, {7: {1: "a"}},
        {7: {"a": 1}}, {7: {"k%d" % i: "v" for i in range(9)}}, {8: 1},
    )  # fmt: skip
    for change in wrong:
        fields = dict(good)
        fields.update(change)
        refused(InputError, world.services.identity.trust, issuer.root.sign("tapwatch/certificate", fields))
    world.services.identity.trust(issuer.root.sign("tapwatch/certificate", good))
    print(f"NOTE access: {len(wrong)} malformed certificates refused")
