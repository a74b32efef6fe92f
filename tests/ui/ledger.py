# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stories of the Ledger page share: a ledger that was made before the console starts."""

import os
import subprocess

PLACE = 'ImpLedgerPage'
N_AUTHORS, N_CLASSES, N_UPDATES = 3, 6, 300
HEIGHT = N_AUTHORS + N_UPDATES
NEWEST = HEIGHT - 1


def make_ledger(desktop):
    os.mkdir(desktop.path('console'), 0o700)
    subprocess.run([os.environ['IMPRIMATUR_MAKE_LEDGER'], '-n', str(N_UPDATES), '--authors', str(N_AUTHORS),
                    '--classes', str(N_CLASSES), desktop.path('console', 'ledger')],
                   check=True, stdout=subprocess.DEVNULL)


def open_page(console):
    console.visit('Ledger', PLACE)
    console.find_text(f'Line {NEWEST}, ', PLACE)


def look_row(console, text):
    return console.search(lambda node: node.get_role_name() == 'list item' and text in node.get_name(), PLACE)


def press_row(console, number, keys=()):
    for key in keys:
        subprocess.run(['xdotool', 'keydown', key], check=True)
    console.click(f'line {number}', lambda: look_row(console, f'Line {number}, '))
    for key in keys:
        subprocess.run(['xdotool', 'keyup', key], check=True)


def save_as(console, path):
    """Writes a path into the file chooser that is being opened, and waits until it is gone: the
    rows of its folder come and go too fast for AT-SPI of GTK 4.8."""
    n_windows = len(console.windows())
    console.wait('file chooser', lambda: len(console.windows()) > n_windows)
    console.settle()
    console.focus()
    console.key('ctrl+a')
    console.type(path)
    console.key('Return')
    console.wait('file chooser that is gone', lambda: len(console.windows()) == n_windows)
