"""CALL-5, CALL-6: links are tried by a real request against a real server: what works, and each way in which it does not."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from fleettui.errors import Refused
from fleettui.network import link_check
from fleettui.network.link_check import Answer
from fleettui.workspace.workspace import Workspace
from tests.support.calendars import calendar, event, people
from tests.support.handbook_folder import edit

LOGIN_PAGE = b"<html><form><input name=u><input type='password' name=p></form></html>"


class Pages(BaseHTTPRequestHandler):
    seen: list[dict[str, str]] = []

    def do_GET(self) -> None:
        type(self).seen.append(dict(self.headers.items()))
        path = self.path.split("?")[0]
        getattr(self, "page_" + path.strip("/").replace("-", "_").split("/")[0], self.page_good)()

    def answer(self, status: int, body: bytes = b"hello", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def page_good(self) -> None:
        self.answer(200, b"<html>room</html>", Content_Type="text/html")

    def page_moved(self) -> None:
        self.answer(302, Location="/good")

    def page_round(self) -> None:
        self.answer(302, Location="/round")

    def page_hops(self) -> None:
        """/hops/3 leads on three times."""
        left = int(self.path.rpartition("/")[2])
        self.answer(302, Location=f"/hops/{left - 1}" if left > 1 else "/good")

    def page_gone(self) -> None:
        self.answer(404)

    def page_gone_for_good(self) -> None:
        self.answer(410)

    def page_to_front(self) -> None:
        self.answer(302, Location="/")

    def page_to_no_page(self) -> None:
        self.answer(302, Location="/404-page?from=/room")

    def page_broken(self) -> None:
        self.answer(500)

    def page_forbidden(self) -> None:
        self.answer(401, WWW_Authenticate="Basic")

    def page_private(self) -> None:
        self.answer(200, LOGIN_PAGE, Content_Type="text/html; charset=utf-8")

    def page_sends_to_login(self) -> None:
        self.answer(302, Location="/accounts/login/?next=/doc")

    def page_to_file(self) -> None:
        self.answer(302, Location="file:///etc/passwd")

    def page_to_script(self) -> None:
        self.answer(302, Location="javascript:alert(1)")

    def page_hang(self) -> None:
        time.sleep(60)

    def page_drip(self) -> None:
        """A byte now and then, for ever: no single read takes long."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        for _ in range(1_200):
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.05)

    def page_cookie(self) -> None:
        self.answer(302, Location="/good", Set_Cookie="session=secret")

    def log_message(self, *_: object) -> None:
        pass


def check(url: str, **how: Any) -> Answer:
    """As for a team whose calls.json names this machine."""
    return link_check.check(url, private=("127.0.0.0/8", "::1"), **how)


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that leave early are the point of some tests."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with Quiet(("127.0.0.1", 0), Pages) as serving:
        thread = threading.Thread(target=serving.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_address[1]}"
        serving.shutdown()


@pytest.mark.parametrize(
    ("page", "kind", "what"),
    [
        ("/good", "works", "works (200)"),
        ("/good?pwd=a b&x=ü", "works", "works (200)"),
        ("/moved", "works", "works (200)"),
        ("/gone", "gone", "not found (404)"),
        ("/broken", "failed", "the server says it failed (500)"),
        ("/forbidden", "login", "asks for a login or permission (401)"),
        ("/private", "login", "asks for a login (200)"),
        ("/sends-to-login", "login", "asks for a login (200)"),
        ("/gone-for-good", "gone", "not found (410)"),
        ("/to-front", "gone", "leads to another page, and not to what it names"),
        ("/to-no-page", "gone", "leads to another page, and not to what it names"),
        ("/round", "loop", "it redirects more than 5 times"),
        ("/to-file", "not a link", "file: is not http or https; not tried"),
        ("/to-script", "not a link", "javascript: is not http or https; not tried"),
    ],
)
def test_call_5_what_a_server_answers_is_named(server: str, page: str, kind: str, what: str) -> None:
    answer = check(server + page)
    assert (answer.kind, answer.what) == (kind, what)
    assert answer.works == (kind == "works")
    assert answer.milliseconds >= 0


