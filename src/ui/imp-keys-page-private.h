/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-keys-page.h"

G_BEGIN_DECLS

/* What the files of ImpKeysPage share. */
ImpKeyring *imp_keys_page_get_keyring     (ImpKeysPage *self);
GtkWindow  *imp_keys_page_get_window      (ImpKeysPage *self);
void        imp_keys_page_set_busy        (ImpKeysPage *self,
                                           int          change);

void        imp_keys_page_generate_action (GtkWidget   *widget,
                                           const char  *action_name,
                                           GVariant    *parameter);
void        imp_keys_page_import_action   (GtkWidget   *widget,
                                           const char  *action_name,
                                           GVariant    *parameter);
void        imp_keys_page_export          (ImpKeysPage *self,
                                           const char  *label,
                                           const char  *pem);

G_END_DECLS
