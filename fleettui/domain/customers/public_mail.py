"""Domains where anybody can have an e-mail address: two people with such a domain need not belong together."""

from __future__ import annotations

PUBLIC_MAILBOXES = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com"),
        *("yahoo.com", "icloud.com", "me.com", "mac.com", "aol.com", "proton.me"),
        *("protonmail.com", "pm.me", "gmx.com", "gmx.net", "gmx.de", "web.de"),
        *("mail.com", "mail.ru", "yandex.com", "yandex.ru", "qq.com", "163.com"),
        *("126.com", "fastmail.com", "hey.com", "zoho.com", "tutanota.com"),
    }
)
