/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-upload-private.h"

#include "imp-error.h"

#define PROGRESS_SECONDS  10
#define PROGRESS_BYTES    (10 * 1024)  /* in that time, or it is no upload but a way to keep us busy */

enum
{
  PAYLOAD_BEGUN,
  PAYLOAD_ENDED,
  DONE,
  N_SIGNALS,
};

/**
 * ImpUpload:
 *
 * Takes an update and its payload as they arrive, in any order and any chunking.
 *
 * The payload is given away as a stream as soon as it begins, and the reading of the request waits
 * while that stream is not read; the other fields are kept as texts. A payload may also be a JSON
 * string, beside the update, in it, or in its manifest.
 */
G_DEFINE_FINAL_TYPE (ImpUpload, imp_upload, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

/* The upload is over, well or not; nothing of it is told twice. */
void
imp_upload_end (ImpUpload    *self,
                const GError *error)
{
  if (self->stopped)
    return;

  g_object_ref (self);
  if (error != NULL && self->payload != NULL)
    imp_pipe_end (self->payload, error);

  imp_upload_stop (self);
  g_signal_emit (self, signals[DONE], 0, error);
  g_object_unref (self);
}

static const ImpUploadField *
find_field (ImpUpload  *self,
            const char *name)
{
  for (const ImpUploadField *field = self->fields; field->name != NULL; field++)
    {
      if (strcmp (field->name, name) == 0)
        return field;
    }

  return NULL;
}

static gboolean
begin_part (const char  *name,
            const char  *file_name,
            const char  *content_type,
            gpointer     user_data,
            GError     **error)
{
  ImpUpload *self = user_data;
  const ImpUploadField *field = find_field (self, name);
  gboolean is_payload = strcmp (name, IMP_UPLOAD_PAYLOAD) == 0;

  if (field == NULL && !is_payload)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "there is no part “%.64s” here", name);
      return FALSE;
    }
  if (is_payload ? self->payload != NULL : g_hash_table_contains (self->values, name))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the part “%s” is there twice", name);
      return FALSE;
    }

  if (is_payload)
    {
      imp_upload_begin_payload (self);
      return TRUE;
    }

  self->part = g_string_new (NULL);
  self->part_limit = field->max_size;
  self->part_name = field->name;
  g_hash_table_insert (self->values, g_strdup (name), self->part);
  return TRUE;
}

static gboolean
part_data (const guint8  *data,
           gsize          size,
           gpointer       user_data,
           GError       **error)
{
  ImpUpload *self = user_data;

  if (self->stopped)
    return TRUE;

  if (self->part == NULL)
    return imp_upload_write_payload (self, data, size, error);

  if (self->part->len + size > self->part_limit)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                   "the part “%s” is longer than %" G_GSIZE_FORMAT " bytes", self->part_name,
                   self->part_limit);
      return FALSE;
    }

  g_string_append_len (self->part, (const char *) data, size);
  return TRUE;
}

static gboolean
check_text (const char  *name,
            const char  *text,
            gsize        length,
            GError     **error)
{
  if (g_utf8_validate_len (text, length, NULL))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the part “%s” is not UTF-8 text", name);
  return FALSE;
}

static gboolean
end_part (gpointer   user_data,
          GError   **error)
{
  ImpUpload *self = user_data;
  GString *part = g_steal_pointer (&self->part);

  if (self->stopped)
    return TRUE;

  if (part != NULL)
    return check_text (self->part_name, part->str, part->len, error);

  imp_upload_end_payload (self);
  return TRUE;
}

static const ImpMultipartHandler multipart_handler = { begin_part, part_data, end_part };

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              ImpUpload         *self)
{
  g_autoptr(GError) error = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (chunk, &size);

  if (self->stopped)
    return;

  self->received += size;
  if (self->reader != NULL)
    imp_multipart_reader_feed (self->reader, data, size, &error);
  else if (self->json->len + size > IMP_UPLOAD_JSON_SIZE)
    g_set_error (&error, IMP_ERROR, IMP_ERROR_PAYLOAD_TOO_LARGE,
                 "a JSON body may be %d bytes long; send the payload as a file", IMP_UPLOAD_JSON_SIZE);
  else
    g_byte_array_append (self->json, data, size);

  if (error != NULL)
    imp_upload_end (self, error);
}

