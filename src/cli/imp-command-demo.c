/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <stdio.h>

#include "imp-attacker.h"
#include "imp-demo-firmware.h"
#include "imp-device-round.h"
#include "imp-error.h"
#include "imp-hostile-network.h"
#include "imp-output.h"
#include "imp-publication.h"

#define CLASS "demo-board"
#define STORAGE "firmware.img"

static struct
{
  gboolean keep;
} options;

/* What the steps hand on to each other. */
typedef struct
{
  ImpRun          *run;
  char            *directory;      /* (owned) */
  ImpDemoFirmware *firmware;       /* (owned) */
  ImpKey          *key;            /* (owned) */
  ImpConnection   *connection;     /* (owned) */
  ImpAgentClient  *client;         /* (owned) */
  ImpTrust        *trust;          /* (owned) */
  ImpDevice       *device;         /* (owned) */
  char            *transactions[2];  /* (owned) of version 1 and version 2 */
  JsonBuilder     *steps;          /* (owned) */
} Demo;

typedef struct
{
  const char *name;
  const char *title;  /* N_() */
  gboolean  (*run)    (Demo    *demo,
                       char   **detail,
                       GError **error);
} Step;

static void
demo_clear (Demo *demo)
{
  if (demo->connection != NULL)
    {
      imp_connection_close (demo->connection);
      imp_wait_for_children ();
    }

  g_clear_object (&demo->device);
  g_clear_object (&demo->trust);
  g_clear_object (&demo->client);
  g_clear_object (&demo->connection);
  g_clear_object (&demo->key);
  g_clear_object (&demo->steps);
  g_clear_pointer (&demo->firmware, imp_demo_firmware_free);
  g_clear_pointer (&demo->transactions[0], g_free);
  g_clear_pointer (&demo->transactions[1], g_free);
  g_clear_pointer (&demo->directory, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Demo, demo_clear)

static GCancellable *
get_cancellable (Demo *demo)
{
  return imp_run_get_cancellable (demo->run);
}

static char *
dup_path (Demo       *demo,
          const char *name)
{
  return g_build_filename (demo->directory, name, NULL);
}

static void
generate_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  GError *error = NULL;
  ImpKey *key = imp_key_generate (IMP_KEY_RSA_2048, &error);

  if (key != NULL)
    g_task_return_pointer (task, key, g_object_unref);
  else
    g_task_return_error (task, error);
}

static gboolean
make_key (Demo    *demo,
          char   **detail,
          GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(GTask) task = g_task_new (NULL, get_cancellable (demo), imp_wait_cb, &wait);

  g_task_set_source_tag (task, make_key);
  g_task_run_in_thread (task, generate_thread);
  if (!(demo->key = g_task_propagate_pointer (G_TASK (imp_wait (&wait)), error)))
    return FALSE;

  *detail = g_strdup_printf (_("%s %.16s…, in memory only: no keyring is needed"),
                             imp_key_get_algorithm (demo->key),
                             imp_key_get_fingerprint (demo->key));
  return TRUE;
}

static gboolean
start_agents (Demo    *demo,
              char   **detail,
              GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autofree char *data = dup_path (demo, "data");
  g_autofree char *trust = dup_path (demo, "trust");

  demo->connection = imp_connection_new_embedded (data);
  imp_connection_open_async (demo->connection, get_cancellable (demo), imp_wait_cb, &wait);
  if (!imp_connection_open_finish (demo->connection, imp_wait (&wait), error))
    {
      imp_run_set_failure (demo->run, IMP_EXIT_UNREACHABLE, NULL);
      return FALSE;
    }

  demo->client = imp_agent_client_new (demo->connection);
  demo->trust = imp_trust_new (trust);
  *detail = g_strdup_printf (_("author %s, retrieval %s"),
                             imp_connection_get_url (demo->connection, "author"),
                             imp_connection_get_url (demo->connection, "retrieval"));
  return TRUE;
}

static gboolean
register_author (Demo    *demo,
                 char   **detail,
                 GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autofree char *expires = NULL;
  ImpAuthorStatus status;

  imp_agent_client_register_author_async (demo->client, demo->key, get_cancellable (demo),
                                          imp_wait_cb, &wait);
  if (!imp_agent_client_register_author_finish (demo->client, imp_wait (&wait), &status, error))
    return FALSE;

  expires = imp_format_local_time (status.token_expires);
  *detail = g_strdup_printf (_("token until %s"), expires);
  return TRUE;
}

