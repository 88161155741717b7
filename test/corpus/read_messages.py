"""What Python's email package reads of messages: paths on standard input, JSON on standard output."""

import email
import email.policy
import hashlib
import json
import sys


def content(part):
    try:
        payload = part.get_payload(decode=True)
    except Exception:
        payload = None
    if payload is None and part.get_content_type() == "message/rfc822":
        payload = part.get_payload()[0].as_bytes()
    return payload or b""


def text(part):
    if part is None:
        return ""
    try:
        return part.get_content()
    except Exception:
        return content(part).decode("latin-1")


def read(path):
    with open(path, "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    files = list(message.iter_attachments()) if message.is_multipart() else []
    if not message.is_multipart() and message.get_filename():
        files = [message]
    contents = [content(part) for part in files]
    return {
        "subject": str(message["subject"] or ""),
        "from": str(message["from"] or ""),
        "text": text(message.get_body(("plain",))),
        "html": text(message.get_body(("html",))),
        "names": [part.get_filename() or "" for part in files],
        "contents": [f"{len(one)} {hashlib.sha256(one).hexdigest()}" for one in contents],
    }


def read_or_none(path):
    try:
        return read(path)
    except Exception:
        return None


json.dump([read_or_none(path) for path in sys.stdin.read().split("\n")], sys.stdout)
