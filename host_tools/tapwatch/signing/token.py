"""Keys in a token that speaks PKCS #11: a smart card, a USB key, a hardware security module, SoftHSM.

The private key never leaves the token. A token draws its own nonces, so a message has another signature each time;
`Signer.sign_bytes` checks every one. The library `pkcs11` is optional (requirements/pkcs11.in).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.signing import token_uri
from tapwatch.signing.public import PUBLIC_BYTES, check_public
from tapwatch.signing.signer import SIGNATURE_BYTES, Signer
from tapwatch.signing.token_library import explained, logged_in
from tapwatch.signing.token_uri import TokenUri, UriProblem

if TYPE_CHECKING:
    from tapwatch.signing.keys import PrivateKey
    from tapwatch.signing.passwords import Ask

_P256 = bytes.fromhex("06082a8648ce3d030107")  # DER of the object identifier prime256v1, RFC 5480 section 2.1.1.1
_POINT_HEAD = bytes.fromhex("044104")  # DER octet string of 65 bytes, then the mark of an uncompressed point
_KEY_HINT = "look with: pkcs11-tool --module MODULE --list-objects --login"


class TokenKey(Signer):
    """A P-256 key in a token, with the session that is open on it."""

    def __init__(self, session: Any, private: Any, public: bytes) -> None:
        """`session` and `private` are objects of the library; `public` is 64 bytes."""
        self._session, self._private, self._public = session, private, public

    @property
    def public(self) -> bytes:
        """The public key, 64 bytes."""
        return self._public

    def signature(self, message: bytes) -> bytes:
        """CKM_ECDSA over the SHA-256 of `message`: r, then s, 64 bytes. Raises UserError."""
        from pkcs11 import Mechanism

        with explained():
            signature = self._private.sign(hashlib.sha256(message).digest(), mechanism=Mechanism.ECDSA)
        if len(signature) != SIGNATURE_BYTES:
            raise UserError(f"the token answered with {len(signature)} bytes, not {SIGNATURE_BYTES}", _KEY_HINT)
        return signature

    def close(self) -> None:
        """Log out."""
        self._session.close()

    def __repr__(self) -> str:
        return f"<TokenKey {self.key_id.hex()}>"


def open_key(text: str, ask: Ask, module: str = "") -> TokenKey:
    """The key that a URI names. Raises UserError: no library, no token, wrong PIN, no such key, no P-256 key."""
    uri = parse_uri(text)
    with logged_in(uri, ask, module, False) as session:
        return _key(session, uri)


def make_key(text: str, ask: Ask, module: str = "") -> TokenKey:
    """Let the token make a new key under the name in a URI. Raises UserError, also if the name is taken."""
    uri = parse_uri(text)
    with logged_in(uri, ask, module, True) as session:
        _must_be_free(session, uri)
        from pkcs11 import Attribute, KeyType, MechanismFlag

        domain = session.create_domain_parameters(KeyType.EC, {Attribute.EC_PARAMS: _P256}, local=True)
        domain.generate_keypair(
            store=True,
            label=uri.object,
            id=uri.id or uri.object.encode(),
            capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
            private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
        )
        return _key(session, uri)


def bring_key(text: str, key: PrivateKey, ask: Ask, module: str = "") -> TokenKey:
    """Put a key from a file into a token, where it cannot be read again. Raises UserError."""
    uri = parse_uri(text)
    with logged_in(uri, ask, module, True) as session:
        _must_be_free(session, uri)
        for template in _templates(uri, key):
            session.create_object(template)
        return _key(session, uri)


def parse_uri(text: str) -> TokenUri:
    """Read a URI of the command line. Raises UserError."""
    try:
        return token_uri.parse(text)
    except UriProblem as problem:
        raise UserError(
            f"{text} is no name of a key in a token", "for example: pkcs11:token=vault;object=root", EXIT_USAGE
        ) from problem


def _templates(uri: TokenUri, key: PrivateKey) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """What a token is told about the public and the private half of a key."""
    from pkcs11 import Attribute, KeyType, ObjectClass

    shared = {
        Attribute.KEY_TYPE: KeyType.EC,
        Attribute.TOKEN: True,
        Attribute.LABEL: uri.object,
        Attribute.ID: uri.id or uri.object.encode(),
        Attribute.EC_PARAMS: _P256,
    }
    public = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.VERIFY: True}
    private = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.SIGN: True, Attribute.PRIVATE: True}
    hidden = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.VALUE: key.scalar}
    return {**shared, **public, Attribute.EC_POINT: _POINT_HEAD + key.public}, {**shared, **private, **hidden}


def _key(session: Any, uri: TokenUri) -> TokenKey:
    """The pair of objects that a URI names."""
    from pkcs11 import Attribute, KeyType, ObjectClass

    name = uri.object or uri.id.hex()
    found = _objects(session, uri, ObjectClass.PRIVATE_KEY)
    if len(found) != 1:
        raise UserError(f"the token has {len(found) or 'no'} private keys called {name}", _KEY_HINT)
    if found[0].key_type != KeyType.EC or found[0][Attribute.EC_PARAMS] != _P256:
        raise UserError(f"the key {name} in the token is not on P-256", "make another one with `tapwatch keys new`")
    return TokenKey(session, found[0], _public(session, uri, name))


def _public(session: Any, uri: TokenUri, name: str) -> bytes:
    """The public key that lies beside a private one."""
    from pkcs11 import Attribute, ObjectClass

    found = _objects(session, uri, ObjectClass.PUBLIC_KEY)
    point = found[0][Attribute.EC_POINT] if len(found) == 1 else b""
    public = point[len(_POINT_HEAD) :]
    if not point.startswith(_POINT_HEAD) or len(public) != PUBLIC_BYTES:
        raise UserError(f"the token has no public key for {name}", _KEY_HINT)
    check_public(public)
    return public


def _objects(session: Any, uri: TokenUri, kind: Any) -> list:
    from pkcs11 import Attribute

    template: dict[Any, Any] = {Attribute.CLASS: kind}
    if uri.object:
        template[Attribute.LABEL] = uri.object
    if uri.id:
        template[Attribute.ID] = uri.id
    return list(session.get_objects(template))


def _must_be_free(session: Any, uri: TokenUri) -> None:
    from pkcs11 import ObjectClass

    if not uri.object:
        raise UserError("a new key needs a name", "add object=NAME to the URI", EXIT_USAGE)
    if _objects(session, uri, ObjectClass.PRIVATE_KEY) or _objects(session, uri, ObjectClass.PUBLIC_KEY):
        raise UserError(f"the token has a key {uri.object} already; it is not replaced", "choose another name")
