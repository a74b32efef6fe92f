/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>

#include "imp-device-poll.h"
#include "imp-device-round.h"
#include "imp-error.h"
#include "imp-file.h"
#include "imp-output.h"
#include "imp-run-keys.h"

#define MAX_COUNT 10000

static struct
{
  char     *class_id;
  char     *vendor;
  char     *key;
  char     *public_key;
  char     *log_key;
  char     *installed;
  gint64    sequence;
  gint64    slot_size;
  int       count;
  gboolean  all;
  gboolean  trace;
  int       interval;
  int       jitter;
  gboolean  poll;
  int       seconds;
  char     *version;
} options = { .sequence = -1, .count = 1, .interval = IMP_DEVICE_DEFAULT_POLL_INTERVAL, .jitter = 10,
              .seconds = 60 };

static void
add_slot (JsonBuilder *builder,
          ImpDevice   *device,
          char         slot)
{
  const char name[] = { slot, '\0' };
  g_autofree char *path = imp_device_dup_slot_path (device, slot);

  imp_json_add_string (builder, name, path);
}

static JsonNode *
device_to_json (ImpDevice *device)
{
  const char running[] = { imp_device_get_running_slot (device), '\0' };
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  imp_json_add_string (builder, "id", imp_device_get_id (device));
  imp_json_add_string (builder, "class", imp_device_get_class_id (device));
  imp_json_add_string (builder, "vendor", imp_device_get_vendor_id (device));
  imp_json_add_string (builder, "author",
                       imp_key_get_fingerprint (imp_device_get_author (device)));
  imp_json_add_string (builder, "version", imp_device_get_version (device));
  if (imp_device_get_sequence (device) >= 0)
    imp_json_add_int (builder, "sequence", imp_device_get_sequence (device));
  else
    imp_json_add_string (builder, "sequence", NULL);
  imp_json_add_string (builder, "runningSlot", running);
  json_builder_set_member_name (builder, "slots");
  json_builder_begin_object (builder);
  add_slot (builder, device, 'a');
  add_slot (builder, device, 'b');
  json_builder_end_object (builder);
  imp_json_add_string (builder, "directory", imp_device_get_directory (device));
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

static void
print_devices_json (GPtrArray *devices,
                    gboolean   array)
{
  g_autoptr(JsonArray) nodes = json_array_new ();

  for (guint i = 0; i < devices->len; i++)
    json_array_add_element (nodes, device_to_json (g_ptr_array_index (devices, i)));

  imp_print_json_items (nodes, array);
}

static void
print_devices (GPtrArray *devices)
{
  const char *const header[] = { _("DEVICE"), _("CLASS"), _("VERSION"), _("SLOT"), _("TRUSTS"), NULL };
  g_autoptr(ImpTable) table = imp_table_new (header);

  for (guint i = 0; i < devices->len; i++)
    {
      ImpDevice *device = g_ptr_array_index (devices, i);
      const char slot[] = { imp_device_get_running_slot (device), '\0' };
      const char *version = imp_device_get_version (device);
      g_autofree char *author =
        g_strndup (imp_key_get_fingerprint (imp_device_get_author (device)), 16);

      imp_table_add (table, imp_device_get_id (device), imp_device_get_class_id (device),
                     version != NULL ? version : "—", slot, author, NULL);
    }

  imp_table_print (table);
}

static GPtrArray *
list_devices (ImpFleet *fleet)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fleet));

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (devices, g_list_model_get_item (G_LIST_MODEL (fleet), i));

  return devices;
}

/* The key that the device will trust. */
static ImpKey *
get_author (ImpRun  *run,
            GError **error)
{
  g_autoptr(ImpKeyringItem) item = NULL;

  if (options.public_key != NULL)
    return imp_file_read_public_key (options.public_key, error);
  if (!(item = imp_run_find_key (run, options.key, error)))
    return NULL;

  return imp_key_new_from_pem (imp_keyring_item_get_public_pem (item), -1, NULL, error);
}

