"""What a guest can try on its network.

serve PORT...           echoes UDP and TCP; HTTP GET is answered with the caller's address
tcp ADDRESS PORT LIMIT  prints open, refused, filtered or unreachable
udp ADDRESS PORT LIMIT  prints answered, refused, silent or unreachable
http ADDRESS PORT LIMIT [PATH [HEADER...]] prints the body, after the status if there is a PATH
nova PORT               Nova's metadata API: tells who asks and how it is signed, answers with the id
bulk ADDRESS PORT BYTES sends so much to an echo service, prints the segment size once all has come back
flood ADDRESS PORT MBITS tcp|udp sends so much a second to who weighs it, until it is ended
weigh PORT              prints how many kbit of that arrive a second, of TCP or UDP
talk ADDRESS PORT       one TCP connection: sends each line of its input, prints each that comes back
send DEVICE HEX...      sends frames
capture DEVICE          prints each frame heard, in hex
relay PORT NAMESPACE    passes connections from this loopback on to the namespace's
"""

import ctypes
import errno
import select
import socket
import sys
import threading
import time

UNREACHABLE = (errno.EHOSTUNREACH, errno.ENETUNREACH)


def say(*words):
    print(*words, flush=True)


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def connect(address, port, limit):
    # a link-local address goes with its link: fe80::1%eth0
    target = socket.getaddrinfo(address, int(port), type=socket.SOCK_STREAM)[0]
    connection = socket.socket(target[0], socket.SOCK_STREAM)
    connection.settimeout(float(limit))
    connection.connect(target[4])
    return connection


def serve(*ports):
    listeners, datagrams, callers = set(), set(), {}
    for port in map(int, ports):
        stream = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stream.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        stream.bind(("::", port))
        stream.listen(64)
        listeners.add(stream)
        datagram = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        datagram.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        datagram.bind(("::", port))
        datagrams.add(datagram)
    say("serving", *ports)
    while True:
        for ready in select.select([*listeners, *datagrams, *callers], [], [])[0]:
            if ready in listeners:
                caller, peer = ready.accept()
                callers[caller] = peer[0].removeprefix("::ffff:")
                say("tcp from", callers[caller])
            elif ready in datagrams:
                data, peer = ready.recvfrom(65536)
                say("udp from", peer[0].removeprefix("::ffff:"))
                ready.sendto(data, peer)
            else:
                answer(ready, callers)


def answer(caller, callers):
    try:
        data = caller.recv(65536)
        if data.startswith(b"GET "):
            body = callers[caller].encode()
            head = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
            caller.sendall((head % len(body)).encode() + body)
            data = b""
        if data:
            caller.sendall(data)
            return
    except OSError:
        pass
    del callers[caller]
    caller.close()


def tcp(address, port, limit):
    try:
        connect(address, port, limit)
        say("open")
    except ConnectionRefusedError:
        say("refused")
    except TimeoutError:
        say("filtered")
    except OSError as e:
        if e.errno not in UNREACHABLE:
            raise
        say("unreachable")


def udp(address, port, limit):
    datagram = socket.socket(family(address), socket.SOCK_DGRAM)
    datagram.settimeout(float(limit))
    try:
        datagram.connect((address, int(port)))
        datagram.send(b"hello")
        say("answered" if datagram.recv(100) == b"hello" else "garbled")
    except ConnectionRefusedError:
        say("refused")
    except TimeoutError:
        say("silent")
    except OSError as e:
        if e.errno not in UNREACHABLE:
            raise
        say("unreachable")


def http(address, port, limit, path="", *headers):
    connection = connect(address, port, limit)
    lines = ["GET %s HTTP/1.0" % (path or "/"), "Host: lab", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode())
    data = b""
    while part := connection.recv(65536):
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    say(*([head.split()[1].decode()] if path else []), body.decode().strip())


def nova(port):
    listener = socket.create_server(("", int(port)), backlog=64)
    say("serving", port)
    while True:
        caller, _ = listener.accept()
        threading.Thread(target=tell, args=(caller,), daemon=True).start()


