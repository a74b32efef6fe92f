/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-attack-result.h"

#include <string.h>

#include "imp-error.h"
#include "imp-json.h"
#include "imp-time.h"

/* Results as they are kept, and as they are given to other programs. */

static JsonArray *
tampers_to_json (ImpAttackResult *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->tampers->len; i++)
    {
      const ImpTamper *tamper = g_ptr_array_index (self->tampers, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "where", tamper->where);
      if (tamper->before != NULL)
        json_object_set_string_member (object, "before", tamper->before);
      json_object_set_string_member (object, "after", tamper->after);
      json_array_add_object_element (array, object);
    }

  return array;
}

static JsonArray *
conversation_to_json (ImpAttackResult *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->conversation->len; i++)
    json_array_add_string_element (array, g_ptr_array_index (self->conversation, i));

  return array;
}

static JsonArray *
checks_to_json (guint checks)
{
  JsonArray *array = json_array_new ();

  for (int check = 1; check <= IMP_N_CHECKS; check++)
    {
      if (checks & IMP_CHECK_BIT (check))
        json_array_add_int_element (array, check);
    }

  return array;
}

static void
set_check (JsonObject *object,
           const char *name,
           ImpCheck    check)
{
  if (check != 0)
    json_object_set_int_member (object, name, check);
  else
    json_object_set_null_member (object, name);
}

/**
 * imp_attack_result_to_json:
 * @self: a result
 *
 * Returns: (transfer full): all of it
 */
JsonObject *
imp_attack_result_to_json (ImpAttackResult *self)
{
  JsonObject *object = json_object_new ();
  g_autofree char *time = imp_time_format (self->time);

  json_object_set_string_member (object, "time", time);
  json_object_set_string_member (object, "device", self->device);
  json_object_set_string_member (object, "attack", self->attack->id);
  set_check (object, "mustBeStoppedBy", self->attack->check);
  json_object_set_array_member (object, "without", checks_to_json (self->checks_off));
  json_object_set_string_member (object, "verdict", imp_attack_verdict_get_id (self->verdict));
  set_check (object, "check", self->check);
  json_object_set_string_member (object, "reason", self->reason != NULL ? self->reason : "");
  json_object_set_string_member (object, "runs", self->version != NULL ? self->version : "");
  json_object_set_boolean_member (object, "runningSlotUnchanged", self->unchanged);
  json_object_set_double_member (object, "ms", self->ms);
  json_object_set_int_member (object, "bytes", self->bytes);
  json_object_set_array_member (object, "changes", tampers_to_json (self));
  json_object_set_array_member (object, "conversation", conversation_to_json (self));

  return object;
}

static gboolean
read_verdict (const char        *id,
              ImpAttackVerdict  *verdict,
              GError           **error)
{
  for (guint i = IMP_VERDICT_STOPPED; i <= IMP_VERDICT_NOT_TRIED; i++)
    {
      if (g_str_equal (imp_attack_verdict_get_id (i), id))
        {
          *verdict = i;
          return TRUE;
        }
    }

  return imp_error_set (error, IMP_ERROR_MALFORMED, "“%s” is no verdict", id);
}

static void
read_tampers (ImpAttackResult *self,
              JsonArray       *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *where = object != NULL ? imp_json_get_string (object, "where", NULL) : NULL;
      const char *after = object != NULL ? imp_json_get_string (object, "after", NULL) : NULL;
      ImpTamper *tamper;

      if (where == NULL || after == NULL)
        continue;

      tamper = g_new0 (ImpTamper, 1);
      tamper->where = g_strdup (where);
      tamper->after = g_strdup (after);
      tamper->before = g_strdup (imp_json_get_string (object, "before", NULL));
      g_ptr_array_add (self->tampers, tamper);
    }
}

static void
read_lists (ImpAttackResult *self,
            JsonObject      *object)
{
  JsonArray *array = imp_json_get_array (object, "conversation", NULL);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_ptr_array_add (self->conversation, g_strdup (json_node_get_string (node)));
    }

  array = imp_json_get_array (object, "without", NULL);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gint64 check = json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;

      if (check >= 1 && check <= IMP_N_CHECKS)
        self->checks_off |= IMP_CHECK_BIT (check);
    }

  read_tampers (self, imp_json_get_array (object, "changes", NULL));
}

static double
get_double (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : 0;
}