static gboolean
check_new_usage (GError **error)
{
  const char *message = NULL;

  if (options.class_id == NULL)
    message = _("A device is of a class: --class CLASS");
  else if (options.key != NULL && options.public_key != NULL)
    message = _("A device trusts one key: either --key or --public-key");
  else if (options.slot_size < 0)
    message = _("--slot-size is a number of bytes");
  else if (options.count < 1 || options.count > MAX_COUNT)
    message = _("--count is between 1 and 10000");
  else if (options.sequence < -1)
    message = _("--sequence is not negative");
  else if (options.interval < 1 || options.interval > IMP_DEVICE_MAX_POLL_INTERVAL)
    message = _("--interval is between 1 and 604800 seconds");
  else if (options.jitter < 0 || options.jitter > IMP_DEVICE_MAX_POLL_JITTER)
    message = _("--jitter is between 0 and 100 percent");

  if (message == NULL)
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

static gboolean
add_devices (ImpRun    *run,
             ImpFleet  *fleet,
             ImpKey    *author,
             GError   **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  const ImpDeviceConfig config = {
    .id = imp_run_get_argument (run, 0),
    .vendor_id = options.vendor,
    .class_id = options.class_id,
    .author = author,
    .log_key = options.log_key,
    .version = options.installed,
    .sequence = options.sequence,
    .slot_size = options.slot_size,
    .poll_interval = options.interval,
    .poll_jitter = options.jitter,
    .polling = options.poll,
  };

  imp_fleet_add_async (fleet, &config, options.count, NULL, NULL, imp_run_get_cancellable (run),
                       imp_wait_cb, &wait);
  return imp_fleet_add_finish (fleet, imp_wait (&wait), error);
}

/* Those of @after that are not in @before. */
static GPtrArray *
find_new (GPtrArray *before,
          GPtrArray *after)
{
  GPtrArray *added = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GHashTable) known = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < before->len; i++)
    g_hash_table_add (known, g_ptr_array_index (before, i));

  for (guint i = 0; i < after->len; i++)
    {
      ImpDevice *device = g_ptr_array_index (after, i);

      if (!g_hash_table_contains (known, device))
        g_ptr_array_add (added, g_object_ref (device));
    }

  return added;
}

static gboolean
run_new (ImpRun  *run,
         GError **error)
{
  g_autoptr(GPtrArray) before = NULL;
  g_autoptr(GPtrArray) after = NULL;
  g_autoptr(GPtrArray) added = NULL;
  g_autoptr(ImpKey) author = NULL;
  ImpFleet *fleet;

  if (!check_new_usage (error) || !(author = get_author (run, error)) ||
      !(fleet = imp_run_load_fleet (run, error)))
    return FALSE;

  before = list_devices (fleet);
  if (!add_devices (run, fleet, author, error))
    return FALSE;

  after = list_devices (fleet);
  added = find_new (before, after);
  if (imp_run_is_json (run))
    print_devices_json (added, options.count > 1);
  else
    print_devices (added);

  return TRUE;
}

static gboolean
run_list (ImpRun  *run,
          GError **error)
{
  g_autoptr(GPtrArray) devices = NULL;
  ImpFleet *fleet = imp_run_load_fleet (run, error);

  if (fleet == NULL)
    return FALSE;

  devices = list_devices (fleet);
  if (imp_run_is_json (run))
    print_devices_json (devices, TRUE);
  else if (devices->len == 0)
    imp_run_note (run, _("There is no device yet; make one with “imprimaturctl device new”"));
  else
    print_devices (devices);

  return TRUE;
}