def tell(caller):
    names = ("x-forwarded-for", "x-instance-id", "x-tenant-id", "x-instance-id-signature")
    with caller, caller.makefile("rb") as lines:
        while line := lines.readline():
            path, headers = line.split()[1].decode(), {}
            while header := lines.readline().strip():
                name, _, value = header.decode().partition(":")
                headers.setdefault(name.lower(), []).append(value.strip())
            told = [",".join(headers.get(name, ())) for name in names]
            say("asked|" + "|".join([path, *told]) + "|")
            body = told[1].encode()
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


def bulk(address, port, size):
    connection = connect(address, port, 20)
    data = bytes(int(size))
    threading.Thread(target=connection.sendall, args=(data,), daemon=True).start()
    left = len(data)
    while left:
        part = connection.recv(65536)
        if not part:
            sys.exit("ended %d bytes early" % left)
        left -= len(part)
    say(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG))


def flood(address, port, mbits, protocol):
    piece = bytes(1200)
    pause = len(piece) * 8 / (float(mbits) * 1e6)
    stream = socket.socket(family(address), socket.SOCK_DGRAM)
    if protocol == "tcp":
        stream = connect(address, port, 20)
    say("flooding")
    due = time.monotonic()
    while True:
        try:
            if protocol == "tcp":
                stream.sendall(piece)
            else:
                stream.sendto(piece, (address, int(port)))
        except OSError:
            if protocol == "tcp":
                sys.exit("the receiver is gone")
        due = max(due + pause, time.monotonic() - 0.1)
        time.sleep(max(0, due - time.monotonic()))


def weigh(port):
    """What a limit lets through at once has passed before the weighing begins."""
    streams = [socket.create_server(("::", int(port)), family=socket.AF_INET6, dualstack_ipv6=True)]
    datagrams = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    datagrams.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    datagrams.bind(("::", int(port)))
    say("weighing")
    counted, begun, whole = 0, 0, 0
    while not whole:
        for ready in select.select([datagrams, *streams], [], [])[0]:
            if ready is streams[0]:
                streams.append(ready.accept()[0])
                continue
            size = len(ready.recv(65536))
            now = time.monotonic()
            begun = begun or now
            if now - begun > 0.7:
                counted += size
            if now - begun > 2:
                whole = now - begun - 0.7
    say(round(counted * 8 / whole / 1000))


def talk(address, port):
    lines = connect(address, port, 10).makefile("rw")
    say("connected")
    for line in sys.stdin:
        lines.write(line)
        lines.flush()
        print(lines.readline(), end="", flush=True)


def raw(device):
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    link.bind((device, 3))
    return link


def send(device, *frames):
    link = raw(device)
    for frame in frames:
        link.send(bytes.fromhex(frame))


def capture(device):
    link = raw(device)
    say("capturing")
    while True:
        frame, origin = link.recvfrom(65536)
        if origin[2] != socket.PACKET_OUTGOING:
            say(frame.hex())


def relay(port, namespace):
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    # A socket stays in the namespace that it was made in; those made from now on are in the other.
    with open(namespace) as entered:
        if ctypes.CDLL(None, use_errno=True).setns(entered.fileno(), 0) != 0:
            sys.exit("setns: " + errno.errorcode[ctypes.get_errno()])
    say("relaying at", listener.getsockname()[1])
    while True:
        caller, _ = listener.accept()
        try:
            service = connect("127.0.0.1", port, 10)
            service.settimeout(None)
        except OSError:
            caller.close()
            continue
        threading.Thread(target=pour, args=(caller, service), daemon=True).start()
        threading.Thread(target=pour, args=(service, caller), daemon=True).start()


def pour(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        # One end broke off: break off the other as well.
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


if __name__ == "__main__":
    verbs = (serve, tcp, udp, http, nova, bulk, flood, weigh, talk, send, capture, relay)
    {verb.__name__: verb for verb in verbs}[sys.argv[1]](*sys.argv[2:])
