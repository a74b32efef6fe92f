/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-rehearsal-detail.h"

#include <glib/gi18n.h>

#include "imp-device-rehearsal.h"
#include "imp-fit.h"
#include "imp-format.h"

/**
 * ImpRehearsalDetail:
 *
 * One attack whole: what it does, what must stop it, how it ended, the bytes
 * before and after, the conversation, and the switches of the checks that
 * stand in its way.
 */
struct _ImpRehearsalDetail
{
  AdwBin parent_instance;

  ImpDevice        *device;          /* (owned) (nullable) */
  ImpRehearsalItem *item;            /* (owned) (nullable) */
  GSignalGroup     *device_signals;  /* (owned) */
  GSignalGroup     *item_signals;    /* (owned) */
  GPtrArray        *switches;        /* (owned) of GtkSwitch, lent by their rows */

  GtkLabel            *title;
  ImpStatusChip       *chip;
  GtkLabel            *description;
  GtkLabel            *guard;
  GtkButton           *try_button;
  GtkWidget           *outcome;
  GtkImage            *outcome_icon;
  GtkLabel            *sentence;
  GtkLabel            *running;
  AdwPreferencesGroup *changes_group;
  GtkBox              *changes;
  GtkWidget           *conversation_group;
  GtkLabel            *conversation;
  AdwPreferencesGroup *without_group;
  GtkListBox          *without;
};

G_DEFINE_FINAL_TYPE (ImpRehearsalDetail, imp_rehearsal_detail, ADW_TYPE_BIN)

static GtkWidget *
make_label (const char *text,
            const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  imp_fit_identifiers (GTK_LABEL (label));
  gtk_widget_add_css_class (label, css_class);

  return label;
}

static void
add_bytes (GtkBox     *box,
           const char *caption,
           const char *bytes,
           const char *css_class)
{
  GtkWidget *label = make_label (bytes, "monospace");

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "bytes");
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (box, make_label (caption, "caption"));
  gtk_box_append (box, label);
}

static GtkWidget *
make_change (const ImpTamper *tamper)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_add_css_class (box, "change");
  gtk_box_append (GTK_BOX (box), make_label (tamper->where, "dim-label"));
  if (tamper->before != NULL)
    add_bytes (GTK_BOX (box), _("From the agent"), tamper->before, "before");
  add_bytes (GTK_BOX (box), _("To the device"), tamper->after, "after");

  return box;
}

static void
show_changes (ImpRehearsalDetail *self,
              ImpAttackResult    *result)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->changes))) != NULL)
    gtk_box_remove (self->changes, child);
  for (guint i = 0; result != NULL && i < result->tampers->len; i++)
    gtk_box_append (self->changes, make_change (g_ptr_array_index (result->tampers, i)));

  gtk_widget_set_visible (GTK_WIDGET (self->changes_group), result != NULL && result->tampers->len > 0);
}

static void
show_conversation (ImpRehearsalDetail *self,
                   ImpAttackResult    *result)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; result != NULL && i < result->conversation->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            (const char *) g_ptr_array_index (result->conversation, i));
  gtk_label_set_text (self->conversation, text->str);
  gtk_widget_set_visible (self->conversation_group, text->len > 0);
}

static char *
say_running (ImpAttackResult *result)
{
  const char *version = result->version != NULL && *result->version != '\0' ? result->version : _("nothing");

  if (result->unchanged)
    return g_strdup_printf (_("%s still runs %s; its running slot has the bytes that it had before."),
                            result->device, version);
  if (result->verdict == IMP_VERDICT_INSTALLED)
    return g_strdup_printf (_("%s runs what came over the hostile network, and calls it %s."),
                            result->device, version);

  return g_strdup_printf (_("%s runs %s."), result->device, version);
}

static void
show_outcome (ImpRehearsalDetail *self,
              ImpAttackResult    *result)
{
  static const struct
  {
    const char *icon;
    const char *css_class;
  } looks[] = {
    [IMP_VERDICT_STOPPED] = { "emblem-ok-symbolic", "success" },
    [IMP_VERDICT_ELSEWHERE] = { "dialog-warning-symbolic", "warning" },
    [IMP_VERDICT_INSTALLED] = { "dialog-error-symbolic", "error" },
    [IMP_VERDICT_HELD_BACK] = { "dialog-error-symbolic", "error" },
    [IMP_VERDICT_NOT_TRIED] = { "dialog-information-symbolic", "neutral" },
  };
  g_autofree char *sentence = result != NULL ? imp_attack_result_dup_sentence (result) : NULL;
  g_autofree char *running = result != NULL ? say_running (result) : NULL;

  gtk_widget_set_visible (self->outcome, result != NULL);
  if (result == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (self->outcome, looks[i].css_class);
  gtk_widget_add_css_class (self->outcome, looks[result->verdict].css_class);
  gtk_image_set_from_icon_name (self->outcome_icon, looks[result->verdict].icon);
  gtk_label_set_text (self->sentence, sentence);
  gtk_label_set_text (self->running, running);
}

static void
update_item (ImpRehearsalDetail *self)
{
  ImpAttackResult *result = imp_rehearsal_item_get_result (self->item);

  imp_attack_show_verdict (result, imp_rehearsal_item_is_running (self->item), self->chip);
  show_outcome (self, result);
  show_changes (self, result);
  show_conversation (self, result);
}

static void
switched_cb (GtkSwitch          *toggle,
             GParamSpec         *pspec,
             ImpRehearsalDetail *self)
{
  int check = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (toggle), "check"));
  gboolean is_off = (imp_device_get_checks_off (self->device) & IMP_CHECK_BIT (check)) != 0;

  if (gtk_switch_get_active (toggle) != is_off)
    gtk_widget_activate_action (GTK_WIDGET (self), "rehearsal.toggle-check", "i", check);
}

