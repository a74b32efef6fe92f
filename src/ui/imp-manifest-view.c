/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-manifest-view.h"

#include <gtksourceview/gtksource.h>
#include <json-glib/json-glib.h>

#include "imp-digest-row.h"

/**
 * ImpManifestView:
 *
 * A manifest to read: laid out in lines, or as the very bytes that are signed,
 * with their digest.
 */
struct _ImpManifestView
{
  AdwBin parent_instance;

  ImpManifest *manifest;  /* (owned) (nullable) */

  GtkLabel        *message_label;
  GtkWidget       *box;
  GtkToggleButton *exact_button;
  GtkSourceView   *source_view;
  ImpDigestRow    *digest_row;
};

G_DEFINE_FINAL_TYPE (ImpManifestView, imp_manifest_view, ADW_TYPE_BIN)

/* The order of the keys is that of the canonical form: it is read back from it. */
static char *
lay_out (const char *canonical)
{
  g_autoptr(JsonNode) node = json_from_string (canonical, NULL);

  return node != NULL ? json_to_string (node, TRUE) : g_strdup (canonical);
}

static void
show_text (ImpManifestView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->source_view));
  g_autofree char *canonical = NULL;
  g_autofree char *readable = NULL;

  if (self->manifest == NULL)
    return;

  canonical = imp_manifest_canonicalize (self->manifest);
  if (!gtk_toggle_button_get_active (self->exact_button))
    readable = lay_out (canonical);
  gtk_text_buffer_set_text (buffer, readable != NULL ? readable : canonical, -1);
}

static void
style_changed_cb (ImpManifestView *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();
  const char *name = adw_style_manager_get_dark (manager) ? "Adwaita-dark" : "Adwaita";
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->source_view));

  gtk_source_buffer_set_style_scheme (GTK_SOURCE_BUFFER (buffer),
                                      gtk_source_style_scheme_manager_get_scheme (schemes, name));
}

static void
imp_manifest_view_dispose (GObject *object)
{
  ImpManifestView *self = IMP_MANIFEST_VIEW (object);

  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_MANIFEST_VIEW);
  g_clear_object (&self->manifest);

  G_OBJECT_CLASS (imp_manifest_view_parent_class)->dispose (object);
}

static void
imp_manifest_view_class_init (ImpManifestViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_manifest_view_dispose;

  /* Not when the application starts: it has the icon theme read once more. */
  gtk_source_init ();
  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  g_type_ensure (IMP_TYPE_DIGEST_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-manifest-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpManifestView, message_label);
  gtk_widget_class_bind_template_child (widget_class, ImpManifestView, box);
  gtk_widget_class_bind_template_child (widget_class, ImpManifestView, exact_button);
  gtk_widget_class_bind_template_child (widget_class, ImpManifestView, source_view);
  gtk_widget_class_bind_template_child (widget_class, ImpManifestView, digest_row);
  gtk_widget_class_bind_template_callback (widget_class, show_text);
}

static void
imp_manifest_view_init (ImpManifestView *self)
{
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();
  GtkTextBuffer *buffer;

  gtk_widget_init_template (GTK_WIDGET (self));
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->source_view));
  gtk_source_buffer_set_language (GTK_SOURCE_BUFFER (buffer),
                                  gtk_source_language_manager_get_language (languages, "json"));
  gtk_source_buffer_set_highlight_matching_brackets (GTK_SOURCE_BUFFER (buffer), FALSE);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (style_changed_cb), self, G_CONNECT_SWAPPED);
  style_changed_cb (self);
}

/**
 * imp_manifest_view_set_manifest:
 * @self: a manifest view
 * @manifest: what to show
 *
 * Shows a manifest.
 */
void
imp_manifest_view_set_manifest (ImpManifestView *self,
                                ImpManifest     *manifest)
{
  g_return_if_fail (IMP_IS_MANIFEST_VIEW (self));
  g_return_if_fail (IMP_IS_MANIFEST (manifest));

  g_set_object (&self->manifest, manifest);
  imp_digest_row_set_digest (self->digest_row, imp_manifest_get_manifest_digest (manifest));
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), FALSE);
  gtk_widget_set_visible (self->box, TRUE);
  show_text (self);
}

/**
 * imp_manifest_view_set_message:
 * @self: a manifest view
 * @message: why there is no manifest
 *
 * Says why there is nothing to see.
 */
void
imp_manifest_view_set_message (ImpManifestView *self,
                               const char      *message)
{
  g_return_if_fail (IMP_IS_MANIFEST_VIEW (self));

  g_clear_object (&self->manifest);
  gtk_label_set_text (self->message_label, message);
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), TRUE);
  gtk_widget_set_visible (self->box, FALSE);
}
