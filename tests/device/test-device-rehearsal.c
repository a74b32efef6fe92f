/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "device-fixture.h"
#include "imp-device-rehearsal.h"
#include "imp-error.h"

#define PAYLOAD_SIZE 300001

static void
keep_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
change (DeviceFixture    *fixture,
        ImpDeviceChange   kind,
        guint             checks_off,
        GError          **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  imp_device_change_async (fixture->device, kind, checks_off, keep_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return imp_device_change_finish (fixture->device, result, error);
}

static void
assert_changes (DeviceFixture   *fixture,
                ImpDeviceChange  kind,
                guint            checks_off)
{
  g_autoptr(GError) error = NULL;

  change (fixture, kind, checks_off, &error);
  g_assert_no_error (error);
}

static void
install_first (DeviceFixture *fixture)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 1);

  publish (fixture, "V_1", 1, payload, NULL);
  assert_installs (fixture);
}

/* Another payload is served than the one that is registered. */
static GBytes *
swap_payload (Registered *registered,
              gsize       size)
{
  GBytes *other = make_payload (size, 77);

  g_bytes_unref (registered->payload);
  registered->payload = g_bytes_ref (other);
  return other;
}

/* It gets in, and every check that is on has ticked. */
static void
assert_gets_in (DeviceFixture *fixture,
                const char    *version)
{
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;

  update (fixture, NULL, NULL, &outcome, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, IMP_DEVICE_INSTALLED);
  g_assert_cmpstr (imp_device_get_version (fixture->device), ==, version);
  g_assert_true (imp_device_is_breached (fixture->device));
}

static void
test_installs_what_a_check_refuses (DeviceFixture *fixture,
                                    gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);
  g_autoptr(GBytes) other = NULL;
  Registered *registered;

  install_first (fixture);
  registered = publish (fixture, "V_2", 2, payload, NULL);
  other = swap_payload (registered, PAYLOAD_SIZE);
  assert_refuses (fixture, IMP_CHECK_PAYLOAD, "digest");
  g_assert_false (imp_device_is_breached (fixture->device));

  assert_changes (fixture, IMP_DEVICE_SET_CHECKS, IMP_CHECK_BIT (IMP_CHECK_PAYLOAD));
  assert_gets_in (fixture, "V_2");
  assert_runs (fixture, "V_2", other);

  /* No restart hides it. */
  device_reopen (fixture);
  g_assert_true (imp_device_is_breached (fixture->device));
  g_assert_cmpuint (imp_device_get_checks_off (fixture->device), ==, IMP_CHECK_BIT (IMP_CHECK_PAYLOAD));
  g_assert_null (imp_device_get_damage (fixture->device));
}

static void
test_restores (DeviceFixture *fixture,
               gconstpointer  data)
{
  g_autoptr(GBytes) first = make_payload (PAYLOAD_SIZE, 1);

  test_installs_what_a_check_refuses (fixture, data);
  assert_changes (fixture, IMP_DEVICE_RESTORE, 0);
  g_assert_cmpuint (imp_device_get_checks_off (fixture->device), ==, 0);
  g_assert_false (imp_device_is_breached (fixture->device));
  assert_runs (fixture, "V_1", first);
  g_assert_cmpint (imp_device_get_sequence (fixture->device), ==, 1);
  assert_refuses (fixture, IMP_CHECK_PAYLOAD, "digest");
  device_reopen (fixture);
  assert_runs (fixture, "V_1", first);
}

/* The slot of what ran before is written over by the second breach: only the next update helps. */
static void
test_restores_after_two_breaches (DeviceFixture *fixture,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 3);
  g_autoptr(GBytes) other = NULL;
  g_autoptr(GBytes) good = make_payload (PAYLOAD_SIZE, 4);

  test_installs_what_a_check_refuses (fixture, data);
  other = swap_payload (publish (fixture, "V_3", 3, payload, NULL), PAYLOAD_SIZE);
  assert_gets_in (fixture, "V_3");

  assert_changes (fixture, IMP_DEVICE_RESTORE, 0);
  g_assert_cmpstr (imp_device_get_version (fixture->device), ==, NULL);
  publish (fixture, "V_4", 4, good, NULL);
  assert_installs (fixture);
  g_assert_false (imp_device_is_breached (fixture->device));
}

/* A good update puts a breached device right, even with the check still off. */
static void
test_is_put_right_by_an_update (DeviceFixture *fixture,
                                gconstpointer  data)
{
  g_autoptr(GBytes) good = make_payload (PAYLOAD_SIZE, 4);

  test_installs_what_a_check_refuses (fixture, data);
  publish (fixture, "V_3", 3, good, NULL);
  assert_installs (fixture);
  g_assert_false (imp_device_is_breached (fixture->device));
  g_assert_cmpuint (imp_device_get_checks_off (fixture->device), !=, 0);
}

/* A length that is wrong in both directions, and the end that a stream without one is given. */
static void
test_takes_any_size (DeviceFixture *fixture,
                     gconstpointer  data)
{
  static const gsize sizes[] = { 10, PAYLOAD_SIZE - 1, PAYLOAD_SIZE + 1, 2 * PAYLOAD_SIZE };
  const guint off = IMP_CHECK_BIT (IMP_CHECK_SIZE) | IMP_CHECK_BIT (IMP_CHECK_PAYLOAD);
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  install_first (fixture);
  assert_changes (fixture, IMP_DEVICE_SET_CHECKS, off);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *version = g_strdup_printf ("V_%u", i + 2);
      g_autoptr(GBytes) other = swap_payload (publish (fixture, version, i + 2, payload, NULL), sizes[i]);

      assert_gets_in (fixture, version);
      assert_runs (fixture, version, other);
      device_reopen (fixture);
      g_assert_null (imp_device_get_damage (fixture->device));
    }
}

