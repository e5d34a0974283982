"""A real mail server on this machine (aiosmtpd), which does what a test wants it to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_POLICY
from typing import Any, NamedTuple

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.certificates import Certificates

PASSWORD = "not-to-be-seen-anywhere"  # noqa: S105  of the server below alone


class ReceivedMail(NamedTuple):
    sender: str
    to: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        message = BytesParser(policy=SMTP_POLICY).parsebytes(self.content)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        return str(self.message.get_content()).replace("\r\n", "\n")


class Behaviour:
    """What the server does; each may be replaced. `after_data` runs when the mail is kept: "250 OK", or another answer, or
    "cut" for none at all."""

    def __init__(self) -> None:
        self.at_sender: Callable[[str], str] = lambda address: "250 OK"
        self.at_recipient: Callable[[str], str] = lambda address: "250 OK"
        self.before_keeping: Callable[[ReceivedMail], str] = lambda mail: ""
        """An answer with which a mail is not kept; empty: it is."""
        self.after_data: Callable[[ReceivedMail], str] = lambda mail: "250 OK"
        self.delay = 0.0
        """Seconds between keeping a mail and saying so."""


class SmtpServer:
    """In a thread of its own, until `close`."""

    def __init__(self, certificates: Certificates, *, tls: str = "starttls", port: int = 0) -> None:
        self.mails: list[ReceivedMail] = []
        self.connections = 0
        self.behaviour = Behaviour()
        self._context, self._tls = certificates.server_context(), tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._start(port), self._loop).result(10)
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def _start(self, port: int) -> asyncio.Server:
        ssl = self._context if self._tls == "tls" else None
        return await self._loop.create_server(self._protocol, "127.0.0.1", port, ssl=ssl)

    def _protocol(self) -> SMTP:
        self.connections += 1
        return SMTP(
            self,
            hostname="mx.test",
            tls_context=self._context if self._tls == "starttls" else None,
            require_starttls=self._tls == "starttls",
            authenticator=self._authenticated,
            auth_required=True,
            auth_require_tls=self._tls == "starttls",
            loop=self._loop,
        )

    @staticmethod
    def _authenticated(_: Any, __: Any, ___: Any, mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        return AuthResult(success=known, handled=False)

    async def handle_MAIL(  # noqa: N802  aiosmtpd looks for this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.behaviour.at_sender(address)
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802  aiosmtpd looks for this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.behaviour.at_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        mail = ReceivedMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), content)
        refusal = self.behaviour.before_keeping(mail)
        if refusal == "cut":
            self._cut(server)
        if refusal:
            return refusal
        self.mails.append(mail)
        if self.behaviour.delay:
            await asyncio.sleep(self.behaviour.delay)
        answer = self.behaviour.after_data(mail)
        if answer == "cut":
            self._cut(server)
        return answer

    @staticmethod
    def _cut(server: SMTP) -> None:
        if server.transport is not None:
            server.transport.abort()  # type: ignore[attr-defined]

    def close(self) -> None:
        if self._loop.is_closed():
            return

        async def close() -> None:
            self._server.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()
