/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-destination.h"

#include <string.h>

#include <glib/gi18n.h>

/* Shorter texts may name many things; fingerprints, transactions and CIDs have more. */
#define MIN_IDENTIFIER 46

/**
 * ImpDestination:
 *
 * Something that one can go to: what it is called, what kind of thing it is,
 * and the window's action that leads there.
 */
struct _ImpDestination
{
  GObject parent_instance;

  ImpDestinationKind  kind;
  char               *title;   /* (owned) */
  char               *detail;  /* (owned) (nullable) */
  char               *action;  /* (owned) */
  char               *target;  /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ImpDestination, imp_destination, G_TYPE_OBJECT)

static const struct
{
  const char *name;
  const char *icon_name;
  gboolean    on_ledger;
} kinds[IMP_N_DESTINATIONS] = {
  [IMP_DESTINATION_PAGE] = { N_("Page"), "view-paged-symbolic", FALSE },
  [IMP_DESTINATION_ACTION] = { N_("Action"), "system-run-symbolic", FALSE },
  [IMP_DESTINATION_CONNECTION] = { N_("Connection"), "network-server-symbolic", FALSE },
  [IMP_DESTINATION_KEY] = { N_("Key"), "imp-key-symbolic", FALSE },
  [IMP_DESTINATION_DEVICE] = { N_("Device"), "imp-device-symbolic", FALSE },
  [IMP_DESTINATION_SUBMISSION] = { N_("Submission"), "imp-activity-symbolic", FALSE },
  [IMP_DESTINATION_CLASS] = { N_("Class"), "folder-symbolic", TRUE },
  [IMP_DESTINATION_VERSION] = { N_("Version"), "imp-publish-symbolic", TRUE },
  [IMP_DESTINATION_TRANSACTION] = { N_("Transaction"), "imp-ledger-symbolic", TRUE },
  [IMP_DESTINATION_CID] = { N_("CID"), "package-x-generic-symbolic", TRUE },
  [IMP_DESTINATION_AUTHOR] = { N_("Author"), "avatar-default-symbolic", TRUE },
};

static void
imp_destination_finalize (GObject *object)
{
  ImpDestination *self = IMP_DESTINATION (object);

  g_free (self->title);
  g_free (self->detail);
  g_free (self->action);
  g_free (self->target);

  G_OBJECT_CLASS (imp_destination_parent_class)->finalize (object);
}

static void
imp_destination_class_init (ImpDestinationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_destination_finalize;
}

static void
imp_destination_init (ImpDestination *self)
{
}

/**
 * imp_destination_new:
 * @kind: what kind of thing it is
 * @title: what it is called
 * @detail: (nullable): what else tells it from others
 * @action: name of an action of the window or the application
 * @target: (nullable): the text that the action takes
 *
 * Makes a destination.
 *
 * Returns: (transfer full): the destination
 */
ImpDestination *
imp_destination_new (ImpDestinationKind  kind,
                     const char         *title,
                     const char         *detail,
                     const char         *action,
                     const char         *target)
{
  ImpDestination *self;

  g_return_val_if_fail (kind < IMP_N_DESTINATIONS, NULL);
  g_return_val_if_fail (title != NULL, NULL);
  g_return_val_if_fail (action != NULL, NULL);

  self = g_object_new (IMP_TYPE_DESTINATION, NULL);
  self->kind = kind;
  self->title = g_strdup (title);
  self->detail = g_strdup (detail);
  self->action = g_strdup (action);
  self->target = g_strdup (target);
  return self;
}

/**
 * imp_destination_new_from_variant:
 * @variant: one of what imp_destination_to_variant() made, perhaps long ago
 * @connection: identity of the connection in use
 *
 * Makes a destination from what was remembered of it.
 *
 * Returns: (transfer full) (nullable): the destination, %NULL where it does not
 *   exist for this connection
 */
ImpDestination *
imp_destination_new_from_variant (GVariant   *variant,
                                  const char *connection)
{
  const char *where, *title, *detail, *action, *target;
  guint32 kind;

  g_variant_get (variant, "(u&s&s&s&s&s)", &kind, &where, &title, &detail, &action, &target);
  if (kind >= IMP_N_DESTINATIONS || *title == '\0' || !g_action_name_is_valid (action) ||
      (kinds[kind].on_ledger && !g_str_equal (where, connection)))
    return NULL;

  return imp_destination_new (kind, title,
                              *detail != '\0' ? detail : NULL,
                              action,
                              *target != '\0' ? target : NULL);
}

/**
 * imp_destination_to_variant:
 * @self: a destination
 * @connection: identity of the connection in use
 *
 * Writes down what has to be remembered.
 *
 * Returns: (transfer floating): a “(usssss)”
 */
