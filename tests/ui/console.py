# SPDX-FileCopyrightText: 2026 The Imprimatur authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real console on a screen of its own, as a person without eyes would use it.

A Desktop is what a session is made of: an X server, a session bus, the accessibility bus and an
unlocked keyring, all private and gone in the end. A Console is the program running on it, found
through AT-SPI, and used by mouse and keys.

Nothing here sleeps for a guessed time. Waits end when what they wait for is there; their bounds
are generous, because a test machine may be busy.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TIMEOUT = float(os.environ.get('IMPRIMATUR_TEST_TIMEOUT', '60'))
FOCUS_TIMEOUT = 20
CONTROLS = ['push button', 'toggle button', 'check box', 'radio button', 'combo box', 'entry', 'text',
            'password text', 'spin button', 'slider', 'link', 'page tab', 'tree table',
            'table', 'progress bar']
TAB_STOPS = ['push button', 'toggle button', 'check box', 'combo box', 'entry', 'text',
             'password text', 'spin button', 'slider', 'link']
WHEEL_UP, WHEEL_DOWN = 4, 5
WHEEL_STEP = 100     # pixels; a notch scrolls somewhat fewer

APP = 'io.github.imprimatur.Imprimatur'
NEEDED = ['Xvfb', 'dbus-daemon', 'gnome-keyring-daemon', 'xdotool', 'import']
LAUNCHERS = ['/usr/libexec/at-spi-bus-launcher', '/usr/lib/at-spi2-core/at-spi-bus-launcher',
             '/usr/lib/at-spi-bus-launcher']


def skip(reason):
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)


def check_needed():
    for program in NEEDED:
        if shutil.which(program) is None:
            skip(f'{program} is not installed')
    if not any(os.path.exists(path) for path in LAUNCHERS):
        skip('at-spi-bus-launcher is not installed')
    try:
        import gi
        gi.require_version('Atspi', '2.0')
    except (ImportError, ValueError):
        skip('AT-SPI for Python (gir1.2-atspi-2.0, python3-gi) is not installed')


class Failure(Exception):
    """What a person would report."""


