/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-demo.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#include "imp-attacker.h"
#include "imp-demo-firmware.h"
#include "imp-device-round.h"
#include "imp-error.h"
#include "imp-hostile-network.h"
#include "imp-output.h"
#include "imp-publication.h"

#define CLASS "demo-board"
#define STORAGE "firmware.img"

/**
 * ImpDemo:
 *
 * The whole job, once, on this machine alone: the real agents, a real device and real attacks.
 *
 * Its fields are what the steps hand on to each other.
 */
struct _ImpDemo
{
  ImpRun          *run;
  char            *directory;        /* (owned) */
  ImpDemoFirmware *firmware;         /* (owned) */
  ImpKey          *key;              /* (owned) */
  ImpConnection   *connection;       /* (owned) */
  ImpAgentClient  *client;           /* (owned) */
  ImpTrust        *trust;            /* (owned) */
  ImpDevice       *device;           /* (owned) */
  char            *transactions[2];  /* (owned) of version 1 and version 2 */
};

typedef struct
{
  const char *name;
  const char *title;  /* N_() */
  gboolean  (*run)    (ImpDemo *self,
                       char   **detail,
                       GError **error);
} Step;

/**
 * imp_demo_new:
 * @run: the run of the command
 * @directory: an empty folder for all that is made
 * @error: return location for an error
 *
 * Finds firmware to publish, or makes some.
 *
 * Returns: (transfer full) (nullable): a demonstration at its beginning, or `NULL` with @error set
 */