/* That what must be there is there, and that nothing is longer than it may be. */
gboolean
imp_upload_check_fields (ImpUpload  *self,
                         GError    **error)
{
  for (const ImpUploadField *field = self->fields; field->name != NULL; field++)
    {
      GString *value = g_hash_table_lookup (self->values, field->name);

      if (field->required && (value == NULL || value->len == 0))
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "there is no part “%s”", field->name);
          return FALSE;
        }
      if (value != NULL && value->len > field->max_size)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                       "the part “%s” is longer than %" G_GSIZE_FORMAT " bytes", field->name,
                       field->max_size);
          return FALSE;
        }
      if (value != NULL && strlen (value->str) != value->len)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the part “%s” has a NUL in it",
                       field->name);
          return FALSE;
        }
    }

  return TRUE;
}

static void
got_body_cb (SoupServerMessage *message,
             ImpUpload         *self)
{
  g_autoptr(GError) error = NULL;

  if (imp_request_is_over (self->request))
    return;

  imp_request_end_body (self->request);
  if (self->stopped)
    return;

  if (self->json != NULL)
    {
      imp_upload_parse_json (self);
      return;
    }

  if (imp_multipart_reader_end (self->reader, &error) && imp_upload_check_fields (self, &error) &&
      self->payload == NULL)
    imp_upload_take_payload_of_update (self, &error);

  imp_upload_end (self, error);
}

static void
over_cb (ImpRequest *request,
         guint       status,
         ImpUpload  *self)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                 "the connection was cut");

  imp_upload_end (self, error);
}

static gboolean
progress_cb (gpointer user_data)
{
  ImpUpload *self = user_data;
  gboolean slow = !self->waited && self->received - self->checked < PROGRESS_BYTES;

  self->checked = self->received;
  self->waited = FALSE;
  if (slow)
    {
      self->progress_id = 0;
      imp_request_reply_status (self->request, SOUP_STATUS_REQUEST_TIMEOUT,
                                "the body arrives too slowly");
      return G_SOURCE_REMOVE;
    }

  return G_SOURCE_CONTINUE;
}

static void
value_free (gpointer data)
{
  g_string_free (data, TRUE);
}

static void
imp_upload_finalize (GObject *object)
{
  ImpUpload *self = IMP_UPLOAD (object);

  g_clear_handle_id (&self->progress_id, g_source_remove);
  g_clear_pointer (&self->reader, imp_multipart_reader_free);
  g_clear_pointer (&self->json, g_byte_array_unref);
  g_clear_pointer (&self->block, g_byte_array_unref);
  g_hash_table_unref (self->values);
  g_clear_object (&self->payload);
  g_object_unref (self->request);

  G_OBJECT_CLASS (imp_upload_parent_class)->finalize (object);
}