def test_as_many_redirects_are_followed_as_the_message_says(server: str) -> None:
    most = check(f"{server}/hops/5")
    assert (most.kind, most.final) == ("works", f"{server}/good")
    too_many = check(f"{server}/hops/6")
    assert (too_many.kind, too_many.what) == ("loop", "it redirects more than 5 times")


def test_a_redirect_says_where_it_led(server: str) -> None:
    assert f"at {server}/good" in check(server + "/moved").text


@pytest.mark.parametrize("page", ["/hang", "/drip"])
def test_call_5_a_server_that_hangs_is_not_waited_for(server: str, page: str) -> None:
    began = time.monotonic()
    answer = check(server + page, timeout=0.5)
    assert answer.kind == "timeout"
    assert time.monotonic() - began < 30


def test_a_refused_connection_and_a_host_that_is_not_there_are_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert check(f"http://127.0.0.1:{port}/").kind == "refused"
    assert check("http://nothing.invalid/", timeout=5).kind in ("unknown host", "timeout")


def test_what_does_not_speak_http_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def mumble() -> None:
            client, _ = listening.accept()
            with client:
                client.recv(1000)
                client.sendall(b"220 mail ready\r\n")

        threading.Thread(target=mumble, daemon=True).start()
        answer = check(f"http://127.0.0.1:{listening.getsockname()[1]}/")
    assert (answer.kind, answer.what) == ("failed", "what answers does not speak HTTP")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/x",
        "javascript:alert(1)",
        "data:text/html,hi",
        "//example.com",
        "zoom.us/j/1",
        "http://",
        "http://user:secret@127.0.0.1/",
        "http://[broken",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/\r\nX-Injected: 1",
        "",
    ],
)
def test_only_http_and_https_are_ever_tried(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []
    monkeypatch.setattr(link_check, "connect", lambda *_: tried.append(url))
    assert check(url).kind == "not a link"
    assert tried == []


def test_no_credentials_and_no_cookies_are_sent(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    Pages.seen.clear()
    assert check(server + "/cookie").works
    assert len(Pages.seen) == 2
    for headers in Pages.seen:
        assert not {"cookie", "authorization"} & {name.lower() for name in headers}


# TLS


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server with a certificate that it made for itself, for the name localhost."""
    if shutil.which("openssl") is None:
        pytest.skip("makes its certificate with openssl, which is not here")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout {key} -out {certificate}"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Quiet(("127.0.0.1", 0), Pages) as serving:
        serving.socket = context.wrap_socket(serving.socket, server_side=True)
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"https://localhost:{serving.server_address[1]}", certificate
        serving.shutdown()


def test_call_5_a_certificate_that_nobody_vouches_for_is_named(secure: tuple[str, Path]) -> None:
    answer = check(secure[0] + "/good")
    assert answer.kind == "tls"
    assert answer.what == "its certificate is not good: self-signed certificate"


def test_call_5_a_certificate_for_another_name_is_named(secure: tuple[str, Path]) -> None:
    trust = ssl.create_default_context(cafile=str(secure[1]))
    assert check(secure[0] + "/good", trust=trust).works
    other = check(secure[0].replace("localhost", "127.0.0.1") + "/good", trust=trust)
    assert other.kind == "tls"
    assert "mismatch" in other.what


def test_call_5_a_server_without_tls_on_a_secure_link_is_named(server: str) -> None:
    answer = check(server.replace("http:", "https:") + "/good")
    assert answer.kind == "tls"
    assert answer.what.startswith("no secure connection")


# As steps of a call


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """Of a team whose calls.json names this machine."""
    edit(workspace.home / "handbook", "calls.json", "links", to={"private": ["127.0.0.1"]})
    workspace.refresh()
    return workspace


def planned(workspace: Workspace, link: str, *documents: str) -> str:
    attached = [f"ATTACH:{url}" for url in documents]
    workspace.calls.import_file(calendar(event("x@x", *people("ACCEPTED"), *attached, LOCATION=link)))
    return workspace.calls.all()[0].id


def test_call_5_a_link_that_works_is_ticked_with_its_answer_and_time(
    workspace: Workspace, server: str
) -> None:
    id_ = planned(workspace, server + "/good")
    assert workspace.calls.steps.test_link(id_, early=True).works
    mark = workspace.calls.find(id_).run.marks["link"]
    assert mark.evidence.startswith("works (200) (")
    assert mark.evidence.endswith(" ms); ticked early, the call was in 3 d 1 h")
    assert mark.at == workspace.now()


def test_call_5_a_link_into_a_private_network_is_not_tried_unless_the_team_named_it(
    workspace: Workspace, server: str
) -> None:
    edit(workspace.home / "handbook", "calls.json", "links", to={"private": ["10.0.0.0/8"]})
    workspace.refresh()
    id_ = planned(workspace, server + "/good")
    Pages.seen.clear()
    answer = workspace.calls.steps.test_link(id_, early=True)
    assert (answer.kind, answer.what) == ("refused", link_check.INSIDE)
    assert Pages.seen == []
    workspace.calls.steps.check(id_, "link", "works from my phone", early=True)


@pytest.mark.parametrize("page", ["/gone", "/gone-for-good", "/broken", "/to-front", "/to-no-page"])
def test_call_5_what_the_server_says_is_not_there_is_not_ticked_by_hand_either(
    workspace: Workspace, server: str, page: str
) -> None:
    id_ = planned(workspace, server + page)
    steps = workspace.calls.steps
    assert not steps.test_link(id_, early=True).works
    with pytest.raises(Refused, match="put a link in its place that works"):
        steps.check(id_, "link", "works from my phone", early=True)
    assert "link" not in workspace.calls.find(id_).run.marks
    workspace.calls.edit(id_, {"join_url": server + "/good"})
    assert steps.test_link(id_, early=True).works


def test_call_5_a_link_that_asks_for_a_login_may_be_ticked_by_hand(workspace: Workspace, server: str) -> None:
    id_ = planned(workspace, server + "/forbidden")
    assert workspace.calls.steps.test_link(id_, early=True).kind == "login"
    workspace.calls.steps.check(id_, "link", "works from my phone", early=True)
    assert workspace.calls.find(id_).run.marks["link"].evidence.startswith("works from my phone")


def test_call_5_a_link_that_worked_and_fails_when_it_is_tried_again_opens_its_step(
    workspace: Workspace, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = planned(workspace, server + "/moved")
    steps = workspace.calls.steps
    steps.test_link(id_, early=True)
    monkeypatch.setattr(Pages, "page_moved", Pages.page_gone)
    steps.test_link(id_, early=True)
    call = workspace.calls.find(id_)
    assert "not found (404)" in call.stale["link"]
    assert "link" in call.run.marks, "who checked before is kept"
    view = workspace.calls.view(call).step("link")
    assert view is not None and view.state == "todo"
    monkeypatch.setattr(Pages, "page_moved", Pages.page_good)
    steps.test_link(id_, early=True)
    assert not workspace.calls.find(id_).failing


def test_call_6_documents_count_only_when_each_opens_without_our_login(
    workspace: Workspace, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = planned(workspace, "https://zoom.us/j/1", server + "/good.pdf", server + "/private")
    results = workspace.calls.steps.test_documents(id_, early=True)
    assert [result.kind for result in results] == ["works", "login"]
    assert "documents-open" not in workspace.calls.find(id_).run.marks
    monkeypatch.setattr(Pages, "page_private", Pages.page_good)
    workspace.calls.steps.test_documents(id_, early=True)
    assert "documents-open" in workspace.calls.find(id_).run.marks
