/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-event-stream.h"

#include "imp-error.h"

G_DEFINE_BOXED_TYPE (ImpEvent, imp_event, imp_event_copy, imp_event_free)

/**
 * imp_event_new:
 * @id: its number, from which a reader resumes
 * @name: its type, one line
 * @data: its content
 *
 * Makes a server-sent event (WHATWG HTML, 9.2).
 *
 * Returns: (transfer full): the event
 */
ImpEvent *
imp_event_new (guint64     id,
               const char *name,
               const char *data)
{
  ImpEvent *self;

  g_return_val_if_fail (name != NULL && strpbrk (name, "\r\n") == NULL, NULL);
  g_return_val_if_fail (data != NULL, NULL);

  self = g_new0 (ImpEvent, 1);
  self->id = id;
  self->name = g_strdup (name);
  self->data = g_strdup (data);

  return self;
}

/**
 * imp_event_copy:
 * @self: an event
 *
 * Returns: (transfer full): another event of the same number, name and data
 */
ImpEvent *
imp_event_copy (const ImpEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return imp_event_new (self->id, self->name, self->data);
}

/**
 * imp_event_free:
 * @self: (transfer full) (nullable): an event
 *
 * Frees an event and its texts.
 */
void
imp_event_free (ImpEvent *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->data);
  g_free (self);
}

/**
 * imp_event_format:
 * @self: an event
 *
 * Writes an event as it goes over the wire. Each line of its data is a line there; the kind of line
 * break is lost.
 *
 * Returns: (transfer full): the text, ended by an empty line
 */
char *
imp_event_format (const ImpEvent *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const char *line;

  g_return_val_if_fail (self != NULL, NULL);

  line = self->data;
  g_string_append_printf (text, "id: %" G_GUINT64_FORMAT "\nevent: %s\n", self->id, self->name);

  for (;;)
    {
      gsize length = strcspn (line, "\r\n");

      g_string_append (text, "data: ");
      g_string_append_len (text, line, length);
      g_string_append_c (text, '\n');

      line += length;
      if (*line == '\0')
        break;
      line += line[0] == '\r' && line[1] == '\n' ? 2 : 1;
    }

  g_string_append_c (text, '\n');

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * ImpEventReader:
 *
 * Reads server-sent events as they arrive, in any chunking, at most %IMP_EVENT_MAX_SIZE bytes each.
 */
struct _ImpEventReader
{
  ImpEventFunc  func;
  gpointer      user_data;

  GString      *line;
  gboolean      after_cr;    /* a line feed now belongs to the line break that was */
  gboolean      began;       /* the first line has been read */

  guint64       id;
  char         *name;        /* (nullable) */
  GString      *data;        /* each line with a line feed */
};

/**
 * imp_event_reader_new:
 * @func: (scope forever): gets each event, in the thread that feeds the reader
 * @user_data: data for @func
 *
 * Makes a reader for one stream of `text/event-stream` (WHATWG HTML); the next connection needs
 * another.
 *
 * Returns: (transfer full): the reader
 */
ImpEventReader *
imp_event_reader_new (ImpEventFunc func,
                      gpointer     user_data)
{
  ImpEventReader *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (ImpEventReader, 1);
  self->func = func;
  self->user_data = user_data;
  self->line = g_string_new (NULL);
  self->data = g_string_new (NULL);

  return self;
}

/**
 * imp_event_reader_free:
 * @self: (transfer full) (nullable): a reader
 *
 * Frees a reader. An event whose empty line has not come is dropped, as the standard says.
 */
void
imp_event_reader_free (ImpEventReader *self)
{
  if (self == NULL)
    return;

  g_string_free (self->line, TRUE);
  g_string_free (self->data, TRUE);
  g_free (self->name);
  g_free (self);
}

static char *
make_text (const GString *bytes,
           gsize          length)
{
  return g_utf8_make_valid (bytes->str, length);
}

static void
dispatch (ImpEventReader *self)
{
  g_autofree char *name = g_steal_pointer (&self->name);
  g_autofree char *data = NULL;
  ImpEvent event;

  if (self->data->len == 0)
    return;

  /* Without the line feed of the last line. */
  data = make_text (self->data, self->data->len - 1);
  g_string_truncate (self->data, 0);

  event = (ImpEvent) {
    .id = self->id,
    .name = name != NULL && *name != '\0' ? name : (char *) "message",
    .data = data,
  };
  self->func (&event, self->user_data);
}

static gboolean
is_field (const GString *line,
          gsize          length,
          const char    *name)
{
  return length == strlen (name) && memcmp (line->str, name, length) == 0;
}

/* Every field but these, and every comment, means nothing. */
static void
read_field (ImpEventReader *self)
{
  GString *line = self->line;
  const char *colon = memchr (line->str, ':', line->len);
  gsize name_length = colon != NULL ? (gsize) (colon - line->str) : line->len;
  gsize value_start = MIN (name_length + 1, line->len);

  if (value_start < line->len && line->str[value_start] == ' ')
    value_start++;

  if (is_field (line, name_length, "data"))
    {
      g_string_append_len (self->data, line->str + value_start, line->len - value_start);
      g_string_append_c (self->data, '\n');
    }
  else if (is_field (line, name_length, "event"))
    {
      g_free (self->name);
      self->name = g_utf8_make_valid (line->str + value_start, line->len - value_start);
    }
  else if (is_field (line, name_length, "id"))
    {
      guint64 id;

      /* Ours are numbers; the event keeps the one before it if this is none. */
      if (strlen (line->str) == line->len &&
          g_ascii_string_to_unsigned (line->str + value_start, 10, 0, G_MAXUINT64, &id, NULL))
        self->id = id;
    }
}

static void
read_line (ImpEventReader *self)
{
  if (!self->began && g_str_has_prefix (self->line->str, "\xef\xbb\xbf"))
    g_string_erase (self->line, 0, 3);
  self->began = TRUE;

  if (self->line->len > 0)
    read_field (self);
  else
    dispatch (self);

  g_string_truncate (self->line, 0);
}

static gboolean
check_size (ImpEventReader  *self,
            gsize            n_more,
            GError         **error)
{
  gsize size = self->line->len + self->data->len + n_more;

  if (size <= IMP_EVENT_MAX_SIZE)
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
               "an event is longer than %d bytes", IMP_EVENT_MAX_SIZE);

  return FALSE;
}

static gsize
span_line (const char *data,
           gsize       size)
{
  gsize length = 0;

  while (length < size && data[length] != '\r' && data[length] != '\n')
    length++;

  return length;
}

/**
 * imp_event_reader_feed:
 * @self: a reader
 * @data: the next bytes of the stream
 * @size: how many
 * @error: return location for an [error@Imp.Error]
 *
 * Reads on, and tells of every event that is complete. The function that is told may not free the
 * reader.
 *
 * Returns: whether the stream is good so far; otherwise %IMP_ERROR_MALFORMED, and there is nothing
 *   more to read
 */
gboolean
imp_event_reader_feed (ImpEventReader  *self,
                       const char      *data,
                       gsize            size,
                       GError         **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  while (size > 0)
    {
      gsize length;

      if (self->after_cr && *data == '\n')
        {
          self->after_cr = FALSE;
          data++;
          size--;
          continue;
        }

      self->after_cr = FALSE;
      length = span_line (data, size);
      if (!check_size (self, length, error))
        return FALSE;

      g_string_append_len (self->line, data, length);
      if (length == size)
        break;

      self->after_cr = data[length] == '\r';
      read_line (self);
      data += length + 1;
      size -= length + 1;
    }

  return TRUE;
}
