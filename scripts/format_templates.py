"""make format: format the templates with djade, which formats what it is given and finds no files by itself."""

import subprocess
import sys
from pathlib import Path

from scripts.source_files import source_files


def main() -> int:
    templates = [str(path) for path in source_files(".html", ".txt", under="templates/")]
    if templates:
        # Its exit code tells whether it changed a file, which is no failure here.
        subprocess.run([str(Path(sys.executable).parent / "djade"), "--target-version", "5.2", *templates], check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
