/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* memmem(), memrchr() */

#include "imp-multipart-reader.h"

#include <string.h>

#include "imp-error.h"
#include "imp-multipart-headers.h"

/**
 * ImpMultipartReader:
 *
 * Reads multipart/form-data (RFC 7578) as it arrives, in any chunking.
 *
 * It holds no more than a boundary and one header block: the bytes of a part go to the handler
 * straight from the chunk that they came in. Where they look like the beginning of a boundary and
 * then are none, the handler gets them from here.
 */
struct _ImpMultipartReader
{
  ImpMultipartHandler  handler;
  gpointer             user_data;

  int                  state;
  char                *delimiter;    /* CRLF, two hyphens, boundary */
  gsize                delimiter_length;
  gsize                n_matched;    /* bytes of the delimiter that have just come */
  char                 follower;     /* the first byte after a delimiter, or NUL */
  gsize                n_blanks;     /* after a delimiter */
  gsize                n_ignored;    /* bytes of preamble, or of epilogue */
  GString             *headers;
  guint                n_parts;
};

enum {
  PREAMBLE,
  PART,
  DELIMITED,  /* after a delimiter: what follows says what it meant */
  PADDING,    /* blanks after a delimiter */
  HEADERS,
  EPILOGUE,
  FAILED
};

/* Nobody has anything to say there. */
#define MAX_IGNORED (8 * 1024)
#define MAX_BLANKS  64

typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Chunk;

/**
 * imp_multipart_reader_new:
 * @content_type: (nullable): the body’s Content-Type header, whole
 * @handler: what to call with the parts; copied
 * @user_data: data for @handler
 * @error: return location for an [error@Imp.Error]
 *
 * Makes a reader for one body.
 *
 * Each part begins with a call of `begin_part`, with a file name that is `NULL` for an ordinary
 * field and otherwise whatever the client says, never a path to open; then come any number of
 * `part_data`, and `end_part`. A handler refuses by returning `FALSE` with an error.
 *
 * Returns: (transfer full) (nullable): a reader, or `NULL` with %IMP_ERROR_MALFORMED if the body is
 *   not multipart/form-data or has no good boundary
 */
ImpMultipartReader *
imp_multipart_reader_new (const char                 *content_type,
                          const ImpMultipartHandler  *handler,
                          gpointer                    user_data,
                          GError                    **error)
{
  g_autofree char *boundary = NULL;
  ImpMultipartReader *self;

  g_return_val_if_fail (handler != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  boundary = imp_multipart_find_boundary (content_type, error);
  if (boundary == NULL)
    return NULL;

  self = g_new0 (ImpMultipartReader, 1);
  self->handler = *handler;
  self->user_data = user_data;
  self->state = PREAMBLE;
  self->delimiter = g_strconcat ("\r\n--", boundary, NULL);
  self->delimiter_length = strlen (self->delimiter);
  self->headers = g_string_new (NULL);

  /* The first boundary may be the first thing in the body, as if a line had ended before it. */
  self->n_matched = 2;

  return self;
}

/**
 * imp_multipart_reader_free:
 * @self: (transfer full) (nullable): a reader
 *
 * Frees a reader. The handler is told nothing, even if the body has not ended.
 */
void
imp_multipart_reader_free (ImpMultipartReader *self)
{
  if (self == NULL)
    return;

  g_free (self->delimiter);
  g_string_free (self->headers, TRUE);
  g_free (self);
}

static gboolean
ignore (ImpMultipartReader  *self,
        gsize                size,
        GError             **error)
{
  self->n_ignored += size;
  if (self->n_ignored <= MAX_IGNORED)
    return TRUE;

  if (self->state == EPILOGUE)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "more than %d bytes after the last part", MAX_IGNORED);

  return imp_error_set (error, IMP_ERROR_MALFORMED,
                        "no boundary in the first %d bytes", MAX_IGNORED);
}

static gboolean
emit (ImpMultipartReader  *self,
      const void          *data,
      gsize                size,
      GError             **error)
{
  if (size == 0)
    return TRUE;

  if (self->state == PREAMBLE)
    return ignore (self, size, error);

  return self->handler.part_data (data, size, self->user_data, error);
}

/* What is between parts is what is before a part that never began. */
static int
content_state (ImpMultipartReader *self)
{
  return self->n_parts == 0 ? PREAMBLE : PART;
}

