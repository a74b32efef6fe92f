/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define IMP_TYPE_WORLD_STATE (imp_world_state_get_type ())
G_DECLARE_INTERFACE (ImpWorldState, imp_world_state, IMP, WORLD_STATE, GObject)

typedef struct
{
  char *key;
  char *value;
} ImpStateEntry;

typedef struct
{
  char   *transaction;
  gint64  time;
  char   *value;
} ImpStateVersion;

struct _ImpWorldStateInterface
{
  GTypeInterface parent_iface;

  gboolean    (*get)             (ImpWorldState  *self,
                                  const char     *key,
                                  char          **value,
                                  GError        **error);
  gboolean    (*put)             (ImpWorldState  *self,
                                  const char     *key,
                                  const char     *value,
                                  GError        **error);
  GPtrArray  *(*range)           (ImpWorldState  *self,
                                  const char     *start,
                                  const char     *end,
                                  guint           limit,
                                  GError        **error);
  GPtrArray  *(*history)         (ImpWorldState  *self,
                                  const char     *key,
                                  GError        **error);
  const char *(*get_transaction) (ImpWorldState  *self);
  gint64      (*get_time)        (ImpWorldState  *self);
};

gboolean         imp_world_state_get             (ImpWorldState    *self,
                                                  const char       *key,
                                                  char            **value,
                                                  GError          **error);
gboolean         imp_world_state_put             (ImpWorldState    *self,
                                                  const char       *key,
                                                  const char       *value,
                                                  GError          **error);
GPtrArray       *imp_world_state_range           (ImpWorldState    *self,
                                                  const char       *start,
                                                  const char       *end,
                                                  guint             limit,
                                                  GError          **error);
GPtrArray       *imp_world_state_history         (ImpWorldState    *self,
                                                  const char       *key,
                                                  GError          **error);
const char      *imp_world_state_get_transaction (ImpWorldState    *self);
gint64           imp_world_state_get_time        (ImpWorldState    *self);

ImpStateEntry   *imp_state_entry_new             (const char       *key,
                                                  const char       *value);
void             imp_state_entry_free            (ImpStateEntry    *self);
ImpStateVersion *imp_state_version_new           (const char       *transaction,
                                                  gint64            time,
                                                  const char       *value);
void             imp_state_version_free          (ImpStateVersion  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpStateEntry, imp_state_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpStateVersion, imp_state_version_free)

G_END_DECLS
