/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-manifest-private.h"

#include "imp-json-private.h"
#include "imp-time.h"

/* The numbers of a manifest, which may be written as JSON’s or as text. */

static gboolean
parse_digits (const char *text,
              gint64      max,
              guint64    *number)
{
  return g_ascii_string_to_unsigned (text, 10, 0, max, number, NULL);
}

/**
 * imp_manifest_parse_sequence_text:
 * @text: digits, or a time
 * @sequence: (out): what it says
 *
 * Returns: whether @text is a sequence number
 */
gboolean
imp_manifest_parse_sequence_text (const char *text,
                                  gint64     *sequence)
{
  guint64 number;

  if (!parse_digits (text, G_MAXINT64, &number))
    return imp_time_parse (text, sequence, NULL) && *sequence >= 0;

  *sequence = number;

  return TRUE;
}

/**
 * imp_manifest_parse_size_text:
 * @text: digits
 * @size: (out): bytes
 *
 * Returns: whether @text is a size as far as every reader of JSON can count, however it is written
 */
gboolean
imp_manifest_parse_size_text (const char *text,
                              guint64    *size)
{
  return parse_digits (text, IMP_JSON_MAX_INT, size);
}

/**
 * imp_manifest_parse_sequence:
 * @node: a number, or its digits
 * @sequence: (out): what it says
 *
 * Returns: whether @node is a sequence number (RFC 9124, 3.2)
 */
gboolean
imp_manifest_parse_sequence (JsonNode *node,
                             gint64   *sequence)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    return imp_manifest_parse_sequence_text (json_node_get_string (node), sequence);

  if (type != G_TYPE_INT64 || json_node_get_int (node) < 0)
    return FALSE;

  *sequence = json_node_get_int (node);

  return TRUE;
}

/**
 * imp_manifest_parse_size:
 * @node: a number, or its digits
 * @size: (out): bytes
 *
 * Returns: whether @node is a size
 */
gboolean
imp_manifest_parse_size (JsonNode *node,
                         guint64  *size)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    return imp_manifest_parse_size_text (json_node_get_string (node), size);

  if (type != G_TYPE_INT64 || json_node_get_int (node) < 0)
    return FALSE;

  *size = json_node_get_int (node);

  return TRUE;
}
