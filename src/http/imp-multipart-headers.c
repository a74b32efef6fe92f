/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-multipart-headers.h"

#include <string.h>

#include "imp-error.h"
#include "imp-multipart-reader.h"
#include "imp-text.h"

#define MAX_CONTENT_TYPE 1024  /* bytes */

/* RFC 2046’s bcharsnospace; a space may be inside too. */
#define BOUNDARY_CHARS G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "'()+_,-./:=?"

/* RFC 9110’s token. */
#define TOKEN_CHARS G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "!#$%&'*+-.^_`|~"

static void
skip_blanks (const char **at)
{
  *at += strspn (*at, " \t");
}

/* A backslash escapes a quote and itself only: browsers send those of a Windows path as they are. */
static char *
take_quoted (const char **at)
{
  g_autoptr(GString) value = g_string_new (NULL);
  const char *p = *at + 1;

  for (; *p != '"'; p++)
    {
      if (*p == '\0')
        return NULL;
      if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
        p++;
      g_string_append_c (value, *p);
    }

  *at = p + 1;

  return g_string_free (g_steal_pointer (&value), FALSE);
}

/* Clients leave quotes away where they should not, so anything up to the next parameter will do. */
static char *
take_value (const char **at)
{
  const char *start = *at;

  if (*start == '"')
    return take_quoted (at);

  *at += strcspn (start, "; \t");

  return *at > start ? g_strndup (start, *at - start) : NULL;
}

/* Takes `; name=value`. Gives FALSE with no error at the end of the text. */
static gboolean
take_parameter (const char **at,
                char       **name,
                char       **value,
                GError     **error)
{
  gsize length;

  *name = *value = NULL;

  skip_blanks (at);
  if (**at == '\0')
    return FALSE;
  if (*(*at)++ != ';')
    return imp_error_set (error, IMP_ERROR_MALFORMED, "“;” is missing between the parameters");

  skip_blanks (at);
  if (**at == '\0')
    return FALSE;

  length = strspn (*at, TOKEN_CHARS);
  if (length == 0 || (*at)[length] != '=')
    return imp_error_set (error, IMP_ERROR_MALFORMED, "a parameter has no name or no value");

  *name = g_ascii_strdown (*at, length);
  *at += length + 1;
  *value = take_value (at);
  if (*value == NULL)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the parameter “%s” has no value that ends", *name);

  return TRUE;
}

/* Each of the parameters that are looked for may be there once. */
static gboolean
keep_parameter (const char         *name,
                char              **value,
                const char *const  *names,
                char              **values,
                GError            **error)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (!g_str_equal (names[i], name))
        continue;

      if (values[i] != NULL)
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "the parameter “%s” is there twice", name);

      values[i] = g_steal_pointer (value);
      return TRUE;
    }

  return TRUE;
}

/* Finds the parameters of @names in @text. */
static gboolean
read_parameters (const char         *text,
                 const char *const  *names,
                 char              **values,
                 GError            **error)
{
  for (;;)
    {
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;
      g_autoptr(GError) local_error = NULL;

      if (!take_parameter (&text, &name, &value, &local_error))
        {
          if (local_error == NULL)
            return TRUE;

          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (!keep_parameter (name, &value, names, values, error))
        return FALSE;
    }
}

/* The word before the first parameter. */
static gboolean
take_word (const char **at,
           const char  *word)
{
  gsize length = strlen (word);

  skip_blanks (at);
  if (g_ascii_strncasecmp (*at, word, length) != 0 || strchr ("; \t", (*at)[length]) == NULL)
    return FALSE;

  *at += length;

  return TRUE;
}

static gboolean
check_boundary (const char  *boundary,
                GError     **error)
{
  gsize length = strlen (boundary);

  if (length == 0)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the boundary is empty");
  if (length > IMP_MULTIPART_MAX_BOUNDARY)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the boundary is longer than %d bytes", IMP_MULTIPART_MAX_BOUNDARY);
  if (strspn (boundary, BOUNDARY_CHARS " ") != length || boundary[length - 1] == ' ')
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the boundary has characters that no boundary may have");

  return TRUE;
}

/* Gets the boundary out of a Content-Type header. */
char *
imp_multipart_find_boundary (const char  *content_type,
                             GError     **error)
{
  static const char *const names[] = { "boundary", NULL };
  g_autofree char *boundary = NULL;
  const char *at = content_type;

  if (content_type == NULL)
    {
      imp_error_set (error, IMP_ERROR_MALFORMED, "there is no Content-Type");
      return NULL;
    }

  if (strlen (content_type) > MAX_CONTENT_TYPE)
    {
      imp_error_set (error, IMP_ERROR_MALFORMED,
                     "the Content-Type is longer than %d bytes", MAX_CONTENT_TYPE);
      return NULL;
    }

  if (!take_word (&at, "multipart/form-data"))
    {
      g_autofree char *excerpt = imp_text_excerpt (content_type, -1);

      imp_error_set (error, IMP_ERROR_MALFORMED, "“%s” is not multipart/form-data", excerpt);
      return NULL;
    }

  if (!read_parameters (at, names, &boundary, error))
    {
      g_prefix_error (error, "Content-Type: ");
      return NULL;
    }

  if (boundary == NULL)
    {
      imp_error_set (error, IMP_ERROR_MALFORMED, "the Content-Type has no boundary");
      return NULL;
    }

  if (!check_boundary (boundary, error))
    return NULL;

  return g_steal_pointer (&boundary);
}

static gboolean
parse_disposition (ImpMultipartHeaders  *self,
                   const char           *value,
                   GError              **error)
{
  static const char *const names[] = { "name", "filename", NULL };
  char *values[] = { NULL, NULL };
  gboolean done;

  if (self->name != NULL)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "Content-Disposition is there twice");

  if (!take_word (&value, "form-data"))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "Content-Disposition is not form-data");

  done = read_parameters (value, names, values, error);
  self->name = values[0];
  self->file_name = values[1];

  if (!done)
    {
      g_prefix_error (error, "Content-Disposition: ");
      return FALSE;
    }

  if (self->name == NULL)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "Content-Disposition has no name");

  return TRUE;
}

