/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-toast.h"

#include <glib/gi18n.h>

#define UNDO_TIME 10  /* s */

/**
 * imp_toast_new:
 * @text: what to say
 *
 * Makes a toast that says a text as it is: libadwaita would take it for markup.
 *
 * Returns: (transfer full): the toast
 */
AdwToast *
imp_toast_new (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

/**
 * imp_toast_offer_undo:
 * @toast: a toast that says what was done
 *
 * Gives the toast a button that undoes it, and more time than it takes to read
 * a sentence: to have second thoughts, and to reach the button. Whoever offers
 * connects to #AdwToast::button-clicked.
 */
void
imp_toast_offer_undo (AdwToast *toast)
{
  g_return_if_fail (ADW_IS_TOAST (toast));

  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_timeout (toast, UNDO_TIME);
}

/**
 * imp_toast_show:
 * @from: a widget of the window
 * @toast: (transfer full): what to say
 *
 * Says something in passing in the window that @from is in. Where there is no
 * such window any more, nobody is left to hear it.
 */
void
imp_toast_show (GtkWidget *from,
                AdwToast  *toast)
{
  GtkWidget *overlay;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (ADW_IS_TOAST (toast));

  overlay = gtk_widget_get_ancestor (from, ADW_TYPE_TOAST_OVERLAY);
  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  else
    g_object_unref (toast);
}

/**
 * imp_toast_say:
 * @from: a widget of the window
 * @text: what to say
 *
 * Says something in passing.
 */
void
imp_toast_say (GtkWidget  *from,
               const char *text)
{
  imp_toast_show (from, imp_toast_new (text));
}

/**
 * imp_toast_copy:
 * @from: a widget of the window
 * @text: what to put into the clipboard
 * @what: the sentence that says it was done
 *
 * Copies a text and says so.
 */
void
imp_toast_copy (GtkWidget  *from,
                const char *text,
                const char *what)
{
  g_return_if_fail (GTK_IS_WIDGET (from));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (from), text);
  imp_toast_say (from, what);
}
