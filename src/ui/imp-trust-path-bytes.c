/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-trust-path-bytes.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-format.h"
#include "imp-toast.h"

#define MAX_SHOWN (8 * 1024)  /* bytes: laying out a line of a megabyte would stop the window */

/**
 * ImpTrustPathBytes:
 *
 * The bytes that something was computed from, as they are, and copied whole.
 */
struct _ImpTrustPathBytes
{
  GtkListBoxRow parent_instance;

  char *text;  /* (owned) */

  GtkLabel    *title_label;
  GtkButton   *copy_button;
  GtkTextView *text_view;
  GtkLabel    *cut_label;
};

G_DEFINE_FINAL_TYPE (ImpTrustPathBytes, imp_trust_path_bytes, GTK_TYPE_LIST_BOX_ROW)

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  imp_toast_copy (widget, IMP_TRUST_PATH_BYTES (widget)->text, _("Copied"));
}

static void
imp_trust_path_bytes_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_TRUST_PATH_BYTES);

  G_OBJECT_CLASS (imp_trust_path_bytes_parent_class)->dispose (object);
}

static void
imp_trust_path_bytes_finalize (GObject *object)
{
  g_free (IMP_TRUST_PATH_BYTES (object)->text);

  G_OBJECT_CLASS (imp_trust_path_bytes_parent_class)->finalize (object);
}

static void
imp_trust_path_bytes_class_init (ImpTrustPathBytesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_trust_path_bytes_dispose;
  G_OBJECT_CLASS (klass)->finalize = imp_trust_path_bytes_finalize;

  gtk_widget_class_install_action (widget_class, "bytes.copy", NULL, copy_action);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-trust-path-bytes.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathBytes, title_label);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathBytes, copy_button);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathBytes, text_view);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathBytes, cut_label);
}

static void
imp_trust_path_bytes_init (ImpTrustPathBytes *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_text (ImpTrustPathBytes *self)
{
  gsize size = strlen (self->text);
  gsize shown = size;
  g_autofree char *length = NULL;
  g_autofree char *sentence = NULL;

  if (size > MAX_SHOWN)
    shown = g_utf8_find_prev_char (self->text, self->text + MAX_SHOWN) - self->text;

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), self->text, shown);
  if (shown == size)
    return;

  length = imp_format_size (size - shown);
  /* Translators: %s is a size, such as 12.4 kB. */
  sentence = g_strdup_printf (_("%s more are not shown here; they are copied too."), length);
  gtk_label_set_text (self->cut_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->cut_label), TRUE);
}

/* A screen reader hears which of several texts the button copies. */
static void
name_controls (ImpTrustPathBytes *self,
               const char        *title)
{
  /* Translators: %s is what is copied: “Copy Fingerprint”. */
  g_autofree char *label = g_strdup_printf (_("Copy %s"), title);

  gtk_label_set_text (self->title_label, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->copy_button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text_view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
}

/**
 * imp_trust_path_bytes_new:
 * @title: what they are
 * @text: the bytes, which are text
 *
 * Makes a row.
 *
 * Returns: (transfer full): the row
 */
GtkWidget *
imp_trust_path_bytes_new (const char *title,
                          const char *text)
{
  ImpTrustPathBytes *self = g_object_new (IMP_TYPE_TRUST_PATH_BYTES, NULL);

  self->text = g_strdup (text);
  name_controls (self, title);
  show_text (self);
  return GTK_WIDGET (self);
}