static ImpManifestBuilder *
make_manifest (const char *version)
{
  static const char *const none[] = { NULL };
  ImpManifestBuilder *builder = imp_manifest_builder_new ();

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, CLASS);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, version);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, g_get_real_time () / 1000);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, "bin");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION, STORAGE);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_ENCRYPTION_WRAPPER, "");
  imp_manifest_builder_set_strv (builder, IMP_MANIFEST_DEPENDENCIES, none);

  return builder;
}

static gboolean
publish (Demo        *demo,
         guint        number,
         const char  *version,
         char       **detail,
         GError     **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  const char *path = imp_demo_firmware_get_path (demo->firmware, number);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(ImpPublication) publication = NULL;
  g_autofree char *size = NULL;

  publication = imp_publication_new (demo->client, demo->key, file, make_manifest (version), NULL);
  imp_publication_run_async (publication, get_cancellable (demo), imp_wait_cb, &wait);
  if (!imp_publication_run_finish (publication, imp_wait (&wait), error))
    return FALSE;

  demo->transactions[number] = g_strdup (imp_publication_get_transaction (publication));
  size = g_format_size (imp_publication_get_total (publication));
  *detail = g_strdup_printf (_("%s, %s, CID %s"), path, size, imp_publication_get_cid (publication));
  return TRUE;
}

static gboolean
publish_first (Demo    *demo,
               char   **detail,
               GError **error)
{
  return publish (demo, 0, "1.0.0", detail, error);
}

static gboolean
publish_second (Demo    *demo,
                char   **detail,
                GError **error)
{
  return publish (demo, 1, "1.1.0", detail, error);
}

static gboolean
expect (Demo        *demo,
        gboolean     fits,
        const char  *message,
        GError     **error)
{
  if (fits)
    return TRUE;

  imp_run_set_failure (demo->run, IMP_EXIT_NOT_VERIFIED, "NOT_VERIFIED");
  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_REFUSED, message);
  return FALSE;
}

static gboolean
read_ledger (Demo    *demo,
             char   **detail,
             GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpTransaction) transaction = NULL;

  imp_agent_client_get_transaction_async (demo->client, demo->transactions[0],
                                          get_cancellable (demo), imp_wait_cb, &wait);
  transaction = imp_agent_client_get_transaction_finish (demo->client, imp_wait (&wait), error);
  if (transaction == NULL ||
      !expect (demo, g_strcmp0 (imp_transaction_get_author (transaction),
                                imp_key_get_fingerprint (demo->key)) == 0,
               _("the ledger names another author"), error))
    return FALSE;

  *detail = g_strdup_printf (_("line %" PRIu64 ", transaction %.16s…"),
                             imp_transaction_get_sequence (transaction),
                             imp_transaction_get_id (transaction));
  return TRUE;
}

static gboolean
verify_update (Demo    *demo,
               char   **detail,
               GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(GPtrArray) verdicts = NULL;
  g_autoptr(GString) passed = g_string_new (NULL);

  imp_trust_verify_update_async (demo->trust, demo->client, demo->transactions[0], TRUE,
                                 get_cancellable (demo), imp_wait_cb, &wait);
  verdicts = imp_trust_verify_update_finish (demo->trust, imp_wait (&wait), error);
  if (verdicts == NULL)
    return FALSE;

  for (guint i = 0; i < verdicts->len; i++)
    {
      const ImpVerdict *verdict = g_ptr_array_index (verdicts, i);

      if (!expect (demo, verdict->passed, verdict->detail, error))
        return FALSE;
      g_string_append_printf (passed, "%s%s", passed->len > 0 ? ", " : "", verdict->id);
    }

  *detail = g_string_free (g_steal_pointer (&passed), FALSE);
  return TRUE;
}

