#!/bin/sh
# Called by udhcpc with what happened, and the lease in variables. Configures the interface and reports.
case $1 in
deconfig)
    ip -4 addr flush dev "$interface"
    ip link set "$interface" up
    ;;
bound | renew)
    ip addr replace "$ip/$mask" dev "$interface"
    [ -z "$mtu" ] || ip link set "$interface" mtu "$mtu"
    if [ -n "$staticroutes" ]; then
        # RFC 3442: with classless routes the router option is not used.
        set -- $1 $staticroutes
        event=$1
        shift
        while [ $# -gt 1 ]; do
            if [ "$2" = 0.0.0.0 ]; then
                ip route replace "$1" dev "$interface"
            else
                ip route replace "$1" via "$2" dev "$interface"
            fi
            shift 2
        done
        set -- "$event"
    else
        for gateway in $router; do
            ip route replace default via "$gateway" dev "$interface"
            break
        done
    fi
    : >/etc/resolv.conf
    for server in $dns; do echo "nameserver $server" >>/etc/resolv.conf; done
    echo "lease|$1|$ip|$mask|$router|$mtu|$dns|$domain|$staticroutes|$serverid|$lease|"
    ;;
leasefail | nak)
    echo "no lease: $1"
    ;;
esac
