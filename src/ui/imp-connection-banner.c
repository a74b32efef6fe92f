/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-connection-banner.h"

#include "imp-connection-look.h"

/**
 * ImpConnectionBanner:
 *
 * Says above a place that agents are away, which ones and why, and goes when
 * they are back. It is there for as long as what is below it may be old.
 */
struct _ImpConnectionBanner
{
  AdwBin parent_instance;

  ImpSession   *session;  /* (owned) (nullable) */
  GSignalGroup *signals;  /* (owned): of the connection in use */

  GtkRevealer *revealer;
  GtkWidget   *box;
  GtkImage    *icon;
  GtkLabel    *title_label;
  GtkLabel    *detail_label;
  GtkWidget   *retry_button;
};

G_DEFINE_FINAL_TYPE (ImpConnectionBanner, imp_connection_banner, ADW_TYPE_BIN)

/* Opening for the first time is no news: the places show that they wait. */
static gboolean
is_news (ImpConnection *connection)
{
  switch (imp_connection_get_state (connection))
    {
    case IMP_CONNECTION_DEGRADED:
    case IMP_CONNECTION_FAILED:
      return TRUE;

    case IMP_CONNECTION_OPENING:
      return imp_connection_get_detail (connection) != NULL;

    case IMP_CONNECTION_CLOSED:
    case IMP_CONNECTION_ANSWERING:
    default:
      return FALSE;
    }
}

static void
show_news (ImpConnectionBanner *self,
           ImpConnection       *connection)
{
  ImpConnectionLook look = imp_connection_look_get (connection);
  const char *detail = imp_connection_get_detail (connection);
  const char *css[] = { look.css_class, NULL };

  gtk_image_set_from_icon_name (self->icon, look.icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), css);
  gtk_label_set_text (self->title_label, look.sentence);
  gtk_label_set_text (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL);
  gtk_widget_set_visible (self->retry_button,
                          imp_connection_get_state (connection) != IMP_CONNECTION_DEGRADED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, look.sentence,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, detail != NULL ? detail : "",
                                  -1);
}

static void
state_cb (ImpConnectionBanner *self)
{
  ImpConnection *connection = imp_session_get_connection (self->session);
  gboolean news = is_news (connection);

  if (news)
    {
      show_news (self, connection);
      gtk_widget_set_visible (self->box, TRUE);
    }
  gtk_revealer_set_reveal_child (self->revealer, news);
}

/* What is rolled up keeps its size, and a screen reader would still find it. */
static void
rolled_cb (ImpConnectionBanner *self)
{
  if (!gtk_revealer_get_child_revealed (self->revealer) &&
      !gtk_revealer_get_reveal_child (self->revealer))
    gtk_widget_set_visible (self->box, FALSE);
}

static void
client_changed_cb (ImpConnectionBanner *self)
{
  g_signal_group_set_target (self->signals, imp_session_get_connection (self->session));
  state_cb (self);
}

static void
imp_connection_banner_dispose (GObject *object)
{
  ImpConnectionBanner *self = IMP_CONNECTION_BANNER (object);

  g_clear_object (&self->signals);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_CONNECTION_BANNER);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (imp_connection_banner_parent_class)->dispose (object);
}

static void
imp_connection_banner_class_init (ImpConnectionBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_connection_banner_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-connection-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionBanner, box);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionBanner, icon);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionBanner, title_label);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionBanner, detail_label);
  gtk_widget_class_bind_template_child (widget_class, ImpConnectionBanner, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, rolled_cb);
}

static void
imp_connection_banner_init (ImpConnectionBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (IMP_TYPE_CONNECTION);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (state_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::detail", G_CALLBACK (state_cb), self);
}

/**
 * imp_connection_banner_set_session:
 * @self: a connection banner
 * @session: whose connection to watch
 *
 * Follows the session's connection from now on.
 */
void
imp_connection_banner_set_session (ImpConnectionBanner *self,
                                   ImpSession          *session)
{
  g_return_if_fail (IMP_IS_CONNECTION_BANNER (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::client", G_CALLBACK (client_changed_cb), self,
                           G_CONNECT_SWAPPED);
  client_changed_cb (self);
}