/* One look for an update, over @retrieval, that must come out as @outcome. */
static gboolean
run_round (Demo              *demo,
           const char        *retrieval,
           ImpDeviceOutcome   outcome,
           char             **detail,
           GError           **error)
{
  g_autoptr(ImpRound) round = imp_round_new (demo->device);

  if (!imp_round_run (round, demo->run, retrieval, error))
    return FALSE;

  if (round->outcome == IMP_DEVICE_REFUSED)
    *detail = g_strdup_printf (_("check %u, %s: %s; runs %s still"), round->failed,
                               imp_check_get_id (round->failed), round->reason,
                               imp_device_get_version (demo->device));
  else
    *detail = g_strdup_printf (_("runs %s in slot %c"), imp_device_get_version (demo->device),
                               imp_device_get_running_slot (demo->device));

  return expect (demo, round->outcome == outcome, *detail, error);
}

static const char *
get_retrieval (Demo *demo)
{
  return imp_connection_get_url (demo->connection, "retrieval");
}

static gboolean
install_first (Demo    *demo,
               char   **detail,
               GError **error)
{
  g_autofree char *directory = dup_path (demo, "device");
  const ImpDeviceConfig config = {
    .id = "demo-device",
    .class_id = CLASS,
    .author = demo->key,
    .sequence = -1,
  };

  demo->device = imp_device_create (directory, &config, error);
  return demo->device != NULL &&
         run_round (demo, get_retrieval (demo), IMP_DEVICE_INSTALLED, detail, error);
}

/* One look for an update, with somebody in the middle. */
static gboolean
run_attack (Demo        *demo,
            const char  *id,
            const char  *other,
            char       **detail,
            GError     **error)
{
  g_autoptr(ImpAttacker) attacker = imp_attacker_new (get_retrieval (demo), error);
  g_autoptr(ImpHostileNetwork) network = NULL;

  if (attacker == NULL)
    return FALSE;

  attacker->other = g_strdup (other);
  network = imp_hostile_network_new (imp_attack_find (id), g_steal_pointer (&attacker), error);

  return network != NULL &&
         run_round (demo, imp_hostile_network_get_url (network), IMP_DEVICE_REFUSED, detail, error);
}

static gboolean
refuse_flipped_byte (Demo    *demo,
                     char   **detail,
                     GError **error)
{
  return run_attack (demo, "flip-payload", NULL, detail, error);
}

static gboolean
install_second (Demo    *demo,
                char   **detail,
                GError **error)
{
  return run_round (demo, get_retrieval (demo), IMP_DEVICE_INSTALLED, detail, error);
}

static gboolean
refuse_older (Demo    *demo,
              char   **detail,
              GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autofree char *path = g_strconcat ("/v1/updates/", demo->transactions[0], NULL);
  g_autoptr(JsonNode) older = NULL;
  g_autofree char *text = NULL;

  imp_agent_client_get_json_async (demo->client, "retrieval", path, get_cancellable (demo), imp_wait_cb, &wait);
  if (!(older = imp_agent_client_get_json_finish (demo->client, imp_wait (&wait), error)))
    return FALSE;

  text = json_to_string (older, FALSE);
  return run_attack (demo, "replay", text, detail, error);
}

static gboolean
audit (Demo    *demo,
       char   **detail,
       GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;

  imp_trust_audit_async (demo->trust, demo->client, get_cancellable (demo), NULL, NULL,
                         imp_wait_cb, &wait);
  *detail = imp_trust_audit_finish (demo->trust, imp_wait (&wait), error);
  return *detail != NULL;
}

static const Step steps[] = {
  { "key", N_("Make a signing key"), make_key },
  { "agents", N_("Start the agents of this computer"), start_agents },
  { "register", N_("Register as an author"), register_author },
  { "publish", N_("Publish version 1.0.0"), publish_first },
  { "ledger", N_("Find it on the ledger"), read_ledger },
  { "verify", N_("Verify signatures, proof and payload"), verify_update },
  { "install", N_("A device installs it"), install_first },
  { "publish-next", N_("Publish version 1.1.0"), publish_second },
  { "flipped-byte", N_("Attack: a byte of the payload is flipped"), refuse_flipped_byte },
  { "install-next", N_("The device updates itself"), install_second },
  { "older-version", N_("Attack: the older version is replayed"), refuse_older },
  { "audit", N_("Audit the whole ledger"), audit },
};

