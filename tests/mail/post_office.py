"""A real mail server on this machine, with STARTTLS, names and passwords, and bad days."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "heard", "kettle-windowsill"


@dataclass(frozen=True)
class Certificate:
    """Made by nobody that a machine trusts by itself."""

    public: Path
    private: Path


def certificate(folder: Path, host: str = "localhost") -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "server.pem", folder / "server.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Certificate(public, private)


@dataclass
class PostOffice:
    """`says` are answers in place of taking the next mails: "450 ...", "550 ..."; `hangs_up` after
    that many mails."""

    papers: Certificate
    tls: bool = True
    says: list[str] = field(default_factory=list)
    says_to_address: list[str] = field(default_factory=list)
    hangs_up_after: int = 0
    got: list[tuple[str, EmailMessage]] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    controller: Controller | None = None

    def start(self) -> None:
        context = None
        if self.tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.papers.public, self.papers.private)
        self.port = self.port or free_port()
        self.controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            tls_context=context,
            require_starttls=self.tls,
            auth_required=self.tls,
            authenticator=self._knows,
            ready_timeout=20,
        )
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    def _knows(self, _server, _session, _envelope, _mechanism, data) -> AuthResult:
        good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=good)

    async def handle_EHLO(self, server, session, _envelope, hostname, responses):  # noqa: N802 - the name that aiosmtpd calls
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - the name that aiosmtpd calls
        if self.says_to_address:
            return self.says_to_address.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 - the name that aiosmtpd calls
        if self.says:
            return self.says.pop(0)
        made = email.message_from_bytes(
            envelope.content.replace(b"\r\n", b"\n"), policy=email.policy.default
        )
        self.got += [(to, made) for to in envelope.rcpt_tos]
        if self.hangs_up_after and len(self.got) >= self.hangs_up_after:
            self.hangs_up_after = 0
            server.transport.abort()
        return "250 taken"

    def texts(self) -> list[str]:
        return [made.get_content() for _, made in self.got]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
