/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-problem.h"

#include "imp-error.h"
#include "imp-json.h"
#include "imp-text.h"

/* Errors on the wire. The reference’s agents answer with a JSON string, ours under /v1 with RFC 9457
 * problem details; a proxy in between with whatever it likes.
 */

#define MAX_PROBLEM_SIZE (1024 * 1024)  /* bytes */
#define MAX_DETAIL       512          /* characters */

static guint
get_imp_status (ImpError code)
{
  switch (code)
    {
    case IMP_ERROR_MALFORMED:
      return SOUP_STATUS_METHOD_NOT_ALLOWED;  /* as the reference answers */

    case IMP_ERROR_NOT_FOUND:
    case IMP_ERROR_UPDATE_NON_EXISTENT:
      return SOUP_STATUS_NOT_FOUND;

    case IMP_ERROR_CORRUPT:
      return SOUP_STATUS_INTERNAL_SERVER_ERROR;

    case IMP_ERROR_BAD_REPLY:
      return SOUP_STATUS_BAD_GATEWAY;

    case IMP_ERROR_PAYLOAD_TOO_LARGE:
      return SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE;

    case IMP_ERROR_STORE_UNAVAILABLE:
    case IMP_ERROR_LEDGER_UNAVAILABLE:
      return SOUP_STATUS_SERVICE_UNAVAILABLE;

    default:
      return SOUP_STATUS_FORBIDDEN;
    }
}

/**
 * imp_problem_get_status:
 * @error: why a request failed
 *
 * Finds the HTTP status that an agent answers with under `/v1`.
 *
 * Returns: a status of 4xx or 5xx
 */
guint
imp_problem_get_status (const GError *error)
{
  g_return_val_if_fail (error != NULL, SOUP_STATUS_INTERNAL_SERVER_ERROR);

  if (error->domain == IMP_ERROR)
    return get_imp_status (error->code);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return SOUP_STATUS_GATEWAY_TIMEOUT;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return SOUP_STATUS_INSUFFICIENT_STORAGE;

  return SOUP_STATUS_INTERNAL_SERVER_ERROR;
}

/**
 * imp_problem_get_reference_status:
 * @error: why a request failed
 *
 * Finds the HTTP status that the reference’s API has for it, where whatever a contract refuses is
 * 403.
 *
 * Returns: a status of 4xx or 5xx
 */
guint
imp_problem_get_reference_status (const GError *error)
{
  g_return_val_if_fail (error != NULL, SOUP_STATUS_INTERNAL_SERVER_ERROR);

  if (g_error_matches (error, IMP_ERROR, IMP_ERROR_UPDATE_NON_EXISTENT))
    return SOUP_STATUS_FORBIDDEN;

  return imp_problem_get_status (error);
}

/* Errors of other domains tell of this machine’s files and neighbours: that is for its own log. */
static const char *
get_detail (const GError *error)
{
  if (error->domain == IMP_ERROR)
    return error->message;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return "no space is left where the agent keeps its data";

  return "the agent failed; its log says why";
}

/**
 * imp_problem_to_json:
 * @error: why a request failed
 *
 * Writes an error as RFC 9457 problem details, with its `code` if it has one.
 *
 * Returns: (transfer full): JSON, for `application/problem+json`
 */
char *
imp_problem_to_json (const GError *error)
{
  g_autoptr(JsonNode) root = NULL;
  JsonObject *object;
  const char *code;
  guint status;

  g_return_val_if_fail (error != NULL, NULL);

  status = imp_problem_get_status (error);
  code = imp_error_get_code (error);

  object = json_object_new ();
  json_object_set_string_member (object, "type", "about:blank");
  json_object_set_string_member (object, "title", soup_status_get_phrase (status));
  json_object_set_int_member (object, "status", status);
  json_object_set_string_member (object, "detail", get_detail (error));
  if (code != NULL)
    json_object_set_string_member (object, "code", code);

  root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (root, object);

  return imp_json_canonicalize (root);
}

