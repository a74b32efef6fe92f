/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-comparison-private.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>

static void
set_string (JsonObject *object,
            const char *name,
            const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static JsonObject *
print_side (const ImpComparisonSide *side)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "transaction", side->transaction);
  json_object_set_string_member (object, "class", imp_manifest_get_class_id (side->manifest));
  json_object_set_string_member (object, "version", imp_manifest_get_version (side->manifest));
  json_object_set_string_member (object, "cid", side->cid);
  json_object_set_int_member (object, "size", imp_manifest_get_size (side->manifest));
  set_string (object, "format", side->format);

  return object;
}

static JsonObject *
print_difference (ImpDifference *difference,
                  gboolean       with_values)
{
  JsonObject *object = json_object_new ();
  ImpChange change = imp_difference_get_change (difference);

  json_object_set_string_member (object, "change", imp_change_to_string (change));
  json_object_set_string_member (object, "name", imp_difference_get_name (difference));
  if (imp_difference_get_detail (difference) != NULL)
    json_object_set_string_member (object, "detail", imp_difference_get_detail (difference));
  if (with_values)
    {
      set_string (object, "a", imp_difference_get_a (difference));
      set_string (object, "b", imp_difference_get_b (difference));
    }

  return object;
}

static JsonArray *
print_list (GListStore *list,
            gboolean    with_values)
{
  JsonArray *array = json_array_new ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpDifference) difference = g_list_model_get_item (G_LIST_MODEL (list), i);

      json_array_add_object_element (array, print_difference (difference, with_values));
    }

  return array;
}

static JsonArray *
print_notes (ImpComparison *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; g_ptr_array_index (self->notes, i) != NULL; i++)
    json_array_add_string_element (array, g_ptr_array_index (self->notes, i));

  return array;
}

/**
 * imp_comparison_to_json:
 * @self: a comparison
 *
 * Returns: (transfer full): all of it
 */
JsonNode *
imp_comparison_to_json (ImpComparison *self)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  g_return_val_if_fail (IMP_IS_COMPARISON (self), NULL);

  json_object_set_object_member (object, "a", print_side (&self->sides[0]));
  json_object_set_object_member (object, "b", print_side (&self->sides[1]));
  json_object_set_array_member (object, "fields", print_list (self->fields, TRUE));
  json_object_set_array_member (object, "sections", print_list (self->sections, TRUE));
  json_object_set_array_member (object, "strings", print_list (self->strings, FALSE));
  json_object_set_int_member (object, "stringsAdded", self->n_added);
  json_object_set_int_member (object, "stringsGone", self->n_gone);
  json_object_set_int_member (object, "stringsShare", self->share);
  json_object_set_array_member (object, "notes", print_notes (self));
  json_node_take_object (node, object);

  return node;
}

static void
print_line (GString       *text,
            ImpDifference *difference)
{
  ImpChange change = imp_difference_get_change (difference);
  const char *a = imp_difference_get_a (difference);
  const char *b = imp_difference_get_b (difference);
  const char *detail = imp_difference_get_detail (difference);

  g_string_append_printf (text, "%s %s", imp_change_get_symbol (change),
                          imp_difference_get_name (difference));
  if (detail != NULL)
    g_string_append_printf (text, "  [%s]", detail);
  if (change == IMP_CHANGE_SAME)
    g_string_append_printf (text, "  %s", a);
  else
    g_string_append_printf (text, "  %s → %s", a != NULL ? a : "—", b != NULL ? b : "—");
  g_string_append_c (text, '\n');
}

static void
print_string (GString       *text,
              ImpDifference *difference)
{
  g_string_append_printf (text, "%s %s\n", imp_change_get_symbol (imp_difference_get_change (difference)),
                          imp_difference_get_name (difference));
}

static void
print_part (GString     *text,
            const char  *title,
            GListStore  *list,
            void       (*print) (GString *text, ImpDifference *difference))
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  if (n == 0)
    return;

  g_string_append_printf (text, "\n%s\n", title);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpDifference) difference = g_list_model_get_item (G_LIST_MODEL (list), i);

      print (text, difference);
    }
}

/**
 * imp_comparison_to_text:
 * @self: a comparison
 *
 * Returns: (transfer full): all of it, for people; nothing in it is safe for a terminal
 */
char *
imp_comparison_to_text (ImpComparison *self)
{
  g_autofree char *title = imp_comparison_dup_title (self);
  GString *text = g_string_new (title);

  g_string_append_printf (text, "\n%s → %s\n", self->sides[0].transaction, self->sides[1].transaction);
  print_part (text, _("Manifest"), self->fields, print_line);
  print_part (text, _("Sections"), self->sections, print_line);
  print_part (text, _("Strings"), self->strings, print_string);
  for (guint i = 0; g_ptr_array_index (self->notes, i) != NULL; i++)
    g_string_append_printf (text, "%s%s\n", i == 0 ? "\n" : "", (char *) g_ptr_array_index (self->notes, i));

  return g_string_free (text, FALSE);
}
