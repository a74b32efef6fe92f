/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>

#include "imp-digest-row.h"
#include "imp-error.h"
#include "imp-field-row.h"
#include "imp-format.h"
#include "imp-help-page.h"
#include "imp-state-stack.h"
#include "imp-status-chip.h"
#include "imp-timeline.h"

#define HELP "/io/github/imprimatur/Imprimatur/help/"
#define DIGEST "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"

/* Finds a visible label by its text: what a person would read. */
static gboolean
shows (GtkWidget  *widget,
       const char *text)
{
  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (shows (child, text))
        return TRUE;
    }

  return FALSE;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
keep_text_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (object), result, NULL);
}

static void
test_digest_copies (void)
{
  g_autofree char *text = NULL;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *row = imp_digest_row_new ("Fingerprint", DIGEST);

  gtk_window_set_child (GTK_WINDOW (window), row);
  g_assert_true (shows (row, DIGEST));
  gtk_widget_activate_action (row, "digest.copy", NULL);

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (row), NULL, keep_text_cb, &text);
  while (text == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (text, ==, DIGEST);

  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_digest_hides_nothing (void)
{
  GtkWidget *row = g_object_ref_sink (imp_digest_row_new ("CID", NULL));

  g_assert_false (gtk_widget_get_visible (row));
  imp_digest_row_set_digest (IMP_DIGEST_ROW (row), DIGEST);
  g_assert_true (gtk_widget_get_visible (row));
  imp_digest_row_set_digest (IMP_DIGEST_ROW (row), NULL);
  g_assert_false (gtk_widget_get_visible (row));
  g_assert_finalize_object (row);
}

static void
test_state_spinner_is_late (void)
{
  GtkWidget *stack = g_object_ref_sink (imp_state_stack_new ());
  ImpStateStack *self = IMP_STATE_STACK (stack);
  gint64 begin = g_get_monotonic_time ();

  imp_state_stack_set_loaded (self, TRUE);
  imp_state_stack_set_loading (self);
  g_assert_cmpint (imp_state_stack_get_state (self), ==, IMP_STATE_EMPTY);
  while (imp_state_stack_get_state (self) != IMP_STATE_LOADING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 190 * 1000);
  g_assert_finalize_object (stack);
}

/* What is shown stays while it is asked for again. */
static void
test_state_content_stays (void)
{
  GtkWidget *stack = g_object_ref_sink (imp_state_stack_new ());
  ImpStateStack *self = IMP_STATE_STACK (stack);
  gint64 end = g_get_monotonic_time () + 300 * 1000;

  imp_state_stack_set_loaded (self, FALSE);
  imp_state_stack_set_loading (self);
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (imp_state_stack_get_state (self), ==, IMP_STATE_CONTENT);
  g_assert_finalize_object (stack);
}

static void
test_state_says_what_failed (void)
{
  GtkWidget *stack = g_object_ref_sink (imp_state_stack_new ());
  g_autoptr(GError) error = g_error_new_literal (IMP_ERROR, IMP_ERROR_NOT_FOUND,
                                                 "no <such> author");
  guint retries = 0;

  imp_state_stack_set_failed (IMP_STATE_STACK (stack), "The author is unknown", error);
  g_assert_cmpint (imp_state_stack_get_state (IMP_STATE_STACK (stack)), ==, IMP_STATE_FAILED);
  g_assert_true (shows (stack, "The author is unknown"));
  g_assert_true (shows (stack, "No <such> author."));

  g_signal_connect_swapped (stack, "retry", G_CALLBACK (count_cb), &retries);
  gtk_widget_activate_action (stack, "state.retry", NULL);
  g_assert_cmpuint (retries, ==, 1);
  g_assert_finalize_object (stack);
}

static void
test_state_cancelled_is_no_failure (void)
{
  GtkWidget *stack = g_object_ref_sink (imp_state_stack_new ());
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");

  imp_state_stack_set_loaded (IMP_STATE_STACK (stack), FALSE);
  imp_state_stack_set_failed (IMP_STATE_STACK (stack), "Something", error);
  g_assert_cmpint (imp_state_stack_get_state (IMP_STATE_STACK (stack)), ==, IMP_STATE_CONTENT);
  g_assert_finalize_object (stack);
}

static void
test_chip (void)
{
  GtkWidget *chip = g_object_ref_sink (imp_status_chip_new ());

  g_assert_false (gtk_widget_get_visible (chip));
  imp_status_chip_set (IMP_STATUS_CHIP (chip), IMP_CHIP_GOOD, "Recorded");
  g_assert_true (gtk_widget_has_css_class (chip, "success"));
  imp_status_chip_set (IMP_STATUS_CHIP (chip), IMP_CHIP_BAD, "Failed");
  g_assert_false (gtk_widget_has_css_class (chip, "success"));
  g_assert_true (gtk_widget_has_css_class (chip, "error"));
  g_assert_cmpstr (imp_status_chip_get_text (IMP_STATUS_CHIP (chip)), ==, "Failed");
  g_assert_finalize_object (chip);
}

static void
test_timeline (void)
{
  GtkWidget *timeline = g_object_ref_sink (imp_timeline_new ());
  ImpTimeline *self = IMP_TIMELINE (timeline);

  g_assert_cmpuint (imp_timeline_add (self, "Upload"), ==, 0);
  g_assert_cmpuint (imp_timeline_add (self, "Record"), ==, 1);
  imp_timeline_set (self, 0, IMP_TIMELINE_DONE, 1234, NULL);
  imp_timeline_set (self, 1, IMP_TIMELINE_FAILED, -1, "the disk is full");
  g_assert_true (shows (timeline, "1.2 s"));
  g_assert_true (shows (timeline, "the disk is full"));
  g_assert_cmpint (imp_timeline_get_state (self, 1), ==, IMP_TIMELINE_FAILED);

  imp_timeline_clear (self);
  g_assert_cmpuint (imp_timeline_get_n_steps (self), ==, 0);
  g_assert_finalize_object (timeline);
}

static void
test_field_problem (void)
{
  GtkWidget *row = g_object_ref_sink (imp_field_row_new ("Class"));
  GtkAccessible *entry = GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (row)));

  gtk_test_accessible_assert_role (entry, GTK_ACCESSIBLE_ROLE_TEXT_BOX);
  gtk_test_accessible_assert_relation (entry, GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                       gtk_widget_get_prev_sibling (GTK_WIDGET (entry)), NULL);
  imp_field_row_set_problem (IMP_FIELD_ROW (row), "Class contains “/”.");
  g_assert_true (shows (row, "Class contains “/”."));
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID,
                                    GTK_ACCESSIBLE_INVALID_TRUE);
  imp_field_row_set_problem (IMP_FIELD_ROW (row), NULL);
  g_assert_null (imp_field_row_get_problem (IMP_FIELD_ROW (row)));
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID,
                                    GTK_ACCESSIBLE_INVALID_FALSE);
  g_assert_finalize_object (row);
}

