/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-notifier.h"

#include <glib/gi18n.h>

#include "imp-preferences.h"

/**
 * ImpNotifier:
 *
 * Tells of submissions that end while no window of the application is in use,
 * through the desktop's notifications; one leads to the submission.
 */
struct _ImpNotifier
{
  GObject parent_instance;

  GtkApplication *application;  /* not owned: it owns this */
  GSettings      *settings;     /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ImpNotifier, imp_notifier, G_TYPE_OBJECT)

static gboolean
is_looked_at (ImpNotifier *self)
{
  for (GList *link = gtk_application_get_windows (self->application); link; link = link->next)
    {
      if (gtk_window_is_active (link->data))
        return TRUE;
    }

  return FALSE;
}

static void
notify_of (ImpNotifier   *self,
           ImpSubmission *submission,
           const char    *title)
{
  g_autoptr(GNotification) notification = g_notification_new (title);
  g_autofree char *body = NULL;

  body = g_strdup_printf ("%s %s", imp_submission_get_class_id (submission),
                          imp_submission_get_version (submission));
  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.show-submission", "s",
                                                imp_submission_get_id (submission));
  g_application_send_notification (G_APPLICATION (self->application),
                                   imp_submission_get_id (submission), notification);
}

static void
state_cb (ImpNotifier   *self,
          GParamSpec    *pspec,
          ImpSubmission *submission)
{
  const char *state = imp_submission_get_state (submission);

  if (is_looked_at (self) ||
      (self->settings != NULL && !g_settings_get_boolean (self->settings, IMP_PREFERENCE_NOTIFY)))
    return;

  if (g_strcmp0 (state, "recorded") == 0)
    notify_of (self, submission, _("Update recorded on the ledger"));
  else if (g_strcmp0 (state, "failed") == 0)
    notify_of (self, submission, _("Update could not be submitted"));
}

static void
items_changed_cb (ImpNotifier *self,
                  guint        position,
                  guint        removed,
                  guint        added,
                  GListModel  *submissions)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr(ImpSubmission) submission = g_list_model_get_item (submissions, position + i);

      g_signal_handlers_disconnect_by_func (submission, state_cb, self);
      g_signal_connect_object (submission, "notify::state", G_CALLBACK (state_cb), self,
                               G_CONNECT_SWAPPED);
    }
}

static void
imp_notifier_dispose (GObject *object)
{
  g_clear_object (&IMP_NOTIFIER (object)->settings);

  G_OBJECT_CLASS (imp_notifier_parent_class)->dispose (object);
}

static void
imp_notifier_class_init (ImpNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = imp_notifier_dispose;
}

static void
imp_notifier_init (ImpNotifier *self)
{
}

/**
 * imp_notifier_new:
 * @application: whose windows somebody may look at; it must outlive the notifier
 * @session: whose submissions
 *
 * Follows the submissions from now on.
 *
 * Returns: (transfer full): the notifier
 */
ImpNotifier *
imp_notifier_new (GtkApplication *application,
                  ImpSession     *session)
{
  ImpNotifier *self = g_object_new (IMP_TYPE_NOTIFIER, NULL);
  GListModel *submissions = G_LIST_MODEL (imp_session_get_submissions (session));

  self->application = application;
  if (imp_session_get_settings (session) != NULL)
    self->settings = g_object_ref (imp_session_get_settings (session));
  g_signal_connect_object (submissions, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  items_changed_cb (self, 0, 0, g_list_model_get_n_items (submissions), submissions);
  return self;
}
