"""Python's imaplib does one workload; see client-process.ts for what is given and told."""

import hashlib
import imaplib
import json
import os
import re
import resource
import sys
import time

imaplib._MAXLINE = 100_000_000


def connect(account, mailbox=None):
    imap = imaplib.IMAP4(account["host"], account["port"])
    imap.login(account["user"], account["password"])
    if mailbox:
        imap.select(mailbox)
    return imap


def checked(answer):
    status, data = answer
    if status != "OK":
        raise RuntimeError(f"Refused: {data!r}")
    return data


class Count:
    def __init__(self, checking):
        self.checking = checking
        self.count = 0
        self.octets = 0
        self.hash = hashlib.sha256()

    def body(self, octets, whole=True):
        self.count += whole
        self.octets += len(octets)
        if self.checking:
            self.hash.update(octets)

    def messages(self, data):
        """imaplib leaves responses unparsed: they are read only to be checked."""
        if not self.checking:
            self.count += len(data)
            return
        for item in data:
            line = b"".join(item) if isinstance(item, tuple) else item
            uid = re.search(rb"UID (\d+)", line)
            size = re.search(rb"RFC822.SIZE (\d+)", line)
            ident = re.search(rb'"(<[^">]+@mail.example.org>)"\)', line)
            if uid and size and ident:
                self.count += 1
                self.octets += int(size[1])
                self.hash.update(b"%s %s %s\n" % (uid[1], size[1], ident[1]))

    def found(self, data):
        numbers = data[0].split()
        self.count += len(numbers)
        if self.checking:
            self.hash.update(b",".join(numbers) + b"\n")


def work(kind, imap, given, tally, messages):
    times = given["times"]
    if kind == "logins":
        for _ in range(times):
            connect(given["account"]).logout()
    elif kind in ("envelopes", "structures"):
        items = "UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE"
        if kind == "structures":
            items += " BODYSTRUCTURE"
        tally.messages(checked(imap.uid("FETCH", "1:*", f"({items})")))
    elif kind in ("bodies", "stream"):
        for item in checked(imap.uid("FETCH", "1:*", "(UID BODY.PEEK[])")):
            if isinstance(item, tuple):
                tally.body(item[1], kind == "bodies")
    elif kind == "searches":
        for _ in range(times):
            tally.found(checked(imap.uid("SEARCH", "ALL")))
    elif kind == "flag-all":
        checked(imap.uid("STORE", "1:*", "+FLAGS", "(\\Flagged)"))
        checked(imap.uid("STORE", "1:*", "-FLAGS", "(\\Flagged)"))
    elif kind == "flag-each":
        for uid in range(1, times + 1):
            checked(imap.uid("STORE", str(uid), "+FLAGS", "(\\Flagged)"))
    elif kind == "append":
        for message in messages:
            checked(imap.append(given["target"], None, None, message))
    else:
        raise RuntimeError(f"Unknown: {kind}")


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1000


def peak_memory():
    """MB. ru_maxrss would begin with what the parent process had."""
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"^VmHWM:\s+(\d+)", status.read(), re.M).group(1)) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    given = json.loads(os.environ["BENCH_JOB"])
    tally = Count(given["checking"])
    messages = []
    if given.get("messagesFile"):
        with open(given.get("messagesFile"), "rb") as file:
            for size in given["messageSizes"]:
                messages.append(file.read(size))
    imap = connect(given["account"], given.get("mailbox")) if given.get("mailbox") else None
    started, used_before = time.monotonic(), used()
    work(given["kind"], imap, given, tally, messages)
    result = {
        "wall": (time.monotonic() - started) * 1000,
        "cpu": used() - used_before,
        "memory": peak_memory(),
        "count": tally.count,
        "octets": tally.octets,
        "hash": tally.hash.hexdigest()[:16],
    }
    if imap:
        imap.logout()
    print(json.dumps(result))


main()
