/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-inclusion-view.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#include "imp-digest.h"

#define N_SLOTS     3
#define SPACING     10
#define PADDING     6
#define HASH_CHARS  8
#define LEAST_CHARS 4   /* of them, where there is no room for all */
#define LINE_WIDTH  2

/**
 * ImpInclusionView:
 *
 * The path from a leaf up to the root that the checkpoint signs: in the middle
 * what was computed here, beside it what the ledger gave for it.
 */
struct _ImpInclusionView
{
  GtkWidget parent_instance;

  ImpInclusion *path;  /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ImpInclusionView, imp_inclusion_view, GTK_TYPE_WIDGET)

/* What is drawn with, while it is. */
typedef struct
{
  GtkSnapshot *snapshot;
  PangoLayout *layout;   /* (owned) */
  GdkRGBA      text;
  GdkRGBA      accent;
  float        slot;     /* width */
  float        row;      /* height, with the space below */
  float        box;      /* height */
} Drawing;

static int
get_line_height (GtkWidget *widget)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (gtk_widget_get_pango_context (widget),
                                                         NULL, NULL);
  int height = PANGO_PIXELS_CEIL (pango_font_metrics_get_height (metrics));

  pango_font_metrics_unref (metrics);
  return height;
}

/* The leaf, a step each, and a line of text above and below. */
static guint
count_rows (ImpInclusionView *self)
{
  return self->path != NULL ? self->path->steps->len + 1 : 0;
}

static void
imp_inclusion_view_measure (GtkWidget      *widget,
                            GtkOrientation  orientation,
                            int             for_size,
                            int            *minimum,
                            int            *natural,
                            int            *minimum_baseline,
                            int            *natural_baseline)
{
  ImpInclusionView *self = IMP_INCLUSION_VIEW (widget);
  int line = get_line_height (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = count_rows (self) * (line + 2 * PADDING + 2 * SPACING) + 2 * (line + PADDING);
  else
    {
      *minimum = N_SLOTS * (LEAST_CHARS * line / 2 + SPACING);
      *natural = N_SLOTS * (HASH_CHARS * line / 2 + SPACING);
    }
}

static char *
shorten (const ImpHash *hash)
{
  g_autofree char *hex = imp_hex_encode (hash->bytes, IMP_HASH_SIZE);

  return g_strdup_printf ("%.*s…", HASH_CHARS, hex);
}

static void
draw_text (Drawing    *drawing,
           const char *text,
           float       x,
           float       y,
           float       width,
           float       height)
{
  int text_height;

  pango_layout_set_text (drawing->layout, text, -1);
  pango_layout_set_width (drawing->layout, (int) width * PANGO_SCALE);
  pango_layout_get_pixel_size (drawing->layout, NULL, &text_height);
  gtk_snapshot_save (drawing->snapshot);
  gtk_snapshot_translate (drawing->snapshot,
                          &GRAPHENE_POINT_INIT (x, y + (height - text_height) / 2));
  gtk_snapshot_append_layout (drawing->snapshot, drawing->layout, &drawing->text);
  gtk_snapshot_restore (drawing->snapshot);
}

/* What was computed here has a frame, what was given has none: the difference is no colour. */
static void
draw_box (Drawing       *drawing,
          const ImpHash *hash,
          guint          slot,
          float          y,
          gboolean       computed)
{
  g_autofree char *text = shorten (hash);
  float x = slot * drawing->slot + SPACING / 2;
  float width = drawing->slot - SPACING;
  GdkRGBA fill = computed ? drawing->accent : drawing->text;
  GskRoundedRect shape;
  float widths[4] = { 1.5f, 1.5f, 1.5f, 1.5f };
  GdkRGBA colors[4] = { drawing->accent, drawing->accent, drawing->accent, drawing->accent };

  fill.alpha *= computed ? 0.15f : 0.08f;
  gsk_rounded_rect_init_from_rect (&shape, &GRAPHENE_RECT_INIT (x, y, width, drawing->box), 6);
  gtk_snapshot_push_rounded_clip (drawing->snapshot, &shape);
  gtk_snapshot_append_color (drawing->snapshot, &fill, &shape.bounds);
  gtk_snapshot_pop (drawing->snapshot);
  if (computed)
    gtk_snapshot_append_border (drawing->snapshot, &shape, widths, colors);
  draw_text (drawing, text, x, y, width, drawing->box);
}

static void
draw_line (Drawing *drawing,
           float    x,
           float    y,
           float    width,
           float    height)
{
  GdkRGBA color = drawing->text;

  color.alpha *= 0.35f;
  gtk_snapshot_append_color (drawing->snapshot, &color,
                             &GRAPHENE_RECT_INIT (x, y, MAX (width, LINE_WIDTH),
                                                  MAX (height, LINE_WIDTH)));
}

/* From two siblings up to what both give. */
static void
draw_joint (Drawing *drawing,
            float    y,
            gboolean is_left)
{
  float middle = 1.5f * drawing->slot;
  float beside = (is_left ? 0.5f : 2.5f) * drawing->slot;
  float joint = y - SPACING;

  draw_line (drawing, middle, y - 2 * SPACING, LINE_WIDTH, 2 * SPACING);
  draw_line (drawing, beside, joint, LINE_WIDTH, SPACING);
  draw_line (drawing, MIN (middle, beside), joint, drawing->slot + LINE_WIDTH, LINE_WIDTH);
}

static void
draw_row (ImpInclusionView *self,
          Drawing          *drawing,
          guint             row,
          float             y)
{
  const ImpMerkleStep *steps = (const ImpMerkleStep *) self->path->steps->data;
  guint n_steps = self->path->steps->len;

  draw_box (drawing, row == 0 ? &self->path->leaf_hash : &steps[row - 1].hash, 1, y, TRUE);
  if (row == n_steps)
    return;

  draw_box (drawing, &steps[row].sibling, steps[row].is_left ? 0 : 2, y, FALSE);
  draw_joint (drawing, y, steps[row].is_left);
}

static void
look_up_colors (GtkWidget *widget,
                Drawing   *drawing,
                gboolean   fits)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  gtk_style_context_get_color (context, &drawing->text);
  if (!gtk_style_context_lookup_color (context, fits ? "accent_color" : "error_color",
                                       &drawing->accent))
    drawing->accent = drawing->text;
}

