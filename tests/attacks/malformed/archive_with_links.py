"""Is an archive with hard links, symbolic links and devices, under the notebook's name.

ends: unreadable
earns: 0
"""


def hand_in(path, notebook):
    import tarfile

    with tarfile.open(path, "w:gz") as made:
        for name, kind, target in (
            ("labels.ipynb", tarfile.LNKTYPE, "@COURSE@/gradebook.db"),
            ("../../labels.ipynb", tarfile.SYMTYPE, "/etc/passwd"),
            ("/var/tmp/slipped", tarfile.REGTYPE, ""),
            ("null", tarfile.CHRTYPE, ""),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            made.addfile(member)
