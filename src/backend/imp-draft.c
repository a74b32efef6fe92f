/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-draft.h"

#include "imp-draft-private.h"
#include "imp-error.h"
#include "imp-json.h"

#define FIELDS "fields"
#define OTHERS "others"

/**
 * ImpDraft:
 *
 * An update that is being written: the fields as a person typed them, right or wrong, which file it
 * is for and who will sign it.
 *
 * Fields of a manifest that no form has a row for are kept as they came (“others”), so that opening
 * and saving a manifest loses nothing.
 */
struct _ImpDraft
{
  GObject parent_instance;

  GHashTable *texts;   /* (owned) key -> text, both owned */
  JsonObject *others;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (ImpDraft, imp_draft, G_TYPE_OBJECT)

static void
imp_draft_finalize (GObject *object)
{
  ImpDraft *self = IMP_DRAFT (object);

  g_hash_table_unref (self->texts);
  json_object_unref (self->others);

  G_OBJECT_CLASS (imp_draft_parent_class)->finalize (object);
}

static void
imp_draft_class_init (ImpDraftClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_draft_finalize;
}

static void
imp_draft_init (ImpDraft *self)
{
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->others = json_object_new ();
}

/**
 * imp_draft_new:
 *
 * Makes an empty draft.
 *
 * Returns: (transfer full): the draft
 */
ImpDraft *
imp_draft_new (void)
{
  return g_object_new (IMP_TYPE_DRAFT, NULL);
}

static void
take_member (ImpDraft   *self,
             const char *key,
             JsonNode   *node)
{
  g_autofree char *text = imp_draft_field_to_text (key, node);

  if (text != NULL)
    imp_draft_set (self, key, text);
  else if (!imp_draft_field_is_computed (key))
    imp_draft_set_other (self, key, node);
}

/**
 * imp_draft_new_from_manifest:
 * @manifest: a manifest
 *
 * Makes a draft of which @manifest could come. What is computed from the payload is left out.
 *
 * Returns: (transfer full): the draft
 */
ImpDraft *
imp_draft_new_from_manifest (ImpManifest *manifest)
{
  ImpDraft *self = imp_draft_new ();
  g_autoptr(JsonNode) root = imp_manifest_to_json (manifest);
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, &key, &node))
    take_member (self, key, node);

  return self;
}

static void
read_texts (ImpDraft   *self,
            JsonObject *texts)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  json_object_iter_init (&iter, texts);
  while (json_object_iter_next (&iter, &key, &node))
    {
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        imp_draft_set (self, key, json_node_get_string (node));
    }
}

/**
 * imp_draft_new_from_text:
 * @text: what imp_draft_to_text() gave
 * @length: its bytes, or -1
 * @error: return location for an error
 *
 * Reads a draft.
 *
 * Returns: (transfer full) (nullable): the draft
 */
ImpDraft *
imp_draft_new_from_text (const char  *text,
                         gssize       length,
                         GError     **error)
{
  g_autoptr(JsonNode) node = imp_json_parse (text, length, IMP_DRAFT_MAX_SIZE, error);
  g_autoptr(ImpDraft) self = imp_draft_new ();
  JsonObject *texts;
  JsonObject *others;

  if (node == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_CORRUPT, "the draft is not a JSON object");
      return NULL;
    }

  if (!(texts = imp_json_get_object (json_node_get_object (node), FIELDS, error)) ||
      !(others = imp_json_get_object (json_node_get_object (node), OTHERS, error)))
    return NULL;

  read_texts (self, texts);
  json_object_unref (self->others);
  self->others = json_object_ref (others);
  return g_steal_pointer (&self);
}

/**
 * imp_draft_to_text:
 * @self: a draft
 *
 * Writes a draft down, always in the same way.
 *
 * Returns: (transfer full): JSON
 */
char *
imp_draft_to_text (ImpDraft *self)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *root = json_object_new ();
  JsonObject *texts = json_object_new ();
  GHashTableIter iter;
  gpointer key;
  gpointer text;

  g_return_val_if_fail (IMP_IS_DRAFT (self), NULL);

  g_hash_table_iter_init (&iter, self->texts);
  while (g_hash_table_iter_next (&iter, &key, &text))
    json_object_set_string_member (texts, key, text);

  json_object_set_object_member (root, FIELDS, texts);
  json_object_set_object_member (root, OTHERS, json_object_ref (self->others));
  json_node_take_object (node, root);
  return imp_json_canonicalize (node);
}

