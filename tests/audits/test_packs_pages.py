"""Packs on the pages: asking for one, its job, fetching it, its signature, and checking one that somebody sends."""

import errno
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audits import pack_build, pack_check, pack_jobs
from audits.choices import PackState
from audits.domain.pack_options import PackOptions
from audits.models import EvidencePack, PackFetch
from audits.selectors.pack_cut import cut_of
from audits.selectors.packs import pack_path, rights_of
from audits.services.packs import ask_for_pack, drop_old_packs, fetch_pack, settle_restored_packs
from audits.verification_packs import check_packs
from audittrail.models import Event
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from common.query import form_nonce
from evidence.choices import Classification
from jobs.models import Job
from jobs.services.clean_up import drop_old_rows
from projects.models import Membership
from projects.permissions import access_to
from tests.audits.packs import opened, verified
from tests.cast import NOW, Cast
from tests.evidence.conftest import add, stored_of

PACKS = "/projects/alder/packs/"


@pytest.fixture(autouse=True)
def _no_paper(monkeypatch, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    monkeypatch.setattr(pack_build, "write_paper", lambda _paper, target, **_more: target.write_bytes(b"%PDF-"))


@pytest.fixture
def asked(cast: Cast, django_capture_on_commit_callbacks) -> Callable[..., EvidencePack]:
    """Ask for a pack and let its job run."""

    def ask(who: str = "mara", reason: str = "Stage 1", **chosen) -> EvidencePack:
        with django_capture_on_commit_callbacks(execute=True):
            pack = ask_for_pack(
                acting_user=cast.people[who],
                project=cast.project,
                options=PackOptions(edition="2018", **chosen),
                reason=reason,
                as_of=None,
                nonce=form_nonce(""),
            )
        return fresh(cast, pack.ref)

    return ask


def fresh(cast: Cast, ref: str = "P-01") -> EvidencePack:
    """A pack as it stands now."""
    pack = EvidencePack.objects.select_related("job").get(project=cast.project, ref=ref)
    pack.project = cast.project
    return pack


def actions(cast: Cast) -> list[str]:
    """What the trail says of packs."""
    found = Event.objects.filter(stream_id=cast.project.uuid, kind="evidence pack").order_by("seq")
    return list(found.values_list("action", flat=True))


def test_an_auditor_looks_at_what_will_be_in_builds_and_fetches_a_pack(
    cast, sign_in, django_capture_on_commit_callbacks, tmp_path
):
    add(cast, refs=("CH.i",))
    client = sign_in(cast.audra)
    look = client.get(f"{PACKS}new/?edition=2018&clause=8.5.1")
    assert look.status_code == 200
    assert look.context["preview"]["counts"]["evidence"] == 1
    assert look.context["preview"]["lacking"][0].number.startswith("8.5.1")
    assert "Missing, and listed as missing" in look.content.decode()
    form = {"edition": "2018", "clause": "8.5.1", "reason": "Stage 1", "nonce": str(look.context["nonce"])}

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"{PACKS}new/", form)
        twice = client.post(f"{PACKS}new/", form)
    assert answer.url == twice.url == f"{PACKS}P-01/"
    page = client.get(answer.url)
    assert "Fetch the pack" in page.content.decode()
    assert "none: no certificate is set here" in page.content.decode()

    fetched = client.post(f"{PACKS}P-01/fetch/")
    pack = fresh(cast)
    assert fetched["Content-Disposition"] == f'attachment; filename="alder-evidence-{pack.cut_seq}-P-01.zip"'
    (tmp_path / "fetched.zip").write_bytes(b"".join(fetched))
    assert verified(tmp_path / "fetched.zip")[0] == 0
    assert PackFetch.objects.get().fetched_by == cast.audra
    assert actions(cast) == ["ask", "build", "fetch"]
    listed = client.get(PACKS).content.decode()
    assert "Stage 1" in listed
    assert "clause 8.5.1" in listed


def test_no_reason_a_day_ahead_and_a_clause_that_is_not_are_answered_where_they_stand(cast, sign_in):
    client = sign_in(cast.mara)

    nothing = client.post(f"{PACKS}new/", {"reason": "  ", "clause": "8.5.1"})
    assert nothing.status_code == 422
    assert "Say what it is for" in nothing.content.decode()
    assert nothing.context["preview"]["scope"].startswith("ISO/IEC 20000-1:2018, clause 8.5.1")
    ahead = client.get(f"{PACKS}new/?as_of=2031-01-01")
    assert (ahead.status_code, ahead.context["form"].errors["as_of"]) == (
        422,
        ["2031-01-01 has not come yet; today is 2026-03-02. Take an earlier day."],
    )
    assert "1999-01-01 lies before the project" in client.get(f"{PACKS}new/?as_of=1999-01-01").content.decode()
    assert client.get(f"{PACKS}new/?clause=99").status_code == 422
    assert client.get(f"{PACKS}new/?since=2026-02-01&until=2026-01-01").status_code == 422
    assert client.get(f"{PACKS}new/?colour=red").status_code == 400
    assert EvidencePack.objects.count() == 0