static void
imp_upload_class_init (ImpUploadClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = imp_upload_finalize;

  /**
   * ImpUpload::payload-begun:
   * @self: an upload
   * @payload: the payload, to be read by another thread
   *
   * The payload begins to arrive.
   */
  signals[PAYLOAD_BEGUN] = g_signal_new ("payload-begun", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_INPUT_STREAM);
  /**
   * ImpUpload::payload-ended:
   * @self: an upload
   *
   * The last byte of the payload has arrived.
   */
  signals[PAYLOAD_ENDED] = g_signal_new ("payload-ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
  /**
   * ImpUpload::done:
   * @self: an upload
   * @error: (nullable): why it is not whole
   *
   * All has arrived, or no more will. Comes once, and never after imp_upload_stop().
   */
  signals[DONE] = g_signal_new ("done", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
imp_upload_init (ImpUpload *self)
{
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, value_free);
}

/**
 * imp_upload_new:
 * @request: a request whose body has not been read
 * @fields: what may be there beside the payload
 * @payload_limit: the most bytes that the payload may have
 *
 * Prepares to take a body.
 *
 * Returns: (transfer full): the upload
 */
ImpUpload *
imp_upload_new (ImpRequest           *request,
                const ImpUploadField *fields,
                guint64               payload_limit)
{
  ImpUpload *self;

  g_return_val_if_fail (IMP_IS_REQUEST (request), NULL);

  self = g_object_new (IMP_TYPE_UPLOAD, NULL);
  self->request = g_object_ref (request);
  self->fields = fields;
  self->payload_limit = payload_limit;

  return self;
}

/**
 * imp_upload_start:
 * @self: an upload whose signals have been connected
 *
 * Begins to read. [signal@Imp.Upload::done] may come before this returns.
 */
void
imp_upload_start (ImpUpload *self)
{
  SoupServerMessage *message;
  SoupMessageHeaders *headers;
  const char *type;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (IMP_IS_UPLOAD (self));

  message = imp_request_get_message (self->request);
  headers = soup_server_message_get_request_headers (message);
  type = soup_message_headers_get_content_type (headers, NULL);

  if (g_strcmp0 (type, "application/json") == 0)
    self->json = g_byte_array_new ();
  else if (g_strcmp0 (type, "multipart/form-data") == 0)
    self->reader = imp_multipart_reader_new (soup_message_headers_get_one (headers, "Content-Type"),
                                             &multipart_handler, self, &error);
  else
    g_set_error_literal (&error, IMP_ERROR, IMP_ERROR_MALFORMED,
                         "the body must be multipart/form-data or application/json");

  if (error == NULL && self->json != NULL &&
      soup_message_headers_get_content_length (headers) > IMP_UPLOAD_JSON_SIZE)
    g_set_error (&error, IMP_ERROR, IMP_ERROR_PAYLOAD_TOO_LARGE,
                 "a JSON body may be %d bytes long; send the payload as a file", IMP_UPLOAD_JSON_SIZE);

  if (error != NULL)
    {
      imp_upload_end (self, error);
      return;
    }

  g_signal_connect_object (message, "got-chunk", G_CALLBACK (got_chunk_cb), self, 0);
  g_signal_connect_object (message, "got-body", G_CALLBACK (got_body_cb), self, 0);
  g_signal_connect_object (self->request, "over", G_CALLBACK (over_cb), self, 0);
  self->progress_id = g_timeout_add_seconds (PROGRESS_SECONDS, progress_cb, self);
}

/**
 * imp_upload_stop:
 * @self: an upload
 *
 * Takes no more of it; a payload that has not ended ends as cut.
 */
void
imp_upload_stop (ImpUpload *self)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (IMP_IS_UPLOAD (self));

  if (self->stopped)
    return;

  self->stopped = TRUE;
  g_clear_handle_id (&self->progress_id, g_source_remove);
  if (self->payload != NULL && self->block != NULL)
    {
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "the upload was cut");
      imp_pipe_end (self->payload, error);
    }
}

/**
 * imp_upload_get_field:
 * @self: an upload
 * @name: a field
 *
 * Gets a field that has arrived; while it is still arriving there is only a part of it.
 *
 * Returns: (nullable): its text; an object of a JSON body as canonical JSON
 */
const char *
imp_upload_get_field (ImpUpload  *self,
                      const char *name)
{
  GString *value;

  g_return_val_if_fail (IMP_IS_UPLOAD (self), NULL);

  value = g_hash_table_lookup (self->values, name);
  return value != NULL && value != self->part ? value->str : NULL;
}

/**
 * imp_upload_get_payload_size:
 * @self: an upload
 *
 * Returns: how many bytes of the payload have come so far
 */
guint64
imp_upload_get_payload_size (ImpUpload *self)
{
  g_return_val_if_fail (IMP_IS_UPLOAD (self), 0);

  return self->payload_size;
}