/**
 * imp_problem_to_reference_json:
 * @error: why a request failed
 *
 * Writes an error as the reference does: its code, or if it has none what it says.
 *
 * Returns: (transfer full): a JSON string
 */
char *
imp_problem_to_reference_json (const GError *error)
{
  g_autoptr(JsonNode) root = NULL;
  const char *code;

  g_return_val_if_fail (error != NULL, NULL);

  code = imp_error_get_code (error);
  root = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (root, code != NULL ? code : get_detail (error));

  return imp_json_canonicalize (root);
}

/* What a status means where the body does not say more. */
static ImpError
get_error_code (guint status)
{
  switch (status)
    {
    case SOUP_STATUS_BAD_REQUEST:
    case SOUP_STATUS_METHOD_NOT_ALLOWED:
      return IMP_ERROR_MALFORMED;

    case SOUP_STATUS_NOT_FOUND:
      return IMP_ERROR_NOT_FOUND;

    case SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE:
      return IMP_ERROR_PAYLOAD_TOO_LARGE;

    default:
      return SOUP_STATUS_IS_CLIENT_ERROR (status) ? IMP_ERROR_REFUSED : IMP_ERROR_BAD_REPLY;
    }
}

static const char *
get_optional_string (JsonObject *object,
                     const char *name)
{
  return json_object_has_member (object, name) ? imp_json_get_string (object, name, NULL) : NULL;
}

/* The error that a body in either form names. Foreign text is cut and made printable. */
static gboolean
read_problem (GBytes    *body,
              ImpError  *code,
              char     **detail)
{
  gsize size = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &size) : NULL;
  g_autoptr(JsonNode) root = imp_json_parse (text, size, MAX_PROBLEM_SIZE, NULL);
  const char *said_code = NULL, *said_detail = NULL;

  if (root == NULL)
    return FALSE;

  if (JSON_NODE_HOLDS_OBJECT (root))
    {
      said_code = get_optional_string (json_node_get_object (root), "code");
      said_detail = get_optional_string (json_node_get_object (root), "detail");
    }
  else if (json_node_get_value_type (root) == G_TYPE_STRING)
    said_code = said_detail = json_node_get_string (root);

  if (said_code != NULL)
    imp_error_from_code (said_code, code);

  if (said_detail == NULL)
    said_detail = said_code;
  if (said_detail == NULL)
    return FALSE;

  *detail = imp_text_make_printable (said_detail, -1, MAX_DETAIL);

  return TRUE;
}

static char *
describe_garbage (guint   status,
                  GBytes *body)
{
  const char *phrase = soup_status_get_phrase (status);
  g_autofree char *excerpt = NULL;
  gsize size = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &size) : NULL;

  if (size == 0)
    return g_strdup_printf ("the other side answered %u %s", status, phrase);

  excerpt = imp_text_excerpt (text, size);

  return g_strdup_printf ("the other side answered %u %s: “%s”", status, phrase, excerpt);
}

/**
 * imp_problem_check:
 * @message: a message that has been answered
 * @body: (nullable): the body of the answer
 * @error: return location for an [error@Imp.Error]
 *
 * Turns an answer that is no success into an error: by the code in its body, in either form, and
 * otherwise by its status.
 *
 * Returns: whether @message succeeded
 */
gboolean
imp_problem_check (SoupMessage  *message,
                   GBytes       *body,
                   GError      **error)
{
  g_autofree char *detail = NULL;
  ImpError code;
  guint status;

  g_return_val_if_fail (SOUP_IS_MESSAGE (message), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  status = soup_message_get_status (message);
  if (SOUP_STATUS_IS_SUCCESSFUL (status))
    return TRUE;

  code = get_error_code (status);
  if (!read_problem (body, &code, &detail))
    detail = describe_garbage (status, body);

  g_set_error_literal (error, IMP_ERROR, code, detail);

  return FALSE;
}