ImpDemo *
imp_demo_new (ImpRun      *run,
              const char  *directory,
              GError     **error)
{
  g_autoptr(ImpDemo) self = g_new0 (ImpDemo, 1);

  self->run = run;
  self->directory = g_strdup (directory);
  self->firmware = imp_demo_firmware_new (directory, error);

  return self->firmware != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * imp_demo_free:
 * @self: a demonstration
 *
 * Ends the agents, and waits for that: nobody writes into the folder any more.
 */
void
imp_demo_free (ImpDemo *self)
{
  if (self->connection != NULL)
    {
      imp_connection_close (self->connection);
      imp_wait_for_children ();
    }

  g_clear_object (&self->device);
  g_clear_object (&self->trust);
  g_clear_object (&self->client);
  g_clear_object (&self->connection);
  g_clear_object (&self->key);
  g_clear_pointer (&self->firmware, imp_demo_firmware_free);
  g_free (self->transactions[0]);
  g_free (self->transactions[1]);
  g_free (self->directory);
  g_free (self);
}

/**
 * imp_demo_is_generated:
 * @self: a demonstration
 *
 * Returns: whether its payloads had to be generated, since there is no firmware on this machine
 */
gboolean
imp_demo_is_generated (ImpDemo *self)
{
  return imp_demo_firmware_is_generated (self->firmware);
}

static GCancellable *
get_cancellable (ImpDemo *self)
{
  return imp_run_get_cancellable (self->run);
}

static char *
dup_path (ImpDemo    *self,
          const char *name)
{
  return g_build_filename (self->directory, name, NULL);
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
make_key (ImpDemo  *self,
          char    **detail,
          GError  **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(GTask) task = g_task_new (NULL, get_cancellable (self), imp_wait_cb, &wait);

  g_task_set_source_tag (task, make_key);
  g_task_run_in_thread (task, generate_thread);
  if (!(self->key = g_task_propagate_pointer (G_TASK (imp_wait (&wait)), error)))
    return FALSE;

  *detail = g_strdup_printf (_("%s %.16s…, in memory only: no keyring is needed"),
                             imp_key_get_algorithm (self->key),
                             imp_key_get_fingerprint (self->key));
  return TRUE;
}

static gboolean
start_agents (ImpDemo  *self,
              char    **detail,
              GError  **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autofree char *data = dup_path (self, "data");
  g_autofree char *trust = dup_path (self, "trust");

  self->connection = imp_connection_new_embedded (data);
  imp_connection_open_async (self->connection, get_cancellable (self), imp_wait_cb, &wait);
  if (!imp_connection_open_finish (self->connection, imp_wait (&wait), error))
    {
      imp_run_set_failure (self->run, IMP_EXIT_UNREACHABLE, NULL);
      return FALSE;
    }

  self->client = imp_agent_client_new (self->connection);
  self->trust = imp_trust_new (trust);
  *detail = g_strdup_printf (_("author %s, retrieval %s"),
                             imp_connection_get_url (self->connection, "author"),
                             imp_connection_get_url (self->connection, "retrieval"));
  return TRUE;
}

static gboolean
register_author (ImpDemo  *self,
                 char    **detail,
                 GError  **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autofree char *expires = NULL;
  ImpAuthorStatus status;

  imp_agent_client_register_author_async (self->client, self->key, get_cancellable (self),
                                          imp_wait_cb, &wait);
  if (!imp_agent_client_register_author_finish (self->client, imp_wait (&wait), &status, error))
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
publish (ImpDemo     *self,
         guint        number,
         const char  *version,
         char       **detail,
         GError     **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  const char *path = imp_demo_firmware_get_path (self->firmware, number);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(ImpPublication) publication = NULL;
  g_autofree char *size = NULL;

  publication = imp_publication_new (self->client, self->key, file, make_manifest (version), NULL);
  imp_publication_run_async (publication, get_cancellable (self), imp_wait_cb, &wait);
  if (!imp_publication_run_finish (publication, imp_wait (&wait), error))
    return FALSE;

  self->transactions[number] = g_strdup (imp_publication_get_transaction (publication));
  size = g_format_size (imp_publication_get_total (publication));
  *detail = g_strdup_printf (_("%s, %s, CID %s"), path, size, imp_publication_get_cid (publication));
  return TRUE;
}

static gboolean
publish_first (ImpDemo  *self,
               char    **detail,
               GError  **error)
{
  return publish (self, 0, "1.0.0", detail, error);
}

static gboolean
publish_second (ImpDemo  *self,
                char    **detail,
                GError  **error)
{
  return publish (self, 1, "1.1.0", detail, error);
}

static gboolean
expect (ImpDemo     *self,
        gboolean     fits,
        const char  *message,
        GError     **error)
{
  if (fits)
    return TRUE;

  imp_run_set_failure (self->run, IMP_EXIT_NOT_VERIFIED, "NOT_VERIFIED");
  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_REFUSED, message);
  return FALSE;
}

static gboolean
read_ledger (ImpDemo  *self,
             char    **detail,
             GError  **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpTransaction) transaction = NULL;

  imp_agent_client_get_transaction_async (self->client, self->transactions[0],
                                          get_cancellable (self), imp_wait_cb, &wait);
  transaction = imp_agent_client_get_transaction_finish (self->client, imp_wait (&wait), error);
  if (transaction == NULL ||
      !expect (self, g_strcmp0 (imp_transaction_get_author (transaction),
                                imp_key_get_fingerprint (self->key)) == 0,
               _("the ledger names another author"), error))
    return FALSE;

  *detail = g_strdup_printf (_("line %" PRIu64 ", transaction %.16s…"),
                             imp_transaction_get_sequence (transaction),
                             imp_transaction_get_id (transaction));
  return TRUE;
}

static gboolean
verify_update (ImpDemo  *self,
               char    **detail,
               GError  **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(GPtrArray) verdicts = NULL;
  g_autoptr(GString) passed = g_string_new (NULL);

  imp_trust_verify_update_async (self->trust, self->client, self->transactions[0], TRUE,
                                 get_cancellable (self), imp_wait_cb, &wait);
  verdicts = imp_trust_verify_update_finish (self->trust, imp_wait (&wait), error);
  if (verdicts == NULL)
    return FALSE;

  for (guint i = 0; i < verdicts->len; i++)
    {
      const ImpVerdict *verdict = g_ptr_array_index (verdicts, i);

      if (!expect (self, verdict->passed, verdict->detail, error))
        return FALSE;
      g_string_append_printf (passed, "%s%s", passed->len > 0 ? ", " : "", verdict->id);
    }

  *detail = g_string_free (g_steal_pointer (&passed), FALSE);
  return TRUE;
}

/* One look for an update, over @retrieval, that must come out as @outcome. */
static gboolean
run_round (ImpDemo           *self,
           const char        *retrieval,
           ImpDeviceOutcome   outcome,
           char             **detail,
           GError           **error)
{
  g_autoptr(ImpRound) round = imp_round_new (self->device);

  if (!imp_round_run (round, self->run, retrieval, error))
    return FALSE;

  if (round->outcome == IMP_DEVICE_REFUSED)
    *detail = g_strdup_printf (_("check %u, %s: %s; runs %s still"), round->failed,
                               imp_check_get_id (round->failed), round->reason,
                               imp_device_get_version (self->device));
  else
    *detail = g_strdup_printf (_("runs %s in slot %c"), imp_device_get_version (self->device),
                               imp_device_get_running_slot (self->device));

  return expect (self, round->outcome == outcome, *detail, error);
}

static const char *
get_retrieval (ImpDemo *self)
{
  return imp_connection_get_url (self->connection, "retrieval");
}

static gboolean
install_first (ImpDemo  *self,
               char    **detail,
               GError  **error)
{
  g_autofree char *directory = dup_path (self, "device");
  const ImpDeviceConfig config = {
    .id = "demo-device",
    .class_id = CLASS,
    .author = self->key,
    .sequence = -1,
  };

  self->device = imp_device_create (directory, &config, error);
  return self->device != NULL &&
         run_round (self, get_retrieval (self), IMP_DEVICE_INSTALLED, detail, error);
}

/* One look for an update, with somebody in the middle. */
static gboolean
run_attack (ImpDemo     *self,
            const char  *id,
            const char  *other,
            char       **detail,
            GError     **error)
{
  g_autoptr(ImpAttacker) attacker = imp_attacker_new (get_retrieval (self), error);
  g_autoptr(ImpHostileNetwork) network = NULL;

  if (attacker == NULL)
    return FALSE;

  attacker->other = g_strdup (other);
  network = imp_hostile_network_new (imp_attack_find (id), g_steal_pointer (&attacker), error);

  return network != NULL &&
         run_round (self, imp_hostile_network_get_url (network), IMP_DEVICE_REFUSED, detail, error);
}

static gboolean
refuse_flipped_byte (ImpDemo  *self,
                     char    **detail,
                     GError  **error)
{
  return run_attack (self, "flip-payload", NULL, detail, error);
}

static gboolean
install_second (ImpDemo  *self,
                char    **detail,
                GError  **error)
{
  return run_round (self, get_retrieval (self), IMP_DEVICE_INSTALLED, detail, error);
}

static gboolean
refuse_older (ImpDemo  *self,
              char    **detail,
              GError  **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autofree char *path = g_strconcat ("/v1/updates/", self->transactions[0], NULL);
  g_autoptr(JsonNode) older = NULL;
  g_autofree char *text = NULL;

  imp_agent_client_get_json_async (self->client, "retrieval", path, get_cancellable (self), imp_wait_cb, &wait);
  if (!(older = imp_agent_client_get_json_finish (self->client, imp_wait (&wait), error)))
    return FALSE;

  text = json_to_string (older, FALSE);
  return run_attack (self, "replay", text, detail, error);
}

static gboolean
audit (ImpDemo  *self,
       char    **detail,
       GError  **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;

  imp_trust_audit_async (self->trust, self->client, get_cancellable (self), NULL, NULL,
                         imp_wait_cb, &wait);
  *detail = imp_trust_audit_finish (self->trust, imp_wait (&wait), error);
  return *detail != NULL;
}

/* In the order in which they are taken. */
const ImpDemoStep imp_demo_steps[] = {
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
  { NULL }
};
