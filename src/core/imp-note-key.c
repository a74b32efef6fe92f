/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-note-key.h"

#include "imp-base64.h"
#include "imp-digest.h"
#include "imp-error.h"

#include <string.h>

#define ED25519_KEY_SIZE 32

/* What a verifier key and a key's identifier are made of. */
static GByteArray *
encode_key (ImpNoteAlgorithm  algorithm,
            GBytes           *raw)
{
  GByteArray *encoded = g_byte_array_new ();
  guint8 byte = algorithm;

  g_byte_array_append (encoded, &byte, 1);
  g_byte_array_append (encoded, g_bytes_get_data (raw, NULL), g_bytes_get_size (raw));
  return encoded;
}

static guint32
compute_key_id (const char   *name,
                const guint8 *encoded,
                gsize         size)
{
  g_autoptr(ImpDigest) digest = imp_digest_new (IMP_DIGEST_SHA256);
  guint8 sha256[IMP_SHA256_SIZE];
  guint32 id;

  imp_digest_update (digest, name, strlen (name));
  imp_digest_update (digest, "\n", 1);
  imp_digest_update (digest, encoded, size);
  imp_digest_finish (digest, sha256);

  memcpy (&id, sha256, sizeof id);
  return GUINT32_FROM_BE (id);
}

/**
 * imp_note_get_key_id:
 * @name: the key's name
 * @algorithm: what it signs with
 * @key: an Ed25519 key
 * @id: (out): its identifier
 * @error: return location for an [error@Imp.Error]
 *
 * Computes the number by which a reader finds the signatures of a key. It is too short to prove anything.
 *
 * Returns: whether @key is an Ed25519 key
 */
gboolean
imp_note_get_key_id (const char        *name,
                     ImpNoteAlgorithm   algorithm,
                     ImpKey            *key,
                     guint32           *id,
                     GError           **error)
{
  g_autoptr(GBytes) raw = imp_key_get_raw_public (key);
  g_autoptr(GByteArray) encoded = NULL;

  if (raw == NULL)
    return imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                          "notes are signed with Ed25519 keys, not with %s", imp_key_get_algorithm (key));

  encoded = encode_key (algorithm, raw);
  *id = compute_key_id (name, encoded->data, encoded->len);
  return TRUE;
}

/**
 * imp_note_name_is_valid:
 * @name: a name
 *
 * Finds out whether a key may have this name, and a log this origin: not empty, no space, no plus sign and
 * no control character.
 *
 * Returns: whether it may
 */
gboolean
imp_note_name_is_valid (const char *name)
{
  if (*name == '\0' || !g_utf8_validate (name, -1, NULL))
    return FALSE;

  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);

      if (letter == '+' || g_unichar_isspace (letter) || g_unichar_iscntrl (letter))
        return FALSE;
    }

  return TRUE;
}

/**
 * imp_note_verifier_key:
 * @name: the key's name
 * @key: an Ed25519 key
 *
 * Writes a verifier key: what a reader of notes pins.
 *
 * Returns: (transfer full) (nullable): such as `example.org/log+033de0ae+Ac4z…`, or `NULL` if it is no
 *   Ed25519 key
 */
char *
imp_note_verifier_key (const char *name,
                       ImpKey     *key)
{
  g_autoptr(GBytes) raw = NULL;
  g_autoptr(GByteArray) encoded = NULL;
  g_autofree char *base64 = NULL;

  g_return_val_if_fail (name != NULL && imp_note_name_is_valid (name), NULL);
  g_return_val_if_fail (IMP_IS_KEY (key), NULL);

  if (!(raw = imp_key_get_raw_public (key)))
    return NULL;

  encoded = encode_key (IMP_NOTE_ED25519, raw);
  base64 = g_base64_encode (encoded->data, encoded->len);
  return g_strdup_printf ("%s+%08x+%s", name, compute_key_id (name, encoded->data, encoded->len), base64);
}

static gboolean
is_key_id (const char *text,
           guint32     id)
{
  g_autofree char *expected = g_strdup_printf ("%08x", id);

  return strcmp (text, expected) == 0;
}

/**
 * imp_note_parse_verifier_key:
 * @text: a verifier key
 * @name: (out): the key's name
 * @key: (out): the public key
 * @error: return location for an [error@Imp.Error]
 *
 * Reads what [func@Imp.note_verifier_key] writes.
 *
 * Returns: whether @text is a verifier key for Ed25519
 */
gboolean
imp_note_parse_verifier_key (const char  *text,
                             char       **name,
                             ImpKey     **key,
                             GError     **error)
{
  g_auto(GStrv) parts = NULL;
  g_autofree guint8 *encoded = NULL;
  gsize size = 0;

  g_return_val_if_fail (text != NULL && name != NULL && key != NULL, FALSE);

  /* Base64 may have plus signs of its own. */
  parts = g_strsplit (text, "+", 3);
  if (g_strv_length (parts) != 3 || !imp_note_name_is_valid (parts[0]))
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "a verifier key is a name, an identifier and a key with “+” between them");

  encoded = imp_base64_decode (parts[2], strlen (parts[2]), &size);
  if (encoded == NULL || size != 1 + ED25519_KEY_SIZE || encoded[0] != IMP_NOTE_ED25519)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the verifier key of “%s” is not of Ed25519", parts[0]);
  if (!is_key_id (parts[1], compute_key_id (parts[0], encoded, size)))
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the verifier key of “%s” does not have the identifier that it says", parts[0]);

  if (!(*key = imp_key_new_from_raw_public (encoded + 1, ED25519_KEY_SIZE, error)))
    return FALSE;

  *name = g_strdup (parts[0]);
  return TRUE;
}
