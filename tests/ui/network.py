# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network between the console and the real agents of this computer that can be made a bad one.

As a program it is what the console starts in the place of imprimaturd: it starts that, puts a proxy
before each agent, and says where those are. As a module it is how a test tells it what to do with
which requests, while it runs:

    network = Network(desktop)
    network.set(('/v1/ledger', HOLD))

The rules are a file, which each request looks at. The first rule whose text is in “METHOD /path”
says what happens to it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

HOLD = 'hold'        # the request waits until the rule is gone
GARBLE = 'garble'    # 200, and bytes that are no JSON
CUT = 'cut'          # the answer ends in the middle
DROP = 'drop'        # the connection is closed without an answer
REFUSE = 'refuse'    # 503 with a problem
FORGE = 'forge'      # the answer says of updates that they were deleted

TROUBLE = 'the store is full'
ROLES = ['author', 'register', 'retrieval', 'verification']
PAUSE = 0.05
BLOCK = 64 * 1024
CUT_AFTER = 600      # bytes: past the head, and less than any answer that matters
TRUE, FORGED = b'createUpdate', b'deleteUpdate'


def answer(status, kind, body):
    return (f'HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n'
            f'Connection: close\r\n\r\n{body}').encode()


ANSWERS = {
    GARBLE: answer('200 OK', 'application/json', '{"transactions": [{"sequence": \x01\x02'),
    REFUSE: answer('503 Service Unavailable', 'application/problem+json', json.dumps(
        {'type': 'about:blank', 'title': 'Service Unavailable', 'status': 503,
         'code': 'ERR_UNAVAILABLE', 'detail': TROUBLE})),
}


class Network:
    """The test’s end: it has the console start agents behind the proxy, and sets its rules."""

    def __init__(self, desktop):
        self.path = desktop.path('network.json')
        program = desktop.path('network')
        self.set()
        with open(program, 'w', encoding='utf-8') as file:
            file.write(f'#!/bin/sh\nexec "{sys.executable}" "{os.path.realpath(__file__)}" '
                       f'"{self.path}" "{os.environ["IMPRIMATURD"]}" "$@"\n')
        os.chmod(program, 0o700)
        os.environ['IMPRIMATURD'] = program

    def set(self, *rules):
        """These rules, and no others."""
        with open(self.path + '.new', 'w', encoding='utf-8') as file:
            json.dump(rules, file)
        os.rename(self.path + '.new', self.path)


def find_rule(path, request):
    with open(path, encoding='utf-8') as file:
        rules = json.load(file)
    return next((what for text, what in rules if text in request), None)


def read_head(client):
    """The request line and headers, and what came of the body with them."""
    data = b''
    while b'\r\n\r\n' not in data:
        more = client.recv(BLOCK)
        if not more:
            return None, data
        data += more
    head, _, body = data.partition(b'\r\n\r\n')
    return head.decode('latin-1').split('\r\n'), body


def pump(source, target, change=lambda data: data):
    """Until the source ends, or the change says with nothing that this is the end."""
    try:
        while (data := source.recv(BLOCK)) and (data := change(data)):
            target.sendall(data)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def make_cut():
    left = CUT_AFTER

    def cut(data):
        nonlocal left
        data = data[:left]
        left -= len(data)
        return data
    return cut


def forward(client, port, head, body, what):
    """One request a connection, so that each request meets the rules."""
    lines = [line for line in head if not line.lower().startswith('connection:')]
    with socket.create_connection(('127.0.0.1', port)) as agent:
        agent.sendall('\r\n'.join(lines + ['Connection: close', '', '']).encode('latin-1') + body)
        threading.Thread(target=pump, args=(client, agent), daemon=True).start()
        if what == CUT:
            pump(agent, client, make_cut())
        elif what == FORGE:
            pump(agent, client, lambda data: data.replace(TRUE, FORGED))
        else:
            pump(agent, client)


def reply(client, data):
    """What is still being sent is taken, or the answer would be lost with the connection."""
    client.sendall(data)
    client.shutdown(socket.SHUT_WR)
    while client.recv(BLOCK):
        pass


def serve(client, port, rules):
    with client:
        head, body = read_head(client)
        if head is None:
            return
        request = head[0].rsplit(' ', 1)[0]
        while (what := find_rule(rules, request)) == HOLD:
            time.sleep(PAUSE)
        if what in ANSWERS:
            reply(client, ANSWERS[what])
        elif what != DROP:
            forward(client, port, head, body, what)


def serve_safely(client, port, rules):
    try:
        serve(client, port, rules)
    except OSError:
        pass   # either side went away, as they may


def listen(port, rules):
    """Puts a proxy before an agent, and returns its port."""
    listener = socket.create_server(('127.0.0.1', 0), backlog=64)

    def accept():
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve_safely, args=(client, port, rules), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def main(rules, program, *arguments):
    # Its standard input is ours, so that it ends when the console does.
    agents = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, text=True)
    signal.signal(signal.SIGTERM, lambda *_: agents.terminate())
    line = agents.stdout.readline()
    if line:
        places = json.loads(line)
        for role in ROLES:
            places[role] = f'http://127.0.0.1:{listen(int(places[role].rsplit(":", 1)[1]), rules)}'
        print(json.dumps(places), flush=True)
    return agents.wait()


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
