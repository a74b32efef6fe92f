/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-device-view.h"

#include <glib/gi18n.h>

#include "imp-conversation.h"
#include "imp-device-status.h"
#include "imp-digest-row.h"
#include "imp-format.h"
#include "imp-timeline.h"
#include "imp-toast.h"

/* ms; what changes faster than this is not seen */
#define UPDATE_INTERVAL 50

/**
 * ImpDeviceView:
 *
 * One device whole: its two slots, the ten checks as each is decided, and the
 * conversation with the retrieval agent.
 */
struct _ImpDeviceView
{
  AdwBin parent_instance;

  ImpDevice    *device;       /* (owned) (nullable) */
  GSignalGroup *signals;      /* (owned): of the device */
  GSignalGroup *log_signals;  /* (owned): of its log */
  GCancellable *cancellable;  /* (owned) (nullable): of looking at the slots */
  guint         timer;

  GtkLabel       *id_label;
  GtkLabel       *class_label;
  ImpStatusChip  *chip;
  GtkLabel       *summary_label;
  GtkProgressBar *progress_bar;
  GtkButton      *update_button;
  AdwActionRow   *slot_a_row;
  AdwActionRow   *slot_b_row;
  ImpStatusChip  *slot_a_chip;
  ImpStatusChip  *slot_b_chip;
  ImpDigestRow   *author_row;
  AdwActionRow   *sequence_row;
  ImpTimeline    *checks;
  AdwActionRow   *polling_row;
  GtkSwitch      *polling_switch;
  AdwActionRow   *checked_row;
  GtkWidget      *conversation_group;
  ImpConversation *conversation;
};

G_DEFINE_FINAL_TYPE (ImpDeviceView, imp_device_view, ADW_TYPE_BIN)

typedef struct
{
  ImpDeviceView *view;  /* (owned) */
  AdwActionRow  *row;   /* (owned) */
  gboolean       running;
} Look;

static void
look_free (Look *look)
{
  g_object_unref (look->view);
  g_object_unref (look->row);
  g_free (look);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Look) look = user_data;
  g_autoptr(GFileInfo) info = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *size = NULL;
  const char *empty;

  info = g_file_query_info_finish (G_FILE (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (info != NULL && g_file_info_get_size (info) > 0)
    size = imp_format_size (g_file_info_get_size (info));
  /* A device can be said to run a version whose payload it never fetched. */
  empty = look->running ? _("Factory firmware, without its payload") : _("Empty");
  adw_action_row_set_subtitle (look->row, size != NULL ? size : empty);
}

static void
look_at_slot (ImpDeviceView *self,
              char           slot,
              AdwActionRow  *row,
              ImpStatusChip *chip)
{
  g_autofree char *path = imp_device_dup_slot_path (self->device, slot);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  const char *version = imp_device_get_version (self->device);
  gboolean running = imp_device_get_running_slot (self->device) == slot && version != NULL;
  g_autofree char *text = running ? g_strdup_printf (_("Running %s"), version) : NULL;
  Look *look = g_new0 (Look, 1);

  imp_status_chip_set (chip, running ? IMP_CHIP_GOOD : IMP_CHIP_NEUTRAL,
                       running ? text : _("Idle"));
  look->view = g_object_ref (self);
  look->row = g_object_ref (row);
  look->running = running;
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, self->cancellable, looked_cb, look);
}

static void
update_slots (ImpDeviceView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  look_at_slot (self, 'a', self->slot_a_row, self->slot_a_chip);
  look_at_slot (self, 'b', self->slot_b_row, self->slot_b_chip);
}