static void
report_step (Demo       *demo,
             guint       number,
             double      ms,
             const char *detail)
{
  const Step *step = &steps[number];

  json_builder_begin_object (demo->steps);
  imp_json_add_string (demo->steps, "name", step->name);
  imp_json_add_string (demo->steps, "title", _(step->title));
  imp_json_add_double (demo->steps, "ms", ms);
  imp_json_add_string (demo->steps, "detail", detail);
  json_builder_end_object (demo->steps);

  if (!imp_run_is_json (demo->run))
    {
      g_autofree char *time = imp_format_duration (ms);
      g_autofree char *printable = imp_printable (detail);

      imp_print ("%2u  %-42s %10s  %s\n", number + 1, _(step->title), time, printable);
      fflush (stdout);
    }
}

static gboolean
run_step (Demo    *demo,
          guint    number,
          GError **error)
{
  g_autofree char *detail = NULL;
  gint64 started = g_get_monotonic_time ();

  if (g_cancellable_set_error_if_cancelled (get_cancellable (demo), error))
    return FALSE;

  if (!steps[number].run (demo, &detail, error))
    {
      g_prefix_error (error, "%s: ", _(steps[number].title));
      return FALSE;
    }

  report_step (demo, number, (g_get_monotonic_time () - started) / 1000.0, detail);
  return TRUE;
}

static void
print_end_json (Demo   *demo,
                double  ms)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_end_array (demo->steps);
  json_builder_begin_object (builder);
  imp_json_add_boolean (builder, "firmwareGenerated", imp_demo_firmware_is_generated (demo->firmware));
  imp_json_add_node (builder, "steps", json_builder_get_root (demo->steps));
  imp_json_add_double (builder, "ms", ms);
  imp_json_add_string (builder, "directory", options.keep ? demo->directory : NULL);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

static gboolean
play (Demo    *demo,
      GError **error)
{
  gint64 started = g_get_monotonic_time ();
  double ms;

  if (!(demo->firmware = imp_demo_firmware_new (demo->directory, error)))
    return FALSE;
  if (imp_demo_firmware_is_generated (demo->firmware))
    imp_run_note (demo->run, _("There is no firmware on this machine that is known here "
                               "(opensbi, u-boot-qemu, seabios, …); the payloads are generated"));

  demo->steps = json_builder_new ();
  json_builder_begin_array (demo->steps);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      if (!run_step (demo, i, error))
        return FALSE;
    }

  ms = (g_get_monotonic_time () - started) / 1000.0;
  if (imp_run_is_json (demo->run))
    print_end_json (demo, ms);
  else
    {
      g_autofree char *time = imp_format_duration (ms);

      imp_print (_("All of it in %s\n"), time);
    }

  return TRUE;
}

static gboolean
check_usage (ImpRun  *run,
             GError **error)
{
  ImpRunOptions *common = imp_run_get_options (run);

  if (common->connection == NULL && common->data_dir == NULL && common->author == NULL &&
      common->register_ == NULL && common->retrieval == NULL && common->verification == NULL)
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("The demonstration has agents and a folder of its own"));
  return FALSE;
}

static gboolean
run_demo (ImpRun  *run,
          GError **error)
{
  g_autofree char *directory = NULL;
  gboolean done;

  if (!check_usage (run, error) ||
      !(directory = g_dir_make_tmp ("imprimatur-demo-XXXXXX", error)))
    return FALSE;

  {
    g_auto(Demo) demo = { .run = run, .directory = g_strdup (directory) };

    done = play (&demo, error);
  }

  /* The agents have ended by now, so nobody writes there any more. */
  if (!options.keep)
    imp_demo_remove_directory (directory);
  else if (!imp_run_is_json (run))
    imp_print (_("Kept in %s\n"), directory);

  return done;
}

static const GOptionEntry demo_options[] = {
  { "keep", 0, 0, G_OPTION_ARG_NONE, &options.keep,
    N_("Keep the folder with the ledger, the store and the device, and print where it is"), NULL },
  { NULL }
};

const ImpCommand imp_demo_commands[] = {
  { NULL, "demo", NULL, 0, 0, N_("Do the whole job once, on this machine alone"),
    demo_options, run_demo },
  { NULL }
};
