/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-device-offer.h"
#include "imp-device-state.h"
#include "imp-error.h"
#include "imp-json.h"

/* What an agent offers to a device, and what a device finds in its own folder. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr(JsonNode) node = imp_json_parse ((const char *) data, size, IMP_DEVICE_STATE_MAX_SIZE, NULL);
  g_autoptr(ImpDeviceState) state = NULL;
  g_autoptr(ImpDeviceOffer) offer = NULL;
  g_autoptr(GError) state_error = NULL;
  g_autoptr(GError) offer_error = NULL;

  state = imp_device_state_parse (text, &state_error);
  g_assert_true ((state == NULL) == g_error_matches (state_error, IMP_ERROR, IMP_ERROR_CORRUPT));

  if (node != NULL)
    {
      offer = imp_device_offer_parse (node, &offer_error);
      g_assert_true ((offer == NULL) == (offer_error != NULL));
    }

  return 0;
}