/* Where the look has come to an end, what was not decided did not have to be. */
static ImpTimelineState
get_step_state (ImpDeviceLog *log,
                ImpCheck      check,
                gboolean     *waiting)
{
  gboolean running = imp_device_log_get_running (log);

  switch (imp_device_log_get_check (log, check))
    {
    case IMP_CHECK_PASSED:
      return IMP_TIMELINE_DONE;

    case IMP_CHECK_FAILED:
      *waiting = TRUE;
      return IMP_TIMELINE_FAILED;

    case IMP_CHECK_WAIVED:
      return IMP_TIMELINE_SKIPPED;

    case IMP_CHECK_PENDING:
    default:
      if (!running && imp_device_log_get_status (log) == IMP_DEVICE_STATUS_CURRENT)
        return IMP_TIMELINE_SKIPPED;
      if (!running || *waiting)
        return IMP_TIMELINE_WAITING;
      *waiting = TRUE;
      return IMP_TIMELINE_RUNNING;
    }
}

static void
update_checks (ImpDeviceView *self,
               ImpDeviceLog  *log)
{
  gboolean waiting = FALSE;

  for (int check = 1; check <= IMP_N_CHECKS; check++)
    imp_timeline_set (self->checks, check - 1, get_step_state (log, check, &waiting), -1,
                      imp_device_log_get_check_reason (log, check));
}

static void
update_conversation (ImpDeviceView *self,
                     ImpDeviceLog  *log)
{
  GPtrArray *exchanges = imp_device_log_get_exchanges (log);

  gtk_widget_set_visible (self->conversation_group, exchanges != NULL);
  imp_conversation_set_exchanges (self->conversation, exchanges);
}

static void
update_checked (ImpDeviceView *self,
                ImpDeviceLog  *log)
{
  gint64 answered = imp_device_log_get_answered (log);
  g_autofree char *time = answered != 0 ? imp_format_time (answered) : g_strdup (_("Never"));

  adw_action_row_set_subtitle (self->checked_row, time);
}

static void
update_log (ImpDeviceView *self)
{
  ImpDeviceLog *log = imp_device_log_get (self->device);
  g_autofree char *summary = imp_device_status_summarize (self->device);
  gboolean busy = imp_device_log_get_status (log) == IMP_DEVICE_STATUS_BUSY;

  update_checks (self, log);
  update_conversation (self, log);
  update_checked (self, log);
  imp_device_status_show (self->device, self->chip);
  gtk_label_set_text (self->summary_label, summary != NULL ? summary : "");
  gtk_widget_set_visible (GTK_WIDGET (self->summary_label), summary != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->update_button), !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), busy);
}

static void
update_polling (ImpDeviceView *self)
{
  guint interval = imp_device_get_poll_interval (self->device);
  guint jitter = imp_device_get_poll_jitter (self->device);
  g_autofree char *text = NULL;

  if (jitter > 0)
    text = g_strdup_printf (ngettext ("Looks for an update every %u second, give or take %u %%",
                                      "Looks for an update every %u seconds, give or take %u %%",
                                      interval), interval, jitter);
  else
    text = g_strdup_printf (ngettext ("Looks for an update every %u second",
                                      "Looks for an update every %u seconds", interval), interval);

  adw_action_row_set_subtitle (self->polling_row, text);
  gtk_switch_set_active (self->polling_switch, imp_device_get_polling (self->device));
}

static gboolean
timer_cb (gpointer user_data)
{
  ImpDeviceView *self = user_data;

  self->timer = 0;
  update_log (self);

  return G_SOURCE_REMOVE;
}

static void
schedule_update (ImpDeviceView *self)
{
  if (self->timer == 0)
    self->timer = g_timeout_add (UPDATE_INTERVAL, timer_cb, self);
}

static void
update_state (ImpDeviceView *self)
{
  g_autofree char *sequence = g_strdup_printf ("%" G_GINT64_FORMAT,
                                               imp_device_get_sequence (self->device));

  adw_action_row_set_subtitle (self->sequence_row, imp_device_get_sequence (self->device) >= 0
                                                     ? sequence : _("None"));
  update_slots (self);
}