static void
print_device (ImpDevice *device)
{
  static const char *const columns[] = { "", "", NULL };
  const char running[] = { imp_device_get_running_slot (device), '\0' };
  g_autoptr(ImpTable) table = imp_table_new (columns);
  g_autofree char *sequence = g_strdup_printf ("%" G_GINT64_FORMAT, imp_device_get_sequence (device));
  g_autofree char *slot_a = imp_device_dup_slot_path (device, 'a');
  g_autofree char *slot_b = imp_device_dup_slot_path (device, 'b');
  const char *vendor = imp_device_get_vendor_id (device);
  const char *version = imp_device_get_version (device);

  imp_table_add (table, _("Device"), imp_device_get_id (device), NULL);
  imp_table_add (table, _("Class"), imp_device_get_class_id (device), NULL);
  imp_table_add (table, _("Vendor"), vendor != NULL ? vendor : _("any"), NULL);
  imp_table_add (table, _("Trusts"), imp_key_get_fingerprint (imp_device_get_author (device)), NULL);
  imp_table_add (table, _("Version"), version != NULL ? version : _("nothing installed"), NULL);
  if (imp_device_get_sequence (device) >= 0)
    imp_table_add (table, _("Sequence number"), sequence, NULL);
  imp_table_add (table, _("Running slot"), running, NULL);
  imp_table_add (table, _("Slot a"), slot_a, NULL);
  imp_table_add (table, _("Slot b"), slot_b, NULL);
  imp_table_print (table);
}

static ImpDevice *
find_device (ImpRun  *run,
             GError **error)
{
  ImpFleet *fleet = imp_run_load_fleet (run, error);

  return fleet != NULL ? imp_fleet_find (fleet, imp_run_get_argument (run, 0), error) : NULL;
}

static gboolean
run_show (ImpRun  *run,
          GError **error)
{
  g_autoptr(ImpDevice) device = find_device (run, error);

  if (device == NULL)
    return FALSE;

  if (imp_run_is_json (run))
    {
      g_autoptr(JsonNode) node = device_to_json (device);

      imp_print_json (node);
    }
  else
    print_device (device);

  return TRUE;
}

static gboolean
run_remove (ImpRun  *run,
            GError **error)
{
  g_autoptr(ImpDevice) device = find_device (run, error);
  g_autoptr(GPtrArray) devices = g_ptr_array_new ();
  g_autoptr(JsonNode) node = NULL;
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  ImpFleet *fleet;

  if (device == NULL)
    return FALSE;

  node = device_to_json (device);
  fleet = imp_run_load_fleet (run, error);
  g_ptr_array_add (devices, device);
  imp_fleet_remove_async (fleet, devices, imp_run_get_cancellable (run), imp_wait_cb, &wait);
  if (!imp_fleet_remove_finish (fleet, imp_wait (&wait), error))
    return FALSE;

  if (imp_run_is_json (run))
    imp_print_json (node);
  else
    imp_run_note (run, _("Removed “%s”"), imp_device_get_id (device));

  return TRUE;
}

/* Returns: (transfer full) (nullable): the one that is named, or all of them */
static GPtrArray *
choose_devices (ImpRun  *run,
                GError **error)
{
  GPtrArray *devices;
  ImpFleet *fleet;
  ImpDevice *device;

  if (options.all == (imp_run_get_n_arguments (run) > 0))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("Name a device, or say --all"));
      return NULL;
    }

  if (!(fleet = imp_run_load_fleet (run, error)))
    return NULL;
  if (options.all)
    return list_devices (fleet);
  if (!(device = imp_fleet_find (fleet, imp_run_get_argument (run, 0), error)))
    return NULL;

  devices = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (devices, device);
  return devices;
}

static gboolean
run_update (ImpRun  *run,
            GError **error)
{
  g_autoptr(GPtrArray) devices = choose_devices (run, error);

  return devices != NULL &&
         imp_device_rounds_run (run, devices, options.all, options.trace, error);
}

