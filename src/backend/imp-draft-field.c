/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-draft-private.h"

#include "imp-error.h"
#include "imp-text.h"
#include "imp-time.h"

/* How a field of a manifest is written in a form, and read from there. */

#define DAY      "2023-02-01"
#define DAY_ENDS "T23:59:59.999Z"  /* whoever names a day means all of it */

/* The fields that a person writes. */
static const char *const written[] = {
  IMP_MANIFEST_VENDOR_ID,
  IMP_MANIFEST_CLASS_ID,
  IMP_MANIFEST_STORAGE_LOCATION,
  IMP_MANIFEST_PAYLOAD_FORMAT,
  IMP_MANIFEST_DEPENDENCIES,
  IMP_MANIFEST_EXPIRATION_TIME,
  IMP_MANIFEST_PAYLOAD_PROCESSING,
  IMP_MANIFEST_ENCRYPTION_WRAPPER,
  IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS,
  IMP_MANIFEST_VERSION_ID,
  IMP_MANIFEST_SEQUENCE,
  NULL
};

/* Those that follow from the payload and from the others. */
static const char *const computed[] = {
  IMP_MANIFEST_PAYLOAD_DIGEST,
  IMP_MANIFEST_MANIFEST_DIGEST,
  IMP_MANIFEST_SIZE,
  IMP_MANIFEST_PAYLOAD,
  NULL
};

/**
 * imp_draft_field_is_computed:
 * @key: a key of a manifest
 *
 * Returns: whether the field follows from the payload and the other fields, so that nobody types it
 */
gboolean
imp_draft_field_is_computed (const char *key)
{
  return g_strv_contains (computed, key);
}

static char *
join_lines (JsonArray *array)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            json_array_get_string_element (array, i));

  return g_string_free (text, FALSE);
}

static char *
shorten_expiry (const char *text)
{
  if (strlen (text) == strlen (DAY DAY_ENDS) && g_str_has_suffix (text, DAY_ENDS))
    return g_strndup (text, strlen (DAY));

  return g_strdup (text);
}

static char *
complete_expiry (const char *text)
{
  return strlen (text) == strlen (DAY) ? g_strconcat (text, DAY_ENDS, NULL) : g_strdup (text);
}

/* What a person would have typed for a value; NULL where there is no row for it. */
char *
imp_draft_field_to_text (const char *key,
                         JsonNode   *node)
{
  if (!g_strv_contains (written, key))
    return NULL;

  if (JSON_NODE_HOLDS_ARRAY (node))
    return join_lines (json_node_get_array (node));
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (g_str_equal (key, IMP_MANIFEST_EXPIRATION_TIME))
    return shorten_expiry (json_node_get_string (node));

  return json_node_dup_string (node);
}

static void
put_sequence (ImpManifestBuilder *builder,
              const char         *text)
{
  guint64 number;

  /* Digits are a number on the wire; a time stays a text. */
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, number);
  else
    imp_manifest_builder_set_string (builder, IMP_MANIFEST_SEQUENCE, text);
}

/**
 * imp_draft_field_put:
 * @builder: a manifest in the making
 * @key: a key of the manifest
 * @text: what was typed, which has been found right
 *
 * Puts a field into a manifest; the keys that are not typed are left alone.
 */
void
imp_draft_field_put (ImpManifestBuilder *builder,
                     const char         *key,
                     const char         *text)
{
  g_auto(GStrv) lines = NULL;
  g_autofree char *time = NULL;

  if (!g_strv_contains (written, key))
    return;

  if (g_str_equal (key, IMP_MANIFEST_DEPENDENCIES))
    {
      lines = g_strsplit (text, "\n", -1);
      imp_manifest_builder_set_strv (builder, key, (const char *const *) lines);
    }
  else if (g_str_equal (key, IMP_MANIFEST_EXPIRATION_TIME))
    {
      time = complete_expiry (text);
      imp_manifest_builder_set_string (builder, key, time);
    }
  else if (g_str_equal (key, IMP_MANIFEST_SEQUENCE))
    put_sequence (builder, text);
  else
    imp_manifest_builder_set_string (builder, key, text);
}

static gboolean
check_dependencies (const char  *text,
                    GError     **error)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (!imp_manifest_check_field (IMP_MANIFEST_DEPENDENCIES, lines[i], error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_expiry (const char  *text,
              GError     **error)
{
  g_autofree char *time = complete_expiry (text);
  gint64 ms;

  if (!imp_manifest_check_field (IMP_MANIFEST_EXPIRATION_TIME, time, error) ||
      !imp_time_parse (time, &ms, error))
    return FALSE;

  if (ms > imp_time_now ())
    return TRUE;

  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MANIFEST_EXPIRED,
                       "“expirationTime” has passed");
  return FALSE;
}

/* A manifest may have texts of several lines, with the marks of any script. A row of the form has one
 * line: nobody types what cannot be seen there, and whoever pastes it does not know.
 */
static gboolean
check_seen (const char  *key,
            const char  *text,
            GError     **error)
{
  gunichar c;
  guint position;

  if (!imp_text_find_unseen (text, &c, &position))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_INCORRECT_MANIFEST_FORMAT,
               "“%s” has U+%04X as character %u, which cannot be seen", key, c, position);
  return FALSE;
}

/**
 * imp_draft_check_field:
 * @key: a key of a manifest
 * @text: what stands in its row, not empty
 * @error: return location for an [error@Imp.Error] that begins with the key
 *
 * Checks one field in the way in which all are checked in the end.
 *
 * Returns: whether it is right
 */
gboolean
imp_draft_check_field (const char  *key,
                       const char  *text,
                       GError     **error)
{
  if (g_str_equal (key, IMP_MANIFEST_DEPENDENCIES))
    return check_dependencies (text, error);
  if (g_str_equal (key, IMP_MANIFEST_EXPIRATION_TIME))
    return check_expiry (text, error);

  return imp_manifest_check_field (key, text, error) && check_seen (key, text, error);
}
