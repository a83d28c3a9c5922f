"""Servers that are no Gallery: odd bytes, other products, bad certificates."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Talk = Callable[[socket.socket], None]


def reply(
    body: bytes, *, status: str = "200 OK", kind: str = "application/json", more: str = ""
) -> bytes:
    """Return one whole HTTP answer."""
    content_type = f"Content-Type: {kind}\r\n" if kind else ""
    head = f"HTTP/1.1 {status}\r\n{content_type}Content-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def says(answer: bytes) -> Talk:
    """Return a conversation: read a request, say these bytes, hang up."""

    def talk(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(answer)

    return talk


def drips(head: bytes, piece: bytes, *, every: float = 0.02, seconds: float = 20) -> Talk:
    """Return a conversation that goes on with a few bytes now and then."""

    def talk(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(head)
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            sock.sendall(piece)
            time.sleep(every)

    return talk


def read_request(sock: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65_536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        body += sock.recv(65_536)
    return data


@contextmanager
def serve(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Answer every connection by ``talk`` and hang up after it; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def one(sock: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError), sock:
            if context:
                sock = context.wrap_socket(sock, server_side=True)
            with sock:
                talk(sock)
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_WR)
                sock.settimeout(1)
                with suppress(OSError):
                    while sock.recv(65_536):
                        pass

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(sock,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


# --- Certificates --------------------------------------------------------------------------------


class Authority:
    """A certificate authority of a test's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Test authority")
        self._certificate = (
            _builder(self._name, self._name, self._key, days=30)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False
            )
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / "authority.pem"
        self.file.write_bytes(_pem(self._certificate))

    def context(
        self, *, host: str = "127.0.0.1", days: int = 10, self_signed: bool = False
    ) -> ssl.SSLContext:
        """Return a server's context with a certificate for ``host``; ``days`` < 0: expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(host)
        issuer = subject if self_signed else self._name
        builder = _builder(subject, issuer, key, days=days).add_extension(
            x509.SubjectAlternativeName([_alternative(host)]), critical=False
        )
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(
                (key if self_signed else self._key).public_key()
            ),
            critical=False,
        )
        certificate = builder.sign(key if self_signed else self._key, hashes.SHA256())
        file = self._folder / f"{host}-{days}-{self_signed}.pem"
        file.write_bytes(
            _pem(certificate)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, days: int
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=60))
        .not_valid_after(now + dt.timedelta(days=days))
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
