# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens of SoftHSM's for the window tests."""

import os
import shutil
import subprocess

import console as ui

PIN = '123456'


def check_needed():
    for program in ('softhsm2-util', 'openssl'):
        if shutil.which(program) is None:
            ui.skip(f'{program} is not installed')


def run(*arguments):
    subprocess.run(arguments, check=True, capture_output=True)


def prepare(desktop):
    """Has everything that starts on the desktop see the tokens of a folder of its own."""
    os.mkdir(desktop.path('tokens'), 0o700)
    with open(desktop.path('softhsm2.conf'), 'w', encoding='utf-8') as file:
        file.write(f"directories.tokendir = {desktop.path('tokens')}\nobjectstore.backend = file\n")
    os.environ['SOFTHSM2_CONF'] = desktop.path('softhsm2.conf')


def make_token(label):
    run('softhsm2-util', '--init-token', '--free', '--label', label, '--pin', PIN, '--so-pin', '4321')


def put_key(desktop, token, label, key_id, *genpkey):
    path = desktop.path(f'{label}.pem')
    run('openssl', 'genpkey', '-out', path, '-algorithm', *genpkey)
    run('softhsm2-util', '--import', path, '--token', token, '--label', label, '--id', key_id,
        '--pin', PIN)
