"""Appends every frame that the network namespace which this runs in sees to a file, until it is killed. usage: wire.py FILE"""

import socket
import sys

ALL_PROTOCOLS = 3
LONGEST_FRAME = 1 << 17  # of a link that leaves segmenting to the receiver
WAITING_BYTES = 32 << 20

with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS)) as wire, open(sys.argv[1], "ab", buffering=0) as out:
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WAITING_BYTES)
    print("listening", flush=True)
    while True:
        out.write(wire.recv(LONGEST_FRAME))
