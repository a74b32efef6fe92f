# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""An agent that behaves as a test wants: it stands before a real one, and passes on what it has no
manner for."""

import http.client
import http.server
import json
import threading
import urllib.parse


def garbage(handler):
    handler.take_body()
    handler.answer(200, 'application/json', b'\xff\x00<h1>It works!</h1>' * 20000)


def problems(handler):
    """Ten thousand of them, in the document that tells why an update is refused."""
    handler.take_body()
    errors = [{'pointer': f'#/manifest/{i}', 'detail': 'wrong'} for i in range(10000)]
    text = json.dumps({'title': 'Forbidden', 'status': 403, 'code': 'ERR_INCORRECT_MANIFEST_FORMAT',
                       'detail': '10,000 fields are wrong', 'errors': errors})
    handler.answer(403, 'application/problem+json', text.encode())


def lies(handler):
    """JSON, and nothing in it is what it should be."""
    handler.answer(200, 'application/json', b'{"transactions": [1, {"sequence": "x"}], "next": []}')


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def take_body(self):
        return self.rfile.read(int(self.headers.get('Content-Length') or 0))

    def answer(self, status, content_type, body):
        self.send_response(status)
        self.send_header('Content-Type', content_type)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def pass_on(self):
        upstream = http.client.HTTPConnection(self.server.upstream)
        headers = {name: value for name, value in self.headers.items()
                   if name.lower() not in ('host', 'connection', 'expect')}
        upstream.request(self.command, self.path, self.take_body() or None, headers)
        reply = upstream.getresponse()
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in ('connection', 'transfer-encoding', 'server', 'date'):
                self.send_header(name, value)
        self.end_headers()
        while block := reply.read1(65536):
            self.wfile.write(block)
            self.wfile.flush()

    def handle_any(self):
        try:
            manners = self.server.agent.manners
            path = self.path.split('?')[0]
            manner = manners.get(f'{self.command} {path}')
            if manner is not None:
                manner(self)
            else:
                self.pass_on()
        except (OSError, http.client.HTTPException):
            pass   # the console did not wait, or the agent went away

    do_GET = do_HEAD = do_POST = handle_any


class HostileAgent:
    """What it does with a request is in manners: a function by “method path”."""

    def __init__(self, upstream):
        self.manners = {}
        self.released = threading.Event()
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.server.agent = self
        self.server.upstream = urllib.parse.urlsplit(upstream).netloc
        self.url = 'http://127.0.0.1:%d' % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hold(self, handler):
        """Answers, but not before it is released."""
        self.released.wait()
        handler.pass_on()
