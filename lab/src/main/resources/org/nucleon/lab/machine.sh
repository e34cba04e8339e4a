# The first process of a machine: makes what is private to it, says "ready", and stays to reap orphans.
set -e
mount -t sysfs lab /sys
mount --bind /run/lab /mnt
mount -t tmpfs lab /run
mkdir -p /run/lab /run/netns /run/lock /run/openvswitch
mount --move /mnt /run/lab
for folder in etc var; do
    own=/run/.own/$folder
    mkdir -p "$own/upper" "$own/work"
    mount -t overlay -o "lowerdir=/$folder,upperdir=$own/upper,workdir=$own/work" lab "/$folder"
done
echo "$1" >/proc/sys/kernel/hostname
ip link set lo up
echo ready
while :; do sleep 3600; done
