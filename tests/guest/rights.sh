#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In the guest: udev gives the node to the group by the rule, and users with and without the group
# measure. Says TAP; what each user got is in $DMABENCH_OUT as NAME.json and NAME.list.
# shellcheck disable=SC2317,SC3045 # called by result(); busybox has ulimit -l

udevadm=build/tests/rights/udevadm
udevd=build/tests/rights/systemd-udevd
count=0
status=0

result() { # TEXT COMMAND...
	text=$1
	shift
	count=$((count + 1))
	if "$@" >&2; then
		echo "ok $count - $text"
	else
		echo "not ok $count - $text"
		status=1
	fi
}

node_is() {
	said=$(stat -c '%a %u %g' /dev/dmabench)
	echo "/dev/dmabench is $said"
	[ "$said" = "$1" ]
}

others() {
	find /dev -type c -o -type b | grep -vx /dev/dmabench | sort | while read -r node; do
		stat -c '%n %a %u %g' "$node"
	done
}

udev() {
	timeout 60 "$udevadm" "$@"
}

# measure NAME USER LIMIT: in KiB, as ulimit takes it.
measure() {
	mkdir -p "/tmp/$1" && chown "$2" "/tmp/$1"
	su -s /bin/sh "$2" -c "ulimit -l $3; cd /dmabench
		build/dmabench list >/tmp/$1/list
		build/dmabench run --path memcpy,pinned,registered,coherent,engine --size 16K,128K --chunk 128K \
			--launches 1 --samples 1 --sample-ms 0 --cpu-ms 0 -o /tmp/$1/r.json" >&2
	code=$?
	cp "/tmp/$1/list" "$DMABENCH_OUT/$1.list" && cp "/tmp/$1/r.json" "$DMABENCH_OUT/$1.json" && return "$code"
}

echo 1..9
group=$(awk '$1 == "g" { print $2 }' driver/access/dmabench.conf)
printf '%s:x:990:member\n' "$group" >>/etc/group
printf 'member:x:1001:1001::/tmp:/bin/sh\nother:x:1002:1002::/tmp:/bin/sh\n' >>/etc/passwd
mkdir -p /etc/udev/rules.d /run/udev
# It is the daemon by that name.
ln -s udevadm "$udevd"
chmod 666 /dev/null /dev/zero
ulimit -l unlimited

result "the module makes its node for root alone" node_is "600 0 0"
others >/tmp/before
cp driver/access/60-dmabench.rules /etc/udev/rules.d/
"$udevd" --daemon >&2
result "udev reads the rule" udev control --ping
udev trigger --action=add >&2 && udev settle --timeout=60 >&2
result "the node is the group's" node_is "660 0 990"
others >/tmp/after
result "no other node has changed" diff /tmp/before /tmp/after
rmmod dmabench && insmod /lib/modules/dmabench.ko && udev settle --timeout=60 >&2
result "and a node that is made later, too" node_is "660 0 990"

result "other: a run" measure other other 65536
result "member: a run" measure member member 65536
result "member with a limit of 0: a run" measure locked-0 member 0
result "member with a limit of 64 KiB: a run" measure locked-64 member 64
exit $status
