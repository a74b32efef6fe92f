/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-check.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-preferences.h"
#include "imp-toast.h"

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GtkWidget) from = user_data;
  g_autoptr(ImpTrustHead) head = NULL;
  g_autoptr(GError) error = NULL;
  AdwToast *toast;

  head = imp_trust_check_head_finish (IMP_TRUST (object), result, &error);
  /* That nobody answers is said elsewhere; a warning is for an answer that does not fit. */
  if (head != NULL || !g_error_matches (error, IMP_ERROR, IMP_ERROR_REFUSED))
    return;

  g_message ("the ledger was not confirmed: %s", error->message);
  toast = adw_toast_new (_("The ledger does not fit what was seen of it before"));
  adw_toast_set_button_label (toast, _("_Audit…"));
  adw_toast_set_action_name (toast, "win.audit-ledger");
  adw_toast_set_timeout (toast, 0);
  imp_toast_show (from, toast);
}

static void
connected_cb (GtkWidget  *from,
              GParamSpec *pspec,
              ImpSession *session)
{
  GSettings *settings = imp_session_get_settings (session);
  ImpAgentClient *client = imp_session_get_client (session);

  if (client == NULL ||
      (settings != NULL && !g_settings_get_boolean (settings, IMP_PREFERENCE_CHECK_LEDGER)))
    return;

  imp_trust_check_head_async (imp_session_get_trust (session), client, NULL, checked_cb,
                              g_object_ref (from));
}

/**
 * imp_ledger_check_follow:
 * @from: a widget of the window that warns
 * @session: whose connection
 *
 * Compares the head of the ledger with its pinned key and the last checkpoint
 * seen, whenever agents are connected and the preferences want it.
 */
void
imp_ledger_check_follow (GtkWidget  *from,
                         ImpSession *session)
{
  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (IMP_IS_SESSION (session));

  g_signal_connect_object (session, "notify::client", G_CALLBACK (connected_cb), from,
                           G_CONNECT_SWAPPED);
  connected_cb (from, NULL, session);
}
