/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-password.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define TERMINAL "/dev/tty"

/* One line, without the byte that ends it. */
typedef struct
{
  char     *text;  /* IMP_PASSWORD_MAX_SIZE + 1 bytes, (owned) */
  gsize     length;
  gboolean  ended;
} Line;

static void
line_init (Line *line)
{
  /* A buffer that never moves leaves no copy behind. */
  line->text = g_malloc0 (IMP_PASSWORD_MAX_SIZE + 1);
  line->length = 0;
  line->ended = FALSE;
}

/* Reads what is there; FALSE with @error set when that is no password. */
static gboolean
line_read (Line    *line,
           int      fd,
           GError **error)
{
  char byte;
  gssize n;

  do
    n = read (fd, &byte, 1);
  while (n < 0 && errno == EINTR);

  if (n < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   _("The password could not be read: %s"), g_strerror (code));
      return FALSE;
    }

  if (n == 0 || byte == '\n')
    {
      line->ended = TRUE;
      return TRUE;
    }

  if (line->length == IMP_PASSWORD_MAX_SIZE || byte == '\0')
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("The password is longer than %d bytes or has a zero byte in it"),
                   IMP_PASSWORD_MAX_SIZE);
      return FALSE;
    }

  line->text[line->length++] = byte;
  return TRUE;
}

/**
 * imp_password_read:
 * @fd: an open file descriptor, such as a pipe
 * @error: return location for an error
 *
 * Reads a password up to the end of its line or of the file.
 *
 * Returns: (nullable): the password, for [func@Imp.password_free]
 */
char *
imp_password_read (int      fd,
                   GError **error)
{
  Line line;

  line_init (&line);
  while (!line.ended)
    {
      if (!line_read (&line, fd, error))
        {
          imp_password_free (line.text);
          return NULL;
        }
    }

  return line.text;
}

/**
 * imp_password_can_ask:
 *
 * Returns: whether there is a terminal on which somebody could be asked
 */
gboolean
imp_password_can_ask (void)
{
  int fd = g_open (TERMINAL, O_RDWR | O_CLOEXEC, 0);

  if (fd < 0)
    return FALSE;

  return g_close (fd, NULL);
}

static gboolean
readable_cb (int          fd,
             GIOCondition condition,
             gpointer     user_data)
{
  gboolean *readable = user_data;

  *readable = TRUE;
  return G_SOURCE_REMOVE;
}

/* Waits in the main loop, so that Ctrl+C is seen: a plain read() would be resumed after the signal. */
static gboolean
wait_readable (int           fd,
               GCancellable *cancellable,
               GError      **error)
{
  gboolean readable = FALSE;
  guint source = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP | G_IO_ERR, readable_cb, &readable);

  while (!readable && !g_cancellable_is_cancelled (cancellable))
    g_main_context_iteration (NULL, TRUE);

  if (!readable)
    g_source_remove (source);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static char *
read_line (int           fd,
             GCancellable *cancellable,
             GError      **error)
{
  Line line;

  line_init (&line);
  while (!line.ended)
    {
      if (!wait_readable (fd, cancellable, error) || !line_read (&line, fd, error))
        {
          imp_password_free (line.text);
          return NULL;
        }
    }

  return line.text;
}

static void
say (int         fd,
     const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      gssize n = write (fd, text, left);

      if (n < 0 && errno != EINTR)
        return;
      if (n > 0)
        {
          text += n;
          left -= n;
        }
    }
}

static char *
ask (const char    *prompt,
     gboolean       visible,
     GCancellable  *cancellable,
     GError       **error)
{
  struct termios before, during;
  char *answer;
  int fd = g_open (TERMINAL, O_RDWR | O_CLOEXEC | O_NOCTTY, 0);

  if (fd < 0 || tcgetattr (fd, &before) != 0)
    {
      if (fd >= 0)
        g_close (fd, NULL);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _("There is no terminal to ask on"));
      return NULL;
    }

  during = before;
  if (!visible)
    during.c_lflag &= ~(tcflag_t) (ECHO | ECHONL);
  tcsetattr (fd, TCSAFLUSH, &during);

  say (fd, prompt);
  answer = read_line (fd, cancellable, error);
  if (!visible || answer == NULL)
    say (fd, "\n");

  tcsetattr (fd, TCSAFLUSH, &before);
  g_close (fd, NULL);

  return answer;
}

/**
 * imp_password_ask:
 * @prompt: what to ask, ending in “: ”
 * @cancellable: (nullable): ends the waiting
 * @error: return location for an error
 *
 * Asks on the terminal, wherever standard input comes from, without showing what is typed.
 *
 * Returns: (nullable): the password, for [func@Imp.password_free]
 */
char *
imp_password_ask (const char    *prompt,
                  GCancellable  *cancellable,
                  GError       **error)
{
  return ask (prompt, FALSE, cancellable, error);
}

/**
 * imp_terminal_ask:
 * @prompt: what is asked
 * @cancellable: (nullable): gives up waiting
 * @error: return location for an error
 *
 * Asks for a line on the terminal, which shows what is typed: not for secrets.
 *
 * Returns: (transfer full) (nullable): the line, or `NULL` with @error set
 */
char *
imp_terminal_ask (const char    *prompt,
                  GCancellable  *cancellable,
                  GError       **error)
{
  return ask (prompt, TRUE, cancellable, error);
}

/**
 * imp_password_free:
 * @password: (transfer full) (nullable): a password
 *
 * Overwrites a password, and frees it.
 */
void
imp_password_free (char *password)
{
  if (password == NULL)
    return;

  explicit_bzero (password, strlen (password));
  g_free (password);
}