static void
test_ends_what_is_endless (DeviceFixture *fixture,
                           gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);
  g_autoptr(GBytes) first = make_payload (PAYLOAD_SIZE, 1);
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;

  install_first (fixture);
  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.mode = PAYLOAD_ENDLESS;
  assert_changes (fixture, IMP_DEVICE_SET_CHECKS, IMP_CHECK_BIT (IMP_CHECK_SIZE));
  g_assert_false (update (fixture, NULL, NULL, &outcome, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  assert_runs (fixture, "V_1", first);
  assert_idle_is_gone (fixture);
}

/* What a check that is off lets in is not believed: the log's key and head stay those that were seen. */
static void
test_learns_nothing_false (DeviceFixture *fixture,
                           gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  install_first (fixture);
  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.forger = imp_key_generate (IMP_KEY_ED25519, NULL);
  assert_changes (fixture, IMP_DEVICE_SET_CHECKS, IMP_CHECK_BIT (IMP_CHECK_LEDGER));
  assert_gets_in (fixture, "V_2");

  g_clear_object (&fixture->agent.forger);
  assert_changes (fixture, IMP_DEVICE_RESTORE, 0);
  assert_installs (fixture);
}

static void
test_cannot_do_without_the_first (DeviceFixture *fixture,
                                  gconstpointer  data)
{
  static const guint wrong[] = { IMP_CHECK_BIT (IMP_CHECK_FORMAT), 1u, 1u << 11, G_MAXUINT };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (change (fixture, IMP_DEVICE_SET_CHECKS, wrong[i], &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
      g_assert_cmpuint (imp_device_get_checks_off (fixture->device), ==, 0);
    }
}

/* Nothing that an agent may answer switches a check off. */
static void
name_checks_off (JsonObject *reply,
                 gpointer    agent)
{
  JsonArray *checks = json_array_new ();

  for (int check = 2; check <= IMP_N_CHECKS; check++)
    json_array_add_int_element (checks, check);
  json_object_set_array_member (reply, "checksOff", checks);
}

static void
test_is_not_told_by_an_agent (DeviceFixture *fixture,
                              gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);
  g_autoptr(GBytes) other = NULL;

  install_first (fixture);
  fixture->agent.twist = name_checks_off;
  other = swap_payload (publish (fixture, "V_2", 2, payload, NULL), PAYLOAD_SIZE);
  assert_refuses (fixture, IMP_CHECK_PAYLOAD, "digest");
  g_assert_cmpuint (imp_device_get_checks_off (fixture->device), ==, 0);
}

/* A head of yesterday, without waiting for a day. */
static void
test_clock_goes_ahead (DeviceFixture *fixture,
                       gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  install_first (fixture);
  publish (fixture, "V_2", 2, payload, NULL);
  imp_device_set_clock_ahead (fixture->device, 25 * 60 * 60 * 1000);
  assert_refuses (fixture, IMP_CHECK_LEDGER, "stale");
  imp_device_set_clock_ahead (fixture->device, 0);
  assert_installs (fixture);
}

/* An image that is not the one that was installed is not run; it can be seen, and put right. */
static void
test_runs_nothing_else (DeviceFixture *fixture,
                        gconstpointer  data)
{
  static const char *const contents[] = { "something else", "", NULL };
  g_autofree char *slot = NULL;

  install_first (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr(GError) error = NULL;
      ImpDeviceOutcome outcome;

      g_free (slot);
      slot = imp_device_dup_slot_path (fixture->device, imp_device_get_running_slot (fixture->device));
      if (contents[i] != NULL)
        g_assert_true (g_file_set_contents (slot, contents[i], -1, NULL));
      else
        g_assert_cmpint (g_remove (slot), ==, 0);

      device_reopen (fixture);
      g_assert_nonnull (strstr (imp_device_get_damage (fixture->device), "is not what was installed"));
      g_assert_false (update (fixture, NULL, NULL, &outcome, NULL, NULL, &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);

      assert_changes (fixture, IMP_DEVICE_RESTORE, 0);
      g_assert_null (imp_device_get_damage (fixture->device));
      assert_installs (fixture);
    }
}

#define add(path, func) \
  g_test_add ("/device-rehearsal/" path, DeviceFixture, NULL, device_set_up, func, device_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("installs-what-a-check-refuses", test_installs_what_a_check_refuses);
  add ("restores", test_restores);
  add ("restores-after-two-breaches", test_restores_after_two_breaches);
  add ("is-put-right-by-an-update", test_is_put_right_by_an_update);
  add ("takes-any-size", test_takes_any_size);
  add ("ends-what-is-endless", test_ends_what_is_endless);
  add ("learns-nothing-false", test_learns_nothing_false);
  add ("cannot-do-without-the-first", test_cannot_do_without_the_first);
  add ("is-not-told-by-an-agent", test_is_not_told_by_an_agent);
  add ("clock-goes-ahead", test_clock_goes_ahead);
  add ("runs-nothing-else", test_runs_nothing_else);

  return g_test_run ();
}