/**
 * imp_draft_get:
 * @self: a draft
 * @key: a key of a manifest, or one of `IMP_DRAFT_…`
 *
 * Gets what was typed. Dependencies are a line each.
 *
 * Returns: the text, empty where there is none
 */
const char *
imp_draft_get (ImpDraft   *self,
               const char *key)
{
  const char *text;

  g_return_val_if_fail (IMP_IS_DRAFT (self), NULL);

  text = g_hash_table_lookup (self->texts, key);
  return text != NULL ? text : "";
}

/**
 * imp_draft_set:
 * @self: a draft
 * @key: a key of the draft
 * @text: (nullable): what was typed, right or wrong; nothing, or an empty text, takes the field out
 *
 * Sets a field to what a person typed. It is checked elsewhere.
 */
void
imp_draft_set (ImpDraft   *self,
               const char *key,
               const char *text)
{
  g_return_if_fail (IMP_IS_DRAFT (self));

  if (text != NULL && *text != '\0')
    g_hash_table_insert (self->texts, g_strdup (key), g_strdup (text));
  else
    g_hash_table_remove (self->texts, key);
}

/**
 * imp_draft_get_other:
 * @self: a draft
 * @key: a key of a manifest that is no text
 *
 * Returns: (nullable): its value
 */
JsonNode *
imp_draft_get_other (ImpDraft   *self,
                     const char *key)
{
  g_return_val_if_fail (IMP_IS_DRAFT (self), NULL);

  return json_object_get_member (self->others, key);
}

/**
 * imp_draft_set_other:
 * @self: a draft
 * @key: a key of a manifest
 * @value: (nullable): its value, which is copied, or `NULL` for none
 *
 * Keeps a field as it is.
 */
void
imp_draft_set_other (ImpDraft   *self,
                     const char *key,
                     JsonNode   *value)
{
  g_return_if_fail (IMP_IS_DRAFT (self));

  if (value != NULL)
    json_object_set_member (self->others, key, json_node_copy (value));
  else
    json_object_remove_member (self->others, key);
}

/**
 * imp_draft_list_others:
 * @self: a draft
 *
 * Returns: (transfer full) (array zero-terminated=1): the keys of what is kept as it came
 */
char **
imp_draft_list_others (ImpDraft *self)
{
  g_autoptr(GList) keys = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (IMP_IS_DRAFT (self), NULL);

  keys = g_list_sort (json_object_get_members (self->others), (GCompareFunc) g_strcmp0);
  for (GList *l = keys; l != NULL; l = l->next)
    g_strv_builder_add (builder, l->data);

  return g_strv_builder_end (builder);
}

/**
 * imp_draft_equal:
 * @self: a draft
 * @other: another
 *
 * Returns: whether both would be saved as the same file
 */
gboolean
imp_draft_equal (ImpDraft *self,
                 ImpDraft *other)
{
  g_autofree char *first = imp_draft_to_text (self);
  g_autofree char *second = imp_draft_to_text (other);

  return g_str_equal (first, second);
}

/**
 * imp_draft_make_builder:
 * @self: a draft
 *
 * Makes a manifest of it; what is computed from the payload is not in it.
 *
 * Returns: (transfer full): the builder
 */
ImpManifestBuilder *
imp_draft_make_builder (ImpDraft *self)
{
  ImpManifestBuilder *builder = imp_manifest_builder_new ();
  JsonObjectIter others;
  GHashTableIter texts;
  gpointer text_key;
  gpointer text;
  const char *key;
  JsonNode *node;

  g_return_val_if_fail (IMP_IS_DRAFT (self), NULL);

  json_object_iter_init (&others, self->others);
  while (json_object_iter_next (&others, &key, &node))
    imp_manifest_builder_set_json (builder, key, node);

  g_hash_table_iter_init (&texts, self->texts);
  while (g_hash_table_iter_next (&texts, &text_key, &text))
    imp_draft_field_put (builder, text_key, text);

  return builder;
}
