/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "device-fixture.h"
#include "imp-device-checks.h"
#include "imp-error.h"

#define NOW G_GINT64_CONSTANT (1700000000000)

/* A device that runs V_5 with sequence number 5, and one offer. */
typedef struct
{
  const char        *path;
  ImpCheck           check;
  gboolean           passes;
  const char        *version;        /* "V_6" */
  gint64             sequence;       /* 6 */
  const char        *vendor_id;      /* of the device */
  gint64             seen;           /* the time of the last checkpoint */
  Difference         difference;
} Case;

#define DEPENDS(...) { .dependencies = (const char *const[]) { __VA_ARGS__, NULL } }
#define REQUIRES(...) { .required = (const char *const[]) { __VA_ARGS__, NULL } }
#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER_DIGEST "f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const Case cases[] = {
  { "target/own", IMP_CHECK_TARGET, TRUE },
  { "target/class", IMP_CHECK_TARGET, FALSE, .difference = { .class_id = "Class_10" } },
  { "target/class-case", IMP_CHECK_TARGET, FALSE, .difference = { .class_id = "class_1" } },
  { "target/any-vendor", IMP_CHECK_TARGET, TRUE, .difference = { .vendor_id = "Vendor_1" } },
  { "target/vendor", IMP_CHECK_TARGET, TRUE, .vendor_id = "Vendor_1", .difference = { .vendor_id = "Vendor_1" } },
  { "target/other-vendor", IMP_CHECK_TARGET, FALSE, .vendor_id = "Vendor_1",
    .difference = { .vendor_id = "Vendor_2" } },
  { "target/no-vendor", IMP_CHECK_TARGET, FALSE, .vendor_id = "Vendor_1" },

  { "newer/both", IMP_CHECK_NEWER, TRUE },
  { "newer/digits", IMP_CHECK_NEWER, TRUE, .version = "V_10" },
  { "newer/same-sequence", IMP_CHECK_NEWER, FALSE, .sequence = 5 },
  { "newer/lower-sequence", IMP_CHECK_NEWER, FALSE, .sequence = 4 },
  { "newer/highest-sequence", IMP_CHECK_NEWER, TRUE, .sequence = G_GINT64_CONSTANT (9007199254740991) },
  { "newer/same-version", IMP_CHECK_NEWER, FALSE, .version = "V_5" },
  { "newer/lower-version", IMP_CHECK_NEWER, FALSE, .version = "V_4" },

  { "expiry/none", IMP_CHECK_EXPIRY, TRUE },
  { "expiry/later", IMP_CHECK_EXPIRY, TRUE, .difference = { .expiry = "2023-11-14T22:13:20.001Z" } },
  { "expiry/now", IMP_CHECK_EXPIRY, FALSE, .difference = { .expiry = "2023-11-14T22:13:20.000Z" } },
  { "expiry/before", IMP_CHECK_EXPIRY, FALSE, .difference = { .expiry = "2023-11-14T22:13:19.999Z" } },
  { "expiry/clock-put-back", IMP_CHECK_EXPIRY, FALSE, .seen = NOW + 5000,
    .difference = { .expiry = "2023-11-14T22:13:21.000Z" } },

  { "dependencies/none", IMP_CHECK_DEPENDENCIES, TRUE },
  { "dependencies/version", IMP_CHECK_DEPENDENCIES, TRUE, .difference = DEPENDS ("V_5") },
  { "dependencies/older", IMP_CHECK_DEPENDENCIES, TRUE, .difference = DEPENDS ("V_4") },
  { "dependencies/newer", IMP_CHECK_DEPENDENCIES, FALSE, .difference = DEPENDS ("V_6") },
  { "dependencies/own-class", IMP_CHECK_DEPENDENCIES, TRUE, .difference = DEPENDS ("Class_1:V_5") },
  { "dependencies/own-class-newer", IMP_CHECK_DEPENDENCIES, FALSE, .difference = DEPENDS ("Class_1:V_6") },
  { "dependencies/component", IMP_CHECK_DEPENDENCIES, TRUE, .difference = DEPENDS ("Radio:V_3", "V_5") },
  { "dependencies/component-newer", IMP_CHECK_DEPENDENCIES, FALSE, .difference = DEPENDS ("Radio:V_4") },
  { "dependencies/component-prefix", IMP_CHECK_DEPENDENCIES, FALSE, .difference = DEPENDS ("Rad:V_1") },
  { "dependencies/missing", IMP_CHECK_DEPENDENCIES, FALSE, .difference = DEPENDS ("V_5", "Modem:V_1") },
  { "dependencies/itself", IMP_CHECK_DEPENDENCIES, FALSE, .difference = DEPENDS ("Class_1:V_6") },
  { "dependencies/required", IMP_CHECK_DEPENDENCIES, TRUE, .difference = REQUIRES ("V_4", "V_5") },
  { "dependencies/required-class", IMP_CHECK_DEPENDENCIES, TRUE, .difference = REQUIRES ("Class_1:V_5") },
  { "dependencies/required-other", IMP_CHECK_DEPENDENCIES, FALSE, .difference = REQUIRES ("V_4") },
  { "dependencies/precursor", IMP_CHECK_DEPENDENCIES, TRUE, .difference = { .precursor = DIGEST } },
  { "dependencies/other-precursor", IMP_CHECK_DEPENDENCIES, FALSE, .difference = { .precursor = OTHER_DIGEST } },

  { "size/fits", IMP_CHECK_SIZE, TRUE, .difference = { .size = 1000 } },
  { "size/does-not-fit", IMP_CHECK_SIZE, FALSE, .difference = { .size = 1001 } },

  { "location/relative", IMP_CHECK_LOCATION, TRUE, .difference = { .location = "./updates" } },
  { "location/absolute", IMP_CHECK_LOCATION, TRUE, .difference = { .location = "/firmware/main.bin" } },
  { "location/dots-in-a-name", IMP_CHECK_LOCATION, TRUE, .difference = { .location = "a..b/...c" } },
  { "location/up", IMP_CHECK_LOCATION, FALSE, .difference = { .location = ".." } },
  { "location/up-first", IMP_CHECK_LOCATION, FALSE, .difference = { .location = "../updates" } },
  { "location/up-inside", IMP_CHECK_LOCATION, FALSE, .difference = { .location = "a/b/../../../c" } },
  { "location/up-last", IMP_CHECK_LOCATION, FALSE, .difference = { .location = "a/.." } },
  { "location/absolute-up", IMP_CHECK_LOCATION, FALSE, .difference = { .location = "/../etc/passwd" } },
  { "location/backslash", IMP_CHECK_LOCATION, FALSE, .difference = { .location = "..\\..\\boot.ini" } },
  { "location/escaped", IMP_CHECK_LOCATION, FALSE, .difference = { .location = "%2e%2e/etc/passwd" } },
  { "location/home", IMP_CHECK_LOCATION, FALSE, .difference = { .location = "~root/.ssh" } },
  { "location/address", IMP_CHECK_LOCATION, FALSE, .difference = { .location = "http://host/slot" } },
};

