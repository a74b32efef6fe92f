/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-agent-row.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-status-chip.h"
#include "imp-width-first.h"

/**
 * ImpAgentRow:
 *
 * One agent of the connection: its version, and how fast it answers.
 */
struct _ImpAgentRow
{
  AdwActionRow parent_instance;

  char          *role;  /* (owned) */
  ImpStatusChip *chip;
};

G_DEFINE_FINAL_TYPE (ImpAgentRow, imp_agent_row, ADW_TYPE_ACTION_ROW)

enum {
  PROP_0,
  PROP_ROLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
show (ImpAgentRow *self,
      const char  *text,
      ImpChipKind  kind,
      const char  *word)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text != NULL ? text : "");
  imp_status_chip_set (self->chip, kind, word);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(ImpAgentRow) self = user_data;
  g_autoptr(JsonObject) status = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *time = NULL;
  double latency = 0;

  status = imp_agent_client_get_status_finish (IMP_AGENT_CLIENT (object), result, &latency, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (status == NULL)
    {
      text = imp_format_error (error);
      show (self, text, IMP_CHIP_BAD, _("No answer"));
      return;
    }

  time = imp_format_duration (latency);
  text = g_strdup_printf (_("Version %s, answered in %s"),
                          json_object_get_string_member_with_default (status, "version", "?"),
                          time);
  show (self, text, IMP_CHIP_GOOD, _("Answering"));
}

static void
imp_agent_row_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ImpAgentRow *self = IMP_AGENT_ROW (object);

  switch (prop_id)
    {
    case PROP_ROLE:
      g_value_set_string (value, self->role);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_agent_row_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  ImpAgentRow *self = IMP_AGENT_ROW (object);

  switch (prop_id)
    {
    case PROP_ROLE:
      self->role = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_agent_row_finalize (GObject *object)
{
  g_free (IMP_AGENT_ROW (object)->role);

  G_OBJECT_CLASS (imp_agent_row_parent_class)->finalize (object);
}

static void
imp_agent_row_class_init (ImpAgentRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = imp_agent_row_finalize;
  object_class->get_property = imp_agent_row_get_property;
  object_class->set_property = imp_agent_row_set_property;

  properties[PROP_ROLE] =
    g_param_spec_string ("role", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
imp_agent_row_init (ImpAgentRow *self)
{
  self->chip = IMP_STATUS_CHIP (imp_status_chip_new ());
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->chip));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  imp_width_first (GTK_WIDGET (self));
}

static void
show_closed (ImpAgentRow  *self,
             const GError *error)
{
  g_autofree char *text = error != NULL ? imp_format_error (error) : NULL;

  show (self, text, error != NULL ? IMP_CHIP_BAD : IMP_CHIP_NEUTRAL,
        error != NULL ? _("No answer") : _("Starting"));
}

static void
ask (ImpAgentRow    *self,
     ImpAgentClient *client,
     GCancellable   *cancellable)
{
  const char *subtitle = adw_action_row_get_subtitle (ADW_ACTION_ROW (self));

  if (subtitle == NULL || *subtitle == '\0')
    imp_status_chip_set (self->chip, IMP_CHIP_BUSY, _("Asking"));
  imp_agent_client_get_status_async (client, self->role, cancellable, answered_cb,
                                     g_object_ref (self));
}

/**
 * imp_agent_row_ask:
 * @self: an agent row
 * @session: whose connection
 * @cancellable: (nullable): a cancellable
 *
 * Asks the agent how it does.
 */
void
imp_agent_row_ask (ImpAgentRow  *self,
                   ImpSession   *session,
                   GCancellable *cancellable)
{
  ImpConnection *connection = imp_session_get_connection (session);
  ImpAgentClient *client = imp_session_get_client (session);
  const char *detail = imp_connection_get_detail (connection);

  g_return_if_fail (IMP_IS_AGENT_ROW (self));

  if (client == NULL)
    show_closed (self, imp_session_get_error (session));
  /* They are being started, again perhaps: the connection says so when they answer. */
  else if (imp_connection_get_state (connection) == IMP_CONNECTION_OPENING)
    show (self, detail, IMP_CHIP_NEUTRAL, _("Starting"));
  else if (imp_connection_get_url (connection, self->role) != NULL)
    ask (self, client, cancellable);
  /* Agents of this computer that are not there have ended, and were not to be started again. */
  else if (imp_connection_is_embedded (connection))
    show (self, detail, IMP_CHIP_BAD, _("No answer"));
  else
    show (self, NULL, IMP_CHIP_NEUTRAL, _("Not set up"));
}
