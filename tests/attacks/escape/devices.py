"""Opens and makes devices: memory, kernel messages, disks, virtual machines, fuse.

ends: ok
earns: full
"""

# %%
import os
import stat

for name in (
    "mem",
    "kmem",
    "port",
    "kmsg",
    "kvm",
    "fuse",
    "loop0",
    "loop-control",
    "sda",
    "vda",
    "net/tun",
    "vsock",
    "uinput",
    "rtc0",
    "mapper/control",
    "userfaultfd",
):
    try:
        os.close(os.open(f"/dev/{name}", os.O_RDWR))
        print("WON open", name)
    except OSError:
        pass
for number in (os.makedev(1, 1), os.makedev(8, 0), os.makedev(254, 0)):
    for kind in (stat.S_IFCHR, stat.S_IFBLK):
        for path in ("/submission/node", "/tmp/node", "/dev/shm/node"):
            try:
                os.mknod(path, kind | 0o666, number)
                print("WON mknod", path)
            except OSError:
                pass
