/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ledger-load.h"

#include <string.h>

#include "imp-contracts.h"

#define TOKEN_TIME (20 * 60 * G_TIME_SPAN_SECOND)

typedef struct
{
  LedgerLoad *load;
  GArray     *times;
  guint       n_left;    /* to be started */
  guint       n_active;
} Run;

typedef struct
{
  Run    *run;
  char   *cid;
  gint64  start;
} Call;

/* What goes wrong here is no result but a mistake. */
static void
check (GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static ImpKey *
load_key (const char *directory,
          guint       number)
{
  g_autofree char *name = g_strdup_printf ("author-%u.pem", number + 1);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *pem = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  ImpKey *author;

  if (g_file_get_contents (path, &pem, NULL, NULL))
    {
      author = imp_key_new_from_pem (pem, -1, NULL, &error);
      check (error);
      return author;
    }

  author = imp_key_generate (IMP_KEY_ED25519, &error);
  check (error);
  bytes = imp_key_export_private (author, &error);
  check (error);
  g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                            G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  check (error);

  return author;
}

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
get_token (LedgerLoad   *self,
           LedgerAuthor *author)
{
  g_autofree char *message = g_uuid_string_random ();
  g_auto(GStrv) arguments = test_make_petition (author->key, message);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(ImpReceipt) receipt = NULL;
  g_autoptr(GError) error = NULL;

  imp_ledger_submit_async (self->ledger, IMP_CONTRACT_REGISTER_AUTHOR, "createAuthor",
                           (const char *const *) arguments, NULL, keep_result_cb, &result);
  wait (&result);
  receipt = imp_ledger_submit_finish (self->ledger, result, &error);
  check (error);

  g_free (author->token);
  author->token = g_strdup (receipt->result);
}

static void
get_tokens (LedgerLoad *self)
{
  for (guint i = 0; i < self->authors->len; i++)
    get_token (self, &g_array_index (self->authors, LedgerAuthor, i));

  self->token_expires = g_get_monotonic_time () + TOKEN_TIME;
}

static void
author_clear (gpointer data)
{
  LedgerAuthor *author = data;

  g_clear_object (&author->key);
  g_free (author->token);
}

static void
load_authors (LedgerLoad *self,
              const char *directory,
              guint       n_authors)
{
  self->authors = g_array_new (FALSE, FALSE, sizeof (LedgerAuthor));
  g_array_set_clear_func (self->authors, author_clear);
  for (guint i = 0; i < n_authors; i++)
    {
      LedgerAuthor author = { load_key (directory, i), NULL };

      g_array_append_val (self->authors, author);
    }
}

LedgerLoad *
ledger_load_open (const char *directory,
                  guint       n_authors,
                  guint       n_classes)
{
  LedgerLoad *self = g_new0 (LedgerLoad, 1);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  ImpLedgerStatus status;

  self->payloads = test_payloads_new ();
  self->n_classes = n_classes;
  self->ledger = imp_embedded_ledger_open (directory, NULL, "load", IMP_PAYLOAD_READER (self->payloads),
                                           &error);
  check (error);
  load_authors (self, directory, n_authors);

  imp_ledger_get_status_async (self->ledger, NULL, keep_result_cb, &result);
  wait (&result);
  imp_ledger_get_status_finish (self->ledger, result, &status, &error);
  check (error);
  self->n_published = status.height;
  get_tokens (self);

  return self;
}

void
ledger_load_close (LedgerLoad *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_clear_object (&self->ledger);
  g_clear_object (&self->payloads);
  g_array_unref (self->authors);
  g_free (self);
}

static void start (Run *run);

static void
published_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Call *call = user_data;
  Run *run = call->run;
  double time = (g_get_monotonic_time () - call->start) / 1000.0;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpReceipt) receipt = imp_ledger_submit_finish (IMP_LEDGER (object), result, &error);

  check (error);
  g_array_append_val (run->times, time);
  test_payloads_remove (run->load->payloads, call->cid);
  g_free (call->cid);
  g_free (call);

  run->n_active--;
  if (run->n_left > 0)
    start (run);
}

/* Each class has one author, so that its versions follow each other. */
static char **
make_update (LedgerLoad  *self,
             char       **cid)
{
  guint64 number = self->n_published++;
  guint class_number = number % self->n_classes;
  LedgerAuthor *author = &g_array_index (self->authors, LedgerAuthor,
                                         class_number % self->authors->len);
  g_autofree char *class_id = g_strdup_printf ("Class_%u", 1 + class_number);
  g_autofree char *version = g_strdup_printf ("V_%" G_GUINT64_FORMAT, number);
  g_autoptr(ImpUpdate) update = NULL;

  update = test_sign_update (test_make_builder (class_id, version, number + 1, version, strlen (version)),
                             author->key);
  *cid = test_payloads_add (self->payloads, version, strlen (version));

  return test_make_update (author->token, update, *cid);
}

static void
start (Run *run)
{
  Call *call = g_new0 (Call, 1);
  g_auto(GStrv) arguments = make_update (run->load, &call->cid);

  run->n_left--;
  run->n_active++;
  call->run = run;
  call->start = g_get_monotonic_time ();
  imp_ledger_submit_async (run->load->ledger, IMP_CONTRACT_REGISTER_UPDATE, "createUpdate",
                           (const char *const *) arguments, NULL, published_cb, call);
}

void
ledger_load_publish (LedgerLoad *self,
                     guint       count,
                     guint       concurrency,
                     GArray     *times)
{
  Run run = { .load = self, .times = times, .n_left = count };

  if (g_get_monotonic_time () > self->token_expires)
    get_tokens (self);

  while (run.n_left > 0 && run.n_active < concurrency)
    start (&run);
  while (run.n_active > 0)
    g_main_context_iteration (NULL, TRUE);
}

double
ledger_load_query_version (LedgerLoad *self)
{
  LedgerAuthor *author = &g_array_index (self->authors, LedgerAuthor, 0);
  const char *arguments[] = { imp_key_get_public_pem (author->key), "Class_1", NULL };
  gint64 start_time = g_get_monotonic_time ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *version = NULL;
  g_autoptr(GError) error = NULL;

  imp_ledger_evaluate_async (self->ledger, IMP_CONTRACT_RETRIEVE_UPDATE, "queryVersion", arguments, NULL,
                             keep_result_cb, &result);
  wait (&result);
  version = imp_ledger_evaluate_finish (self->ledger, result, &error);
  check (error);

  return (g_get_monotonic_time () - start_time) / 1000.0;
}

double
ledger_load_list (LedgerLoad           *self,
                  const ImpLedgerQuery *query)
{
  gint64 start_time = g_get_monotonic_time ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) page = NULL;
  g_autoptr(GError) error = NULL;

  imp_ledger_list_transactions_async (self->ledger, query, NULL, keep_result_cb, &result);
  wait (&result);
  page = imp_ledger_list_transactions_finish (self->ledger, result, NULL, &error);
  check (error);

  return (g_get_monotonic_time () - start_time) / 1000.0;
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

double
get_percentile (GArray *times,
                double  fraction)
{
  g_array_sort (times, compare_times);

  return g_array_index (times, double, (guint) ((times->len - 1) * fraction));
}
