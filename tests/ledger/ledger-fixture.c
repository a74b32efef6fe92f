/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ledger-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "imp-cid.h"
#include "imp-contracts.h"
#include "imp-digest.h"

static void
committed_cb (ImpLedger      *ledger,
              ImpTransaction *transaction,
              gpointer        user_data)
{
  LedgerFixture *self = user_data;

  g_ptr_array_add (self->committed, g_object_ref (transaction));
}

char *
ledger_path (LedgerFixture *self,
             const char    *name)
{
  return g_build_filename (self->directory, name, NULL);
}

/* Making an RSA key takes longer than a test should. */
void
ledger_put_token_key (const char *directory)
{
  g_autoptr(JsonObject) reference = test_load_reference ();
  g_autofree char *path = g_build_filename (directory, "token-key.pem", NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents_full (path, json_object_get_string_member (reference, "chainPrivateKey"), -1,
                            G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  g_assert_no_error (error);
}

void
ledger_set_up (LedgerFixture *self,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  self->directory = g_dir_make_tmp ("imp-ledger-XXXXXX", &error);
  g_assert_no_error (error);
  ledger_put_token_key (self->directory);

  self->payloads = test_payloads_new ();
  self->committed = g_ptr_array_new_with_free_func (g_object_unref);
  self->author = imp_key_generate (IMP_KEY_ED25519, &error);
  g_assert_no_error (error);

  ledger_open (self);
  ledger_register (self, "message");
}

static void
remove_all (const char *directory)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_remove (path);
    }
  g_rmdir (directory);
}

void
ledger_tear_down (LedgerFixture *self,
                  gconstpointer  data)
{
  if (self->ledger != NULL)
    ledger_close (self);

  remove_all (self->directory);
  g_assert_finalize_object (self->payloads);
  g_clear_object (&self->author);
  g_clear_pointer (&self->committed, g_ptr_array_unref);
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->directory, g_free);
}

gboolean
ledger_try_open (LedgerFixture  *self,
                 GError        **error)
{
  g_assert_null (self->ledger);
  self->ledger = imp_embedded_ledger_open (self->directory, NULL, "test",
                                           IMP_PAYLOAD_READER (self->payloads), error);
  if (self->ledger == NULL)
    return FALSE;

  g_signal_connect (self->ledger, "committed", G_CALLBACK (committed_cb), self);
  return TRUE;
}

void
ledger_open (LedgerFixture *self)
{
  g_autoptr(GError) error = NULL;

  ledger_try_open (self, &error);
  g_assert_no_error (error);
}

/* A worker thread lets its task, and with it the ledger, go a moment after the answer is here. */
void
ledger_close (LedgerFixture *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;

  for (guint i = 0; g_atomic_int_get (&G_OBJECT (self->ledger)->ref_count) > 1; i++)
    {
      g_assert_cmpuint (i, <, 5000);
      g_usleep (1000);
    }
  g_assert_finalize_object (g_steal_pointer (&self->ledger));
}

/* A GAsyncReadyCallback whose user data is where the result goes. */
void
ledger_keep_result (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  GAsyncResult **place = user_data;

  g_assert_null (*place);
  *place = g_object_ref (result);
}

GAsyncResult *
ledger_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static ImpReceipt *
submit (LedgerFixture  *self,
        const char     *contract,
        const char     *function,
        GStrv           arguments,
        GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  imp_ledger_submit_async (self->ledger, contract, function, (const char *const *) arguments, NULL,
                           ledger_keep_result, &result);
  return imp_ledger_submit_finish (self->ledger, ledger_wait (&result), error);
}

/* Registers the author, who gets a new token. */
void
ledger_register (LedgerFixture *self,
                 const char    *message)
{
  g_auto(GStrv) arguments = test_make_petition (self->author, message);
  g_autoptr(ImpReceipt) receipt = NULL;
  g_autoptr(GError) error = NULL;

  receipt = submit (self, IMP_CONTRACT_REGISTER_AUTHOR, "createAuthor", arguments, &error);
  g_assert_no_error (error);

  g_free (self->token);
  self->token = g_strdup (receipt->result);
}