static void
found_delimiter (ImpMultipartReader *self)
{
  self->n_matched = 0;
  self->follower = '\0';
  self->state = DELIMITED;
}

/* The delimiter began in an earlier chunk. A carriage return can only be its first byte, so that
 * where the match fails, none of what matched can begin another.
 */
static gboolean
continue_match (ImpMultipartReader  *self,
                Chunk               *chunk,
                GError             **error)
{
  gsize n_held;

  while (chunk->at < chunk->end && self->n_matched < self->delimiter_length &&
         *chunk->at == (guint8) self->delimiter[self->n_matched])
    {
      chunk->at++;
      self->n_matched++;
    }

  if (self->n_matched == self->delimiter_length)
    found_delimiter (self);

  if (chunk->at == chunk->end || self->n_matched == 0)
    return TRUE;

  n_held = self->n_matched;
  self->n_matched = 0;

  return emit (self, self->delimiter, n_held, error);
}

/* How many bytes at the end of the chunk may be the beginning of a delimiter. */
static gsize
count_matching_tail (ImpMultipartReader *self,
                     const Chunk        *chunk)
{
  gsize size = MIN ((gsize) (chunk->end - chunk->at), self->delimiter_length - 1);
  const guint8 *start = memrchr (chunk->end - size, '\r', size);

  if (start == NULL || memcmp (start, self->delimiter, chunk->end - start) != 0)
    return 0;

  return chunk->end - start;
}

static gboolean
read_content (ImpMultipartReader  *self,
              Chunk               *chunk,
              GError             **error)
{
  const guint8 *start, *found;

  if (self->n_matched > 0)
    return continue_match (self, chunk, error);

  start = chunk->at;
  found = memmem (start, chunk->end - start, self->delimiter, self->delimiter_length);
  if (found != NULL)
    {
      chunk->at = found + self->delimiter_length;
      if (!emit (self, start, found - start, error))
        return FALSE;
      found_delimiter (self);
      return TRUE;
    }

  self->n_matched = count_matching_tail (self, chunk);
  chunk->at = chunk->end;

  return emit (self, start, chunk->end - start - self->n_matched, error);
}

/* A line that only begins as the boundary does is content. */
static gboolean
reject_delimiter (ImpMultipartReader  *self,
                  GError             **error)
{
  self->state = content_state (self);

  if (!emit (self, self->delimiter, self->delimiter_length, error))
    return FALSE;

  if (self->follower == '\r')
    self->n_matched = 1;
  else if (self->follower != '\0')
    return emit (self, &self->follower, 1, error);

  return TRUE;
}

static gboolean
end_part (ImpMultipartReader  *self,
          GError             **error)
{
  return self->n_parts == 0 || self->handler.end_part (self->user_data, error);
}

static gboolean
begin_headers (ImpMultipartReader  *self,
               GError             **error)
{
  if (!end_part (self, error))
    return FALSE;

  if (++self->n_parts > IMP_MULTIPART_MAX_PARTS)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "more than %d parts", IMP_MULTIPART_MAX_PARTS);

  /* The line break of the delimiter counts, so that no headers at all end like any others. */
  g_string_assign (self->headers, "\r\n");
  self->state = HEADERS;

  return TRUE;
}

static gboolean
begin_epilogue (ImpMultipartReader  *self,
                GError             **error)
{
  if (!end_part (self, error))
    return FALSE;

  self->n_ignored = 0;
  self->state = EPILOGUE;

  return TRUE;
}

static gboolean
read_delimited (ImpMultipartReader  *self,
                Chunk               *chunk,
                GError             **error)
{
  char c = *chunk->at;

  if (self->follower == '\r' && c == '\n')
    {
      chunk->at++;
      return begin_headers (self, error);
    }

  if (self->follower == '-' && c == '-')
    {
      chunk->at++;
      return begin_epilogue (self, error);
    }

  if (self->follower == '\0' && (c == ' ' || c == '\t'))
    {
      self->n_blanks = 0;
      self->state = PADDING;
      return TRUE;
    }

  if (self->follower == '\0' && (c == '\r' || c == '-'))
    {
      self->follower = c;
      chunk->at++;
      return TRUE;
    }

  return reject_delimiter (self, error);
}

