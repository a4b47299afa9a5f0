"""Webhooks against real servers on this machine: signed, and never led astray."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from review.access.webhook_signatures import signature
from review.errors import DeliveryError
from review.notify.webhooks import WebhookSender
from review.ports.gate import Outgoing

pytestmark = pytest.mark.enable_socket

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
BODY = b'{"event":"case.cleared"}'
LOOPBACK = ("127.0.0.0/8", "::1/128")


@dataclass
class Cms:
    """A server that says it has whatever comes, or what it is told to say."""

    status: int = 204
    location: str | None = None
    port: int = 0
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def serving(cms: Cms, tls: ssl.SSLContext | None = None) -> Iterator[Cms]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            cms.got.append((self.path, headers, body))
            self.send_response(cms.status)
            if cms.location:
                self.send_header("Location", cms.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - the library's own name

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Keep quiet about callers who hang up."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    cms.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield cms
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def outgoing(url: str) -> Outgoing:
    return Outgoing(id="2026-000001-v6", url=url, body=BODY, secret=b"xswh_1")


def sender(**options: object) -> WebhookSender:
    chosen = {"inner_networks": LOOPBACK, "seconds": 30, **options}
    return WebhookSender(**chosen)  # type: ignore[arg-type]  # - as the sender's


def test_what_is_sent_is_signed_and_taken() -> None:
    with serving(Cms()) as cms:
        sender().send(outgoing(f"http://127.0.0.1:{cms.port}/hooks?a=1"), at=AT)
    ((path, headers, body),) = cms.got
    assert (path, body) == ("/hooks?a=1", BODY)
    assert headers["host"] == f"127.0.0.1:{cms.port}"
    assert headers["x-xianshen-delivery"] == "2026-000001-v6"
    assert headers["x-xianshen-signature"] == signature(
        BODY, secret=b"xswh_1", timestamp=int(AT.timestamp())
    )


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 410, 500, 503])
def test_any_other_answer_is_none(status: int) -> None:
    with serving(Cms()) as elsewhere:
        there = f"http://127.0.0.1:{elsewhere.port}/"
        with serving(Cms(status=status, location=there)) as cms:
            url = f"http://127.0.0.1:{cms.port}/"
            with pytest.raises(DeliveryError, match=str(status)):
                sender().send(outgoing(url), at=AT)
    assert elsewhere.got == []


def test_who_does_not_answer_is_tried_later() -> None:
    with pytest.raises(DeliveryError):
        sender().send(outgoing("http://127.0.0.1:9/"), at=AT)
    with pytest.raises(DeliveryError, match="查不到"):
        sender().send(outgoing("https://nowhere.invalid/"), at=AT)


HEAD = b"HTTP/1.1 204 No Content\r\nX-Slow: "
DRIPS = 200  # bytes, of which none comes so late that a single wait would end


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Listen for one caller, and answer him byte for byte as is said."""

    def answered() -> None:
        with suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                answer(connection)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        thread = threading.Thread(target=answered)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            thread.join()


def drip(connection: socket.socket, before: bytes, after: bytes) -> None:
    connection.sendall(before)
    for _ in range(DRIPS):
        connection.sendall(b"a")
        time.sleep(0.02)
    connection.sendall(after)


def test_who_drips_his_answer_holds_nobody_up() -> None:
    def slowly(connection: socket.socket) -> None:
        drip(connection, HEAD, b"\r\n\r\n")

    # The answer would be whole and good, were somebody to wait for its end.
    with answering(slowly) as port, pytest.raises(DeliveryError, match="没有答完"):
        sender(seconds=0.4).send(outgoing(f"http://127.0.0.1:{port}/"), at=AT)


def test_of_an_answer_nothing_is_read_but_the_status() -> None:
    hung_up = threading.Event()

    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
        connection.settimeout(10)
        while connection.recv(4096):
            pass  # what had not come yet of the request
        hung_up.set()

    with answering(endless) as port:
        sender().send(outgoing(f"http://127.0.0.1:{port}/"), at=AT)
    assert hung_up.is_set()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - nobody binds to it here
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[fe80::1]",
        "[fd00::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "224.0.0.1",
        "[ff02::1]",
    ],
)
def test_nothing_leads_inside(host: str) -> None:
    with pytest.raises(DeliveryError, match="内部地址"):
        WebhookSender().send(outgoing(f"https://{host}/"), at=AT)


def test_plain_http_goes_to_this_machine_alone() -> None:
    wide = WebhookSender(inner_networks=("10.0.0.0/8", "127.0.0.1/32"))
    with pytest.raises(DeliveryError, match="https"):
        wide.send(outgoing("http://10.0.0.1/"), at=AT)
    with pytest.raises(DeliveryError, match="https"):
        WebhookSender().send(outgoing("http://127.0.0.1/"), at=AT)


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for a name; return its file, and what a server needs of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)  # noqa: TID251 - TLS goes by the machine's own clock
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "ca.pem").write_bytes(public)
    (folder / "server.pem").write_bytes(private + public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return folder / "ca.pem", context


def test_the_certificate_must_be_the_names_own(tmp_path: Path) -> None:
    authority, tls = certificate(tmp_path, "localhost")
    with serving(Cms(), tls) as cms:
        url = f"https://localhost:{cms.port}/"
        sender(ca_file=authority).send(outgoing(url), at=AT)
        with pytest.raises(DeliveryError):
            sender().send(outgoing(url), at=AT)
        by_address = f"https://127.0.0.1:{cms.port}/"
        with pytest.raises(DeliveryError):
            sender(ca_file=authority).send(outgoing(by_address), at=AT)
    assert len(cms.got) == 1
