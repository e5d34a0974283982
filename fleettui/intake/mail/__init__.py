"""E-mail as plain values.

Mail is read with the standard library's `email`, and HTML turned into text with its `html.parser`; the rest is made here.
What arrives is written by strangers, and a mail with ten thousand boundaries or unclosed tags must not stop the queue: so
every step is bounded in size, depth and time, and raises nothing (tests/intake/test_anything.py feeds it any bytes).
The libraries for it promise no such limits; html2text also writes Markdown, under the GPL, and inscriptis brings lxml and
requests.
"""
