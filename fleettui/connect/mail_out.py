"""Mail leaves: over a server (SMTP, always encrypted and checked), or by a program of this machine that takes mail."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from fleettui.connect.mail_writing import Draft, WrittenMail, written
from fleettui.connect.senders import Down, NotSent, Unknown
from fleettui.connect.trust import refused_program, run_program
from fleettui.errors import FleettuiError
from fleettui.text import cleaning

if TYPE_CHECKING:
    from fleettui.connect.sending_log import SendingLog
    from fleettui.domain.delivery.model import Way
    from fleettui.domain.delivery.policy import MailConnection, Smtp
    from fleettui.workspace.orders import Order

PATIENCE = 30.0
"""Seconds for which an answer of the server is awaited; after the mail itself much longer, for it may be looked at then."""
PATIENCE_AT_THE_END = 300.0
SOON, LATER, MUCH_LATER = timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=5)
EX_TEMPFAIL = 75
_DOT = re.compile(rb"(?m)^\.")


class MailOut:
    """The sender of mails."""

    way: Way = "mail"

    def __init__(
        self,
        file: Path,
        policy: MailConnection,
        password: Callable[[], str],
        log: SendingLog,
        team: str,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """`file`: connections.json, which names the program. `team` stands beside the name of whoever answers.
        When `is_stopped`, nothing is handed over any more."""
        self._file, self._policy, self._password, self._log = file, policy, password, log
        self._team, self._is_stopped = team, is_stopped
        self._server: smtplib.SMTP | None = None
        self.left_out: dict[str, str] = {}
        """Copies of the last mail that the server did not take, each with its words."""

    def open(self) -> None:
        smtp = self._policy.smtp
        if smtp.sendmail:
            why = refused_program(self._file, smtp.sendmail)
            if why:
                raise Down(why, MUCH_LATER)
        elif not self._is_alive():
            self._server = _connected(smtp, self._policy.sender, self._password)

    def send(self, order: Order) -> str:
        id_, self.left_out = order.delivery.external, {}
        if self._log.last(id_) == "taken":  # a backup was brought back
            return id_
        mail = written(draft_of(order, self._policy.sender, self._team))
        if self._policy.smtp.sendmail:
            self._by_program(mail, id_)
        else:
            self._by_server(mail, id_)
        return id_

    def beside(self) -> str:
        """For a note on the ticket: who did not get a copy."""
        return "\n".join(
            f"The mail server did not take the copy to {address}: {words}"
            for address, words in self.left_out.items()
        )

    def look(self, order: Order) -> str | None:
        id_ = order.delivery.external
        step = self._log.last(id_)
        if step == "taken":
            return id_
        if step == "dot" and not self._is_of_an_earlier_try(order):
            raise Unknown("the mail was handed over, and the server's answer was lost", SOON)
        if step != "refused" and self._log.forgets(order.delivery.tried_at):
            raise Unknown("a try had begun, and what is known of it was lost")
        return None

    def _is_of_an_earlier_try(self, order: Order) -> bool:
        """The last one did not come so far; the order remembers that an earlier one may have got through."""
        delivery, at = order.delivery, self._log.last_at(order.delivery.external)
        return delivery.unsure and at is not None and delivery.tried_at is not None and at < delivery.tried_at

    def check(self) -> None:
        self.close()
        try:
            self.open()
        finally:
            self.close()

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    # -- by a server

    def _is_alive(self) -> bool:
        if self._server is None:
            return False
        try:
            if self._server.noop()[0] == 250:
                return True
        except (OSError, smtplib.SMTPException):
            pass
        self._drop()
        return False

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _by_server(self, mail: WrittenMail, id_: str) -> None:
        server = self._server
        if server is None:
            raise NotSent("there is no connection to the mail server", LATER)
        try:
            self._hand_over_envelope(server, mail)
            # All but the line that ends it: until that is sent, no server may take it for a mail.
            server.send(_DOT.sub(b"..", mail.content))
            self._begin_the_end(id_)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise NotSent(in_words(error, self._policy.smtp), LATER) from None
        code, text = self._ended(server)
        if code == 250:
            self._log.taken(id_)
            return
        self._log.refused(id_)
        raise _refused("the mail", code, text)

    def _begin_the_end(self, id_: str) -> None:
        """From here on it may be there. Where that cannot be noted, it is not sent."""
        if self._is_stopped():
            self._drop()
            raise NotSent("the service ends", LATER)
        try:
            self._log.dot(id_)
        except (OSError, FleettuiError) as error:
            self._drop()
            raise NotSent(f"the service's folder cannot be written: {quoted(str(error))}", LATER) from None

    def _ended(self, server: smtplib.SMTP) -> tuple[int, bytes]:
        """The final dot, and what the server says to it."""
        try:
            if server.sock is not None:
                server.sock.settimeout(PATIENCE_AT_THE_END)
            server.send(b".\r\n")
            code, text = server.getreply()
            if server.sock is not None:
                server.sock.settimeout(PATIENCE)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            why = f"the mail was handed over, and then: {in_words(error, self._policy.smtp)}"
            raise Unknown(why, SOON) from None
        if not 200 <= code < 600 or 300 <= code < 400:
            self._drop()
            why = f"the mail was handed over, and the server answered {code} {quoted(text)}"
            raise Unknown(why, SOON)
        return code, text

    def _hand_over_envelope(self, server: smtplib.SMTP, mail: WrittenMail) -> None:
        self._ask(server, server.mail(mail.sender), f"the sender {mail.sender}")
        for address in mail.to:
            self._ask(server, server.rcpt(address), address)
        for address in mail.copies:
            code, text = server.rcpt(address)
            if 500 <= code < 600:
                self.left_out[address] = quoted(text)
            else:
                self._ask(server, (code, text), f"the copy to {address}")
        self._ask(server, server.docmd("data"), "the mail", wanted=354)

    def _ask(self, server: smtplib.SMTP, answer: tuple[int, bytes], what: str, wanted: int = 250) -> None:
        code, text = answer
        if code == wanted or (wanted == 250 and code == 251):
            return
        if code in (421, -1):
            self._drop()
        else:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.rset()
        raise _refused(what, code, text)

    # -- by a program

    def _by_program(self, mail: WrittenMail, id_: str) -> None:
        argv = list(self._policy.smtp.sendmail)
        if "-t" not in argv:
            argv += ["--", *mail.to, *mail.copies]
        self._begin_the_end(id_)
        try:
            done = run_program(argv, PATIENCE, mail.content.replace(b"\r\n", b"\n"))
        except subprocess.TimeoutExpired:
            raise Unknown(f"{argv[0]} did not end within {PATIENCE:.0f} seconds", LATER) from None
        except OSError as error:
            self._log.refused(id_)
            raise NotSent(f"{argv[0]}: {error.strerror}", MUCH_LATER) from None
        if done.returncode == 0:
            self._log.taken(id_)
            return
        if done.returncode < 0:
            raise Unknown(f"{argv[0]} was ended by signal {-done.returncode}", LATER)
        self._log.refused(id_)
        why = f"{argv[0]} ended with {done.returncode}: {quoted(done.stderr or done.stdout) or 'it said nothing'}"
        raise NotSent(why, MUCH_LATER if done.returncode == EX_TEMPFAIL else None)


def draft_of(order: Order, sender: str, team: str) -> Draft:
    """What a mail needs to know of an order."""
    who = "" if order.is_automatic else order.who.shown
    return Draft(
        id=order.delivery.external,
        sender=sender,
        name=f"{who} ({team})" if who and team else who or team,
        to=order.delivery.to,
        copies=order.delivery.copies,
        subject=order.subject,
        tag=order.ticket.id if order.ticket else "",
        references=order.references,
        body=order.body,
        at=order.at,
        automatic=order.is_automatic,
    )


def _connected(smtp: Smtp, sender: str, password: Callable[[], str]) -> smtplib.SMTP:
    """A server that lets us send, signed in where there is a password. Never without TLS."""
    server: smtplib.SMTP | None = None
    try:
        context = ssl.create_default_context(cafile=smtp.ca or None)
        name = sender.rpartition("@")[2]
        if smtp.tls == "tls":
            server = smtplib.SMTP_SSL(smtp.host, smtp.port, name, timeout=PATIENCE, context=context)
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, name, timeout=PATIENCE)
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        secret = password()
        if secret:
            server.login(smtp.user or sender, secret)
        code, text = server.mail(sender)
        if code != 250:
            without = "" if secret else " (there is no secret smtp-password)"
            why = f"{smtp.host} does not let us send as {sender}: {code} {quoted(text)}{without}"
            raise Down(why, MUCH_LATER)
        server.rset()
        return server
    except (OSError, smtplib.SMTPException, ValueError, FleettuiError) as error:
        if server is not None:
            server.close()
        raise Down(in_words(error, smtp)) from None
    except Down:
        if server is not None:
            server.close()
        raise


def in_words(error: Exception, smtp: Smtp) -> str:
    """What went wrong, in a line that says where."""
    where = f"{smtp.host}:{smtp.port}"
    if isinstance(error, FleettuiError):
        return str(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return (
            f"{where} does not accept the user or the password: {error.smtp_code} {quoted(error.smtp_error)}"
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return (
            f'{where} cannot do what is asked of it ({quoted(str(error))}); try another port, or "tls": "tls"'
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{where} answered {error.smtp_code} {quoted(error.smtp_error)}"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return f"{where} ended the connection"
    return trouble_of_connection(error, where)


def trouble_of_connection(error: Exception, where: str) -> str:
    """Names, sockets and certificates, for every kind of server."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{where}: its certificate is not to be trusted: {quoted(error.verify_message)}"
    if isinstance(error, ssl.SSLError):
        return f'{where}: no encrypted connection ({quoted(error.reason or str(error))}); is "tls" right for this port?'
    if isinstance(error, socket.gaierror):
        return f"{where}: there is no host of that name"
    if isinstance(error, TimeoutError):
        return f"{where} does not answer"
    if isinstance(error, ConnectionRefusedError):
        return f"{where}: nothing listens there"
    if isinstance(error, FileNotFoundError):
        return f'{where}: the file named by "ca" is missing'
    if isinstance(error, OSError):
        return f"{where}: {quoted(error.strerror or type(error).__name__)}"
    return f"{where}: {type(error).__name__}"


def quoted(text: bytes | str) -> str:
    """Words of another machine, as a part of a line."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return cleaning.line(words, 160)


def _refused(what: str, code: int, text: bytes) -> NotSent:
    again = MUCH_LATER if 400 <= code < 500 else LATER if not 500 <= code < 600 else None
    return NotSent(f"{what} was not taken: {code} {quoted(text)}", again)