LedgerCall *
ledger_start (LedgerFixture *self,
              const char    *class_id,
              const char    *version,
              gint64         sequence,
              GCancellable  *cancellable)
{
  LedgerCall *call = g_new0 (LedgerCall, 1);
  g_autofree char *payload = g_strdup_printf ("%s of %s", version, class_id);
  g_autoptr(ImpUpdate) update = NULL;
  g_auto(GStrv) arguments = NULL;

  update = test_sign_update (test_make_builder (class_id, version, sequence, payload, strlen (payload)),
                             self->author);
  call->cid = test_payloads_add (self->payloads, payload, strlen (payload));
  arguments = test_make_update (self->token, update, call->cid);
  imp_ledger_submit_async (self->ledger, IMP_CONTRACT_REGISTER_UPDATE, "createUpdate",
                           (const char *const *) arguments, cancellable, ledger_keep_result,
                           &call->result);

  return call;
}

/* Waits for @call and frees it. */
ImpReceipt *
ledger_finish (LedgerFixture  *self,
               LedgerCall     *call,
               GError        **error)
{
  ImpReceipt *receipt = imp_ledger_submit_finish (self->ledger, ledger_wait (&call->result), error);

  test_payloads_remove (self->payloads, call->cid);
  g_free (call->cid);
  g_object_unref (call->result);
  g_free (call);

  return receipt;
}

ImpReceipt *
ledger_try_publish (LedgerFixture  *self,
                    const char     *class_id,
                    const char     *version,
                    gint64          sequence,
                    GError        **error)
{
  return ledger_finish (self, ledger_start (self, class_id, version, sequence, NULL), error);
}

/* Publishes V_first and on of Class_1, all at once, which keeps their order. */
void
ledger_publish (LedgerFixture *self,
                guint          first,
                guint          n_updates)
{
  g_autofree LedgerCall **calls = g_new0 (LedgerCall *, n_updates);

  for (guint i = 0; i < n_updates; i++)
    {
      g_autofree char *version = g_strdup_printf ("V_%u", first + i);

      calls[i] = ledger_start (self, "Class_1", version, first + i, NULL);
    }

  for (guint i = 0; i < n_updates; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ImpReceipt) receipt = ledger_finish (self, calls[i], &error);

      g_assert_no_error (error);
    }
}

char *
ledger_query_version (LedgerFixture  *self,
                      const char     *class_id,
                      GError        **error)
{
  const char *arguments[] = { imp_key_get_public_pem (self->author), class_id, NULL };
  g_autoptr(GAsyncResult) result = NULL;

  imp_ledger_evaluate_async (self->ledger, IMP_CONTRACT_RETRIEVE_UPDATE, "queryVersion", arguments, NULL,
                             ledger_keep_result, &result);
  return imp_ledger_evaluate_finish (self->ledger, ledger_wait (&result), error);
}

GPtrArray *
ledger_list (LedgerFixture  *self,
             ImpLedgerQuery  query)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *page;

  imp_ledger_list_transactions_async (self->ledger, &query, NULL, ledger_keep_result, &result);
  page = imp_ledger_list_transactions_finish (self->ledger, ledger_wait (&result), NULL, &error);
  g_assert_no_error (error);

  return page;
}

guint64
ledger_get_height (LedgerFixture *self)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  ImpLedgerStatus status;

  imp_ledger_get_status_async (self->ledger, NULL, ledger_keep_result, &result);
  imp_ledger_get_status_finish (self->ledger, ledger_wait (&result), &status, &error);
  g_assert_no_error (error);

  return status.height;
}

gboolean
ledger_verify (LedgerFixture  *self,
               GError        **error)
{
  return imp_embedded_ledger_verify (IMP_EMBEDDED_LEDGER (self->ledger), NULL, NULL, NULL, error);
}