static char *
describe_root (const ImpInclusion *path)
{
  if (path->error == NULL)
    return g_strdup_printf (_("Root of %" PRIu64 " lines, signed"), path->size);

  return g_strdup (_("Not the root that is signed"));
}

static void
imp_inclusion_view_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  ImpInclusionView *self = IMP_INCLUSION_VIEW (widget);
  float width = gtk_widget_get_width (widget);
  int line = get_line_height (widget);
  guint n_rows = count_rows (self);
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, NULL);
  Drawing drawing = { snapshot, layout };
  g_autofree char *root = NULL;
  g_autofree char *leaf = NULL;

  if (self->path == NULL)
    return;

  look_up_colors (widget, &drawing, self->path->error == NULL);
  drawing.slot = width / N_SLOTS;
  drawing.box = line + 2 * PADDING;
  drawing.row = drawing.box + 2 * SPACING;
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);

  root = describe_root (self->path);
  leaf = g_strdup_printf (_("Line %" PRIu64), self->path->leaf);
  draw_text (&drawing, root, 0, 0, width, line);
  for (guint row = 0; row < n_rows; row++)
    draw_row (self, &drawing, row, line + PADDING + (n_rows - 1 - row) * drawing.row);
  draw_text (&drawing, leaf, 0, line + 2 * PADDING + (n_rows - 1) * drawing.row + drawing.box, width,
             line);
}

static void
imp_inclusion_view_finalize (GObject *object)
{
  g_clear_pointer (&IMP_INCLUSION_VIEW (object)->path, imp_inclusion_free);

  G_OBJECT_CLASS (imp_inclusion_view_parent_class)->finalize (object);
}

static void
imp_inclusion_view_class_init (ImpInclusionViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = imp_inclusion_view_finalize;
  widget_class->measure = imp_inclusion_view_measure;
  widget_class->snapshot = imp_inclusion_view_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "inclusion");
}

static void
imp_inclusion_view_init (ImpInclusionView *self)
{
}

/**
 * imp_inclusion_view_take_path:
 * @self: a view
 * @path: (transfer full) (nullable): a path
 *
 * Draws a path, and says it to those who do not see it.
 */
void
imp_inclusion_view_take_path (ImpInclusionView *self,
                              ImpInclusion     *path)
{
  g_autofree char *text = NULL;

  g_return_if_fail (IMP_IS_INCLUSION_VIEW (self));

  g_clear_pointer (&self->path, imp_inclusion_free);
  self->path = path;
  text = path != NULL ? imp_inclusion_describe (path) : g_strdup ("");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Path to the checkpoint"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * imp_inclusion_view_dup_text:
 * @self: a view
 *
 * Gets the path in words.
 *
 * Returns: (transfer full) (nullable): a text, %NULL where no path is shown
 */
char *
imp_inclusion_view_dup_text (ImpInclusionView *self)
{
  g_return_val_if_fail (IMP_IS_INCLUSION_VIEW (self), NULL);

  return self->path != NULL ? imp_inclusion_describe (self->path) : NULL;
}
