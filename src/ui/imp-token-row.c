/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-token-row.h"

#include <glib/gi18n.h>

#include "imp-status-chip.h"
#include "imp-width-first.h"

/* A token full of foreign keys must not fill the page with what is against them. */
#define MAX_UNUSABLE 5

/**
 * ImpTokenRow:
 *
 * A PKCS#11 token that is there: what it is, how many of its keys can sign, and
 * what is against the others.
 */
struct _ImpTokenRow
{
  AdwActionRow parent_instance;

  ImpStatusChip *chip;
  GtkButton     *reveal_button;
};

G_DEFINE_FINAL_TYPE (ImpTokenRow, imp_token_row, ADW_TYPE_ACTION_ROW)

static void
imp_token_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_TOKEN_ROW);

  G_OBJECT_CLASS (imp_token_row_parent_class)->dispose (object);
}

static void
imp_token_row_class_init (ImpTokenRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_token_row_dispose;

  g_type_ensure (IMP_TYPE_STATUS_CHIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-token-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpTokenRow, chip);
  gtk_widget_class_bind_template_child (widget_class, ImpTokenRow, reveal_button);
}

static void
imp_token_row_init (ImpTokenRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_width_first (GTK_WIDGET (self));
}

static char *
describe_keys (ImpPkcs11Token *token)
{
  guint n = imp_pkcs11_token_get_keys (token)->len;

  if (n > 0)
    return g_strdup_printf (ngettext ("%u key that can sign", "%u keys that can sign", n), n);
  if (imp_pkcs11_token_get_revealed (token))
    return g_strdup (_("No key on it can sign"));

  return g_strdup (_("No key shows without the PIN"));
}

static char *
describe (ImpPkcs11Token *token)
{
  g_autofree char *keys = describe_keys (token);
  g_autoptr(GString) text = g_string_new (NULL);
  const char *const *unusable = imp_pkcs11_token_get_unusable (token);

  g_string_append_printf (text, "%s · %s\n%s", imp_pkcs11_token_get_model (token),
                          imp_pkcs11_token_get_serial (token), keys);
  for (guint i = 0; i < MAX_UNUSABLE && unusable[i] != NULL; i++)
    g_string_append_printf (text, "\n%s", unusable[i]);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
set_up (ImpTokenRow    *self,
        ImpPkcs11Token *token)
{
  g_autofree char *text = describe (token);
  gboolean locked = imp_pkcs11_token_get_pin_locked (token);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), imp_pkcs11_token_get_label (token));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  imp_status_chip_set (self->chip, IMP_CHIP_WARNING, _("PIN locked"));
  gtk_widget_set_visible (GTK_WIDGET (self->chip), locked);
  gtk_widget_set_visible (GTK_WIDGET (self->reveal_button), !locked && !imp_pkcs11_token_get_revealed (token));
  /* The target comes first: an action with a parameter must never be without. */
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->reveal_button), "s",
                                    imp_pkcs11_token_get_url (token));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->reveal_button), "keys.reveal-token");
}

/**
 * imp_token_row_new:
 * @token: a token
 *
 * Makes a row for @token, which never changes.
 *
 * Returns: (transfer full): the row
 */
GtkWidget *
imp_token_row_new (ImpPkcs11Token *token)
{
  ImpTokenRow *self;

  g_return_val_if_fail (IMP_IS_PKCS11_TOKEN (token), NULL);

  self = g_object_new (IMP_TYPE_TOKEN_ROW, NULL);
  set_up (self, token);
  return GTK_WIDGET (self);
}
