/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-place.h"

#include <glib/gi18n.h>

#include "imp-connection-banner.h"
#include "imp-fit.h"
#include "imp-toast.h"
#include "imp-width-first.h"

/**
 * ImpPlace:
 *
 * One place of the sidebar: a header bar, a search bar where the place can be
 * searched, and the content.
 *
 * What every place needs is here, so that a place is only its own subject: the
 * session, a banner that says when agents are away, a cancellable that ends
 * with the window, the way back where the window is narrow, and the doors (refresh, search, show an item) through which
 * the window's actions come in. No place knows another.
 */
typedef struct
{
  ImpSession   *session;      /* (owned) */
  GCancellable *cancellable;  /* (owned) */
  gboolean      folded;
  gboolean      deep;
  gpointer      waiting;      /* what has the focus as long as nothing of the content can take it */
  guint         deep_id;      /* of the back button, to be shown or hidden soon */
  gboolean      searchable;

  AdwHeaderBar   *header_bar;
  AdwWindowTitle *window_title;
  GtkButton      *back_button;
  GtkToggleButton *search_button;
  GtkSearchBar   *search_bar;
  GtkSearchEntry *search_entry;
  ImpConnectionBanner *banner;
  AdwBin         *start_bin;
  AdwBin         *end_bin;
  AdwBin         *content_bin;
} ImpPlacePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ImpPlace, imp_place, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_TITLE,
  PROP_FOLDED,
  PROP_SEARCHABLE,
  PROP_CONTENT,
  PROP_HEADER_START,
  PROP_HEADER_END,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_back_button (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  gtk_widget_set_visible (GTK_WIDGET (priv->back_button), priv->folded || priv->deep);
}

static gboolean
deep_cb (gpointer user_data)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (user_data);

  priv->deep_id = 0;
  update_back_button (user_data);

  return G_SOURCE_REMOVE;
}

static void
search_changed_cb (ImpPlace       *self,
                   GtkSearchEntry *entry)
{
  ImpPlaceClass *klass = IMP_PLACE_GET_CLASS (self);
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  if (klass->search != NULL)
    klass->search (self, text);
}

static void
search_mode_cb (ImpPlace     *self,
                GParamSpec   *pspec,
                GtkSearchBar *bar)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  if (!gtk_search_bar_get_search_mode (bar))
    gtk_editable_set_text (GTK_EDITABLE (priv->search_entry), "");
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (IMP_PLACE (widget));

  if (imp_place_start_search (IMP_PLACE (widget)))
    gtk_editable_set_text (GTK_EDITABLE (priv->search_entry),
                           g_variant_get_string (parameter, NULL));
}

static void
connected_cb (ImpPlace *self)
{
  imp_place_refresh (self);
}