static void
test_formats (void)
{
  g_autofree char *unknown = imp_format_duration (-1);
  g_autofree char *minutes = imp_format_duration (125000);
  g_autofree char *short_id = imp_format_short_id (DIGEST);
  g_autofree char *none = imp_format_short_id (NULL);

  g_assert_cmpstr (unknown, ==, "");
  g_assert_cmpstr (minutes, ==, "2 min 5 s");
  g_assert_cmpstr (short_id, ==, "38b060a7…e1da");
  g_assert_cmpstr (none, ==, "—");
}

/* Counts the links of a page of the help; they lead only to others of its language. */
static guint
count_links (const char        *folder,
             const ImpHelpBlock *block)
{
  g_autoptr(GRegex) link = g_regex_new ("<a href=\"([^\"]*)\">", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  guint n_links = 0;

  for (g_regex_match (link, block->markup, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *page = g_match_info_fetch (match, 1);
      g_autofree char *target = g_strconcat (folder, page, ".page", NULL);

      g_assert_true (g_resources_get_info (target, 0, NULL, NULL, NULL));
      n_links++;
    }

  return n_links;
}

/* Every page of the help is one that can be shown. */
static void
test_help (gconstpointer language)
{
  g_autofree char *folder = g_strconcat (HELP, language, "/", NULL);
  g_auto(GStrv) names = g_resources_enumerate_children (folder, 0, NULL);
  guint n_links = 0;

  g_assert_cmpuint (g_strv_length (names), >=, 8);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (folder, names[i], NULL);
      g_autoptr(GBytes) bytes = g_resources_lookup_data (path, 0, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) blocks = NULL;

      blocks = imp_help_page_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                    &error);
      g_assert_no_error (error);
      g_assert_cmpuint (blocks->len, >, 1);
      g_assert_cmpint (((ImpHelpBlock *) blocks->pdata[0])->kind, ==, IMP_HELP_TITLE);

      for (guint j = 0; j < blocks->len; j++)
        {
          const ImpHelpBlock *block = g_ptr_array_index (blocks, j);

          g_assert_true (pango_parse_markup (block->markup, -1, 0, NULL, NULL, NULL, NULL) ||
                         strstr (block->markup, "<a ") != NULL);
          n_links += count_links (folder, block);
        }
    }
  g_assert_cmpuint (n_links, >=, 8);
}

static void
test_help_refuses (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_help_page_parse ("<page><p>no end", -1, &error));
  g_assert_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/digest-row/copies", test_digest_copies);
  g_test_add_func ("/digest-row/hides-nothing", test_digest_hides_nothing);
  g_test_add_func ("/state-stack/spinner-is-late", test_state_spinner_is_late);
  g_test_add_func ("/state-stack/content-stays", test_state_content_stays);
  g_test_add_func ("/state-stack/says-what-failed", test_state_says_what_failed);
  g_test_add_func ("/state-stack/cancelled-is-no-failure", test_state_cancelled_is_no_failure);
  g_test_add_func ("/status-chip", test_chip);
  g_test_add_func ("/timeline", test_timeline);
  g_test_add_func ("/field-row/problem", test_field_problem);
  g_test_add_func ("/format", test_formats);
  g_test_add_data_func ("/help/pages/C", "C", test_help);
  g_test_add_data_func ("/help/pages/es", "es", test_help);
  g_test_add_data_func ("/help/pages/ja", "ja", test_help);
  g_test_add_func ("/help/refuses", test_help_refuses);

  return g_test_run ();
}
