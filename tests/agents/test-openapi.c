/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "agents-fixture.h"

#include <string.h>

/* An agent's document says what the agent answers, no more and no less. */

static JsonNode *
get_document (AgentsFixture *fixture,
              ImpRole        role)
{
  g_autoptr(Reply) reply = agents_get (fixture, role, "/openapi.json");

  g_assert_cmpuint (reply->status, ==, 200);
  return reply_parse (reply);
}

static char *
fill_in (const char *path)
{
  g_auto(GStrv) parts = g_strsplit (path, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] == '{')
        {
          g_free (parts[i]);
          parts[i] = g_strdup ("x");
        }
    }

  return g_strjoinv ("/", parts);
}

static gboolean
describes_status (JsonObject *operation,
                  guint       status)
{
  g_autofree char *text = g_strdup_printf ("%u", status);

  return json_object_has_member (json_object_get_object_member (operation, "responses"), text);
}

/* The path answers, with a status that the document names. */
static void
assert_answers (AgentsFixture *fixture,
                ImpRole        role,
                const char    *path,
                const char    *method,
                JsonObject    *operation)
{
  g_autofree char *real = fill_in (path);
  g_autofree char *upper = g_ascii_strup (method, -1);
  const char *body = strcmp (upper, "POST") == 0 ? "" : NULL;
  g_autoptr(Reply) reply = NULL;

  if (strcmp (path, "/v1/events") == 0)
    return;

  reply = agents_ask (fixture, role, upper, real, "Content-Type: application/json\r\n", body, -1);
  if (!describes_status (operation, reply->status) ||
      strstr (reply->body, "there is nothing at this path") != NULL)
    g_error ("%s %s answers %u: %s", upper, path, reply->status, reply->body);
}

static JsonObject *
find_operation (JsonObject *paths,
                const char *path,
                const char *method)
{
  g_autofree char *lower = g_ascii_strdown (method, -1);

  if (!json_object_has_member (paths, path) ||
      !json_object_has_member (json_object_get_object_member (paths, path), lower))
    return NULL;

  return json_object_get_object_member (json_object_get_object_member (paths, path), lower);
}

static void
assert_references (JsonNode   *node,
                   JsonObject *schemas);

static void
assert_reference_cb (JsonObject *object,
                     const char *name,
                     JsonNode   *node,
                     gpointer    schemas)
{
  if (strcmp (name, "$ref") != 0)
    {
      assert_references (node, schemas);
      return;
    }

  g_assert_true (g_str_has_prefix (json_node_get_string (node), "#/components/schemas/"));
  g_assert_true (json_object_has_member (
    schemas, json_node_get_string (node) + strlen ("#/components/schemas/")));
}

static void
assert_references (JsonNode   *node,
                   JsonObject *schemas)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    json_object_foreach_member (json_node_get_object (node), assert_reference_cb, schemas);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        assert_references (json_array_get_element (json_node_get_array (node), i), schemas);
    }
}

static void
test_document (AgentsFixture *fixture,
               gconstpointer  data)
{
  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      g_autoptr(JsonNode) document = get_document (fixture, role);
      JsonObject *root = json_node_get_object (document);
      JsonObject *paths = json_object_get_object_member (root, "paths");
      JsonObject *schemas = json_object_get_object_member (
        json_object_get_object_member (root, "components"), "schemas");
      g_autoptr(GPtrArray) routes =
        imp_agent_list_routes (imp_daemon_get_agent (fixture->daemon, role));
      guint n_operations = 0;
      JsonObjectIter iter;
      const char *path;
      JsonNode *item;

      assert_references (document, schemas);
      for (guint i = 0; i < routes->len; i++)
        {
          const ImpRoute *route = g_ptr_array_index (routes, i);

          if (find_operation (paths, route->path, route->method) == NULL)
            g_error ("%s %s is not in the document of %s", route->method, route->path,
                     imp_role_names[role]);
        }

      json_object_iter_init (&iter, paths);
      while (json_object_iter_next (&iter, &path, &item))
        {
          g_autoptr(GList) methods = json_object_get_members (json_node_get_object (item));

          for (GList *l = methods; l != NULL; l = l->next, n_operations++)
            assert_answers (fixture, role, path, l->data,
                            json_object_get_object_member (json_node_get_object (item), l->data));
        }

      g_assert_cmpuint (n_operations, ==, routes->len);
    }
}

static void
test_shared (AgentsFixture *fixture,
             gconstpointer  data)
{
  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      g_autoptr(Reply) health = agents_get (fixture, role, "/healthz");
      g_autoptr(Reply) metrics = agents_get (fixture, role, "/metrics");
      g_autoptr(Reply) status = agents_get (fixture, role, "/v1/status");
      g_autofree char *label = g_strdup_printf ("imprimatur_requests_total{role=\"%s\",status=\"200\"}",
                                                imp_role_names[role]);

      g_assert_cmpstr (health->body, ==, "{\"status\":\"ok\"}");
      g_assert_nonnull (strstr (metrics->head, "version=0.0.4"));
      g_assert_nonnull (strstr (metrics->body, label));
      g_assert_nonnull (strstr (status->body, imp_role_names[role]));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/openapi/document", AgentsFixture, NULL, agents_fixture_set_up, test_document,
              agents_fixture_tear_down);
  g_test_add ("/openapi/shared", AgentsFixture, NULL, agents_fixture_set_up, test_shared,
              agents_fixture_tear_down);

  return g_test_run ();
}