static gboolean
parse_content_type (ImpMultipartHeaders  *self,
                    const char           *value,
                    GError              **error)
{
  if (self->content_type != NULL)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "Content-Type is there twice");

  self->content_type = g_strdup (value);

  return TRUE;
}

/* RFC 7578 did away with it. Bytes that are encoded all the same must not pass for the payload. */
static gboolean
check_transfer_encoding (const char  *value,
                         GError     **error)
{
  static const char *const identities[] = { "7bit", "8bit", "binary" };

  for (guint i = 0; i < G_N_ELEMENTS (identities); i++)
    {
      if (g_ascii_strcasecmp (value, identities[i]) == 0)
        return TRUE;
    }

  return imp_error_set (error, IMP_ERROR_MALFORMED, "a Content-Transfer-Encoding is not supported");
}

static gboolean
parse_line (ImpMultipartHeaders  *self,
            char                 *line,
            GError              **error)
{
  gsize length = strspn (line, TOKEN_CHARS);
  char *value = line + length + 1;

  if (length == 0 || line[length] != ':')
    {
      g_autofree char *excerpt = imp_text_excerpt (line, -1);

      return imp_error_set (error, IMP_ERROR_MALFORMED, "“%s” is not a header", excerpt);
    }

  line[length] = '\0';
  g_strstrip (value);

  if (g_ascii_strcasecmp (line, "Content-Disposition") == 0)
    return parse_disposition (self, value, error);
  if (g_ascii_strcasecmp (line, "Content-Type") == 0)
    return parse_content_type (self, value, error);
  if (g_ascii_strcasecmp (line, "Content-Transfer-Encoding") == 0)
    return check_transfer_encoding (value, error);

  return TRUE;
}

static gboolean
check_characters (const char  *block,
                  gsize        length,
                  GError     **error)
{
  for (gsize i = 0; i < length; i++)
    {
      if (g_ascii_iscntrl (block[i]) && block[i] != '\t' &&
          !(block[i] == '\r' && i + 1 < length && block[i + 1] == '\n') &&
          !(block[i] == '\n' && i > 0 && block[i - 1] == '\r'))
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "the headers contain a control character");
    }

  if (!g_utf8_validate_len (block, length, NULL))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the headers are not UTF-8");

  return TRUE;
}

/* Reads header lines; @block is without the empty line that ends them. */
gboolean
imp_multipart_headers_parse (ImpMultipartHeaders  *self,
                             const char           *block,
                             gsize                 length,
                             GError              **error)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  if (!check_characters (block, length, error))
    return FALSE;

  text = g_strndup (block, length);
  lines = g_strsplit (text, "\r\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (!parse_line (self, lines[i], error))
        return FALSE;
    }

  if (self->name == NULL)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "there is no Content-Disposition");

  return TRUE;
}

/**
 * imp_multipart_headers_clear:
 * @self: headers of a part
 *
 * Frees the texts, not the structure, which can be filled again.
 */
void
imp_multipart_headers_clear (ImpMultipartHeaders *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->file_name, g_free);
  g_clear_pointer (&self->content_type, g_free);
}
