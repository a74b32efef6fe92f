/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-note.h"

#include "imp-base64.h"
#include "imp-error.h"

#include <string.h>

#define SIGNATURE_PREFIX "— "

#define ED25519_SIGNATURE_SIZE 64

/* An Ed25519 signature after a time in seconds, big-endian. */
#define COSIGNATURE_SIZE (8 + ED25519_SIGNATURE_SIZE)

/**
 * ImpNote:
 *
 * A text and the signatures of it, in C2SP's signed-note format.
 *
 * Whoever reads a note knows the keys that they trust; signatures of others are passed over, so that
 * any number of witnesses may add theirs. Nothing of a note may be believed before one of them
 * was verified.
 */

typedef struct
{
  char   *name;
  guint32 key_id;
  GBytes *bytes;
} Signature;

static void
signature_free (gpointer data)
{
  Signature *signature = data;

  g_free (signature->name);
  g_bytes_unref (signature->bytes);
  g_free (signature);
}

static void
add_signature (ImpNote    *self,
               const char *name,
               guint32     key_id,
               GBytes     *bytes)
{
  Signature *signature = g_new (Signature, 1);

  signature->name = g_strdup (name);
  signature->key_id = key_id;
  signature->bytes = g_bytes_ref (bytes);
  g_ptr_array_add (self->signatures, signature);
}

/**
 * imp_note_new:
 * @text: what will be signed, ending in a newline
 *
 * Makes a note without signatures.
 *
 * Returns: (transfer full): the note
 */
ImpNote *
imp_note_new (const char *text)
{
  ImpNote *self = g_new (ImpNote, 1);

  self->text = g_strdup (text);
  self->signatures = g_ptr_array_new_with_free_func (signature_free);
  return self;
}

/**
 * imp_note_free:
 * @self: (transfer full): a note, not `NULL`
 *
 * Frees a note, its text and its signatures.
 */
void
imp_note_free (ImpNote *self)
{
  g_free (self->text);
  g_ptr_array_unref (self->signatures);
  g_free (self);
}

static gboolean
parse_signature (ImpNote     *self,
                 const char  *line,
                 GError     **error)
{
  g_auto(GStrv) words = NULL;
  g_autofree guint8 *bytes = NULL;
  g_autoptr(GBytes) signature = NULL;
  gsize size = 0;
  guint32 key_id;

  if (!g_str_has_prefix (line, SIGNATURE_PREFIX))
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "a signature does not begin with “" SIGNATURE_PREFIX "”");

  words = g_strsplit (line + strlen (SIGNATURE_PREFIX), " ", 2);
  if (g_strv_length (words) != 2 || !imp_note_name_is_valid (words[0]))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "a signature has no name of a key");

  bytes = imp_base64_decode (words[1], strlen (words[1]), &size);
  if (bytes == NULL || size <= sizeof key_id)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the signature of “%s” is not base64 of a signature", words[0]);

  memcpy (&key_id, bytes, sizeof key_id);
  signature = g_bytes_new (bytes + sizeof key_id, size - sizeof key_id);
  add_signature (self, words[0], GUINT32_FROM_BE (key_id), signature);
  return TRUE;
}