class Desktop:
    """A session of its own."""

    def __init__(self, size='1280x900', scheme=None, large_text=False, high_contrast=False,
                 keyring=True):
        check_needed()
        self.directory = tempfile.mkdtemp(prefix='imprimatur-ui-')
        self.children = []
        self.keyring = None
        if high_contrast:
            os.environ['ADW_DEBUG_HIGH_CONTRAST'] = '1'
        self._start(size, scheme, large_text, keyring)

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def spawn(self, arguments, **kwargs):
        child = subprocess.Popen(arguments, start_new_session=True, **kwargs)
        self.children.append(child)
        return child

    def _start(self, size, scheme, large_text, keyring):
        for variable, name in (('HOME', 'home'), ('XDG_DATA_HOME', 'data'),
                               ('XDG_CONFIG_HOME', 'config'), ('XDG_CACHE_HOME', 'cache'),
                               ('XDG_RUNTIME_DIR', 'run')):
            os.mkdir(self.path(name), 0o700)
            os.environ[variable] = self.path(name)
        os.environ.update(GDK_BACKEND='x11', GSK_RENDERER='cairo', GTK_A11Y='atspi',
                          GSETTINGS_BACKEND='memory', GIO_USE_VFS='local', LC_ALL='C.UTF-8',
                          G_DEBUG='fatal-criticals', NO_AT_BRIDGE='0')
        for variable in ('WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'SECRET_BACKEND', 'LANGUAGE',
                         'AT_SPI_BUS_ADDRESS', 'GNOME_KEYRING_CONTROL'):
            os.environ.pop(variable, None)
        if scheme:
            os.environ['ADW_DEBUG_COLOR_SCHEME'] = scheme

        os.environ['DISPLAY'] = ':' + self._start_and_read(
            ['Xvfb', '-displayfd', '{fd}', '-screen', '0', size + 'x24', '-nolisten', 'tcp',
             '-noreset'])
        os.environ['DBUS_SESSION_BUS_ADDRESS'] = self._start_and_read(
            ['dbus-daemon', *self._bus_config(keyring), '--nofork', '--print-address={fd}'])
        launcher = next(path for path in LAUNCHERS if os.path.exists(path))
        # The registry it starts says so on standard output, which is for the test alone.
        self.spawn([launcher, '--launch-immediately'], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
        if keyring:
            self._start_keyring()
        if large_text:
            self._start_large_text()

    def _start_and_read(self, arguments):
        """Starts a server and reads the line with which it says where it is."""
        reader, writer = os.pipe()
        self.spawn([argument.format(fd=writer) for argument in arguments], pass_fds=[writer],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            line = pipe.readline().strip()
        if not line:
            skip(f'{arguments[0]} does not start')
        return line

    def _bus_config(self, keyring):
        """A bus starts an installed keyring service by itself, unless it knows of no services."""
        if keyring:
            return ['--session']
        with open(self.path('bus.conf'), 'w', encoding='utf-8') as file:
            file.write('<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" '
                       '"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">'
                       '<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>'
                       '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
                       '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>')
        return ['--config-file=' + self.path('bus.conf')]

    def _start_keyring(self):
        self.keyring = self.spawn(['gnome-keyring-daemon', '--foreground', '--unlock',
                                   '--components=secrets'],
                                  stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        self.keyring.stdin.write(b'a password of this test')
        self.keyring.stdin.close()

    def _start_large_text(self):
        with open(self.path('xsettings'), 'w', encoding='utf-8') as file:
            file.write('Xft/DPI 196608\n')
        self.spawn(['xsettingsd', '-c', self.path('xsettings')], stderr=subprocess.DEVNULL)

    def ctl(self, *arguments):
        """Runs imprimaturctl on the console's own data, and returns what it prints as JSON."""
        result = subprocess.run([os.environ['IMPRIMATURCTL'], '--json', '--data-dir',
                                 self.path('console'), *arguments],
                                capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise Failure(f'imprimaturctl {" ".join(arguments)}: {result.stderr}')
        return json.loads(result.stdout or 'null')

    def publish(self, class_id, *versions, key='Release key'):
        """A registered author, some updates of one class, and a device that runs the first.
        Returns what was told of each update."""
        firmware = find_firmware()
        self.ctl('key', 'generate', '--type', 'ed25519', key)
        self.ctl('author', 'register')
        updates = [self.ctl('publish', firmware, '--class', class_id, '--version', version)
                   for version in versions]
        self.ctl('device', 'new', '--class', class_id, '--installed', versions[0])
        return updates

    def close(self):
        for child in reversed(self.children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
                child.send_signal(signal.SIGCONT)
        for child in reversed(self.children):
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Activated:
    """A process that the session bus started: what Console asks of one that it started itself."""

    returncode = 0

    def __init__(self, app_id):
        subprocess.run(['gapplication', 'launch', app_id], check=True, timeout=TIMEOUT)
        reply = subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus',
                                '--object-path', '/org/freedesktop/DBus', '--method',
                                'org.freedesktop.DBus.GetConnectionUnixProcessID', app_id],
                               check=True, capture_output=True, text=True).stdout
        self.pid = int(re.search(r'uint32 (\d+)', reply)[1])

    def poll(self):
        try:
            with open(f'/proc/{self.pid}/stat', encoding='utf-8') as file:
                return 0 if file.read().rsplit(')', 1)[1].split()[0] == 'Z' else None
        except OSError:
            return 0

    def wait(self, timeout):
        end = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired('imprimatur', timeout)
            time.sleep(0.05)


class Console:
    """The running program: the test starts it, or the session bus does (activate)."""

    def __init__(self, desktop, program, *arguments, shots=None, activate=None):
        import gi
        gi.require_version('Atspi', '2.0')
        from gi.repository import Atspi, GLib
        self.atspi, self.glib = Atspi, GLib
        self.desktop = desktop
        self.shots = shots
        self.n_shots = 0
        self.log = desktop.path('console.log')
        with open(self.log, 'ab') as log:
            self.process = Activated(activate) if activate else desktop.spawn(
                [program, '--data-dir', desktop.path('console')] + list(arguments),
                stdout=log, stderr=log)
        self.focused, self.n_moves = '', 0
        self.focus_listener = Atspi.EventListener.new(self.focus_moved)
        self.focus_listener.register('object:state-changed:focused')
        self.listener = Atspi.EventListener.new(lambda event: None)
        for event in ('object:children-changed', 'object:property-change', 'object:state-changed',
                      'object:text-changed', 'window'):
            self.listener.register(event)

    # Waiting

    def wait(self, what, function, timeout=None):
        """Until function() is true; it is asked again whenever something happened, and at least
        five times a second."""
        context = self.glib.MainContext.default()
        end = time.monotonic() + (timeout or TIMEOUT)
        while True:
            try:
                result = function()
            except self.glib.Error:
                result = None   # it went away while it was looked at
            if result:
                return result
            if self.process.poll() is not None:
                raise Failure(f'the console ended ({self.process.returncode}) while waiting for '
                              f'{what}:\n{self.read_log()}')
            if time.monotonic() > end:
                raise Failure(f'no {what} after {timeout or TIMEOUT:.0f} s\n{self.read_log()}')
            wake = self.glib.timeout_add(200, lambda: False)
            context.iteration(True)
            while context.pending():
                context.iteration(False)
            if context.find_source_by_id(wake):
                self.glib.source_remove(wake)

    def read_log(self):
        with open(self.log, encoding='utf-8', errors='replace') as log:
            return log.read()

    # Finding

    def application(self):
        root = self.atspi.get_desktop(0)
        root.clear_cache()
        for i in range(root.get_child_count()):
            child = root.get_child_at_index(i)
            if child is not None and child.get_name() == 'imprimatur':
                return child
        return None

    def walk(self, node, inside=None):
        """All below a node. Of the window's places only the one that is meant: the others are
        there all the time, and walking through them would only take time."""
        yield node
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child is None or self.is_other_place(child, inside):
                continue
            yield from self.walk(child, inside)

    @staticmethod
    def is_other_place(node, inside):
        name = node.get_name() or ''
        return name.startswith('Imp') and name.endswith('Page') and name != inside

    @staticmethod
    def fits(node, role, name):
        if role is not None and node.get_role_name() != role:
            return False
        return name is None or Console.fits_name(node.get_name(), name)

    @staticmethod
    def fits_name(found, name):
        # GTK 4.8 says the label of a button with a mnemonic twice: “_Cancel Cancel”.
        return found in (name, f'_{name} {name}')

    def seen(self, node):
        area = node.get_component_iface().get_extents(self.atspi.CoordType.WINDOW)
        return area.width > 0 and area.height > 0

    def look(self, role, name, inside=None):
        """The first such thing that has a size, or None."""
        return self.search(lambda node: self.fits(node, role, name), inside)

    def search(self, fits, inside):
        top = self.find_place(inside) if inside else self.application()
        for node in self.walk(top, inside) if top is not None else ():
            try:
                if fits(node) and self.seen(node):
                    return node
            except (self.glib.Error, AttributeError):
                continue
        return None

    def find_place(self, place):
        application = self.application()
        for node in self.walk(application, place) if application is not None else ():
            if node.get_name() == place:
                return node
        return None

    def find(self, role, name, inside=None, timeout=None):
        where = f' in {inside}' if inside else ''
        return self.wait(f'{role} “{name}”{where}', lambda: self.look(role, name, inside), timeout)

    def find_text(self, part, inside=None, timeout=None):
        """A label that contains the text."""
        return self.wait(f'text “{part}”',
                         lambda: self.search(lambda node: part in node.get_name(), inside), timeout)

    def check_names(self, place):
        """Every control of a place says what it is."""
        self.check_names_in(self.find_place(place), place)

    def tops(self):
        """The frames and dialogs of the application, the console's own first."""
        application = self.application()
        return [application.get_child_at_index(i) for i in range(application.get_child_count())]

    def check_dialog_names(self, name):
        """The same of the newest dialog."""
        self.wait(f'dialog “{name}”', lambda: len(self.tops()) > 1)
        self.check_names_in(self.tops()[-1], name)

    def check_names_in(self, top, place):
        """A class's name is what GTK says of one that was not given any. What is inside a combo box
        is part of it."""
        nameless = [node for node in self.controls(top, place, CONTROLS)
                    if re.fullmatch('|(Gtk|Adw|Imp)[A-Z]\\w+', node.get_name() or '')]
        if nameless:
            raise Failure(f'{place} has controls without a name: ' + ', '.join(
                f'a {node.get_role_name()} (“{node.get_name()}”) in “{self.where(node)}”'
                for node in nameless))

    def controls(self, top, place, roles):
        """What can be used below a node and is in sight, or would be after scrolling."""
        found = []
        for node in self.walk(top, place):
            try:
                if node.get_role_name() in roles and self.seen(node) and \
                   not self.is_inside(node, 'combo box'):
                    found.append(node)
            except (self.glib.Error, AttributeError):
                continue
        return found

    @staticmethod
    def is_inside(node, role):
        parent = node.get_parent()
        while parent is not None and parent.get_role_name() != 'application':
            if parent.get_role_name() == role:
                return True
            parent = parent.get_parent()
        return False

    @staticmethod
    def where(node):
        """The nearest thing around a node that has a name, to find it by."""
        parent = node.get_parent()
        while parent is not None and not parent.get_name():
            parent = parent.get_parent()
        return parent.get_name() if parent is not None else ''

    def check_reachable(self, top, place, limit=80):
        """Tab leads to every control that can have the focus."""
        stops = {node.get_name() for node in self.controls(top, place, TAB_STOPS)
                 if self.can_have_focus(node) and self.is_in_window(node)}
        reached = set()
        for _ in range(limit):
            if stops <= reached:
                return
            self.key('Tab')
            self.settle()
            reached.add(self.focused)
        raise Failure(f'Tab does not lead to {stops - reached} of {place}, only to {reached}')

    def is_in_window(self, node):
        """Neither in a popover nor in what is folded away beside the window."""
        x, _, width, _ = self.extents(node)
        parent = node.get_parent()
        while parent.get_role_name() not in ('frame', 'dialog', 'application'):
            if 'Popover' in (parent.get_name() or ''):
                return False
            if parent.get_name() == 'AdwFlap':
                left, _, room, _ = self.extents(parent)
                if x >= left + room or x + width <= left:
                    return False
            parent = parent.get_parent()
        return True

    def can_have_focus(self, node):
        states = node.get_state_set()
        return states.contains(self.atspi.StateType.FOCUSABLE) and \
            states.contains(self.atspi.StateType.SENSITIVE) and \
            node.get_name() not in ('Minimize', 'Maximize', 'Restore', 'Close')

    # Doing

    def press(self, role, name, inside=None):
        """Finds it, waits until it can be pressed, and clicks on it."""
        def ready():
            node = self.look(role, name, inside)
            if node is None or not node.get_state_set().contains(self.atspi.StateType.SENSITIVE):
                return None
            return node
        self.click(f'{role} “{name}”', ready)

    def write(self, name, text, inside=None):
        """Clicks into the field of the row with this title, and types over what is there."""
        def fits(node):
            return node.get_name() == name and node.get_editable_text_iface() is not None
        field = self.click(f'field “{name}”', lambda: self.search(fits, inside))
        self.focus()
        self.key('ctrl+a')
        self.type(text)
        self.wait(f'“{text}” in “{name}”',
                  lambda: self.atspi.Text.get_character_count(field) == len(text))

    def paste(self, name, text, inside=None):
        """What no keyboard types: all at once, as from the clipboard."""
        def fits(node):
            return node.get_name() == name and node.get_editable_text_iface() is not None
        field = self.wait(f'field “{name}”', lambda: self.search(fits, inside))
        self.atspi.EditableText.set_text_contents(field, text)

    def read(self, name, inside=None):
        """What stands in the field of the row with this title."""
        def fits(node):
            return node.get_name() == name and node.get_editable_text_iface() is not None
        field = self.wait(f'field “{name}”', lambda: self.search(fits, inside))
        return self.atspi.Text.get_text(field, 0, self.atspi.Text.get_character_count(field))

    # The mouse

    def click(self, what, find):
        """Clicks in the middle of what find() finds, once that is in sight and stays where it is.
        Turns the wheel to bring it there."""
        last = None

        def clicked():
            nonlocal last
            node = find()
            corner = self.corner(node) if node is not None else None
            place = self.place_to_click(node, corner) if corner else None
            if place is None or place != last:
                last = place
                return None
            self.point(corner, place, 1)
            return node

        return self.wait(f'{what} that can be clicked', clicked)

    def place_to_click(self, node, corner):
        """The middle of a thing, in its window; or nothing, and the wheel is turned."""
        x, y = self.middle(node)
        parent = node.get_parent()
        while parent is not None:
            if parent.get_role_name() == 'scroll pane':
                _, top, _, height = self.extents(parent)
                if not top <= y < top + height:
                    self.point(corner, self.middle(parent), WHEEL_DOWN if y >= top else WHEEL_UP,
                               1 + abs(y - top - height // 2) // WHEEL_STEP)
                    return None
            parent = parent.get_parent()
        return x, y

    def extents(self, node):
        area = node.get_component_iface().get_extents(self.atspi.CoordType.WINDOW)
        return area.x, area.y, area.width, area.height

    def middle(self, node):
        x, y, width, height = self.extents(node)
        return x + width // 2, y + height // 2

    def corner(self, node):
        """Where on the screen the coordinates of a thing's window start: within its border."""
        top = node
        while top.get_parent().get_role_name() != 'application':
            top = top.get_parent()
        _, _, width, height = self.extents(top)
        for window in sorted(self.windows(), key=int, reverse=True):
            geometry = dict(line.split('=') for line in self.ask_window(window))
            border = (int(geometry['WIDTH']) - width) // 2
            if border == (int(geometry['HEIGHT']) - height) // 2 and 0 <= border < 64:
                return int(geometry['X']) + border, int(geometry['Y']) + border
        return None

    @staticmethod
    def ask_window(window):
        return subprocess.run(['xdotool', 'getwindowgeometry', '--shell', window],
                              capture_output=True, text=True, check=False).stdout.split()

    @staticmethod
    def point(corner, place, button, n_times=1):
        """Moves the pointer to a place of a window, and presses a button there."""
        x, y = corner[0] + place[0], corner[1] + place[1]
        subprocess.run(['xdotool', 'mousemove', str(x), str(y), 'click', '--delay', '10',
                        '--repeat', str(n_times), str(button)], check=True)

    def windows(self):
        return subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid',
                               str(self.process.pid)], capture_output=True, text=True,
                              check=False).stdout.split()

    def focus(self):
        """Gives the keyboard to the newest window, as a window manager would."""
        windows = self.windows()
        if windows:
            subprocess.run(['xdotool', 'windowfocus', max(windows, key=int)], check=False)

    def resize(self, width, height):
        """Makes the console's window this large, borders of shadows and all, and waits until it is."""
        window = min(self.windows(), key=int)
        subprocess.run(['xdotool', 'windowsize', window, str(width), str(height)], check=True)

        def fits():
            geometry = dict(line.split('=') for line in self.ask_window(window))
            return (int(geometry['WIDTH']), int(geometry['HEIGHT'])) == (width, height)
        self.wait(f'window of {width} by {height}', fits)
        self.settle()

    def warnings(self):
        """What GTK and libadwaita complained of: too little room, negative sizes, and the like."""
        return [line for line in self.read_log().split('\n')
                if re.search(r'(Gtk|Adwaita|Gdk|Pango)-(WARNING|CRITICAL)', line)]

    def look_away(self):
        """Takes the keyboard from all windows."""
        root = subprocess.run(['xwininfo', '-root'], capture_output=True, text=True,
                              check=True).stdout.split('Window id: ')[1].split()[0]
        subprocess.run(['xdotool', 'windowfocus', str(int(root, 16))], check=False)

    def key(self, *keys):
        subprocess.run(['xdotool', 'key', '--clearmodifiers', *keys], check=True)

    def type(self, text):
        subprocess.run(['xdotool', 'type', '--clearmodifiers', '--delay', '8', text], check=True)

    def focus_moved(self, event):
        """Keeps the name of what has the focus. The text inside an entry row is no object of its
        own in libadwaita 1.2: what is heard of it is its box, and a label in it has the name."""
        try:
            node = event.source
            name = node.get_name() or ''
            if name == 'AdwGizmo':
                labels = [child.get_name() for child in self.walk(node)
                          if child.get_role_name() == 'label']
                name = labels[0] if labels else ''
            elif event.detail1 != 1:
                return
            self.focused = name
            self.n_moves += 1
        except self.glib.Error:
            pass

    def settle(self):
        """What a key did arrives as several events, together."""
        context = self.glib.MainContext.default()
        moves = -1
        while moves != self.n_moves:
            moves = self.n_moves
            end = time.monotonic() + 0.15
            while time.monotonic() < end:
                wake = self.glib.timeout_add(30, lambda: False)
                context.iteration(True)
                if context.find_source_by_id(wake):
                    self.glib.source_remove(wake)

    def tab_to(self, name, limit=60):
        """Presses Tab until what has this name has the focus."""
        seen = []
        for _ in range(limit):
            moves = self.n_moves
            self.key('Tab')
            self.wait('focus that moves', lambda: self.n_moves > moves, FOCUS_TIMEOUT)
            self.settle()
            seen.append(self.focused)
            if self.fits_name(self.focused, name):
                return
        raise Failure(f'Tab does not lead to “{name}”, but to {seen}')

    def go(self, number, page):
        """Goes to a place of the sidebar. The window may still be busy showing another."""
        self.focus()
        self.key(f'alt+{number}')
        self.wait(page, lambda: self.shows(page))

    def visit(self, name, page):
        """Goes to a place by a click on its line of the sidebar."""
        self.click(f'place “{name}”', lambda: self.look('list item', name))
        self.wait(page, lambda: self.shows(page))

    def shows(self, page):
        node = self.find_place(page)
        return node is not None and self.seen(node)

    def choose_file(self, path):
        """Writes a path into the file chooser that has just been opened."""
        self.find('push button', 'Open')
        self.focus()
        self.type(path)
        self.key('Return')

    def shoot(self, name):
        """Keeps a picture of the screen."""
        if self.shots is None:
            return
        os.makedirs(self.shots, exist_ok=True)
        self.n_shots += 1
        path = os.path.join(self.shots, f'{self.n_shots:02d}-{name}.png')
        subprocess.run(['import', '-window', 'root', path], check=True)

    def quit(self):
        self.focus()
        self.key('ctrl+q')
        self.wait_for_end()

    def wait_for_end(self):
        try:
            self.process.wait(TIMEOUT)
        except subprocess.TimeoutExpired as error:
            raise Failure('the console does not quit') from error
        if self.process.returncode != 0:
            raise Failure(f'the console ended with {self.process.returncode}:\n{self.read_log()}')


def find_firmware():
    for path in ('/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin',
                 '/usr/share/seabios/bios-256k.bin', '/usr/lib/u-boot/qemu-x86/u-boot.rom',
                 '/usr/share/OVMF/OVMF_CODE.fd'):
        if os.path.exists(path):
            return path
    skip('no firmware of Debian’s is installed (opensbi, seabios)')


class Steps:
    """Steps of a story, as TAP."""

    def __init__(self, console):
        self.console = console
        self.number = 0

    def step(self, name):
        self.number += 1
        self.console.shoot(name.replace(' ', '-'))
        print(f'ok {self.number} - {name}', flush=True)

    def end(self):
        print(f'1..{self.number}', flush=True)


def gapplication(*arguments):
    subprocess.run(['gapplication', *arguments], check=True, timeout=TIMEOUT)


def install_service(desktop):
    """Lets the session bus start the program that is tested."""
    with open(os.environ['IMPRIMATUR_SERVICE_FILE'], encoding='utf-8') as file:
        service = file.read()
    service, n = re.subn(r'(?m)^Exec=\S+/imprimatur ', f'Exec={os.environ["IMPRIMATUR"]} ', service)
    if n != 1:
        raise Failure(f'the service file does not start the program:\n{service}')
    folder = desktop.path('data', 'dbus-1', 'services')
    os.makedirs(folder)
    with open(os.path.join(folder, APP + '.service'), 'w', encoding='utf-8') as file:
        file.write(service)
    subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path',
                    '/org/freedesktop/DBus', '--method', 'org.freedesktop.DBus.ReloadConfig'],
                   check=True, stdout=subprocess.DEVNULL)


def make_agents_unwilling(desktop):
    """Lets the console start agents that do not start while the file “unwilling” is there."""
    path, flag = desktop.path('imprimaturd'), desktop.path('unwilling')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(f'#!/bin/sh\n[ -e "{flag}" ] && exit 1\n'
                   f'exec "{os.environ["IMPRIMATURD"]}" "$@"\n')
    os.chmod(path, 0o700)
    os.environ['IMPRIMATURD'] = path


def run(story, name, prepare=None, activate=None, **options):
    """Runs a story; the exit status says how it ended. prepare gets the desktop before the console
    starts on it."""
    program = os.environ['IMPRIMATUR']
    shots = os.path.join(os.environ['IMPRIMATUR_SHOTS'], name)
    shutil.rmtree(shots, ignore_errors=True)
    with Desktop(**options) as desktop:
        try:
            if prepare is not None:
                prepare(desktop)
            console = Console(desktop, program, shots=shots, activate=activate)
            steps = Steps(console)
            story(console, steps)
            steps.end()
            return 0
        except Failure as failure:
            print(f'not ok - {failure}', flush=True)
            os.makedirs(shots, exist_ok=True)
            subprocess.run(['import', '-window', 'root', os.path.join(shots, 'failed.png')],
                           check=False)
            return 1
