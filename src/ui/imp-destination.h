/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* In the order in which kinds are listed. */
typedef enum
{
  IMP_DESTINATION_PAGE,
  IMP_DESTINATION_ACTION,
  IMP_DESTINATION_CONNECTION,
  IMP_DESTINATION_KEY,
  IMP_DESTINATION_DEVICE,
  IMP_DESTINATION_SUBMISSION,
  IMP_DESTINATION_CLASS,
  IMP_DESTINATION_VERSION,
  IMP_DESTINATION_TRANSACTION,
  IMP_DESTINATION_CID,
  IMP_DESTINATION_AUTHOR,
  IMP_N_DESTINATIONS
} ImpDestinationKind;

#define IMP_TYPE_DESTINATION (imp_destination_get_type ())
G_DECLARE_FINAL_TYPE (ImpDestination, imp_destination, IMP, DESTINATION, GObject)

ImpDestination     *imp_destination_new              (ImpDestinationKind  kind,
                                                      const char         *title,
                                                      const char         *detail,
                                                      const char         *action,
                                                      const char         *target);
ImpDestination     *imp_destination_new_from_variant (GVariant           *variant,
                                                      const char         *connection);
GVariant           *imp_destination_to_variant       (ImpDestination     *self,
                                                      const char         *connection);

ImpDestinationKind  imp_destination_get_kind         (ImpDestination     *self);
const char         *imp_destination_get_kind_name    (ImpDestination     *self);
const char         *imp_destination_get_icon_name    (ImpDestination     *self);
const char         *imp_destination_get_title        (ImpDestination     *self);
const char         *imp_destination_get_detail       (ImpDestination     *self);
const char         *imp_destination_get_action       (ImpDestination     *self);
const char         *imp_destination_get_target       (ImpDestination     *self);

gboolean            imp_destination_matches          (ImpDestination     *self,
                                                      const char         *text);
gboolean            imp_destination_is_named         (ImpDestination     *self,
                                                      const char         *text);
gboolean            imp_destination_equal            (ImpDestination     *self,
                                                      ImpDestination     *other);

G_END_DECLS
