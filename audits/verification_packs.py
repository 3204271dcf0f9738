"""What `manage.py verify` finds out about packs that are kept."""

from collections.abc import Iterator

from audits.choices import PackState
from audits.models import EvidencePack
from audits.selectors.packs import pack_path, packs_folder
from evidence.files import hash_of


def check_packs(_resume: bool) -> Iterator[str]:
    """Yield a sentence for each pack that is missing or not, byte for byte, what was built; and for each file that no
    pack stands for."""
    known = set()
    for pack in EvidencePack.objects.filter(state=PackState.READY).select_related("project").order_by("pk"):
        path, name = pack_path(pack), f"the evidence pack {pack.ref} of {pack.project.slug}"
        known |= {path, path.with_name(f"{path.name}.p7s")}
        try:
            found, size = hash_of(path)
        except OSError:
            yield f"{name} is missing"
            continue
        if (found, size) != (pack.sha256, pack.size):
            yield f"{name} is altered: it is not what was built"
        if pack.signed_by and not path.with_name(f"{path.name}.p7s").is_file():
            yield f"the signature of {name.removeprefix('the ')} is missing"
    for path in sorted(packs_folder().glob("*/*")):
        if path not in known:
            yield f"{path.relative_to(packs_folder())} in the folder of packs belongs to none"
