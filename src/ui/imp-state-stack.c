/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-state-stack.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-format.h"
#include "imp-stack.h"

/* A spinner that flashes makes a quick answer look slow. */
#define SPINNER_DELAY 200

/**
 * ImpStateStack:
 *
 * The four states every list has: loading, empty, content, failed.
 *
 * The content and the empty page are the place's own; loading and failed look
 * the same everywhere. What was shown stays while it is loaded again, so that a
 * refresh does not blink. “Try Again” activates `state.retry`, which emits
 * [signal@StateStack::retry].
 */
struct _ImpStateStack
{
  AdwBin parent_instance;

  ImpState state;
  guint    delay_id;

  GtkStack      *stack;
  GtkSpinner    *spinner;
  AdwBin        *empty_bin;
  AdwBin        *content_bin;
  AdwStatusPage *failed_page;
  GtkLabel      *details_label;
};

G_DEFINE_FINAL_TYPE (ImpStateStack, imp_state_stack, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_CONTENT,
  PROP_EMPTY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  SIGNAL_RETRY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_state (ImpStateStack *self,
           ImpState       state,
           const char    *name)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  self->state = state;
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_spinner_set_spinning (self->spinner, state == IMP_STATE_LOADING);
}

static gboolean
show_spinner_cb (gpointer user_data)
{
  ImpStateStack *self = user_data;

  self->delay_id = 0;
  set_state (self, IMP_STATE_LOADING, "loading");
  return G_SOURCE_REMOVE;
}

static void
retry_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_RETRY], 0);
}

static void
imp_state_stack_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ImpStateStack *self = IMP_STATE_STACK (object);

  switch (prop_id)
    {
    case PROP_CONTENT:
      g_value_set_object (value, adw_bin_get_child (self->content_bin));
      break;

    case PROP_EMPTY:
      g_value_set_object (value, adw_bin_get_child (self->empty_bin));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_state_stack_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ImpStateStack *self = IMP_STATE_STACK (object);

  switch (prop_id)
    {
    case PROP_CONTENT:
      adw_bin_set_child (self->content_bin, g_value_get_object (value));
      break;

    case PROP_EMPTY:
      adw_bin_set_child (self->empty_bin, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_state_stack_dispose (GObject *object)
{
  ImpStateStack *self = IMP_STATE_STACK (object);

  g_clear_handle_id (&self->delay_id, g_source_remove);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_STATE_STACK);

  G_OBJECT_CLASS (imp_state_stack_parent_class)->dispose (object);
}

static void
imp_state_stack_class_init (ImpStateStackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = imp_state_stack_dispose;
  object_class->get_property = imp_state_stack_get_property;
  object_class->set_property = imp_state_stack_set_property;

  properties[PROP_CONTENT] =
    g_param_spec_object ("content", NULL, NULL,
                         GTK_TYPE_WIDGET,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_EMPTY] =
    g_param_spec_object ("empty", NULL, NULL,
                         GTK_TYPE_WIDGET,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ImpStateStack::retry:
   *
   * Emitted when the person wants what failed to be tried again.
   */
  signals[SIGNAL_RETRY] =
    g_signal_new ("retry",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "state.retry", NULL, retry_action);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-state-stack.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpStateStack, stack);
  gtk_widget_class_bind_template_child (widget_class, ImpStateStack, spinner);
  gtk_widget_class_bind_template_child (widget_class, ImpStateStack, empty_bin);
  gtk_widget_class_bind_template_child (widget_class, ImpStateStack, content_bin);
  gtk_widget_class_bind_template_child (widget_class, ImpStateStack, failed_page);
  gtk_widget_class_bind_template_child (widget_class, ImpStateStack, details_label);
}

static void
imp_state_stack_init (ImpStateStack *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->stack);
  self->state = IMP_STATE_LOADING;
}

/**
 * imp_state_stack_new:
 *
 * Makes a stack that shows nothing yet.
 *
 * Returns: (transfer full): the stack
 */
GtkWidget *
imp_state_stack_new (void)
{
  return g_object_new (IMP_TYPE_STATE_STACK, NULL);
}

/**
 * imp_state_stack_get_state:
 * @self: a state stack
 *
 * Returns: what is shown, or about to be
 */
ImpState
imp_state_stack_get_state (ImpStateStack *self)
{
  g_return_val_if_fail (IMP_IS_STATE_STACK (self), IMP_STATE_LOADING);

  return self->state;
}

/**
 * imp_state_stack_set_loading:
 * @self: a state stack
 *
 * Says that an answer is awaited. A spinner comes after 200 ms, and only where
 * there is no content that can stay meanwhile.
 */
void
imp_state_stack_set_loading (ImpStateStack *self)
{
  g_return_if_fail (IMP_IS_STATE_STACK (self));

  if (self->state != IMP_STATE_CONTENT)
    imp_state_stack_set_replacing (self);
}

/**
 * imp_state_stack_set_replacing:
 * @self: a state stack
 *
 * Says that an answer is awaited which is about something else than the content: that gives way to
 * a spinner after 200 ms.
 */
void
imp_state_stack_set_replacing (ImpStateStack *self)
{
  g_return_if_fail (IMP_IS_STATE_STACK (self));

  if (self->delay_id == 0)
    self->delay_id = g_timeout_add (SPINNER_DELAY, show_spinner_cb, self);
}

/**
 * imp_state_stack_set_loaded:
 * @self: a state stack
 * @empty: whether there is nothing to show
 *
 * Shows the content, or what will appear in its place.
 */
void
imp_state_stack_set_loaded (ImpStateStack *self,
                            gboolean       empty)
{
  g_return_if_fail (IMP_IS_STATE_STACK (self));

  if (empty)
    set_state (self, IMP_STATE_EMPTY, "empty");
  else
    set_state (self, IMP_STATE_CONTENT, "content");
}

/**
 * imp_state_stack_set_failed:
 * @self: a state stack
 * @title: what failed, in the user's words
 * @error: why
 *
 * Shows what failed, with the way to try again. A call that was cancelled did
 * not fail.
 */
void
imp_state_stack_set_failed (ImpStateStack *self,
                            const char    *title,
                            const GError  *error)
{
  g_autofree char *sentence = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *details = NULL;

  g_return_if_fail (error != NULL);

  /* First of all: whoever cancelled may be gone by now. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_return_if_fail (IMP_IS_STATE_STACK (self));

  sentence = imp_format_error (error);
  escaped = g_markup_escape_text (sentence, -1);
  if (error->domain == IMP_ERROR)
    details = g_strdup (imp_error_get_code (error));
  else
    details = g_strdup_printf ("%s, %d", g_quark_to_string (error->domain), error->code);

  adw_status_page_set_title (self->failed_page, title);
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_label_set_text (self->details_label, details);
  set_state (self, IMP_STATE_FAILED, "failed");
}
