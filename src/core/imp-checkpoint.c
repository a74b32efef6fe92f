/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-checkpoint.h"

#include "imp-error.h"

#include <string.h>

#define MAX_LINES 32

/**
 * ImpCheckpoint:
 *
 * The signed head of a log, in C2SP's tlog-checkpoint format: its origin, its size and its root.
 *
 * The log signs it twice with one key: as a log, and as a cosigner, which says when. So a reader can
 * tell a fresh head from one that is shown for ever.
 *
 * A checkpoint never changes once it is made.
 */
struct _ImpCheckpoint
{
  GObject parent_instance;

  ImpNote *note;  /* (owned) */
  char    *text;
  char    *origin;
  guint64  size;
  ImpHash  root;
};

G_DEFINE_FINAL_TYPE (ImpCheckpoint, imp_checkpoint, G_TYPE_OBJECT)

static void
imp_checkpoint_finalize (GObject *object)
{
  ImpCheckpoint *self = IMP_CHECKPOINT (object);

  g_clear_pointer (&self->note, imp_note_free);
  g_free (self->text);
  g_free (self->origin);

  G_OBJECT_CLASS (imp_checkpoint_parent_class)->finalize (object);
}

static void
imp_checkpoint_class_init (ImpCheckpointClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = imp_checkpoint_finalize;
}

static void
imp_checkpoint_init (ImpCheckpoint *self)
{
}

static gboolean
parse_size (const char  *line,
            guint64     *size,
            GError     **error)
{
  if ((line[0] == '0' && line[1] != '\0') ||
      strspn (line, "0123456789") != strlen (line) ||
      !g_ascii_string_to_unsigned (line, 10, 0, G_MAXINT64, size, NULL))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "line 2 of the checkpoint is not a size");

  return TRUE;
}

static gboolean
parse_root (const char     *line,
            guint64         size,
            ImpHash        *root,
            GError        **error)
{
  ImpHash empty;

  if (!imp_hash_from_base64 (line, root, error))
    {
      g_prefix_error (error, "line 3 of the checkpoint: ");
      return FALSE;
    }

  imp_merkle_hash_empty (&empty);
  if (size == 0 && memcmp (root, &empty, sizeof empty) != 0)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "line 3 of the checkpoint: the root of an empty log is the hash of nothing");

  return TRUE;
}

/* Lines after the third say nothing to us, but they are signed too. */
static gboolean
check_lines (char   **lines,
             guint    n_lines,
             GError **error)
{
  if (n_lines < 3)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the checkpoint does not have an origin, a size and a root");
  if (n_lines > MAX_LINES)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the checkpoint has too many lines");

  for (guint i = 0; i < n_lines; i++)
    {
      if (*lines[i] == '\0')
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "line %u of the checkpoint is empty", i + 1);
    }

  return TRUE;
}

static gboolean
parse_body (ImpCheckpoint  *self,
            GError        **error)
{
  g_auto(GStrv) lines = g_strsplit (self->note->text, "\n", -1);
  guint n_lines = g_strv_length (lines) - 1;  /* after the last newline there is nothing */

  if (!check_lines (lines, n_lines, error) ||
      !parse_size (lines[1], &self->size, error) ||
      !parse_root (lines[2], self->size, &self->root, error))
    return FALSE;

  self->origin = g_strdup (lines[0]);
  return TRUE;
}