static void
add_switch (ImpRehearsalDetail *self,
            int                 check,
            const char         *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();
  g_autofree char *title = g_strdup_printf (_("Do without check %d, “%s”"), check, _(imp_check_get_title (check)));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  g_object_set_data (G_OBJECT (toggle), "check", GINT_TO_POINTER (check));
  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (switched_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  gtk_list_box_append (self->without, row);
  g_ptr_array_add (self->switches, toggle);
}

static void
add_note (ImpRehearsalDetail *self,
          const char         *text)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_list_box_append (self->without, row);
}

static void
make_switches (ImpRehearsalDetail *self,
               const ImpAttack    *attack)
{
  GtkWidget *row;

  g_ptr_array_set_size (self->switches, 0);
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->without))) != NULL)
    gtk_list_box_remove (self->without, row);

  if (attack->check == 0)
    add_note (self, _("No check is asked here: the device’s own limits of time and size end it, "
                      "and those are always on."));
  else if (attack->check == IMP_CHECK_FORMAT)
    add_note (self, _("The first check is always on: without it, there is nothing that could be installed."));
  else
    add_switch (self, attack->check, _("The check that must stop this attack"));

  for (int check = 1; check <= IMP_N_CHECKS; check++)
    {
      if (attack->behind & IMP_CHECK_BIT (check))
        add_switch (self, check, _("Stands behind it, and would stop the attack as well"));
    }
}

static void
update_device (ImpRehearsalDetail *self)
{
  guint off = imp_device_get_checks_off (self->device);

  for (guint i = 0; i < self->switches->len; i++)
    {
      GtkWidget *toggle = g_ptr_array_index (self->switches, i);
      int check = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (toggle), "check"));

      gtk_switch_set_active (GTK_SWITCH (toggle), (off & IMP_CHECK_BIT (check)) != 0);
    }
}

static void
imp_rehearsal_detail_dispose (GObject *object)
{
  ImpRehearsalDetail *self = IMP_REHEARSAL_DETAIL (object);

  g_clear_object (&self->device_signals);
  g_clear_object (&self->item_signals);
  g_clear_pointer (&self->switches, g_ptr_array_unref);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_REHEARSAL_DETAIL);
  g_clear_object (&self->device);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (imp_rehearsal_detail_parent_class)->dispose (object);
}

static void
imp_rehearsal_detail_class_init (ImpRehearsalDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_rehearsal_detail_dispose;

  g_type_ensure (IMP_TYPE_STATUS_CHIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/imp-rehearsal-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, title);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, chip);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, description);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, guard);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, try_button);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, outcome);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, outcome_icon);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, sentence);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, running);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, changes_group);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, changes);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, conversation_group);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, conversation);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, without_group);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalDetail, without);
}

static void
imp_rehearsal_detail_init (ImpRehearsalDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_fit_identifiers (self->conversation);

  self->switches = g_ptr_array_new ();
  self->device_signals = g_signal_group_new (IMP_TYPE_DEVICE);
  g_signal_group_connect_swapped (self->device_signals, "notify::version", G_CALLBACK (update_device), self);
  self->item_signals = g_signal_group_new (IMP_TYPE_REHEARSAL_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "changed", G_CALLBACK (update_item), self);
}

static void
show_attack (ImpRehearsalDetail *self,
             const ImpAttack    *attack)
{
  g_autofree char *guard = imp_attack_dup_guard (attack);
  g_autofree char *text = g_strdup_printf (_("Must be stopped by %s."), guard);
  g_autofree char *note = g_strdup_printf (_("For %s only, and only in this rehearsal: nothing that comes over "
                                             "a network can switch a check off."),
                                           imp_device_get_id (self->device));

  gtk_label_set_text (self->title, _(attack->title));
  gtk_label_set_text (self->description, _(attack->description));
  gtk_label_set_text (self->guard, text);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->try_button), "s", attack->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->try_button), "rehearsal.try");
  adw_preferences_group_set_description (self->without_group, note);
  make_switches (self, attack);
}

/**
 * imp_rehearsal_detail_set:
 * @self: a detail
 * @device: the device that is attacked
 * @item: the attack
 *
 * Shows an attack and follows it.
 */
void
imp_rehearsal_detail_set (ImpRehearsalDetail *self,
                          ImpDevice          *device,
                          ImpRehearsalItem   *item)
{
  g_return_if_fail (IMP_IS_REHEARSAL_DETAIL (self));
  g_return_if_fail (IMP_IS_DEVICE (device));
  g_return_if_fail (IMP_IS_REHEARSAL_ITEM (item));

  g_set_object (&self->device, device);
  g_set_object (&self->item, item);
  g_signal_group_set_target (self->device_signals, device);
  g_signal_group_set_target (self->item_signals, item);

  show_attack (self, imp_rehearsal_item_get_attack (item));
  update_device (self);
  update_item (self);
}
