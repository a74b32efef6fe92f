/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-digest-row.h"

#include <glib/gi18n.h>

#include "imp-toast.h"
#include "imp-width-first.h"

/**
 * ImpDigestRow:
 *
 * A digest, fingerprint, transaction or CID with its title: monospaced,
 * ellipsized in the middle, copied whole.
 *
 * The row hides itself while there is nothing to show.
 */
struct _ImpDigestRow
{
  AdwActionRow parent_instance;

  char *digest;  /* (owned) (nullable) */

  GtkLabel  *digest_label;
  GtkButton *copy_button;
};

G_DEFINE_FINAL_TYPE (ImpDigestRow, imp_digest_row, ADW_TYPE_ACTION_ROW)

enum {
  PROP_0,
  PROP_DIGEST,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpDigestRow *self = IMP_DIGEST_ROW (widget);

  if (self->digest != NULL)
    imp_toast_copy (widget, self->digest, _("Copied"));
}

/* A screen reader hears which of several digests the button copies. */
static void
title_changed_cb (ImpDigestRow *self)
{
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
  /* Translators: %s is what is copied: “Copy Fingerprint”. */
  g_autofree char *label = g_strdup_printf (_("Copy %s"), title);

  gtk_widget_set_tooltip_text (GTK_WIDGET (self->copy_button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

static void
imp_digest_row_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ImpDigestRow *self = IMP_DIGEST_ROW (object);

  switch (prop_id)
    {
    case PROP_DIGEST:
      g_value_set_string (value, self->digest);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_digest_row_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  ImpDigestRow *self = IMP_DIGEST_ROW (object);

  switch (prop_id)
    {
    case PROP_DIGEST:
      imp_digest_row_set_digest (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_digest_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_DIGEST_ROW);

  G_OBJECT_CLASS (imp_digest_row_parent_class)->dispose (object);
}

static void
imp_digest_row_finalize (GObject *object)
{
  ImpDigestRow *self = IMP_DIGEST_ROW (object);

  g_free (self->digest);

  G_OBJECT_CLASS (imp_digest_row_parent_class)->finalize (object);
}

static void
imp_digest_row_class_init (ImpDigestRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = imp_digest_row_dispose;
  object_class->finalize = imp_digest_row_finalize;
  object_class->get_property = imp_digest_row_get_property;
  object_class->set_property = imp_digest_row_set_property;

  properties[PROP_DIGEST] =
    g_param_spec_string ("digest", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "digest.copy", NULL, copy_action);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-digest-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpDigestRow, digest_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDigestRow, copy_button);
}

static void
imp_digest_row_init (ImpDigestRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect (self, "notify::title", G_CALLBACK (title_changed_cb), NULL);
  imp_width_first (GTK_WIDGET (self));
}

/**
 * imp_digest_row_new:
 * @title: what it is the digest of
 * @digest: (nullable): the digest
 *
 * Makes a row.
 *
 * Returns: (transfer full): the row
 */
GtkWidget *
imp_digest_row_new (const char *title,
                    const char *digest)
{
  return g_object_new (IMP_TYPE_DIGEST_ROW, "title", title, "digest", digest, NULL);
}

/**
 * imp_digest_row_set_digest:
 * @self: a digest row
 * @digest: (nullable): what to show, %NULL for nothing
 *
 * Shows another digest.
 */
void
imp_digest_row_set_digest (ImpDigestRow *self,
                           const char   *digest)
{
  g_return_if_fail (IMP_IS_DIGEST_ROW (self));

  if (g_strcmp0 (self->digest, digest) == 0)
    return;

  g_free (self->digest);
  self->digest = g_strdup (digest);
  gtk_label_set_text (self->digest_label, digest != NULL ? digest : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->digest_label), digest);
  gtk_widget_set_visible (GTK_WIDGET (self), digest != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DIGEST]);
}
