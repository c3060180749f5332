"""The web between a phone and a bank: TLS with a certificate made for the test, and everything that can go wrong."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import ssl
from typing import TYPE_CHECKING, Self

import aiohttp
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    Fault = Callable[[], Awaitable[bytes | None]]

_DAY = datetime.timedelta(days=1)
_NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test Bank")])
_HOSTS = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate for this machine that nobody has signed but itself: files, the certificate first."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(
        _NAME, _NAME, key.public_key(), x509.random_serial_number(), now - _DAY, now + _DAY
    )
    builder = builder.add_extension(x509.SubjectAlternativeName(_HOSTS), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate, secret = folder / "https.crt", folder / "https.key"
    certificate.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    secret.write_bytes(key.private_bytes(*form))
    return certificate, secret


class Front:
    """The proxy in front of a bank. `port` is the bank's; `fault`, if set, runs before each answer.

    What the fault returns is answered instead of the bank, which hears nothing then; None lets the bank answer.
    """

    def __init__(self, folder: Path) -> None:
        self._files = make_certificate(folder)
        self.url = ""
        self.port = 0
        self.fault: Fault | None = None
        self.asked = 0
        self._exits = contextlib.AsyncExitStack()

    @property
    def certificate(self) -> Path:
        """What a phone must trust."""
        return self._files[0]

    async def __aenter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self._files)
        app = web.Application()
        app.router.add_post("/{path:.*}", self._pass_on)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._exits.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        self.url = f"https://localhost:{runner.addresses[0][1]}"
        self._session = await self._exits.enter_async_context(aiohttp.ClientSession())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exits.aclose()

    async def _pass_on(self, request: web.Request) -> web.Response:
        self.asked += 1
        body = await request.read()
        instead = await self.fault() if self.fault else None
        if instead is not None:
            return web.Response(body=instead, content_type="text/plain")
        url = f"http://127.0.0.1:{self.port}{request.path_qs}"
        headers = {"Host": request.host, "Content-Type": request.content_type}
        async with self._session.post(url, data=body, headers=headers) as answer:
            return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)


class Internet:
    """The Internet access of a phone: does what an `http` line of the watch asks, as Gadgetbridge does with Volley."""

    def __init__(self, trusted: Path | None = None) -> None:
        """`trusted`: a certificate that the phone's owner has installed."""
        self._context = ssl.create_default_context(cafile=None if trusted is None else str(trusted))
        self.failed: list[str] = []

    async def __call__(self, asked: dict) -> dict[str, object]:
        """Answer one `http` message."""
        timeout = aiohttp.ClientTimeout(total=asked["timeout"] / 1000)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.request(
                    asked["method"], asked["url"], data=asked["body"], headers=asked["headers"], ssl=self._context
                ) as answer,
            ):
                answer.raise_for_status()
                return {"resp": (await answer.read()).decode("latin-1")}
        except (aiohttp.ClientError, TimeoutError) as problem:
            self.failed.append(str(problem))
            return {"err": str(problem) or "timeout"}