static gboolean
parse_signatures (ImpNote     *self,
                  const char  *text,
                  GError     **error)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_lines;

  if (*text == '\0')
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the note is not signed");

  n_lines = g_strv_length (lines) - 1;  /* after the last newline there is nothing */
  if (n_lines > IMP_NOTE_MAX_SIGNATURES)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the note has more than %d signatures", IMP_NOTE_MAX_SIGNATURES);

  for (guint i = 0; i < n_lines; i++)
    {
      if (!parse_signature (self, lines[i], error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_characters (const char  *bytes,
                  gsize        length,
                  GError     **error)
{
  guint line = 1;

  if (!g_utf8_validate_len (bytes, length, NULL))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the note is not UTF-8");

  for (gsize i = 0; i < length; i++)
    {
      if (bytes[i] == '\n')
        line++;
      else if ((guchar) bytes[i] < 0x20)
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "line %u of the note has the control character 0x%02x", line, (guint) bytes[i]);
    }

  return TRUE;
}

/**
 * imp_note_new_from_text:
 * @bytes: (array length=length): a signed note
 * @length: length of @bytes, or -1 if they end with a NUL
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a note, and verifies nothing.
 *
 * Returns: (transfer full) (nullable): the note, or `NULL` with @error set
 */
ImpNote *
imp_note_new_from_text (const char  *bytes,
                        gssize       length,
                        GError     **error)
{
  g_autoptr(ImpNote) self = NULL;
  g_autofree char *text = NULL;
  gsize size;
  char *border;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  size = length < 0 ? strlen (bytes) : (gsize) length;
  if (size > IMP_NOTE_MAX_SIZE)
    {
      imp_error_set (error, IMP_ERROR_MALFORMED,
                     "the note is longer than %d bytes", IMP_NOTE_MAX_SIZE);
      return NULL;
    }

  if (!check_characters (bytes, size, error))
    return NULL;

  /* The signatures come after the last empty line. */
  text = g_strndup (bytes, size);
  border = g_strrstr (text, "\n\n");
  if (border == NULL || !g_str_has_suffix (text, "\n"))
    {
      imp_error_set (error, IMP_ERROR_MALFORMED,
                     border == NULL ? "the note has no empty line before its signatures"
                                    : "the note’s last line does not end");
      return NULL;
    }

  border[1] = '\0';
  self = imp_note_new (text);
  if (!parse_signatures (self, border + 2, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * imp_note_to_text:
 * @self: a note
 *
 * Writes the note and its signatures.
 *
 * Returns: (transfer full): the signed note
 */
char *
imp_note_to_text (const ImpNote *self)
{
  g_autoptr(GString) string = g_string_new (self->text);

  g_string_append_c (string, '\n');

  for (guint i = 0; i < self->signatures->len; i++)
    {
      Signature *signature = g_ptr_array_index (self->signatures, i);
      g_autoptr(GByteArray) bytes = g_byte_array_new ();
      g_autofree char *base64 = NULL;
      guint32 key_id = GUINT32_TO_BE (signature->key_id);

      g_byte_array_append (bytes, (const guint8 *) &key_id, sizeof key_id);
      g_byte_array_append (bytes, g_bytes_get_data (signature->bytes, NULL), g_bytes_get_size (signature->bytes));
      base64 = g_base64_encode (bytes->data, bytes->len);
      g_string_append_printf (string, SIGNATURE_PREFIX "%s %s\n", signature->name, base64);
    }

  return g_string_free (g_steal_pointer (&string), FALSE);
}

/* The header keeps a cosignature from being taken for a signature of some other text. */
static char *
make_cosigned_text (const ImpNote *self,
                    guint64        seconds)
{
  return g_strdup_printf ("cosignature/v1\ntime %" G_GUINT64_FORMAT "\n%s", seconds, self->text);
}

/**
 * imp_note_sign:
 * @self: a note
 * @name: the key's name
 * @key: an Ed25519 key with its private half
 * @error: return location for an [error@Imp.Error]
 *
 * Adds a signature of the text.
 *
 * Returns: whether it could be made
 */
gboolean
imp_note_sign (ImpNote     *self,
               const char  *name,
               ImpKey      *key,
               GError     **error)
{
  g_autoptr(GBytes) signature = NULL;
  guint32 key_id;

  if (!imp_note_get_key_id (name, IMP_NOTE_ED25519, key, &key_id, error) ||
      !(signature = imp_key_sign_raw (key, self->text, strlen (self->text), error)))
    return FALSE;

  add_signature (self, name, key_id, signature);
  return TRUE;
}

/**
 * imp_note_cosign:
 * @self: a note
 * @name: the key's name
 * @key: an Ed25519 key with its private half
 * @now: the time, in milliseconds
 * @error: return location for an [error@Imp.Error]
 *
 * Adds a signature that says when the text was the newest that its signer knew (C2SP
 * tlog-cosignature).
 *
 * Returns: whether it could be made
 */
gboolean
imp_note_cosign (ImpNote     *self,
                 const char  *name,
                 ImpKey      *key,
                 gint64       now,
                 GError     **error)
{
  guint64 seconds = now / 1000, big_endian = GUINT64_TO_BE (seconds);
  g_autofree char *text = make_cosigned_text (self, seconds);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  g_autoptr(GBytes) signature = NULL;
  guint32 key_id;

  g_return_val_if_fail (now >= 1000, FALSE);

  if (!imp_note_get_key_id (name, IMP_NOTE_COSIGNATURE, key, &key_id, error) ||
      !(signature = imp_key_sign_raw (key, text, strlen (text), error)))
    return FALSE;

  g_byte_array_append (bytes, (const guint8 *) &big_endian, sizeof big_endian);
  g_byte_array_append (bytes, g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
  g_bytes_unref (signature);
  signature = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  add_signature (self, name, key_id, signature);
  return TRUE;
}

typedef gboolean (*VerifyFunc) (const ImpNote  *self,
                                ImpKey         *key,
                                const guint8   *signature,
                                gsize           size,
                                gint64         *time);

static gboolean
verify_ed25519 (const ImpNote *self,
                ImpKey        *key,
                const guint8  *signature,
                gsize          size,
                gint64        *time)
{
  return size == ED25519_SIGNATURE_SIZE &&
         imp_key_verify_raw (key, self->text, strlen (self->text), signature, size, NULL);
}

static gboolean
verify_cosignature (const ImpNote *self,
                    ImpKey        *key,
                    const guint8  *signature,
                    gsize          size,
                    gint64        *time)
{
  g_autofree char *text = NULL;
  guint64 seconds;

  if (size != COSIGNATURE_SIZE)
    return FALSE;

  memcpy (&seconds, signature, sizeof seconds);
  seconds = GUINT64_FROM_BE (seconds);
  if (seconds == 0 || seconds > G_MAXINT64 / 1000)
    return FALSE;

  text = make_cosigned_text (self, seconds);
  if (!imp_key_verify_raw (key, text, strlen (text), signature + sizeof seconds, ED25519_SIGNATURE_SIZE, NULL))
    return FALSE;

  *time = MAX (*time, (gint64) seconds * 1000);
  return TRUE;
}

/* A signature under the key's name and identifier that is not by the key condemns the whole note. */
static gboolean
verify_all (const ImpNote     *self,
            const char        *name,
            ImpKey            *key,
            ImpNoteAlgorithm   algorithm,
            VerifyFunc         verify,
            guint             *n_found,
            gint64            *time,
            GError           **error)
{
  guint32 key_id;

  *n_found = 0;
  if (!imp_note_get_key_id (name, algorithm, key, &key_id, error))
    return FALSE;

  for (guint i = 0; i < self->signatures->len; i++)
    {
      Signature *signature = g_ptr_array_index (self->signatures, i);
      gsize size;
      const guint8 *bytes = g_bytes_get_data (signature->bytes, &size);

      if (signature->key_id != key_id || strcmp (signature->name, name) != 0)
        continue;

      if (!verify (self, key, bytes, size, time))
        return imp_error_set (error, IMP_ERROR_REFUSED,
                              "a signature of “%s” does not fit the note", name);

      (*n_found)++;
    }

  return TRUE;
}

/**
 * imp_note_verify:
 * @self: a note
 * @name: the key's name
 * @key: an Ed25519 key
 * @error: return location for an [error@Imp.Error]
 *
 * Verifies that @key signed the text.
 *
 * Returns: whether it did; if not, @error is %IMP_ERROR_REFUSED
 */
gboolean
imp_note_verify (const ImpNote  *self,
                 const char     *name,
                 ImpKey         *key,
                 GError        **error)
{
  guint n_found;

  if (!verify_all (self, name, key, IMP_NOTE_ED25519, verify_ed25519, &n_found, NULL, error))
    return FALSE;

  if (n_found == 0)
    imp_error_set (error, IMP_ERROR_REFUSED, "the note is not signed by “%s”", name);

  return n_found > 0;
}

/**
 * imp_note_verify_cosignature:
 * @self: a note
 * @name: the key's name
 * @key: an Ed25519 key
 * @time: (out): when it cosigned, in milliseconds: the last time if it did so more than once, -1 if it
 *   did not
 * @error: return location for an [error@Imp.Error]
 *
 * Verifies when @key cosigned the text.
 *
 * Returns: `FALSE` if there is a false cosignature; @error is %IMP_ERROR_REFUSED
 */
gboolean
imp_note_verify_cosignature (const ImpNote  *self,
                             const char     *name,
                             ImpKey         *key,
                             gint64         *time,
                             GError        **error)
{
  guint n_found;

  *time = -1;
  return verify_all (self, name, key, IMP_NOTE_COSIGNATURE, verify_cosignature, &n_found, time, error);
}