static void
notify_cb (ImpDeviceView *self,
           GParamSpec    *pspec)
{
  if (g_str_equal (pspec->name, "progress"))
    gtk_progress_bar_set_fraction (self->progress_bar, imp_device_get_progress (self->device));
  else if (g_str_equal (pspec->name, "polling"))
    update_polling (self);
  else if (g_str_equal (pspec->name, "state"))
    schedule_update (self);
  else if (g_str_equal (pspec->name, "version"))
    update_state (self);
}

/* The switch shows what the device does; a person who turns it wants that changed. */
static void
switched_cb (ImpDeviceView *self)
{
  gboolean active = gtk_switch_get_active (self->polling_switch);

  if (self->device != NULL && active != imp_device_get_polling (self->device))
    gtk_widget_activate_action (GTK_WIDGET (self),
                                active ? "devices.start-polling" : "devices.stop-polling", NULL);
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpDeviceView *self = IMP_DEVICE_VIEW (widget);
  g_autofree char *text = imp_conversation_dup_text (self->conversation);

  imp_toast_copy (widget, text, _("Conversation copied"));
}

static void
imp_device_view_dispose (GObject *object)
{
  ImpDeviceView *self = IMP_DEVICE_VIEW (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->signals);
  g_clear_object (&self->log_signals);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_DEVICE_VIEW);
  g_clear_object (&self->device);

  G_OBJECT_CLASS (imp_device_view_parent_class)->dispose (object);
}

static void
imp_device_view_class_init (ImpDeviceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_device_view_dispose;

  g_type_ensure (IMP_TYPE_STATUS_CHIP);
  gtk_widget_class_install_action (widget_class, "device.copy-conversation", NULL, copy_action);

  g_type_ensure (IMP_TYPE_CONVERSATION);
  g_type_ensure (IMP_TYPE_DIGEST_ROW);
  g_type_ensure (IMP_TYPE_TIMELINE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-device-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, id_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, class_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, chip);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, summary_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, update_button);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, slot_a_row);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, slot_b_row);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, slot_a_chip);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, slot_b_chip);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, author_row);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, sequence_row);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, checks);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, polling_row);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, polling_switch);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, checked_row);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, conversation_group);
  gtk_widget_class_bind_template_child (widget_class, ImpDeviceView, conversation);
  gtk_widget_class_bind_template_callback (widget_class, switched_cb);
}

static void
imp_device_view_init (ImpDeviceView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  for (int check = 1; check <= IMP_N_CHECKS; check++)
    imp_timeline_add (self->checks, imp_check_get_title (check));

  self->signals = g_signal_group_new (IMP_TYPE_DEVICE);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (notify_cb), self);
  self->log_signals = g_signal_group_new (IMP_TYPE_DEVICE_LOG);
  g_signal_group_connect_swapped (self->log_signals, "changed", G_CALLBACK (schedule_update), self);
}

/**
 * imp_device_view_set_device:
 * @self: a device view
 * @device: what to show
 *
 * Shows a device and follows it.
 */
void
imp_device_view_set_device (ImpDeviceView *self,
                            ImpDevice     *device)
{
  g_return_if_fail (IMP_IS_DEVICE_VIEW (self));
  g_return_if_fail (IMP_IS_DEVICE (device));

  g_set_object (&self->device, device);
  g_signal_group_set_target (self->signals, device);
  g_signal_group_set_target (self->log_signals, imp_device_log_get (device));

  gtk_label_set_text (self->id_label, imp_device_get_id (device));
  gtk_label_set_text (self->class_label, imp_device_get_class_id (device));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->update_button), "s",
                                    imp_device_get_id (device));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->update_button), "devices.update");
  imp_digest_row_set_digest (self->author_row,
                             imp_key_get_fingerprint (imp_device_get_author (device)));
  gtk_progress_bar_set_fraction (self->progress_bar, imp_device_get_progress (device));
  update_state (self);
  update_polling (self);
  update_log (self);
}