static void
imp_place_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (IMP_PLACE (object));

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, priv->session);
      break;

    case PROP_TITLE:
      g_value_set_string (value, adw_window_title_get_title (priv->window_title));
      break;

    case PROP_FOLDED:
      g_value_set_boolean (value, priv->folded);
      break;

    case PROP_SEARCHABLE:
      g_value_set_boolean (value, priv->searchable);
      break;

    case PROP_CONTENT:
      g_value_set_object (value, adw_bin_get_child (priv->content_bin));
      break;

    case PROP_HEADER_START:
      g_value_set_object (value, adw_bin_get_child (priv->start_bin));
      break;

    case PROP_HEADER_END:
      g_value_set_object (value, adw_bin_get_child (priv->end_bin));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_place_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  ImpPlace *self = IMP_PLACE (object);
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_SESSION:
      imp_place_set_session (self, g_value_get_object (value));
      break;

    case PROP_TITLE:
      adw_window_title_set_title (priv->window_title, g_value_get_string (value));
      break;

    case PROP_FOLDED:
      if (priv->folded == g_value_get_boolean (value))
        break;
      priv->folded = g_value_get_boolean (value);
      update_back_button (self);
      adw_header_bar_set_show_start_title_buttons (priv->header_bar, priv->folded);
      /* A window that is narrow has no room for more than the one button that matters. */
      adw_header_bar_set_decoration_layout (priv->header_bar, priv->folded ? ":close" : NULL);
      if (priv->folded)
        gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
      else
        gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
      g_object_notify_by_pspec (object, pspec);
      break;

    case PROP_SEARCHABLE:
      priv->searchable = g_value_get_boolean (value);
      gtk_widget_set_visible (GTK_WIDGET (priv->search_button), priv->searchable);
      break;

    case PROP_CONTENT:
      adw_bin_set_child (priv->content_bin, g_value_get_object (value));
      imp_fit_wrap (GTK_WIDGET (priv->content_bin));
      imp_width_first (GTK_WIDGET (priv->content_bin));
      break;

    case PROP_HEADER_START:
      adw_bin_set_child (priv->start_bin, g_value_get_object (value));
      break;

    case PROP_HEADER_END:
      adw_bin_set_child (priv->end_bin, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_place_dispose (GObject *object)
{
  ImpPlace *self = IMP_PLACE (object);
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  imp_place_close (self);
  g_clear_handle_id (&priv->deep_id, g_source_remove);
  /* GTK 4.8 disposes of all templates with the first, which is that of the place itself. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  g_clear_object (&priv->session);

  G_OBJECT_CLASS (imp_place_parent_class)->dispose (object);
}

static void
imp_place_finalize (GObject *object)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (IMP_PLACE (object));

  g_clear_object (&priv->cancellable);

  G_OBJECT_CLASS (imp_place_parent_class)->finalize (object);
}

static void
imp_place_class_init (ImpPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = imp_place_dispose;
  object_class->finalize = imp_place_finalize;
  object_class->get_property = imp_place_get_property;
  object_class->set_property = imp_place_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL,
                         IMP_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /* Whether the sidebar is out of sight, so that this place must offer the way back to it. */
  properties[PROP_FOLDED] =
    g_param_spec_boolean ("folded", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_SEARCHABLE] =
    g_param_spec_boolean ("searchable", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONTENT] =
    g_param_spec_object ("content", NULL, NULL,
                         GTK_TYPE_WIDGET,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_HEADER_START] =
    g_param_spec_object ("header-start", NULL, NULL,
                         GTK_TYPE_WIDGET,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_HEADER_END] =
    g_param_spec_object ("header-end", NULL, NULL,
                         GTK_TYPE_WIDGET,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "place.search", "s", search_action);

  g_type_ensure (IMP_TYPE_CONNECTION_BANNER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/imp-place.ui");
  gtk_widget_class_bind_template_child_private (widget_class, ImpPlace, header_bar);
  gtk_widget_class_bind_template_child_private (widget_class, ImpPlace, window_title);
  gtk_widget_class_bind_template_child_private (widget_class, ImpPlace, back_button);
  gtk_widget_class_bind_template_child_private (widget_class, ImpPlace, search_button);
  gtk_widget_class_bind_template_child_private (widget_class, ImpPlace, search_bar);
  gtk_widget_class_bind_template_child_private (widget_class, ImpPlace, search_entry);
  gtk_widget_class_bind_template_child_private (widget_class, ImpPlace, banner);
  gtk_widget_class_bind_template_child_private (widget_class, ImpPlace, start_bin);
  gtk_widget_class_bind_template_child_private (widget_class, ImpPlace, end_bin);
  gtk_widget_class_bind_template_child_private (widget_class, ImpPlace, content_bin);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_cb);
}

static void
imp_place_init (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  priv->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (priv->search_bar, GTK_EDITABLE (priv->search_entry));
}

/**
 * imp_place_get_session:
 * @self: a place
 *
 * Gets what the place works with.
 *
 * Returns: (transfer none) (nullable): the session, %NULL before the window gave it
 */
ImpSession *
imp_place_get_session (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  g_return_val_if_fail (IMP_IS_PLACE (self), NULL);

  return priv->session;
}

/**
 * imp_place_get_cancellable:
 * @self: a place
 *
 * Gets what to pass to every call that only matters while the window is open.
 *
 * Returns: (transfer none): the cancellable
 */
GCancellable *
imp_place_get_cancellable (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  g_return_val_if_fail (IMP_IS_PLACE (self), NULL);

  return priv->cancellable;
}

/**
 * imp_place_get_client:
 * @self: a place
 *
 * Gets the agents in use.
 *
 * Returns: (transfer none) (nullable): the client, %NULL while none is connected
 */
ImpAgentClient *
imp_place_get_client (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  g_return_val_if_fail (IMP_IS_PLACE (self), NULL);

  return priv->session != NULL ? imp_session_get_client (priv->session) : NULL;
}

/**
 * imp_place_get_folded:
 * @self: a place
 *
 * Returns: whether the window is narrow, so that the sidebar is not beside the place
 */
gboolean
imp_place_get_folded (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  g_return_val_if_fail (IMP_IS_PLACE (self), FALSE);

  return priv->folded;
}

/**
 * imp_place_set_session:
 * @self: a place
 * @session: what it works with
 *
 * Sets the place up, once, and lets it follow the connection from then on.
 */
void
imp_place_set_session (ImpPlace   *self,
                       ImpSession *session)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  g_return_if_fail (IMP_IS_PLACE (self));
  g_return_if_fail (IMP_IS_SESSION (session));
  g_return_if_fail (priv->session == NULL);

  priv->session = g_object_ref (session);
  imp_connection_banner_set_session (priv->banner, session);
  if (IMP_PLACE_GET_CLASS (self)->set_up != NULL)
    IMP_PLACE_GET_CLASS (self)->set_up (self);

  g_signal_connect_object (session, "notify::client", G_CALLBACK (connected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "recovered", G_CALLBACK (connected_cb), self,
                           G_CONNECT_SWAPPED);
  imp_place_refresh (self);
}

/**
 * imp_place_set_deep:
 * @self: a place
 * @deep: whether something inside the place hides its first view
 *
 * Says that the back button leads somewhere inside this place.
 */
void
imp_place_set_deep (ImpPlace *self,
                    gboolean  deep)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  g_return_if_fail (IMP_IS_PLACE (self));

  priv->deep = deep;
  /* A leaflet says that it folds while it is given its room, when the header bar already has its own:
   * what changes its size then is drawn without any.
   */
  if (priv->deep_id == 0)
    priv->deep_id = g_idle_add_full (G_PRIORITY_DEFAULT, deep_cb, self, NULL);
}

