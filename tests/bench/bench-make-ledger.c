/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract-fixture.h"
#include "imp-embedded-ledger.h"
#include "imp-time.h"

#define IN_FLIGHT 512
#define PAYLOAD "a small update"

/* Fills an embedded ledger with updates of one author, through its contracts and with every
 * signature real, so that a daemon can be measured at a height that nobody wants to wait for.
 */
typedef struct
{
  GMainLoop *loop;
  ImpLedger *ledger;
  ImpKey    *author;
  char      *token;
  char      *cid;
  guint      all;
  guint      classes;
  guint      begun;
  guint      done;
} Fill;

static void submit_next (Fill *fill);

static void
fail (const GError *error)
{
  fprintf (stderr, "bench-make-ledger: %s\n", error->message);
  exit (EXIT_FAILURE);
}

static void
submitted_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Fill *fill = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpReceipt) receipt = imp_ledger_submit_finish (IMP_LEDGER (object), result, &error);

  if (receipt == NULL)
    fail (error);

  fill->done++;
  if (fill->done == fill->all)
    g_main_loop_quit (fill->loop);
  else if (fill->begun < fill->all)
    submit_next (fill);
}

/* Class by class in turn, so that each has as many versions as any other. */
static void
submit_next (Fill *fill)
{
  guint number = fill->begun++;
  g_autofree char *class_id = g_strdup_printf ("class-%u", number % fill->classes);
  g_autofree char *version = g_strdup_printf ("1.0.%u", number / fill->classes);
  ImpManifestBuilder *builder =
    test_make_builder (class_id, version, imp_time_now () - fill->all + number, PAYLOAD,
                       strlen (PAYLOAD));
  g_autoptr(ImpUpdate) update = test_sign_update (builder, fill->author);
  g_auto(GStrv) arguments = test_make_update (fill->token, update, fill->cid);

  imp_ledger_submit_async (fill->ledger, IMP_CONTRACT_REGISTER_UPDATE, "createUpdate",
                           (const char *const *) arguments, NULL, submitted_cb, fill);
}

static void
registered_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  Fill *fill = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpReceipt) receipt = imp_ledger_submit_finish (IMP_LEDGER (object), result, &error);

  if (receipt == NULL)
    fail (error);

  fill->token = g_strdup (receipt->result);
  for (guint i = 0; i < MIN (IN_FLIGHT, fill->all); i++)
    submit_next (fill);
}

/* The key stays in the benchmark's own temporary folder, for the client that goes on with it. */
static void
write_key (ImpKey     *key,
           const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) pem = imp_key_export_private (key, &error);

  if (pem == NULL ||
      !g_file_set_contents_full (path, g_bytes_get_data (pem, NULL), g_bytes_get_size (pem),
                                 G_FILE_SET_CONTENTS_NONE, 0600, &error))
    fail (error);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(TestPayloads) payloads = test_payloads_new ();
  g_autoptr(ImpLedger) ledger = NULL;
  g_autoptr(ImpKey) author = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) petition = NULL;
  Fill fill = { .loop = loop };

  if (argc != 5)
    {
      fprintf (stderr, "Usage: bench-make-ledger FOLDER KEY-FILE UPDATES CLASSES\n");
      return 2;
    }

  fill.all = atoi (argv[3]);
  fill.classes = MAX (1, atoi (argv[4]));
  if (!(author = imp_key_generate (IMP_KEY_ED25519, &error)) ||
      !(ledger = imp_embedded_ledger_open (argv[1], NULL, "bench", IMP_PAYLOAD_READER (payloads),
                                           &error)))
    fail (error);

  write_key (author, argv[2]);
  fill.ledger = ledger;
  fill.author = author;
  fill.cid = test_payloads_add (payloads, PAYLOAD, strlen (PAYLOAD));
  petition = test_make_petition (author, "bench");
  imp_ledger_submit_async (ledger, IMP_CONTRACT_REGISTER_AUTHOR, "createAuthor",
                           (const char *const *) petition, NULL, registered_cb, &fill);
  g_main_loop_run (loop);

  g_free (fill.token);
  g_free (fill.cid);

  return EXIT_SUCCESS;
}