static gboolean
read_padding (ImpMultipartReader  *self,
              Chunk               *chunk,
              GError             **error)
{
  char c = *chunk->at++;

  if (self->follower == '\r' && c == '\n')
    return begin_headers (self, error);

  if (self->follower == '\0' && c == '\r')
    self->follower = c;
  else if (self->follower == '\r' || (c != ' ' && c != '\t') || ++self->n_blanks > MAX_BLANKS)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "there is something after a boundary on its line");

  return TRUE;
}

static gboolean
begin_part (ImpMultipartReader  *self,
            gsize                length,
            GError             **error)
{
  g_auto(ImpMultipartHeaders) headers = { NULL };

  /* The line breaks before and after are no header. */
  if (length <= 2)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "part %u has no headers", self->n_parts);

  if (!imp_multipart_headers_parse (&headers, self->headers->str + 2, length - 2, error))
    {
      g_prefix_error (error, "part %u: ", self->n_parts);
      return FALSE;
    }

  self->state = PART;

  return self->handler.begin_part (headers.name, headers.file_name, headers.content_type,
                                   self->user_data, error);
}

static gboolean
read_headers (ImpMultipartReader  *self,
              Chunk               *chunk,
              GError             **error)
{
  static const char end_of_headers[] = "\r\n\r\n";
  gsize n_had = self->headers->len;
  gsize n_new = MIN ((gsize) (chunk->end - chunk->at), IMP_MULTIPART_MAX_HEADERS + 4 - n_had);
  gsize n_seen = n_had >= 3 ? n_had - 3 : 0;
  const char *found;
  gsize length;

  g_string_append_len (self->headers, (const char *) chunk->at, n_new);
  found = memmem (self->headers->str + n_seen, self->headers->len - n_seen, end_of_headers, 4);
  if (found == NULL)
    {
      chunk->at += n_new;
      return self->headers->len < IMP_MULTIPART_MAX_HEADERS + 4 ||
             imp_error_set (error, IMP_ERROR_MALFORMED,
                            "the headers of part %u are longer than %d bytes",
                            self->n_parts, IMP_MULTIPART_MAX_HEADERS);
    }

  length = found - self->headers->str;
  chunk->at += length + 4 - n_had;

  return begin_part (self, length, error);
}

static gboolean
read_some (ImpMultipartReader  *self,
           Chunk               *chunk,
           GError             **error)
{
  switch (self->state)
    {
    case PREAMBLE:
    case PART:
      return read_content (self, chunk, error);

    case DELIMITED:
      return read_delimited (self, chunk, error);

    case PADDING:
      return read_padding (self, chunk, error);

    case HEADERS:
      return read_headers (self, chunk, error);

    case EPILOGUE:
      if (!ignore (self, chunk->end - chunk->at, error))
        return FALSE;
      chunk->at = chunk->end;
      return TRUE;

    case FAILED:
      return imp_error_set (error, IMP_ERROR_MALFORMED, "the body was refused before its end");

    default:
      g_assert_not_reached ();
    }
}

/**
 * imp_multipart_reader_feed:
 * @self: a reader
 * @data: the next bytes of the body
 * @size: how many
 * @error: return location for an error
 *
 * Reads on. After an error there is nothing more to read.
 *
 * Returns: whether the body is good so far, otherwise %IMP_ERROR_MALFORMED that names the part, or
 *   what the handler said
 */
gboolean
imp_multipart_reader_feed (ImpMultipartReader  *self,
                           const guint8        *data,
                           gsize                size,
                           GError             **error)
{
  Chunk chunk = { data, data + size };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  while (chunk.at < chunk.end)
    {
      if (!read_some (self, &chunk, error))
        {
          self->state = FAILED;
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * imp_multipart_reader_end:
 * @self: a reader
 * @error: return location for an [error@Imp.Error]
 *
 * Says that the body is over.
 *
 * Returns: whether the last boundary has come, otherwise %IMP_ERROR_MALFORMED
 */
gboolean
imp_multipart_reader_end (ImpMultipartReader  *self,
                          GError             **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (self->state == EPILOGUE)
    return TRUE;

  if (self->state == FAILED)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the body was refused before its end");

  if (self->n_parts == 0)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the body is truncated before its first part");

  return imp_error_set (error, IMP_ERROR_MALFORMED,
                        "the body is truncated in part %u", self->n_parts);
}
