"""The signature that stands beside a pack: CMS, detached, with the certificate of the organization."""

import mmap
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from django.conf import settings
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken

ENDING = ".p7s"


def is_signing() -> bool:
    """Whether this installation signs packs, or means to."""
    return bool(settings.SIGNING_KEY_FILE or settings.SIGNING_CERT_FILE)


def sign_pack(path: Path) -> str:
    """Write the signature of the pack at `path` beside it; returns who signed, "" where no certificate is set.

    The file is mapped and never read into memory. Raises RuleBroken where key or certificate cannot be used.
    """
    if not is_signing():
        return ""
    key, certificates = _key_and_certificates()
    signer = certificates[0]
    with (
        path.open("rb") as handle,
        _room_for(path.stat().st_size),
        mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        memoryview(mapped) as content,
    ):
        builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(signer, key, hashes.SHA256())
        for each in certificates[1:]:
            builder = builder.add_certificate(each)
        signature = builder.sign(
            serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature]
        )
    path.with_name(path.name + ENDING).write_bytes(signature)
    return signer.subject.rfc4514_string()[:200]


@contextmanager
def _room_for(size: int) -> Iterator[None]:
    """Let the address space of a worker, which has a limit, hold a map of the file: that takes no memory."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY:
        yield
        return
    wanted = soft + size
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _key_and_certificates() -> tuple[rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, list[x509.Certificate]]:
    try:
        key = serialization.load_pem_private_key(Path(settings.SIGNING_KEY_FILE).read_bytes(), password=None)
        certificates = x509.load_pem_x509_certificates(Path(settings.SIGNING_CERT_FILE).read_bytes())
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise ValueError("neither RSA nor EC")
        if key.public_key() != certificates[0].public_key():
            raise ValueError("of another key")
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise RuleBroken(
            _(
                "Packs are to be signed here, and key or certificate cannot be used. No pack was built; tell the "
                "administrator to look at SIGNING_KEY_FILE and SIGNING_CERT_FILE."
            )
        ) from error
    return key, certificates