static gboolean
run_poll (ImpRun  *run,
          GError **error)
{
  g_autoptr(GPtrArray) devices = NULL;

  if (options.seconds < 1 || options.seconds > IMP_DEVICE_POLL_MAX_SECONDS)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("--for is between 1 and 86400 seconds"));
      return FALSE;
    }

  devices = choose_devices (run, error);
  return devices != NULL &&
         imp_device_poll_run (run, devices, options.seconds, options.version, error);
}

static const GOptionEntry new_options[] = {
  { "class", 0, 0, G_OPTION_ARG_STRING, &options.class_id,
    N_("Its class"), N_("CLASS") },
  { "vendor", 0, 0, G_OPTION_ARG_STRING, &options.vendor,
    N_("Its vendor (default: any)"), N_("VENDOR") },
  { "key", 'k', 0, G_OPTION_ARG_STRING, &options.key,
    N_("The author’s key that it trusts: its name or fingerprint (default: the only one)"),
    N_("KEY") },
  { "public-key", 0, 0, G_OPTION_ARG_FILENAME, &options.public_key,
    N_("Trust the public key in this PEM file"), N_("FILE") },
  { "log-key", 0, 0, G_OPTION_ARG_STRING, &options.log_key,
    N_("The ledger’s verifier key (default: pinned at the first update)"), N_("KEY") },
  { "installed", 0, 0, G_OPTION_ARG_STRING, &options.installed,
    N_("Version that is installed (default: nothing)"), N_("VERSION") },
  { "sequence", 0, 0, G_OPTION_ARG_INT64, &options.sequence,
    N_("Sequence number of what is installed"), N_("N") },
  { "slot-size", 0, 0, G_OPTION_ARG_INT64, &options.slot_size,
    N_("Size of a slot in bytes (default: 64 GiB)"), N_("BYTES") },
  { "count", 0, 0, G_OPTION_ARG_INT, &options.count,
    N_("How many (default: 1); each gets a number behind its name"), N_("N") },
  { "interval", 0, 0, G_OPTION_ARG_INT, &options.interval,
    N_("How often it looks for an update when it polls (default: 60 s)"), N_("SECONDS") },
  { "jitter", 0, 0, G_OPTION_ARG_INT, &options.jitter,
    /* xgettext:no-c-format */
    N_("How much sooner or later at most (default: 10 % of the interval)"), N_("PERCENT") },
  { "poll", 0, 0, G_OPTION_ARG_NONE, &options.poll,
    N_("Let it poll whenever the console runs"), NULL },
  { NULL }
};

static const GOptionEntry update_options[] = {
  { "all", 'a', 0, G_OPTION_ARG_NONE, &options.all,
    N_("Update every device, one after another"), NULL },
  { "trace", 0, 0, G_OPTION_ARG_NONE, &options.trace,
    N_("Show the conversation with the agent"), NULL },
  { NULL }
};

static const GOptionEntry poll_options[] = {
  { "all", 'a', 0, G_OPTION_ARG_NONE, &options.all,
    N_("Let every device poll"), NULL },
  { "for", 0, 0, G_OPTION_ARG_INT, &options.seconds,
    N_("For how long (default: 60 s)"), N_("SECONDS") },
  { "until", 0, 0, G_OPTION_ARG_STRING, &options.version,
    N_("End as soon as all of them have updated themselves to this version"), N_("VERSION") },
  { NULL }
};

const ImpCommand imp_device_commands[] = {
  { "device", "new", "[ID]", 0, 1, N_("Make an emulated device"),
    new_options, run_new },
  { "device", "list", NULL, 0, 0, N_("List the emulated devices"),
    NULL, run_list },
  { "device", "show", "ID", 1, 1, N_("Show one device"),
    NULL, run_show },
  { "device", "update", "[ID]", 0, 1, N_("Let a device look for an update and install it"),
    update_options, run_update },
  { "device", "poll", "[ID]", 0, 1, N_("Let devices look for updates by themselves for a while"),
    poll_options, run_poll },
  { "device", "remove", "ID", 1, 1, N_("Remove an emulated device"),
    NULL, run_remove },
  { NULL }
};
