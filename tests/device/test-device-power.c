/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "device-fixture.h"

#define PAYLOAD_SIZE 700001

/* Of an installation: the state with the new checkpoint, the slot, the state that swaps. */
#define FEWEST_STEPS 12

static void
install_first (DeviceFixture *fixture,
               GBytes        *payload)
{
  g_ptr_array_set_size (fixture->agent.leaves, 0);
  g_ptr_array_set_size (fixture->agent.updates, 0);
  device_make (fixture, NULL, 0);
  publish (fixture, "V_1", 1, payload, NULL);
  assert_installs (fixture);
}

/* Gives whether the power was cut. */
static gboolean
update_with_cut (DeviceFixture *fixture,
                 guint          step,
                 guint         *steps)
{
  g_autofree char *reason = NULL;
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;
  guint n_reports = fixture->agent.reports->len;

  imp_device_set_power_cut (fixture->device, step);
  if (update (fixture, NULL, NULL, &outcome, NULL, &reason, &error))
    {
      *steps = imp_device_set_power_cut (fixture->device, 0);
      return FALSE;
    }

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  g_assert_cmpstr (error->message, ==, "power cut");
  g_assert_cmpuint (fixture->agent.reports->len, ==, n_reports);
  *steps = imp_device_set_power_cut (fixture->device, 0);
  g_assert_cmpuint (*steps, >=, step);

  /* The object is dead: nothing can be done with it any more. */
  g_clear_error (&error);
  g_assert_false (update (fixture, NULL, NULL, &outcome, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);

  return TRUE;
}

/* Wherever it is cut, the old version runs or the new one does, whole, and the next update succeeds. */
static void
test_survives_a_cut_at_every_step (DeviceFixture *fixture,
                                   gconstpointer  data)
{
  g_autoptr(GBytes) first = make_payload (PAYLOAD_SIZE, 1);
  g_autoptr(GBytes) second = make_payload (PAYLOAD_SIZE + 3, 2);
  g_autoptr(GBytes) third = make_payload (PAYLOAD_SIZE - 3, 3);
  guint n_old = 0, n_new = 0, all_steps, steps;

  install_first (fixture, first);
  publish (fixture, "V_2", 2, second, NULL);
  g_assert_false (update_with_cut (fixture, 0, &all_steps));
  assert_runs (fixture, "V_2", second);
  g_assert_cmpuint (all_steps, >=, FEWEST_STEPS);

  for (guint step = 1; step <= all_steps; step++)
    {
      install_first (fixture, first);
      publish (fixture, "V_2", 2, second, NULL);
      g_assert_true (update_with_cut (fixture, step, &steps));

      device_reopen (fixture);
      if (g_str_equal (imp_device_get_version (fixture->device), "V_1"))
        {
          assert_runs (fixture, "V_1", first);
          n_old++;
        }
      else
        {
          assert_runs (fixture, "V_2", second);
          n_new++;
        }

      publish (fixture, "V_3", 3, third, NULL);
      assert_installs (fixture);
      device_reopen (fixture);
      assert_runs (fixture, "V_3", third);
    }

  /* The cuts did fire, and on both sides of the swap. */
  g_test_message ("%u steps: %u old, %u new", all_steps, n_old, n_new);
  g_assert_cmpuint (n_old + n_new, ==, all_steps);
  g_assert_cmpuint (n_old, >=, FEWEST_STEPS - 2);
  g_assert_cmpuint (n_new, >=, 1);
}

/* Power that goes again and again is survived too. */
static void
test_survives_cut_after_cut (DeviceFixture *fixture,
                             gconstpointer  data)
{
  g_autoptr(GBytes) first = make_payload (PAYLOAD_SIZE, 1);
  g_autoptr(GBytes) second = make_payload (PAYLOAD_SIZE + 3, 2);
  guint steps;

  install_first (fixture, first);
  publish (fixture, "V_2", 2, second, NULL);
  for (guint step = 1; g_str_equal (imp_device_get_version (fixture->device), "V_1"); step++)
    {
      g_assert_cmpuint (step, <, 100);
      update_with_cut (fixture, step, &steps);
      device_reopen (fixture);
    }
  assert_runs (fixture, "V_2", second);
}

/* A refusal writes too: it removes the slot, and has remembered the checkpoint. */
static void
test_survives_a_cut_of_a_refusal (DeviceFixture *fixture,
                                  gconstpointer  data)
{
  g_autoptr(GBytes) first = make_payload (PAYLOAD_SIZE, 1);
  g_autoptr(GBytes) second = make_payload (PAYLOAD_SIZE, 2);
  g_autoptr(GBytes) other = make_payload (PAYLOAD_SIZE, 7);
  guint all_steps = 1, steps;

  for (guint step = 0; step <= all_steps; step++)
    {
      Registered *registered;
      gboolean cut;

      install_first (fixture, first);
      registered = publish (fixture, "V_2", 2, second, NULL);
      g_bytes_unref (registered->payload);
      registered->payload = g_bytes_ref (other);
      cut = update_with_cut (fixture, step, &steps);
      if (step == 0)
        all_steps = steps - 1;  /* the removal's own is no error to anyone */
      g_assert_true (cut == (step != 0));

      device_reopen (fixture);
      assert_runs (fixture, "V_1", first);
      publish (fixture, "V_3", 3, second, NULL);
      assert_installs (fixture);
    }
  g_assert_cmpuint (all_steps, >=, FEWEST_STEPS - 5);
}

#define add(path, func) \
  g_test_add ("/device-power/" path, DeviceFixture, NULL, device_set_up, func, device_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("survives-a-cut-at-every-step", test_survives_a_cut_at_every_step);
  add ("survives-cut-after-cut", test_survives_cut_after_cut);
  add ("survives-a-cut-of-a-refusal", test_survives_a_cut_of_a_refusal);

  return g_test_run ();
}
