"""The charset of a text: as the mail names it, as its HTML names it, or as its bytes show."""

from __future__ import annotations

import re

from fleettui.intake.mail.trouble import TROUBLE

MOST_TEXT = 1_000_000
"""Bytes of one part that are decoded."""

# Charsets that a mail may well have wrong: whether it is UTF-8 can be seen.
_DOUBTFUL = frozenset(
    {"", "ascii", "us-ascii", "utf-8", "utf8", "latin-1", "latin1", "iso-8859-1", "windows-1252", "cp1252"}
)
# Codecs that are no charset of any mail, and slow or strange.
_NO_CHARSETS = frozenset(
    {
        "punycode",
        "idna",
        "unicode_escape",
        "unicode-escape",
        "raw_unicode_escape",
        "raw-unicode-escape",
        "undefined",
    }
)
# Names that Python does not know, and names under which mail programs send a larger charset. The text of Hebrew mail is in
# logical order whichever of its names it has.
_CODECS = {
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "logical": "iso-8859-8",
    "windows-874": "cp874",
    "x-windows-874": "cp874",
    "dos-874": "cp874",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
_ENCODED_WORD = re.compile(r"=\?([A-Za-z0-9_:.+-]{1,40})((?:\*[A-Za-z0-9-]{0,20})?\?[bqBQ]\?)")
_HALF_AT_END = re.compile(rb"[\xc0-\xff][\x80-\xbf]{0,2}\Z")

_LOOKED_AT = 4_096
"""Bytes of HTML in which its own word about the charset may stand. Mail programs write much in front of it."""
_META = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.+-]{1,40})", re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(raw: bytes, charset: str) -> str:
    """As the mail says it is encoded, unless its bytes show that this is wrong."""
    named = charset.strip().lower()
    if len(raw) >= MOST_TEXT:
        raw = _HALF_AT_END.sub(b"", raw)
    if named not in _DOUBTFUL and named not in _NO_CHARSETS:
        for codec in dict.fromkeys((_CODECS.get(named, named), named)):
            try:
                return raw.decode(codec)
            except TROUBLE:
                pass
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def html_decoded(raw: bytes, charset: str) -> str:
    """HTML names its charset itself, too. That counts where the mail names none, and no byte shows that it is UTF-8: a server
    on the way may have changed the charset without reading the HTML."""
    marked = next((codec for mark, codec in _MARKS if raw.startswith(mark)), "")
    if marked:
        return raw.decode(marked, "replace")
    if charset.strip().lower() not in ("", "ascii", "us-ascii"):
        return decoded(raw, charset)
    meta = _META.search(raw[:_LOOKED_AT])
    named = meta[1].decode("ascii").lower() if meta else ""
    # What is readable as ASCII cannot be in UTF-16, whatever it says.
    return decoded(raw, "" if named.startswith(("utf-16", "utf-32")) or _is_utf_8(raw) else named)


def _is_utf_8(raw: bytes) -> bool:
    if raw.isascii():
        return False
    try:
        _HALF_AT_END.sub(b"", raw).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def with_known_charsets(header: str) -> str:
    """Encoded words (RFC 2047) with names of charsets that the standard library knows."""
    if "=?" not in header:
        return header
    return _ENCODED_WORD.sub(lambda match: f"=?{_CODECS.get(match[1].lower(), match[1])}{match[2]}", header)
