/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-inclusion-group.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-inclusion-view.h"
#include "imp-toast.h"

/**
 * ImpInclusionGroup:
 *
 * The path from a line of the ledger to the newest checkpoint, asked for,
 * computed here and drawn, with a sentence that says what came of it.
 */
struct _ImpInclusionGroup
{
  AdwPreferencesGroup parent_instance;

  GCancellable     *cancellable;  /* (owned) (nullable) */

  GtkLabel         *label;
  ImpInclusionView *view;
};

G_DEFINE_FINAL_TYPE (ImpInclusionGroup, imp_inclusion_group, ADW_TYPE_PREFERENCES_GROUP)

static char *
describe (const ImpInclusion *path)
{
  guint n = path->steps->len;

  if (path->error != NULL)
    return imp_format_error (path->error);

  return g_strdup_printf (ngettext ("%u hash of the ledger leads from this line to the checkpoint; "
                                    "the step was computed here.",
                                    "%u hashes of the ledger lead from this line to the checkpoint; "
                                    "every step was computed here.", n), n);
}

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpInclusionGroup) self = user_data;
  g_autoptr(ImpInclusion) path = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  path = imp_inclusion_fetch_finish (IMP_TRUST (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  sentence = path != NULL ? describe (path) : imp_format_error (error);
  gtk_label_set_text (self->label, sentence);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "inclusion.copy", path != NULL);
  imp_inclusion_view_take_path (self->view, g_steal_pointer (&path));
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_autofree char *text = imp_inclusion_view_dup_text (IMP_INCLUSION_GROUP (widget)->view);

  if (text == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  imp_toast_say (widget, _("Path copied"));
}

static void
imp_inclusion_group_dispose (GObject *object)
{
  ImpInclusionGroup *self = IMP_INCLUSION_GROUP (object);

  imp_inclusion_group_close (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_INCLUSION_GROUP);

  G_OBJECT_CLASS (imp_inclusion_group_parent_class)->dispose (object);
}

static void
imp_inclusion_group_class_init (ImpInclusionGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_inclusion_group_dispose;
  gtk_widget_class_install_action (widget_class, "inclusion.copy", NULL, copy_action);
  g_type_ensure (IMP_TYPE_INCLUSION_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-inclusion-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpInclusionGroup, label);
  gtk_widget_class_bind_template_child (widget_class, ImpInclusionGroup, view);
}

static void
imp_inclusion_group_init (ImpInclusionGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_inclusion_group_load:
 * @self: a group
 * @trust: what was seen of ledgers
 * @client: the agents
 * @transaction: a line, with its leaf
 *
 * Shows the path of a line.
 */
void
imp_inclusion_group_load (ImpInclusionGroup *self,
                          ImpTrust          *trust,
                          ImpAgentClient    *client,
                          ImpTransaction    *transaction)
{
  g_return_if_fail (IMP_IS_INCLUSION_GROUP (self));

  imp_inclusion_group_close (self);
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "inclusion.copy", FALSE);
  gtk_label_set_text (self->label, _("Checking…"));
  imp_inclusion_view_take_path (self->view, NULL);
  imp_inclusion_fetch_async (trust, client, transaction, self->cancellable, fetched_cb,
                             g_object_ref (self));
}

/**
 * imp_inclusion_group_close:
 * @self: a group
 *
 * Cancels what is asked, since nobody looks any more.
 */
void
imp_inclusion_group_close (ImpInclusionGroup *self)
{
  g_return_if_fail (IMP_IS_INCLUSION_GROUP (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}