static gboolean
get_boolean (JsonObject *object,
             const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

static void
read_figures (ImpAttackResult *self,
              JsonObject      *object)
{
  gint64 check = 0, bytes = 0;

  if (imp_json_get_int (object, "check", &check, NULL) && check >= 1 && check <= IMP_N_CHECKS)
    self->check = check;
  if (imp_json_get_int (object, "bytes", &bytes, NULL))
    self->bytes = MAX (bytes, 0);
  self->ms = get_double (object, "ms");
  self->reason = g_strdup (imp_json_get_string (object, "reason", NULL));
  self->version = g_strdup (imp_json_get_string (object, "runs", NULL));
  self->unchanged = get_boolean (object, "runningSlotUnchanged");
}

/**
 * imp_attack_result_new_from_json:
 * @object: what [method@Imp.AttackResult.to_json] made
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the result; `NULL` for one of an attack that is not known any more
 */
ImpAttackResult *
imp_attack_result_new_from_json (JsonObject  *object,
                                 GError     **error)
{
  g_autoptr(ImpAttackResult) self = NULL;
  const char *time, *device, *attack, *verdict;

  if (!(time = imp_json_get_string (object, "time", error)) ||
      !(device = imp_json_get_string (object, "device", error)) ||
      !(attack = imp_json_get_string (object, "attack", error)) ||
      !(verdict = imp_json_get_string (object, "verdict", error)))
    return NULL;

  self = imp_attack_result_new (device, imp_attack_find (attack));
  if (self->attack == NULL)
    {
      imp_error_set (error, IMP_ERROR_NOT_FOUND, "there is no attack “%s”", attack);
      return NULL;
    }

  if (!imp_time_parse (time, &self->time, error) ||
      !read_verdict (verdict, &self->verdict, error))
    return NULL;

  read_figures (self, object);
  read_lists (self, object);
  return g_steal_pointer (&self);
}

/**
 * imp_attack_results_to_json:
 * @results: (element-type ImpAttackResult): results
 *
 * Returns: (transfer full): all of them
 */
char *
imp_attack_results_to_json (GPtrArray *results)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < results->len; i++)
    json_array_add_object_element (array, imp_attack_result_to_json (g_ptr_array_index (results, i)));
  json_node_take_array (node, array);

  return json_to_string (node, TRUE);
}

/* RFC 4180; a leading sign that a spreadsheet would calculate with is kept from it. */
static void
append_field (GString    *csv,
              const char *text)
{
  g_autoptr(GString) quoted = g_string_new (text);

  g_string_replace (quoted, "\"", "\"\"", 0);
  if (*text != '\0' && strchr ("=+-@\t\r", *text) != NULL)
    g_string_prepend_c (quoted, '\'');
  g_string_append_printf (csv, "\"%s\",", quoted->str);
}

static void
append_result (GString         *csv,
               ImpAttackResult *self)
{
  g_autofree char *time = imp_time_format (self->time);
  g_autofree char *off = imp_checks_to_text (self->checks_off);
  char ms[G_ASCII_DTOSTR_BUF_SIZE];

  append_field (csv, time);
  append_field (csv, self->device);
  append_field (csv, self->attack->id);
  g_string_append_printf (csv, "%d,", self->attack->check);
  append_field (csv, off);
  append_field (csv, imp_attack_verdict_get_id (self->verdict));
  g_string_append_printf (csv, "%d,", self->check);
  append_field (csv, self->reason != NULL ? self->reason : "");
  append_field (csv, self->version != NULL ? self->version : "");
  append_field (csv, self->unchanged ? "yes" : "no");
  g_ascii_formatd (ms, sizeof ms, "%.1f", self->ms);
  g_string_append_printf (csv, "%s,%" G_GUINT64_FORMAT "\r\n", ms, self->bytes);
}

/**
 * imp_attack_results_to_csv:
 * @results: (element-type ImpAttackResult): results
 *
 * Returns: (transfer full): a line each, below a header; RFC 4180
 */
char *
imp_attack_results_to_csv (GPtrArray *results)
{
  GString *csv = g_string_new ("time,device,attack,must be stopped by check,without checks,verdict,refused by check,"
                               "reason,runs,running slot unchanged,ms,bytes\r\n");

  for (guint i = 0; i < results->len; i++)
    append_result (csv, g_ptr_array_index (results, i));

  return g_string_free (csv, FALSE);
}
