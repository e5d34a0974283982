"""Files that come with messages (SUP-5): names, types and limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.domain.tickets.attachments import (
    LONGEST_NAME,
    IncomingFile,
    described,
    in_words,
    mismatch,
    safe_name,
    size_words,
    type_of,
    why_too_large,
)
from fleettui.domain.tickets.model import Attachment
from fleettui.domain.tickets.policy import FilePolicy

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\jo\\shot.png", "shot.png"),
        ("-rf", "rf"),
        (".bashrc", "bashrc"),
        ("..", "unnamed.png"),
        ("~root", "root"),
        ("what?*.png", "what__.png"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("two\nlines\x1b[31m.txt", "two lines.txt"),
        ("schöne Grüße.pdf", "schöne Grüße.pdf"),
        ("", "unnamed.png"),
    ],
)
def test_sup_5_names_of_files_are_made_safe(given_name: str, safe: str) -> None:
    assert safe_name(given_name, "PNG image") == safe


def test_sup_5_a_long_name_keeps_its_ending() -> None:
    assert safe_name("x" * 500 + ".log") == "x" * (LONGEST_NAME - 4) + ".log"


@given(st.text())
def test_sup_5_any_name_becomes_one_that_every_file_system_takes(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert len(safe.encode()) <= 255
    assert "/" not in safe
    assert "\\" not in safe
    assert safe[0] not in ".-"
    assert safe.isprintable() or not name.isprintable()


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        (PNG, "PNG image"),
        (b"\xff\xd8\xff\xe0 JFIF", "JPEG image"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "WebP image"),
        (b"%PDF-1.7", "PDF document"),
        (b"PK\x03\x04rest", "ZIP archive"),
        (b"MZ\x90\x00", "program for Windows"),
        (b"\x00" * 257 + b"ustar", "tar archive"),
        (b"#!/bin/sh\n", "script"),
        ("Grüße".encode(), "text"),
        (("ü" * 4096).encode(), "text"),
        (b"", "text"),
        (b"\x00\x01\x02", "data"),
    ],
)
def test_sup_5_the_type_of_a_file_is_told_from_its_content(content: bytes, type_: str) -> None:
    assert type_of(content) == type_


@pytest.mark.parametrize(
    ("name", "type_", "wrong"),
    [
        ("invoice.pdf", "program for Windows", "named .pdf, but its content is a program for Windows"),
        ("shot.png", "PNG image", ""),
        ("shot.PNG", "PNG image", ""),
        ("shot.jpg", "PNG image", "named .jpg, but its content is a PNG image"),
        ("report.docx", "ZIP archive", ""),
        ("osquery.log", "text", ""),
        ("setup.sh", "text", ""),
        ("photo.png", "text", "named .png, but its content is text"),
        ("photo.png", "data", "named .png, but its content is something else"),
        ("letter", "program for Linux", "its content is a program for Linux"),
    ],
)
def test_sup_5_a_name_that_does_not_fit_the_content_is_named(name: str, type_: str, wrong: str) -> None:
    assert mismatch(Attachment(name=name, type=type_, sha256="0" * 64)) == wrong


def test_sup_5_what_only_somebody_claims_of_a_file_is_not_compared() -> None:
    claimed = described(IncomingFile(name="shot.png", size=12_400, type="PDF", link="https://x.example/1"))
    assert in_words(claimed) == "shot.png (12 kB, PDF)"
    assert claimed.link == "https://x.example/1"
    assert described(IncomingFile(name="x", link="javascript:alert(1)")).link == ""


def test_sup_5_limits_are_of_one_file_and_of_one_message() -> None:
    policy = FilePolicy(keep=True, largest_file_mb=2, largest_message_mb=3)
    assert why_too_large(2_000_000, 0, policy) == ""
    assert "larger than 2 MB" in why_too_large(2_000_001, 0, policy)
    assert "more than 3 MB" in why_too_large(2_000_000, 1_000_001, policy)


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 byte"), (999, "999 bytes"), (1_240_000, "1.2 MB"), (25_400, "25 kB"), (3_000_000_000, "3.0 GB")],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_words(size) == words