GVariant *
imp_destination_to_variant (ImpDestination *self,
                            const char     *connection)
{
  g_return_val_if_fail (IMP_IS_DESTINATION (self), NULL);

  return g_variant_new ("(usssss)", (guint32) self->kind, connection, self->title,
                        self->detail != NULL ? self->detail : "",
                        self->action,
                        self->target != NULL ? self->target : "");
}

/**
 * imp_destination_get_kind:
 * @self: a destination
 *
 * Returns: what kind of thing it is
 */
ImpDestinationKind
imp_destination_get_kind (ImpDestination *self)
{
  g_return_val_if_fail (IMP_IS_DESTINATION (self), IMP_DESTINATION_PAGE);

  return self->kind;
}

/**
 * imp_destination_get_kind_name:
 * @self: a destination
 *
 * Returns: a word for the kind, translated; never freed
 */
const char *
imp_destination_get_kind_name (ImpDestination *self)
{
  g_return_val_if_fail (IMP_IS_DESTINATION (self), NULL);

  return _(kinds[self->kind].name);
}

/**
 * imp_destination_get_icon_name:
 * @self: a destination
 *
 * Returns: the icon of the kind
 */
const char *
imp_destination_get_icon_name (ImpDestination *self)
{
  g_return_val_if_fail (IMP_IS_DESTINATION (self), NULL);

  return kinds[self->kind].icon_name;
}

/**
 * imp_destination_get_title:
 * @self: a destination
 *
 * Returns: what it is called
 */
const char *
imp_destination_get_title (ImpDestination *self)
{
  g_return_val_if_fail (IMP_IS_DESTINATION (self), NULL);

  return self->title;
}

/**
 * imp_destination_get_detail:
 * @self: a destination
 *
 * Returns: (nullable): what else tells it from others
 */
const char *
imp_destination_get_detail (ImpDestination *self)
{
  g_return_val_if_fail (IMP_IS_DESTINATION (self), NULL);

  return self->detail;
}

/**
 * imp_destination_get_action:
 * @self: a destination
 *
 * Returns: the action of the window or the application that leads there
 */
const char *
imp_destination_get_action (ImpDestination *self)
{
  g_return_val_if_fail (IMP_IS_DESTINATION (self), NULL);

  return self->action;
}

/**
 * imp_destination_get_target:
 * @self: a destination
 *
 * Returns: (nullable): the text that the action takes, or `NULL` if it takes none
 */
const char *
imp_destination_get_target (ImpDestination *self)
{
  g_return_val_if_fail (IMP_IS_DESTINATION (self), NULL);

  return self->target;
}

/**
 * imp_destination_matches:
 * @self: a destination
 * @text: what was typed
 *
 * Asks whether every word of @text is somewhere in what is known of it.
 *
 * Returns: whether it is
 */
gboolean
imp_destination_matches (ImpDestination *self,
                         const char     *text)
{
  g_autofree char *all = NULL;
  g_autofree char *folded = NULL;
  g_autofree char *wanted = NULL;
  g_auto(GStrv) words = NULL;

  g_return_val_if_fail (IMP_IS_DESTINATION (self), FALSE);

  all = g_strjoin (" ", self->title,
                   self->detail != NULL ? self->detail : "",
                   self->target != NULL ? self->target : "",
                   _(kinds[self->kind].name), NULL);
  folded = g_utf8_casefold (all, -1);
  wanted = g_utf8_casefold (text, -1);
  words = g_strsplit_set (wanted, " \t\n", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (strstr (folded, words[i]) == NULL)
        return FALSE;
    }

  return TRUE;
}

/**
 * imp_destination_is_named:
 * @self: a destination
 * @text: what was typed or pasted
 *
 * Asks whether @text is the whole of an identifier that can only mean this one.
 *
 * Returns: whether it is
 */
gboolean
imp_destination_is_named (ImpDestination *self,
                          const char     *text)
{
  g_return_val_if_fail (IMP_IS_DESTINATION (self), FALSE);

  return strlen (text) >= MIN_IDENTIFIER &&
         (g_str_equal (self->title, text) || g_strcmp0 (self->target, text) == 0);
}

/**
 * imp_destination_equal:
 * @self: a destination
 * @other: another
 *
 * Returns: whether both lead to the same, under whatever title
 */
gboolean
imp_destination_equal (ImpDestination *self,
                       ImpDestination *other)
{
  g_return_val_if_fail (IMP_IS_DESTINATION (self), FALSE);
  g_return_val_if_fail (IMP_IS_DESTINATION (other), FALSE);

  return self->kind == other->kind && g_str_equal (self->action, other->action) &&
         g_strcmp0 (self->target, other->target) == 0;
}