/**
 * imp_place_toast:
 * @self: a place
 * @text: a sentence, or less
 *
 * Says something in passing.
 */
void
imp_place_toast (ImpPlace   *self,
                 const char *text)
{
  g_return_if_fail (IMP_IS_PLACE (self));

  imp_toast_say (GTK_WIDGET (self), text);
}

/**
 * imp_place_begin_loading:
 * @self: a place
 * @stack: where the answer will be shown
 *
 * Says on @stack that an answer of the agents is awaited, or why there is none
 * to be had.
 *
 * Returns: (transfer none) (nullable): whom to ask, %NULL when nobody can be asked now
 */
ImpAgentClient *
imp_place_begin_loading (ImpPlace      *self,
                         ImpStateStack *stack)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);
  const GError *error;

  g_return_val_if_fail (IMP_IS_PLACE (self), NULL);

  error = imp_session_get_error (priv->session);
  if (error != NULL)
    imp_state_stack_set_failed (stack, _("The agents do not answer"), error);
  else
    imp_state_stack_set_loading (stack);

  return imp_session_get_client (priv->session);
}

/**
 * imp_place_refresh:
 * @self: a place
 *
 * Asks again for everything the place shows.
 */
void
imp_place_refresh (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  g_return_if_fail (IMP_IS_PLACE (self));

  if (priv->session != NULL && IMP_PLACE_GET_CLASS (self)->refresh != NULL)
    IMP_PLACE_GET_CLASS (self)->refresh (self);
}

/**
 * imp_place_start_search:
 * @self: a place
 *
 * Opens the search bar and puts the focus there.
 *
 * Returns: whether there is anything to search here
 */
gboolean
imp_place_start_search (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  g_return_val_if_fail (IMP_IS_PLACE (self), FALSE);

  if (!priv->searchable)
    return FALSE;

  gtk_search_bar_set_search_mode (priv->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (priv->search_entry));
  return TRUE;
}

/**
 * imp_place_end_search:
 * @self: a place
 *
 * Closes the search bar, and forgets what was searched for.
 */
void
imp_place_end_search (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  g_return_if_fail (IMP_IS_PLACE (self));

  gtk_search_bar_set_search_mode (priv->search_bar, FALSE);
}

static GtkWidget *
get_focus (ImpPlace *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return root != NULL ? gtk_root_get_focus (root) : NULL;
}

/**
 * imp_place_focus:
 * @self: a place
 *
 * Puts the focus on the first thing of the content, past the header bar, unless something of the
 * content has it.
 */
void
imp_place_focus (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);
  GtkWidget *focus;

  g_return_if_fail (IMP_IS_PLACE (self));

  priv->waiting = NULL;
  focus = get_focus (self);
  /* The stack of places gave it back to what had it there. */
  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (priv->content_bin)))
    return;

  if (gtk_widget_child_focus (GTK_WIDGET (priv->content_bin), GTK_DIR_TAB_FORWARD))
    return;

  gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
  priv->waiting = get_focus (self);
}

/**
 * imp_place_focus_loaded:
 * @self: a place
 *
 * Puts the focus on the first thing of a content that has just come, if it was to be there and nobody
 * has moved it since.
 */
void
imp_place_focus_loaded (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  g_return_if_fail (IMP_IS_PLACE (self));

  if (priv->waiting != NULL && priv->waiting == get_focus (self))
    imp_place_focus (self);
}

/**
 * imp_place_show_item:
 * @self: a place
 * @id: what names the item here: a transaction, a submission, a device
 *
 * Shows one item's details.
 */
void
imp_place_show_item (ImpPlace   *self,
                     const char *id)
{
  g_return_if_fail (IMP_IS_PLACE (self));
  g_return_if_fail (id != NULL);

  if (IMP_PLACE_GET_CLASS (self)->show_item != NULL)
    IMP_PLACE_GET_CLASS (self)->show_item (self, id);
}

/**
 * imp_place_go_back:
 * @self: a place
 *
 * Goes back inside the place.
 *
 * Returns: %FALSE where there is nothing to go back to but the sidebar
 */
gboolean
imp_place_go_back (ImpPlace *self)
{
  g_return_val_if_fail (IMP_IS_PLACE (self), FALSE);

  return IMP_PLACE_GET_CLASS (self)->back != NULL && IMP_PLACE_GET_CLASS (self)->back (self);
}

/**
 * imp_place_close:
 * @self: a place
 *
 * Ends every call that only this window waits for. Their callbacks hold a
 * reference to the place, so it could not wait for its disposal to do it.
 */
void
imp_place_close (ImpPlace *self)
{
  ImpPlacePrivate *priv = imp_place_get_instance_private (self);

  g_return_if_fail (IMP_IS_PLACE (self));

  g_cancellable_cancel (priv->cancellable);
}