static ImpCheckpoint *
new_take_note (ImpNote  *note,
               GError  **error)
{
  g_autoptr(ImpCheckpoint) self = g_object_new (IMP_TYPE_CHECKPOINT, NULL);

  self->note = note;
  self->text = imp_note_to_text (note);

  return parse_body (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * imp_checkpoint_new_signed:
 * @origin: what the log is called; also the name of its key
 * @size: how many leaves it has
 * @root: its root
 * @log_key: the log's Ed25519 key
 * @now: the time, in milliseconds
 * @error: return location for an [error@Imp.Error]
 *
 * Signs the head of a log.
 *
 * Returns: (transfer full) (nullable): the checkpoint, or `NULL` with @error set
 */
ImpCheckpoint *
imp_checkpoint_new_signed (const char     *origin,
                           guint64         size,
                           const ImpHash  *root,
                           ImpKey         *log_key,
                           gint64          now,
                           GError        **error)
{
  g_autoptr(ImpNote) note = NULL;
  g_autofree char *base64 = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (origin != NULL, NULL);
  g_return_val_if_fail (root != NULL, NULL);
  g_return_val_if_fail (IMP_IS_KEY (log_key), NULL);

  if (!imp_note_name_is_valid (origin))
    {
      imp_error_set (error, IMP_ERROR_MALFORMED,
                     "the origin of a log has no space and no “+”, and is not empty");
      return NULL;
    }

  base64 = imp_hash_to_base64 (root);
  text = g_strdup_printf ("%s\n%" G_GUINT64_FORMAT "\n%s\n", origin, size, base64);
  note = imp_note_new (text);

  if (!imp_note_sign (note, origin, log_key, error) ||
      !imp_note_cosign (note, origin, log_key, now, error))
    return NULL;

  return new_take_note (g_steal_pointer (&note), error);
}

/**
 * imp_checkpoint_new_from_text:
 * @text: (array length=length): a checkpoint
 * @length: length of @text, or -1 if it ends with a NUL
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a checkpoint. Nothing of it may be believed before [method@Imp.Checkpoint.verify].
 *
 * Returns: (transfer full) (nullable): the checkpoint, or `NULL` with @error set
 */
ImpCheckpoint *
imp_checkpoint_new_from_text (const char  *text,
                              gssize       length,
                              GError     **error)
{
  ImpNote *note;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!(note = imp_note_new_from_text (text, length, error)))
    return NULL;

  return new_take_note (note, error);
}

/**
 * imp_checkpoint_get_text:
 * @self: a checkpoint
 *
 * Gets the signed note.
 *
 * Returns: the text
 */
const char *
imp_checkpoint_get_text (ImpCheckpoint *self)
{
  g_return_val_if_fail (IMP_IS_CHECKPOINT (self), NULL);

  return self->text;
}

/**
 * imp_checkpoint_get_origin:
 * @self: a checkpoint
 *
 * Returns: the name of the log, the first line of a checkpoint (C2SP tlog-checkpoint); lent by @self
 */
const char *
imp_checkpoint_get_origin (ImpCheckpoint *self)
{
  g_return_val_if_fail (IMP_IS_CHECKPOINT (self), NULL);

  return self->origin;
}

/**
 * imp_checkpoint_get_size:
 * @self: a checkpoint
 *
 * Returns: how many leaves the log had when it signed
 */
guint64
imp_checkpoint_get_size (ImpCheckpoint *self)
{
  g_return_val_if_fail (IMP_IS_CHECKPOINT (self), 0);

  return self->size;
}

/**
 * imp_checkpoint_get_root:
 * @self: a checkpoint
 *
 * Returns: the Merkle tree hash over those leaves (RFC 9162); lent by @self
 */
const ImpHash *
imp_checkpoint_get_root (ImpCheckpoint *self)
{
  g_return_val_if_fail (IMP_IS_CHECKPOINT (self), NULL);

  return &self->root;
}

/**
 * imp_checkpoint_verify:
 * @self: a checkpoint
 * @log_key: the verifier key of the log, as [func@Imp.note_verifier_key] writes it
 * @time: (out) (optional): when the log signed, in milliseconds, or -1 if it does not say
 * @error: return location for an [error@Imp.Error]
 *
 * Verifies that this is a head that the log signed. One without a time is still a head; one with a
 * false time is not.
 *
 * Returns: whether it is; if not, @error is %IMP_ERROR_REFUSED, or %IMP_ERROR_MALFORMED for a @log_key
 *   that is none
 */
gboolean
imp_checkpoint_verify (ImpCheckpoint  *self,
                       const char     *log_key,
                       gint64         *time,
                       GError        **error)
{
  g_autoptr(ImpKey) key = NULL;
  g_autofree char *name = NULL;
  gint64 unused;

  g_return_val_if_fail (IMP_IS_CHECKPOINT (self), FALSE);
  g_return_val_if_fail (log_key != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!imp_note_parse_verifier_key (log_key, &name, &key, error))
    return FALSE;

  if (strcmp (name, self->origin) != 0)
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "this is a checkpoint of the log “%s” and not of “%s”", self->origin, name);

  return imp_note_verify (self->note, name, key, error) &&
         imp_note_verify_cosignature (self->note, name, key, time != NULL ? time : &unused, error);
}
