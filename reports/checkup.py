"""Can papers be laid out and mailed? The libraries and fonts of this machine, and the settings of mail."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from functools import partial
from pathlib import Path

from metrics.checkup import Finding, looked_at, ok, warning, wrong
from metrics.text import listed, number_of
from reports.schedule import Mail, has_deliveries, schedule

# what WeasyPrint opens, under the names of Linux, macOS and Windows
LIBRARIES = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
    "HarfBuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    "HarfBuzz subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
    "Fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
}
FONTS = ("Inter", "Noto Sans")
PACKAGES = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
FONT_PACKAGES = "apt-get install fonts-inter fonts-noto-core"
OTHERS = 0o077


def checkup_of_machine() -> list[Finding]:
    """Look at what every paper needs of the machine."""
    return looked_at([("system libraries", _libraries), ("fonts", _fonts)])


def checkup_of_mail(folder: Path) -> list[Finding]:
    """Look at how a centre mails its papers; nothing is sent."""
    return looked_at([("mail", partial(_mail, folder))])


def _libraries() -> Finding:
    lacking = [name for name, files in LIBRARIES.items() if not any(map(_opens, files))]
    if lacking:
        return wrong(f"{listed(lacking)} cannot be opened, so no PDF can be made", PACKAGES)
    return ok(listed(list(LIBRARIES)))


def _opens(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def _fonts() -> Finding:
    """Whether papers look as they are meant to, and names in every script have their letters."""
    ask = shutil.which("fc-match")
    if ask is None:
        return warning("fc-match is not here, so fonts cannot be asked for", "apt-get install fontconfig")
    found = {
        font: subprocess.run(
            [ask, "--format=%{family}", font], capture_output=True, text=True, check=False
        ).stdout.split(",")
        for font in FONTS
    }
    lacking = [font for font, families in found.items() if font not in families]
    if lacking:
        return warning(f"{listed(lacking)} lacking: papers take another, and rare letters may be lost", FONT_PACKAGES)
    return ok(listed(list(FONTS)))


def _mail(folder: Path) -> Finding:
    if not has_deliveries(folder):
        return ok("no report is scheduled")
    mail, deliveries = schedule(folder)
    return _of_files(mail, folder) or ok(
        f"{number_of(len(deliveries), 'delivery', 'deliveries')} by {mail.host}:{mail.port}, {mail.encryption}"
    )


def _of_files(mail: Mail, folder: Path) -> Finding | None:
    """What is wrong with the files that [mail] names."""
    for setting, name in (("password_file", mail.password_file), ("ca_file", mail.ca_file)):
        if name is None:
            continue
        path = folder / name
        if not path.is_file():
            return wrong(f"{setting} of [mail] names {name}, which is not there", f"Put the file at {path}.")
        if setting == "password_file" and path.stat().st_mode & OTHERS:
            return wrong(f"others may read {path}", f"chmod 600 {path}")
    if mail.user and mail.password_file is None:
        return wrong("[mail] names a user and no password_file", 'Write password_file = "secrets/mail", with the file.')
    return None