static ImpDeviceState *
make_state (const Case *test,
            ImpKey     *author)
{
  ImpDeviceConfig config = {
    .id = "x",
    .vendor_id = test->vendor_id,
    .class_id = CLASS_ID,
    .author = author,
    .version = "V_5",
    .sequence = 5,
    .slot_size = 1000,
  };
  g_autoptr(GError) error = NULL;
  ImpDeviceState *state = imp_device_state_new (&config, &error);

  g_assert_no_error (error);
  g_strfreev (state->components);
  state->components = g_strdupv ((char *[]) { (char *) "Radio:V_3", NULL });
  state->digest = g_strdup (DIGEST);
  state->checkpoint_time = test->seen != 0 ? test->seen : -1;

  return state;
}

static void
test_check (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(ImpKey) author = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_autoptr(ImpDeviceState) state = make_state (test, author);
  g_autoptr(GBytes) payload = g_bytes_new_static ("payload", 7);
  g_autoptr(ImpManifest) manifest = NULL;
  ImpDeviceOffer offer = { NULL, };
  g_autoptr(GError) error = NULL;
  gboolean passed;

  manifest = make_manifest (test->version != NULL ? test->version : "V_6", test->sequence != 0 ? test->sequence : 6,
                            payload, &test->difference);
  offer.manifest = manifest;
  passed = imp_check_offer (test->check, state, &offer, NOW, &error);

  if (test->passes)
    g_assert_no_error (error);
  else
    g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  g_assert_true (passed == test->passes);
}

static void
test_has_titles (void)
{
  for (ImpCheck check = IMP_CHECK_FORMAT; check <= IMP_N_CHECKS; check++)
    g_assert_cmpuint (strlen (imp_check_get_title (check)), >, 5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/device-checks/has-titles", test_has_titles);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/device-checks/", cases[i].path, NULL);

      g_test_add_data_func (path, &cases[i], test_check);
    }

  return g_test_run ();
}
