/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-trust-path-payload.h"

#include <glib/gi18n.h>

#include "imp-file-name.h"
#include "imp-format.h"
#include "imp-payload-cache.h"
#include "imp-toast.h"

/**
 * ImpTrustPathPayload:
 *
 * The payload that a trust path is held to: chosen from a folder, or fetched
 * from the agents where they are asked anyway.
 *
 * The signal “chosen” says that there is one to be read.
 */
struct _ImpTrustPathPayload
{
  AdwBin parent_instance;

  ImpTrustPath   *path;         /* (owned) (nullable) */
  ImpAgentClient *client;       /* (owned) (nullable) */
  GFile          *file;         /* (owned) (nullable) */
  GCancellable   *cancellable;  /* (owned) (nullable) of what runs */

  AdwActionRow   *row;
  GtkWidget      *fetch_button;
  GtkWidget      *choose_button;
  GtkWidget      *cancel_button;
  GtkProgressBar *progress_bar;
};

G_DEFINE_FINAL_TYPE (ImpTrustPathPayload, imp_trust_path_payload, ADW_TYPE_BIN)

enum {
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_file (ImpTrustPathPayload *self)
{
  g_autofree char *name = self->file != NULL ? imp_file_dup_name (self->file) : NULL;
  const char *text = name != NULL ? name : _("Not here: its digest and CID were not recomputed");
  g_autofree char *markup = g_markup_printf_escaped ("<span insert_hyphens=\"false\">%s</span>", text);

  adw_action_row_set_subtitle (self->row, markup);
}

static void
set_busy (ImpTrustPathPayload *self,
          gboolean             busy)
{
  gtk_widget_set_visible (self->fetch_button, !busy && self->client != NULL);
  gtk_widget_set_visible (self->choose_button, !busy);
  gtk_widget_set_visible (self->cancel_button, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), busy);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
}

static void
take_file (ImpTrustPathPayload *self,
           GFile               *file)
{
  g_set_object (&self->file, file);
  show_file (self);
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0);
}

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpTrustPathPayload) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = imp_payload_cache_fetch_finish (result, &error);
  g_autofree char *sentence = NULL;

  if (self->row == NULL)
    return;

  imp_trust_path_payload_end (self);
  if (file != NULL)
    {
      take_file (self, file);
      return;
    }

  sentence = imp_format_error (error);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    imp_toast_say (GTK_WIDGET (self), sentence);
}

/* A manifest that cannot be read has failed its step already. */
static void
fetch_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  ImpTrustPathPayload *self = IMP_TRUST_PATH_PAYLOAD (widget);
  JsonObject *root = json_node_get_object (imp_trust_path_get_root (self->path));
  g_autoptr(ImpManifest) manifest = NULL;

  manifest = imp_manifest_new_from_json (json_object_get_member (root, "manifest"), NULL);
  if (manifest != NULL)
    imp_payload_cache_fetch_async (self->client, manifest,
                                   json_object_get_string_member (root, "cid"),
                                   imp_trust_path_payload_progress_cb, self,
                                   imp_trust_path_payload_begin (self), fetched_cb,
                                   g_object_ref (self));
}

static void
response_cb (ImpTrustPathPayload  *self,
             int                   response,
             GtkFileChooserNative *chooser)
{
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      take_file (self, file);
    }

  g_object_unref (chooser);
}

static void
choose_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  GtkFileChooserNative *chooser;

  chooser = gtk_file_chooser_native_new (_("Choose the Payload"),
                                         GTK_WINDOW (gtk_widget_get_root (widget)),
                                         GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (response_cb), widget, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  imp_trust_path_payload_cancel (IMP_TRUST_PATH_PAYLOAD (widget));
}

static void
imp_trust_path_payload_dispose (GObject *object)
{
  ImpTrustPathPayload *self = IMP_TRUST_PATH_PAYLOAD (object);

  imp_trust_path_payload_cancel (self);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_TRUST_PATH_PAYLOAD);
  g_clear_object (&self->path);
  g_clear_object (&self->client);
  g_clear_object (&self->file);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (imp_trust_path_payload_parent_class)->dispose (object);
}

static void
imp_trust_path_payload_class_init (ImpTrustPathPayloadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_trust_path_payload_dispose;

  /**
   * ImpTrustPathPayload::chosen:
   *
   * Emitted when there is a payload to be read.
   */
  signals[SIGNAL_CHOSEN] =
    g_signal_new ("chosen",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "payload.fetch", NULL, fetch_action);
  gtk_widget_class_install_action (widget_class, "payload.choose", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "payload.cancel", NULL, cancel_action);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-trust-path-payload.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathPayload, row);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathPayload, fetch_button);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathPayload, choose_button);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathPayload, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathPayload, progress_bar);
}

static void
imp_trust_path_payload_init (ImpTrustPathPayload *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_file (self);
}

/**
 * imp_trust_path_payload_set_path:
 * @self: the payload
 * @path: the path that it is of
 * @client: (nullable): whom to fetch it from, %NULL where no agent is to be asked
 *
 * Says which payload it is.
 */
void
imp_trust_path_payload_set_path (ImpTrustPathPayload *self,
                                 ImpTrustPath        *path,
                                 ImpAgentClient      *client)
{
  g_return_if_fail (IMP_IS_TRUST_PATH_PAYLOAD (self));

  g_set_object (&self->path, path);
  g_set_object (&self->client, client);
  set_busy (self, FALSE);
}

/* It could not be read, or belongs to another path. */
void
imp_trust_path_payload_forget (ImpTrustPathPayload *self)
{
  g_return_if_fail (IMP_IS_TRUST_PATH_PAYLOAD (self));

  g_clear_object (&self->file);
  show_file (self);
}

/**
 * imp_trust_path_payload_cancel:
 * @self: the payload
 *
 * Cancels its reading or fetching, if there is any.
 */
void
imp_trust_path_payload_cancel (ImpTrustPathPayload *self)
{
  g_return_if_fail (IMP_IS_TRUST_PATH_PAYLOAD (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

/* %NULL where there is none. */
GFile *
imp_trust_path_payload_get_file (ImpTrustPathPayload *self)
{
  g_return_val_if_fail (IMP_IS_TRUST_PATH_PAYLOAD (self), NULL);

  return self->file;
}

/**
 * imp_trust_path_payload_begin:
 * @self: the payload
 *
 * Says that it is being read, so that a person can see how far and cancel it.
 *
 * Returns: (transfer none): what cancels it
 */
GCancellable *
imp_trust_path_payload_begin (ImpTrustPathPayload *self)
{
  g_return_val_if_fail (IMP_IS_TRUST_PATH_PAYLOAD (self), NULL);

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  set_busy (self, TRUE);
  return self->cancellable;
}

/**
 * imp_trust_path_payload_end:
 * @self: the payload
 *
 * Says that it is no longer being read, as [method@Imp.TrustPathPayload.begin] said that it is.
 */
void
imp_trust_path_payload_end (ImpTrustPathPayload *self)
{
  g_return_if_fail (IMP_IS_TRUST_PATH_PAYLOAD (self));

  set_busy (self, FALSE);
}

/* A GFileProgressCallback whose user_data is the payload. */
void
imp_trust_path_payload_progress_cb (goffset  done,
                                    goffset  total,
                                    gpointer user_data)
{
  ImpTrustPathPayload *self = user_data;

  if (total > 0 && self->progress_bar != NULL)
    gtk_progress_bar_set_fraction (self->progress_bar, (double) done / total);
}
