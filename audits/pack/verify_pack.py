#!/usr/bin/env python3
"""Verify an evidence pack, on any computer, without the system that built it.

    python3 verify_pack.py FILE.zip        the pack as it was handed over
    python3 verify_pack.py FOLDER          the same, unpacked

It needs Python 3.8 or newer and nothing else; it writes nothing and asks no network. It says in words what holds and
what does not. Exit status: 0 the pack holds, 1 it does not, 2 there is no pack that could be read.

    --ca FILE.pem     certificates that you trust, to check who signed
    --no-signature    do not look for FILE.zip.p7s
    --json            the same report for a program
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile

FORMAT = "smsplan evidence pack"
MANIFEST, SUMS, TRAIL = "manifest.json", "SHA256SUMS", "trail.jsonl"
GENESIS = "0" * 64
CHUNK = 1024 * 1024
# A pack is stored, not compressed. What grows more than this when it is read is no pack, whatever its name.
MOST_GROWTH = 200
MOST_FILES = 200000
MOST_MANIFEST = 256 * 1024 * 1024
MOST_LINE = 16 * 1024 * 1024
SHOWN_FAULTS = 200
LIMIT_32 = 0x7FFFFFFF
BARE = {"seq", "payload_sha256", "prev_hash", "hash"}
FULL = BARE | {"payload", "salt"}
HEX = re.compile(r"[0-9a-f]{64}")


class NoPack(Exception):
    """There is nothing that could be verified; the message says why."""


class Report:
    """What was found: lines that hold, notes, and faults, each of which names what it is about."""

    def __init__(self):
        self.pack, self.holds, self.notes, self.faults = {}, [], [], []

    def ok(self, words):
        self.holds.append(words)

    def note(self, words):
        self.notes.append(words)

    def fault(self, where, words):
        self.faults.append((where, words))


def plain(text):
    """A name as it can be shown on any terminal: nothing in it moves the cursor or pretends to be something else."""
    return "".join(c if c.isprintable() else "\\u%04x" % ord(c) for c in str(text))


# The two forms that a pack comes in.


class Folder:
    """A pack that was unpacked."""

    def __init__(self, path):
        self.root = path
        if not os.path.isfile(os.path.join(path, MANIFEST)):
            inner = sorted(n for n in os.listdir(path) if os.path.isfile(os.path.join(path, n, MANIFEST)))
            if len(inner) != 1:
                raise NoPack("the folder holds no %s" % MANIFEST)
            self.root = os.path.join(path, inner[0])

    def names(self, report):
        found = []
        for folder, inner, names in os.walk(self.root):
            inner.sort()
            for name in names:
                path = os.path.join(folder, name)
                said = os.path.relpath(path, self.root).replace(os.sep, "/")
                if os.path.islink(path) or not os.path.isfile(path):
                    report.fault(said, "is no plain file")
                else:
                    found.append(said)
            for name in inner:
                if os.path.islink(os.path.join(folder, name)):
                    said = os.path.relpath(os.path.join(folder, name), self.root).replace(os.sep, "/")
                    report.fault(said, "is a link to another place")
        return sorted(found)

    def size(self, name):
        return os.path.getsize(os.path.join(self.root, *name.split("/")))

    def pieces(self, name):
        with open(os.path.join(self.root, *name.split("/")), "rb") as handle:
            for piece in iter(lambda: handle.read(CHUNK), b""):
                yield piece

    def check_container(self, report):
        report.note("The folder was checked; the ZIP that it came from was not.")

    def close(self):
        pass


class Zip:
    """A pack as it was built."""

    def __init__(self, path):
        self.path = path
        size = os.path.getsize(path)
        try:
            self.zip = zipfile.ZipFile(path)
            entries = self.zip.infolist()
        except Exception as error:  # (whatever a damaged file does to the reader)
            raise NoPack("the file is no whole ZIP; it was cut off or altered (%s)" % plain(error)) from error
        if len(entries) > MOST_FILES:
            raise NoPack("the ZIP holds %d files, more than any pack" % len(entries))
        whole = sum(entry.file_size for entry in entries)
        if whole > MOST_GROWTH * size + CHUNK:
            raise NoPack(
                "the ZIP would grow from %d to %d bytes: this is no pack, and it was not unpacked" % (size, whole)
            )
        self.entries = {}
        self.prefix = self.folder_of(entries)
        self.all = entries

    @staticmethod
    def folder_of(entries):
        """The one folder that holds the pack, with a slash; "" where it holds no folder."""
        for wanted in (MANIFEST, SUMS):
            found = [e.filename for e in entries if e.filename.count("/") <= 1 and e.filename.split("/")[-1] == wanted]
            if len(found) == 1:
                return found[0][: -len(wanted)]
        return ""

    def names(self, report):
        folded = {}  # type: dict[str, str]
        for entry in self.all:
            full = entry.filename
            name = full[len(self.prefix) :]
            wrong = wrong_with_name(full)
            if wrong:
                report.fault(full, wrong)
            elif not full.startswith(self.prefix):
                report.fault(full, "was added: it lies beside the folder of the pack")
            elif full.endswith("/"):
                if entry.file_size:
                    report.fault(name, "is a folder that holds bytes")
            elif name in self.entries:
                report.fault(name, "stands in the ZIP twice")
            else:
                self.entries[name] = entry
                other = folded.setdefault(name.casefold(), name)
                if other != name:
                    report.fault(name, "differs from %s by capital letters alone" % other)
        if MANIFEST not in self.entries and SUMS not in self.entries:
            raise NoPack("the ZIP holds neither %s nor %s" % (MANIFEST, SUMS))
        return sorted(self.entries)

    def size(self, name):
        return self.entries[name].file_size

    def pieces(self, name):
        with self.zip.open(self.entries[name]) as handle:
            for piece in iter(lambda: handle.read(CHUNK), b""):
                yield piece

    def check_container(self, report):
        """The ZIP around the files, byte for byte: what is around them is said by the files alone."""
        strange = [entry.filename[len(self.prefix) :] for entry in self.all if not self.is_as_built(entry)]
        whole = self.end_is_as_built()
        if not strange and whole:
            report.ok("The ZIP around the files is as it was built.")
        elif len(strange) == len(self.all):
            report.note("The ZIP was packed anew by another program. What it holds was checked all the same.")
        else:
            for name in strange:
                report.fault(name, "its entry in the ZIP was altered")
            if not whole:
                report.fault("the ZIP", "bytes outside of its files were altered or added")

    def is_as_built(self, entry):
        """Whether an entry says no more of a file than its name, size and check sum."""
        is_ascii = all(ord(c) < 128 for c in entry.orig_filename)
        if (
            entry.compress_type != zipfile.ZIP_STORED
            or entry.compress_size != entry.file_size
            or entry.date_time != (1980, 1, 1, 0, 0, 0)
            or entry.flag_bits != (0 if is_ascii else 0x800)
            or entry.create_system != 3
            or entry.external_attr != 0o100644 << 16
            or entry.internal_attr
            or entry.volume
            or entry.reserved
            or entry.comment
        ):
            return False
        name = entry.orig_filename.encode("utf-8")
        if is_large(entry):
            return True  # (whoever wrote it chose between two forms that say the same)
        version = 45 if entry.header_offset > LIMIT_32 else 20
        if entry.extract_version != version or entry.create_version != version:
            return False
        expected = (
            struct.pack(
                "<4s5H3L2H",
                b"PK\x03\x04",
                20,
                entry.flag_bits,
                0,
                0,
                0x21,
                entry.CRC,
                entry.file_size,
                entry.file_size,
                len(name),
                0,
            )
            + name
        )
        with open(self.path, "rb") as handle:
            handle.seek(entry.header_offset)
            return handle.read(len(expected)) == expected

    def end_is_as_built(self):
        """Whether files and directory follow each other without a gap, and nothing stands before, between or after."""
        position, directory = 0, 0
        for entry in self.all:
            name = len(entry.orig_filename.encode("utf-8"))
            if entry.header_offset != position:
                return False
            position += 30 + name + (20 if is_large(entry) else 0) + entry.compress_size
            extra = (16 if entry.file_size > LIMIT_32 else 0) + (8 if entry.header_offset > LIMIT_32 else 0)
            directory += 46 + name + (4 + extra if extra else 0)
        if self.zip.start_dir != position or self.zip.comment:
            return False
        rest = os.path.getsize(self.path) - position - directory
        if position > LIMIT_32 or directory > LIMIT_32 or len(self.all) > 0xFFFF:
            return rest == 22 + 76
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(self.all), len(self.all), directory, position, 0)
        with open(self.path, "rb") as handle:
            handle.seek(position + directory)
            return handle.read() == end

    def close(self):
        self.zip.close()


def is_large(entry):
    """Whether an entry was given the wider fields of a large one."""
    return entry.file_size * 1.05 > LIMIT_32


def wrong_with_name(name):
    """What makes a name in a ZIP one that no pack has; "" for a plain one."""
    parts = name.rstrip("/").split("/")
    if not name or name.startswith("/") or re.match("[A-Za-z]:", name):
        return "leads out of the pack (an absolute path)"
    if ".." in parts or "." in parts or "" in parts:
        return "leads out of the pack"
    if "\\" in name or any(ord(c) < 32 for c in name):
        return "has letters in its name that no pack has"
    return ""


# What is checked.


def hashes_of(source, names, report):
    """The SHA-256 and size of each file that can be read; one that cannot is a fault."""
    found = {}
    for name in names:
        digest, size = hashlib.sha256(), 0
        try:
            for piece in source.pieces(name):
                digest.update(piece)
                size += len(piece)
        except Exception as error:  # (a bad check sum, a cut-off entry, an unknown method)
            why = (
                "its bytes do not fit its check sum"
                if "CRC" in str(error)
                else "it cannot be read whole: %s" % plain(error)
            )
            report.fault(name, "was altered: %s" % why)
            found[name] = ("", size)
            continue
        found[name] = (digest.hexdigest(), size)
    return found


def whole_text(source, name, report):
    """A small file as text, None with a fault where there is none."""
    try:
        if source.size(name) > MOST_MANIFEST:
            report.fault(name, "is larger than any pack has it")
            return None
        return b"".join(source.pieces(name)).decode("utf-8")
    except UnicodeDecodeError:
        report.fault(name, "was altered: it is no text")
    except Exception:  # (said already, where its hash was taken)
        pass
    return None


def manifest_of(source, names, report):
    """What the manifest says, {} with a fault where it cannot be used."""
    if MANIFEST not in names:
        report.fault(MANIFEST, "was removed")
        return {}
    text = whole_text(source, MANIFEST, report)
    if text is None:
        return {}
    try:
        said = json.loads(text)
        if said["format"] != FORMAT or not isinstance(said["cut"], dict) or not isinstance(said["trail"], dict):
            raise ValueError(said["format"])
        for row in said["files"]:
            if not HEX.fullmatch(row["sha256"]) or row["bytes"] < 0 or not row["path"]:
                raise ValueError(row["path"])
    except (ValueError, KeyError, TypeError, RecursionError):
        report.fault(MANIFEST, "was altered: it is no manifest of a pack")
        return {}
    return said


def check_files(manifest, found, report):
    """Manifest against content, both ways."""
    if not manifest:
        return
    rows, broken = {}, {where for where, _words in report.faults}
    for row in manifest["files"]:
        if row["path"] in rows:
            report.fault(row["path"], "stands in the manifest twice")
        rows[row["path"]] = row
    missing = [path for path in rows if path not in found]
    added = [name for name in found if name not in rows and name not in (MANIFEST, SUMS)]
    for path in missing:
        twin = next((name for name in added if found[name] == (rows[path]["sha256"], rows[path]["bytes"])), None)
        if twin is None:
            report.fault(path, "was removed")
        else:
            report.fault(path, "was renamed to %s" % twin)
            added.remove(twin)
    for name in added:
        report.fault(name, "was added: the manifest does not know it")
    told = {where for where, _words in report.faults}
    for path, row in rows.items():
        if path in found and path not in told and found[path] != (row["sha256"], row["bytes"]):
            report.fault(path, "was altered: it is not what the manifest says (%s)" % about(row))
    if not broken.intersection(rows) and not {where for where, _words in report.faults} - broken:
        report.ok("%d files are what the manifest says of them, and the manifest knows them all." % len(rows))


def about(row):
    """What a file of the manifest is, in a few words."""
    name = row.get("evidence") or row.get("document") or row.get("what", "file")
    number = row.get("revision") or row.get("version")
    return "%s %s" % (plain(name), plain(number)) if number else plain(name)


def check_sums(source, manifest, found, report):
    """The list for sha256sum says of each file, and of no other, what is so."""
    if SUMS not in found:
        report.fault(SUMS, "was removed")
        return
    text = whole_text(source, SUMS, report)
    if text is None:
        return
    listed = {}
    known = {row["path"]: (row["sha256"], row["bytes"]) for row in manifest.get("files", ())}
    for number, line in enumerate(text.split("\n")[:-1] if text.endswith("\n") else text.split("\n"), start=1):
        match = re.fullmatch("([0-9a-f]{64})  (.+)", line)
        if match is None or match.group(2) in listed:
            report.fault(SUMS, "line %d was altered" % number)
            return
        listed[match.group(2)] = match.group(1)
    told = {where for where, _words in report.faults}
    for name in sorted(set(found) | set(listed)):
        if name == SUMS or name in told:
            continue
        if name not in listed:
            report.fault(name, "is not in %s" % SUMS)
        elif name not in found:
            report.fault(name, "was removed: %s lists it" % SUMS)
        elif found[name][0] != listed[name] and found[name] == known.get(name):
            report.fault(SUMS, "was altered: what it says of %s is not so" % plain(name))
        elif found[name][0] != listed[name]:
            report.fault(name, "was altered: it is not what %s says" % SUMS)
    as_built = "".join("%s  %s\n" % (found[name][0], name) for name in sorted(found) if name != SUMS)
    if text == as_built:
        report.ok("SHA256SUMS agrees with every file.")
    elif not any(where == SUMS or where in found or where in listed for where, _words in report.faults):
        report.fault(SUMS, "was altered: its lines are not in their order")


def lines_of(pieces):
    """Lines of a file, however long it is."""
    rest = b""
    for piece in pieces:
        rest += piece
        *whole, rest = rest.split(b"\n")
        for line in whole:
            yield line
        if len(rest) > MOST_LINE:
            raise ValueError("a line without end")
    if rest:
        yield rest


def check_trail(source, manifest, found, report):
    """Every event of the trail hangs on the one before it, up to the cut that the manifest names."""
    if TRAIL not in found:
        if manifest or SUMS in found:
            told = any(where == TRAIL for where, _words in report.faults)
            if not told:
                report.fault(TRAIL, "was removed")
        return set()
    said = set()
    seq, previous, payloads, faults = 0, GENESIS, 0, []
    try:
        for number, line in enumerate(lines_of(source.pieces(TRAIL)), start=1):
            event = event_of(line)
            if event is None:
                faults.append("line %d is no event" % number)
                break
            wrong = wrong_with_event(event, seq + 1, previous)
            faults += wrong
            if len(faults) > 20:
                break
            if "payload" in event and not wrong:
                payloads += 1
                said.update(HEX.findall(event["payload"]))
            seq, previous = event["seq"], event["hash"]
    except Exception as error:  # (as in `hashes_of`)
        faults.append("it cannot be read whole (%s)" % plain(error))
    cut = manifest.get("cut", {})
    if not faults and manifest and (seq, previous) != (cut.get("seq"), cut.get("hash")):
        if seq < int(cut.get("seq") or 0):
            faults.append("it was cut: events %d to %s are missing" % (seq + 1, plain(cut.get("seq"))))
        else:
            faults.append("it does not end at event %s, where the manifest says" % plain(cut.get("seq")))
    for words in faults:
        report.fault(TRAIL, words)
    if not faults:
        report.ok(
            "The trail is one chain from event 1 to event %d; %d events are told in full, of %d the hash."
            % (seq, payloads, seq - payloads)
        )
    return said


def event_of(line):
    """A line of the trail, None for what is none."""
    try:
        event = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or set(event) not in (BARE, FULL) or type(event["seq"]) is not int:
        return None
    texts = [event[name] for name in event if name != "seq"]
    return event if all(isinstance(text, str) for text in texts) else None


def wrong_with_event(event, seq, previous):
    """What is wrong with an event, given the one before it."""
    wrong = []
    if event["seq"] != seq:
        words = "event %d is missing or out of its place: event %d follows" % (seq, event["seq"])
        return [words]
    if event["prev_hash"] != previous:
        wrong.append("event %d does not continue the one before it" % seq)
    if "payload" in event:
        digest = hashlib.sha256((event["salt"] + event["payload"]).encode("utf-8", "surrogatepass")).hexdigest()
        if digest != event["payload_sha256"]:
            wrong.append("event %d was altered: its content does not match its hash" % seq)
    link = "%d:%s:%s" % (seq, event["prev_hash"], event["payload_sha256"])
    if hashlib.sha256(link.encode("utf-8", "surrogatepass")).hexdigest() != event["hash"]:
        wrong.append("event %d was altered: its place does not match its hash" % seq)
    return wrong


def check_told(manifest, said, report):
    """What the manifest says of each revision of evidence is what the trail said when it was taken in."""
    rows = [row for row in manifest.get("files", ()) if row.get("what") == "evidence" and row.get("in_trail")]
    untold = [row for row in rows if row["sha256"] not in said]
    for row in untold:
        report.fault(row["path"], "the trail never told of these bytes (%s)" % about(row))
    if rows and not untold:
        report.ok("%d revisions of evidence have the hash that the trail told when they were taken in." % len(rows))


# The signature.


def check_signature(path, trusted, report):
    """The signature beside the file, by openssl where that is there."""
    beside = path + ".p7s"
    if not os.path.isfile(beside):
        report.note("There is no signature beside the file (%s)." % plain(os.path.basename(beside)))
        return
    program = shutil.which("openssl")
    if program is None:
        report.note("Signature not checked: openssl is not installed here.")
        return
    with tempfile.TemporaryDirectory() as folder:
        signer = os.path.join(folder, "signer.pem")
        trust = ["-CAfile", trusted, "-purpose", "any"] if trusted else ["-noverify"]
        command = [program, "cms", "-verify", "-binary", "-inform", "DER", "-in", beside, "-content", path]
        run = subprocess.run(
            command + trust + ["-signer", signer, "-out", os.devnull],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
        )
        if run.returncode:
            why = run.stderr.decode("utf-8", "replace")
            if "igest" in why or "content verify" in why:
                words = "does not fit: the ZIP or the signature was altered"
            else:
                words = "is not valid: " + plain((why.strip().splitlines() or ["openssl refused it"])[-1])
            report.fault(os.path.basename(beside), words)
            return
        show = [program, "x509", "-in", signer, "-noout", "-subject", "-fingerprint", "-sha256"]
        said = subprocess.run(show, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        who = ", ".join(plain(line.strip()) for line in said.stdout.decode("utf-8", "replace").splitlines())
    report.ok("The signature fits. It was made with the certificate %s." % who)
    if not trusted:
        report.note("Whether this certificate is theirs is for you to find out: ask them, or give --ca.")


# The report.


def verify(path, trusted="", signature=True):
    """All checks of one pack. Raises NoPack."""
    report = Report()
    if not os.path.exists(path):
        raise NoPack("there is no such file")
    source = Folder(path) if os.path.isdir(path) else Zip(path)
    try:
        names = source.names(report)
        source.check_container(report)
        found = hashes_of(source, names, report)
        manifest = manifest_of(source, found, report)
        cut = manifest.get("cut", {})
        report.pack = {
            "project": manifest.get("project", {}),
            "cut": cut,
            "options": manifest.get("options", {}),
            "release": manifest.get("release", ""),
            "files": len(found),
        }
        check_files(manifest, found, report)
        check_sums(source, manifest, found, report)
        said = check_trail(source, manifest, found, report)
        check_told(manifest, said, report)
    finally:
        source.close()
    if signature and not os.path.isdir(path):
        check_signature(path, trusted, report)
    return report


def say(report):
    """The report in words."""
    project, cut = report.pack.get("project") or {}, report.pack.get("cut") or {}
    lines = []
    if project and cut:
        lines.append(
            "Evidence pack of %s (%s), as of event %s of its trail, %s."
            % (
                plain(project.get("name")),
                plain(project.get("organization")),
                plain(cut.get("seq")),
                plain(cut.get("at")),
            )
        )
        lines.append("That event has the hash %s." % plain(cut.get("hash")))
        lines.append("")
    lines += ["  holds   " + words for words in report.holds]
    lines += ["  note    " + words for words in report.notes]
    lines += ["  WRONG   %s: %s" % (plain(where), plain(words)) for where, words in report.faults[:SHOWN_FAULTS]]
    if len(report.faults) > SHOWN_FAULTS:
        lines.append("  WRONG   and %d more" % (len(report.faults) - SHOWN_FAULTS))
    lines.append("")
    if report.faults:
        lines.append("The pack does NOT hold: %d thing(s) are wrong with it." % len(report.faults))
    else:
        lines.append("The pack holds: nothing in it was altered, added, removed or renamed since it was built.")
    return "\n".join(lines)


def main(arguments):
    """Verify what the arguments name; the exit status."""
    parser = argparse.ArgumentParser(description="Verify an evidence pack.")
    parser.add_argument("pack", help="FILE.zip, or the folder that it was unpacked to")
    parser.add_argument("--ca", default="", metavar="FILE.pem", help="certificates that you trust")
    parser.add_argument("--no-signature", action="store_true", help="do not look for FILE.zip.p7s")
    parser.add_argument("--json", action="store_true", help="the report for a program")
    asked = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        report = verify(asked.pack, asked.ca, not asked.no_signature)
    except (NoPack, OSError) as error:
        words = "There is no pack that could be verified: %s." % plain(error)
        print(json.dumps({"read": False, "words": words}) if asked.json else words)
        return 2
    if asked.json:
        print(
            json.dumps(
                {
                    "read": True,
                    "ok": not report.faults,
                    "pack": report.pack,
                    "holds": report.holds,
                    "notes": report.notes,
                    "faults": report.faults[:SHOWN_FAULTS],
                    "fault_count": len(report.faults),
                }
            )
        )
    else:
        print(say(report))
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
