/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-manifest-diff.h"

#include "imp-json.h"
#include "imp-text.h"

#define MAX_SHOWN 4096  /* characters of a value */

/**
 * imp_manifest_change_free:
 * @self: (transfer full): a change
 *
 * Frees a change and its texts.
 */
void
imp_manifest_change_free (ImpManifestChange *self)
{
  g_free (self->key);
  g_free (self->before);
  g_free (self->after);
  g_free (self);
}

static char *
join_items (JsonArray *array)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            json_array_get_string_element (array, i));

  return g_string_free (text, FALSE);
}

/* As a person writes it: without quotes and brackets where it is a text or a list of texts. */
static char *
print_value (JsonNode *node)
{
  g_autofree char *text = NULL;

  if (json_node_get_value_type (node) == G_TYPE_STRING)
    text = json_node_dup_string (node);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    text = join_items (json_node_get_array (node));
  else
    text = imp_json_canonicalize (node);

  return imp_text_make_printable (text, -1, MAX_SHOWN);
}

/* Compared as they are signed, not as they are shown: 1 and "1" are two things. */
static gboolean
is_same (JsonNode *a,
         JsonNode *b)
{
  g_autofree char *first = imp_json_canonicalize (a);
  g_autofree char *second = imp_json_canonicalize (b);

  return g_str_equal (first, second);
}

static void
add_change (GPtrArray  *changes,
            const char *key,
            JsonNode   *before,
            JsonNode   *after)
{
  ImpManifestChange *change;

  if (before != NULL && after != NULL && is_same (before, after))
    return;

  change = g_new0 (ImpManifestChange, 1);
  change->key = g_strdup (key);
  change->kind = before == NULL ? IMP_CHANGE_ADDED
                                : after == NULL ? IMP_CHANGE_REMOVED : IMP_CHANGE_CHANGED;
  change->before = before != NULL ? print_value (before) : NULL;
  change->after = after != NULL ? print_value (after) : NULL;
  g_ptr_array_add (changes, change);
}

static GList *
list_keys (JsonObject *before,
           JsonObject *after)
{
  GList *keys = json_object_get_members (before);
  g_autoptr(GList) others = json_object_get_members (after);

  for (GList *l = others; l != NULL; l = l->next)
    {
      if (!json_object_has_member (before, l->data))
        keys = g_list_prepend (keys, l->data);
    }

  return g_list_sort (keys, (GCompareFunc) g_strcmp0);
}

/**
 * imp_manifest_diff:
 * @before: a manifest
 * @after: another
 *
 * Compares two manifests field by field, in the order of the canonical form. `manifestDigest`, which
 * differs whenever anything does, is left out.
 *
 * Returns: (transfer full) (element-type ImpManifestChange): the fields that differ
 */
GPtrArray *
imp_manifest_diff (ImpManifest *before,
                   ImpManifest *after)
{
  g_autoptr(JsonNode) first = imp_manifest_to_json (before);
  g_autoptr(JsonNode) second = imp_manifest_to_json (after);
  JsonObject *old = json_node_get_object (first);
  JsonObject *new = json_node_get_object (second);
  GPtrArray *changes;
  g_autoptr(GList) keys = list_keys (old, new);

  changes = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_manifest_change_free);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      if (!g_str_equal (l->data, IMP_MANIFEST_MANIFEST_DIGEST))
        add_change (changes, l->data, json_object_get_member (old, l->data),
                    json_object_get_member (new, l->data));
    }

  return changes;
}