def test_a_pack_of_two_who_ask_for_the_same_has_the_same_bytes(cast, asked):
    add(cast)
    first, second = asked(), asked("audra", "Stage 2")

    assert (first.ref, second.ref) == ("P-01", "P-02")
    assert first.sha256 == second.sha256
    assert cut_of(cast.project).seq == first.cut_seq == second.cut_seq


def test_a_file_that_is_altered_fails_the_pack_and_the_page_names_it(cast, asked, sign_in):
    path = stored_of(add(cast))
    os.chmod(path, 0o600)
    path.write_bytes(b"other")
    pack = asked()

    said = "E-0001 revision 1 (report.pdf) is altered: its file is not what was taken in."
    assert (pack.state, pack.job.state) == (PackState.FAILED, "failed")
    assert said in pack.problem
    assert said in sign_in(cast.mara).get(f"{PACKS}P-01/").content.decode()
    assert actions(cast) == ["ask", "fail"]
    assert sign_in(cast.mara).post(f"{PACKS}P-01/fetch/").status_code == 422


def test_a_full_disk_is_said_and_nothing_is_left(cast, asked, monkeypatch, settings):
    def full(*_args: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(pack_jobs, "keep_pack", full)
    pack = asked()

    assert pack.problem == "The disk is full. Nothing of the pack was kept. Tell the administrator."
    assert [each for each in Path(settings.DATA_DIR).rglob("*") if each.is_file() and "media" not in each.parts] == []


def test_who_lost_access_meanwhile_and_who_may_see_less_are_refused(cast, asked, sign_in):
    add(cast, title="Salaries", classification=Classification.CONFIDENTIAL)
    pack = asked("audra")
    assert "E-0001 1" in opened(pack_path(pack)).evidence()
    client = sign_in(cast.audra)
    EvidencePack.objects.update(rights=[*pack.rights, "person 0"])
    assert client.post(f"{PACKS}P-01/fetch/").status_code == 403
    assert "may hold what you may not see" in client.get(f"{PACKS}P-01/").content.decode()
    EvidencePack.objects.update(rights=pack.rights)

    Membership.objects.filter(user=cast.audra).update(ends_at=NOW - timedelta(hours=1))
    assert client.post(f"{PACKS}P-01/fetch/").status_code == 404
    with pytest.raises(NotPermitted):
        fetch_pack(acting_user=cast.audra, pack=fresh(cast))
    assert PackFetch.objects.count() == 0


def test_one_who_sees_less_gets_a_pack_of_less(cast):
    assert "confidential" in rights_of(access_to(cast.project, cast.audra))
    assert rights_of(access_to(cast.project, cast.petra))[-1] == f"person {cast.petra.pk}"


def test_an_auditor_whose_access_ends_before_the_job_runs_gets_nothing(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as sent:
        ask_for_pack(
            acting_user=cast.audra, project=cast.project, options=PackOptions("2018"), reason="x", as_of=None,
            nonce=form_nonce(""),
        )  # fmt: skip
    Membership.objects.filter(user=cast.audra).update(ends_at=NOW - timedelta(hours=1))
    for send in sent:
        send()

    assert Job.objects.get().state == "failed"
    assert not pack_path(fresh(cast)).exists()


def test_kept_packs_are_verified_and_old_ones_leave_their_hash(cast, asked, sign_in):
    pack = asked()
    assert list(check_packs(False)) == []
    content = pack_path(pack).read_bytes()
    pack_path(pack).write_bytes(content[:-1] + b"!")
    assert list(check_packs(False)) == ["the evidence pack P-01 of alder is altered: it is not what was built"]
    (pack_path(pack).parent / "stray").write_text("x")
    pack_path(pack).unlink()
    assert next(iter(check_packs(False))) == "the evidence pack P-01 of alder is missing"
    assert "in the folder of packs belongs to none" in list(check_packs(False))[1]
    with pytest.raises(RuleBroken, match="P-01 is not there to be fetched"):
        fetch_pack(acting_user=cast.mara, pack=fresh(cast))

    pack_path(pack).write_bytes(content)
    with clock.moved_to(NOW + timedelta(days=89)):
        assert drop_old_packs() == 0
    with clock.moved_to(NOW + timedelta(days=91)):
        assert (drop_old_packs(), drop_old_rows()) == (1, 1)
    gone = fresh(cast)
    assert (gone.state, gone.job, gone.sha256, pack_path(gone).exists()) == (PackState.GONE, None, pack.sha256, False)
    assert "Build it again" in sign_in(cast.mara).get(f"{PACKS}P-01/").content.decode()


def test_after_a_restore_packs_whose_files_did_not_come_back_are_gone(cast, asked):
    pack_path(asked()).unlink()
    assert settle_restored_packs() == 1
    assert list(check_packs(False)) == []


def certificate(folder: Path, settings) -> Path:
    """A key and a certificate of Alder's, set for the installation."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Alder packs")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2090, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    settings.SIGNING_KEY_FILE, settings.SIGNING_CERT_FILE = str(folder / "key.pem"), str(folder / "cert.pem")
    return folder / "cert.pem"


def test_a_pack_is_signed_where_a_certificate_is_set_and_openssl_and_the_program_say_so(
    cast, asked, sign_in, settings, tmp_path
):
    trusted = certificate(tmp_path, settings)
    pack = asked()
    assert pack.signed_by == "CN=Alder packs"
    client = sign_in(cast.mara)
    target = tmp_path / "handed.zip"
    target.write_bytes(b"".join(client.post(f"{PACKS}P-01/fetch/")))
    (tmp_path / "handed.zip.p7s").write_bytes(b"".join(client.get(f"{PACKS}P-01/signature/")))

    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "handed.zip.p7s", "-content"]
    run = subprocess.run(
        [*command, "handed.zip", "-CAfile", str(trusted), "-purpose", "any", "-out", "/dev/null"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    code, words = verified(target, "--ca", str(trusted))
    assert code == 0
    assert "The signature fits. It was made with the certificate subject=CN = Alder packs" in words
    content = bytearray(target.read_bytes())
    content[content.index(b"VERIFY.txt") + 12] ^= 1
    target.write_bytes(content)
    assert "handed.zip.p7s: does not fit: the ZIP or the signature was altered" in verified(target)[1]


def test_without_openssl_the_signature_is_said_not_to_be_checked(cast, asked, settings, tmp_path):
    certificate(tmp_path, settings)
    path = pack_path(asked())

    run = subprocess.run(
        [sys.executable, "-I", pack_build.PARTS / "verify_pack.py", path],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/none"},
    )
    assert run.returncode == 0
    assert "Signature not checked: openssl is not installed here." in run.stdout


def test_a_certificate_that_cannot_be_used_fails_the_pack(cast, asked, settings, tmp_path):
    certificate(tmp_path, settings)
    settings.SIGNING_KEY_FILE = str(tmp_path / "nothing.pem")
    assert "look at SIGNING_KEY_FILE and SIGNING_CERT_FILE" in asked().problem


def sent(client: Client, content: bytes, name: str = "pack.zip", **more: object):
    """Somebody has a pack checked."""
    return client.post(f"{PACKS}check/", {"pack": SimpleUploadedFile(name, content), "signature": "", **more})


def test_the_page_checks_a_pack_as_the_program_does_and_knows_its_own(cast, asked, sign_in, tmp_path):
    content = pack_path(asked()).read_bytes()
    client = sign_in(cast.audra)

    whole = sent(client, content)
    assert "The pack holds: nothing in it was altered" in whole.content.decode()
    assert list(whole.context["checked"].own) == [
        "It is P-01, byte for byte as it was built here.",
        f"Its trail is the one that is kept here: event {fresh(cast).cut_seq} has the same hash.",
    ]
    altered = bytearray(content)
    altered[content.index(b"HOW TO VERIFY")] ^= 1
    bad = sent(client, bytes(altered))
    assert "The pack does not hold: 1 thing is wrong with it." in bad.content.decode()
    assert "VERIFY.txt" in bad.context["checked"].faults[0][0]
    assert EvidencePack.objects.count() == 1


def test_a_bomb_a_cut_off_file_paths_that_lead_out_and_no_zip_at_all_are_answered_in_words(
    cast, asked, sign_in, tmp_path, monkeypatch
):
    content = pack_path(asked()).read_bytes()
    client = sign_in(cast.mara)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("manifest.json", bytes(30_000_000))
    (tmp_path / "out.zip").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "out.zip", "a") as out:
        out.writestr("alder/../../../tmp/x", b"x")

    assert "would grow from" in sent(client, (tmp_path / "bomb.zip").read_bytes()).content.decode()
    assert "it was cut off or altered" in sent(client, content[:-500]).content.decode()
    assert "leads out of the pack" in sent(client, (tmp_path / "out.zip").read_bytes()).content.decode()
    assert "no whole ZIP" in sent(client, b"hello").content.decode()
    assert sent(client, b"").status_code == 422
    monkeypatch.setattr(pack_check, "MOST_MB", 0)
    large = sent(client, content)
    assert large.status_code == 422
    assert "Check it on your own computer" in large.content.decode()


def test_the_program_on_the_page_is_the_one_in_the_pack(cast, asked, sign_in):
    inside = opened(pack_path(asked())).files["verify_pack.py"]
    assert b"".join(sign_in(cast.mara).get(f"{PACKS}verify_pack.py")) == inside


def test_a_stranger_sees_none_of_it(cast, asked, sign_in):
    asked()
    for path in ("", "new/", "P-01/", "check/"):
        assert sign_in(cast.bruno).get(f"{PACKS}{path}").status_code == 404
