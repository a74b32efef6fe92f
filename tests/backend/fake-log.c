/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-log.h"

#include <string.h>

#include "imp-checkpoint.h"
#include "imp-digest.h"
#include "imp-json.h"
#include "imp-time.h"
#include "imp-unixfs.h"

#define PAYLOAD_SIZE 3000

static guint64
get_size (FakeLog *self)
{
  return self->shown_size != 0 ? self->shown_size : self->leaves->len;
}

static void
hash_range (FakeLog *self,
            guint64  begin,
            guint64  end,
            ImpHash *hash)
{
  ImpHash left;
  ImpHash right;

  if (end - begin == 1)
    {
      const char *leaf = g_ptr_array_index (self->leaves, begin);

      imp_merkle_hash_leaf (leaf, strlen (leaf), hash);
      return;
    }

  hash_range (self, begin, begin + (end - begin) / 2, &left);
  hash_range (self, begin + (end - begin) / 2, end, &right);
  imp_merkle_hash_node (&left, &right, hash);
}

static gboolean
read_node (guint     level,
           guint64   index,
           ImpHash  *hash,
           gpointer  user_data,
           GError  **error)
{
  hash_range (user_data, index << level, (index + 1) << level, hash);

  return TRUE;
}

static char *
make_checkpoint (FakeLog *self)
{
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  g_autoptr(GError) error = NULL;
  ImpHash root;

  if (self->checkpoint != NULL)
    return g_strdup (self->checkpoint);

  imp_merkle_compute_root (get_size (self), read_node, self, &root, &error);
  g_assert_no_error (error);
  checkpoint = imp_checkpoint_new_signed (self->origin, get_size (self), &root,
                                          self->other_key != NULL ? self->other_key : self->log_key,
                                          imp_time_now () - self->age, &error);
  g_assert_no_error (error);

  return g_strdup (imp_checkpoint_get_text (checkpoint));
}

static void
reply_object (const RawRequest *request,
              JsonObject       *object)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node, object);
  text = imp_json_canonicalize (node);
  raw_agent_reply (request, "200 OK", text);
}

static JsonArray *
print_path (FakeLog *self,
            GArray  *path)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < path->len && !self->drop_path; i++)
    {
      ImpHash hash = g_array_index (path, ImpHash, i);
      g_autofree char *text = NULL;

      if (self->flip_path && i == 0)
        hash.bytes[7] ^= 1;
      text = imp_hash_to_base64 (&hash);
      json_array_add_string_element (array, text);
    }

  return array;
}

static guint64
get_number (const char *path,
            const char *name)
{
  const char *at = strstr (path, name);

  return at != NULL ? g_ascii_strtoull (at + strlen (name), NULL, 10) : 0;
}

static void
reply_consistency (FakeLog          *self,
                   const RawRequest *request)
{
  guint64 from = get_number (request->path, "from=");
  guint64 to = get_number (request->path, "to=");
  JsonObject *object = NULL;
  g_autoptr(GArray) path = NULL;

  if (self->refuse_proofs)
    {
      raw_agent_reply (request, "403 Forbidden", "{\"detail\": \"not for you\"}");
      return;
    }

  if (self->no_proofs || to > self->leaves->len || from > to)
    {
      raw_agent_reply (request, "404 Not Found", "{\"detail\": \"no such tree\"}");
      return;
    }

  path = imp_merkle_prove_consistency (from, to, read_node, self, NULL);
  object = json_object_new ();
  json_object_set_int_member (object, "from", from);
  json_object_set_int_member (object, "to", to);
  json_object_set_array_member (object, "path", print_path (self, path));
  reply_object (request, object);
}

static void
reply_leaves (FakeLog          *self,
              const RawRequest *request)
{
  guint64 from = get_number (request->path, "from=");
  guint64 end = MIN (from + get_number (request->path, "limit="), self->leaves->len);
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  if (self->no_leaves_from >= 0)
    end = MIN (end, (guint64) self->no_leaves_from);

  for (guint64 i = from; i < end; i++)
    {
      g_autofree char *leaf = g_strdup (g_ptr_array_index (self->leaves, i));
      char *time = strstr (leaf, "\"time\":\"");

      if ((int) i == self->changed_leaf)
        time[strlen ("\"time\":\"") + 3] ^= 1;
      json_array_add_string_element (array, leaf);
    }
  json_object_set_int_member (object, "from", from);
  json_object_set_array_member (object, "leaves", array);
  reply_object (request, object);
}

static JsonObject *
print_inclusion (FakeLog *self,
                 guint64  leaf)
{
  JsonObject *object = json_object_new ();
  g_autoptr(GArray) path = NULL;
  g_autofree char *checkpoint = make_checkpoint (self);

  path = imp_merkle_prove_inclusion (leaf, get_size (self), read_node, self, NULL);
  json_object_set_int_member (object, "size", get_size (self));
  json_object_set_int_member (object, "leaf", leaf + (self->shift_index ? 1 : 0));
  json_object_set_array_member (object, "path", print_path (self, path));
  json_object_set_string_member (object, "checkpoint", checkpoint);

  return object;
}

/* What the leaf of createUpdate says, put together as the agent does. */
static JsonNode *
make_update_node (JsonArray *arguments)
{
  g_autoptr(JsonNode) manifest = imp_json_parse (json_array_get_string_element (arguments, 1), -1,
                                                 IMP_MANIFEST_MAX_SIZE, NULL);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "manifest", json_node_copy (manifest));
  json_object_set_string_member (object, "authorSign", json_array_get_string_element (arguments, 2));
  json_object_set_string_member (object, "authorManifestSign",
                                 json_array_get_string_element (arguments, 3));
  json_node_take_object (node, object);

  return node;
}

static const char *
find_author_pem (FakeLog    *self,
                 const char *fingerprint,
                 char      **pem)
{
  for (guint i = 0; i < self->leaves->len; i++)
    {
      g_autoptr(ImpTransaction) transaction =
        imp_transaction_new_from_leaf (i, g_ptr_array_index (self->leaves, i), NULL);
      g_autoptr(JsonNode) leaf = NULL;
      JsonArray *arguments;

      if (transaction == NULL ||
          g_strcmp0 (imp_transaction_get_function (transaction), "createAuthor") != 0 ||
          g_strcmp0 (imp_transaction_get_author (transaction), fingerprint) != 0)
        continue;

      leaf = imp_json_parse (imp_transaction_get_leaf (transaction), -1, IMP_TRANSACTION_MAX_LEAF,
                             NULL);
      arguments = imp_json_get_array (json_node_get_object (leaf), "arguments", NULL);
      *pem = g_strdup (json_array_get_string_element (arguments, 2));
      break;
    }

  return *pem;
}

static void
reply_update (FakeLog          *self,
              const RawRequest *request,
              const char       *id)
{
  for (guint i = 0; i < self->leaves->len; i++)
    {
      const char *leaf = g_ptr_array_index (self->leaves, i);
      g_autoptr(ImpTransaction) transaction = imp_transaction_new_from_leaf (i, leaf, NULL);
      g_autoptr(JsonNode) tree = NULL;
      g_autofree char *pem = NULL;
      JsonObject *object;
      JsonArray *arguments;

      if (g_strcmp0 (imp_transaction_get_id (transaction), id) != 0)
        continue;

      tree = imp_json_parse (leaf, -1, IMP_TRANSACTION_MAX_LEAF, NULL);
      arguments = imp_json_get_array (json_node_get_object (tree), "arguments", NULL);
      find_author_pem (self, imp_transaction_get_author (transaction), &pem);

      object = json_object_new ();
      json_object_set_member (object, "transaction", imp_transaction_to_json (transaction, TRUE));
      json_object_set_member (object, "update", self->update != NULL
                                                  ? json_node_copy (self->update)
                                                  : make_update_node (arguments));
      json_object_set_string_member (object, "publicKey", pem);
      json_object_set_string_member (object, "cid", self->cid != NULL
                                                      ? self->cid
                                                      : imp_transaction_get_cid (transaction));
      json_object_set_object_member (object, "inclusion", print_inclusion (self, i));
      reply_object (request, object);
      return;
    }

  raw_agent_reply (request, "404 Not Found", "{\"detail\": \"no such transaction\"}");
}

static void
reply_payload (FakeLog          *self,
               const RawRequest *request)
{
  GBytes *payload = g_ptr_array_index (self->payloads, self->payloads->len - 1);
  gsize size;
  g_autofree guint8 *bytes = NULL;
  g_autofree char *head = NULL;

  bytes = g_memdup2 (g_bytes_get_data (payload, &size), g_bytes_get_size (payload));
  if (self->flip_payload)
    bytes[size / 2] ^= 1;
  if (self->cut_payload)
    size -= 10;

  head = self->endless_payload ? g_strdup ("HTTP/1.1 200 OK\r\n\r\n")
                               : g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
                                                  size);
  raw_agent_say (request, head);
  do
    {
      if (!g_output_stream_write_all (request->out, bytes, size, NULL, NULL, NULL))
        return;
    }
  while (self->endless_payload);
}

static void
agent_cb (const RawRequest *request,
          gpointer          user_data)
{
  FakeLog *self = user_data;
  g_autofree char *text = NULL;

  if (g_str_equal (request->path, "/v1/ledger/key"))
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "key", self->verifier);
      reply_object (request, object);
    }
  else if (g_str_equal (request->path, "/v1/ledger/checkpoint"))
    {
      text = make_checkpoint (self);
      raw_agent_reply (request, "200 OK", text);
    }
  else if (g_str_has_prefix (request->path, "/v1/ledger/consistency?"))
    reply_consistency (self, request);
  else if (g_str_has_prefix (request->path, "/v1/ledger/leaves?"))
    reply_leaves (self, request);
  else if (g_str_has_prefix (request->path, "/v1/payloads/"))
    reply_payload (self, request);
  else if (g_str_has_prefix (request->path, "/v1/updates/"))
    reply_update (self, request, request->path + strlen ("/v1/updates/"));
  else
    raw_agent_reply (request, "404 Not Found", "{}");
}

FakeLog *
fake_log_new (const char *origin)
{
  FakeLog *self = g_new0 (FakeLog, 1);
  g_autoptr(GError) error = NULL;

  self->log_key = imp_key_generate (IMP_KEY_ED25519, &error);
  g_assert_no_error (error);
  self->origin = g_strdup (origin);
  self->verifier = imp_note_verifier_key (origin, self->log_key);
  self->leaves = g_ptr_array_new_with_free_func (g_free);
  self->payloads = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->changed_leaf = -1;
  self->no_leaves_from = -1;
  self->agent = raw_agent_new (agent_cb, self);

  return self;
}

void
fake_log_free (FakeLog *self)
{
  raw_agent_free (self->agent);
  g_object_unref (self->log_key);
  g_clear_object (&self->other_key);
  g_clear_pointer (&self->update, json_node_unref);
  g_ptr_array_unref (self->leaves);
  g_ptr_array_unref (self->payloads);
  g_free (self->origin);
  g_free (self->verifier);
  g_free (self);
}

void
fake_log_append (FakeLog *self,
                 char    *leaf)
{
  g_ptr_array_add (self->leaves, leaf);
}

static JsonArray *
make_writes (const char *key)
{
  JsonArray *writes = json_array_new ();
  JsonObject *write = json_object_new ();
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA256, key, strlen (key));

  json_object_set_string_member (write, "key", key);
  json_object_set_string_member (write, "digest", digest);
  json_array_add_object_element (writes, write);

  return writes;
}

static char *
make_leaf (FakeLog           *self,
           const char        *contract,
           const char        *function,
           const char *const *arguments,
           const char        *key)
{
  g_autoptr(JsonArray) writes = make_writes (key);
  g_autofree char *seed = g_strdup_printf ("%s %u", self->origin, self->leaves->len);
  g_autofree char *id = imp_digest_hex (IMP_DIGEST_SHA256, seed, strlen (seed));

  return imp_transaction_make_leaf (id, imp_time_now (), "test", contract, function, arguments,
                                    writes);
}

void
fake_log_add_author (FakeLog *self,
                     ImpKey  *author)
{
  g_autofree char *key = imp_state_key ("author", imp_key_get_fingerprint (author), NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *signature = imp_key_sign_text (author, "I am", &error);
  const char *const arguments[] = { "I am", signature, imp_key_get_public_pem (author), NULL };

  g_assert_no_error (error);
  fake_log_append (self, make_leaf (self, "RegisterAuthor", "createAuthor", arguments, key));
}

static gboolean
pass_block (const ImpUnixfsBlock  *block,
            gpointer               user_data,
            GError               **error)
{
  return TRUE;
}

static char *
compute_cid (const guint8 *data,
             gsize         size)
{
  g_autoptr(ImpUnixfsBuilder) builder = imp_unixfs_builder_new (&imp_unixfs_v0, pass_block, NULL);
  g_autoptr(ImpCid) cid = NULL;

  imp_unixfs_builder_write (builder, data, size, NULL);
  cid = imp_unixfs_builder_end (builder, NULL, NULL);

  return g_strdup (imp_cid_get_string (cid));
}

static void
add_update (FakeLog    *self,
            ImpKey     *author,
            ImpKey     *signer,
            const char *version)
{
  g_autofree char *key = imp_state_key ("update", imp_key_get_fingerprint (author), "Class_1",
                                        version, NULL);
  g_autoptr(ImpManifestBuilder) builder = test_new_manifest ("Class_1", version);
  g_autofree guint8 *payload = g_malloc (PAYLOAD_SIZE);
  g_autofree char *digest = NULL;
  g_autofree char *cid = NULL;
  g_autofree char *manifest_text = NULL;
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(ImpUpdate) update = NULL;
  g_autoptr(GError) error = NULL;

  memset (payload, version[strlen (version) - 1], PAYLOAD_SIZE);
  digest = imp_digest_hex (IMP_DIGEST_SHA384, payload, PAYLOAD_SIZE);
  cid = compute_cid (payload, PAYLOAD_SIZE);
  g_ptr_array_add (self->payloads, g_bytes_new (payload, PAYLOAD_SIZE));

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, digest);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, PAYLOAD_SIZE);
  manifest = imp_manifest_builder_end (builder, &error);
  g_assert_no_error (error);
  update = imp_update_sign (manifest, signer, &error);
  g_assert_no_error (error);
  manifest_text = imp_manifest_canonicalize (manifest);

  {
    const char *const arguments[] = {
      "sha256:0000000000000000000000000000000000000000000000000000000000000000", manifest_text,
      imp_update_get_author_sign (update), imp_update_get_author_manifest_sign (update), cid, NULL,
    };

    fake_log_append (self, make_leaf (self, "RegisterUpdate", "createUpdate", arguments, key));
  }
}

char *
fake_log_add_update (FakeLog    *self,
                     ImpKey     *author,
                     const char *version)
{
  g_autoptr(ImpTransaction) transaction = NULL;

  add_update (self, author, author, version);
  transaction = imp_transaction_new_from_leaf (0, g_ptr_array_index (self->leaves,
                                                                     self->leaves->len - 1), NULL);
  return g_strdup (imp_transaction_get_id (transaction));
}

void
fake_log_add_forgery (FakeLog    *self,
                      ImpKey     *author,
                      ImpKey     *signer,
                      const char *version)
{
  add_update (self, author, signer, version);
}

/* An entry that nobody looks into: another contract’s. */
void
fake_log_add_other (FakeLog *self)
{
  g_autofree char *key = g_strdup_printf ("other/%u", self->leaves->len);
  const char *const arguments[] = { "a", NULL };

  fake_log_append (self, make_leaf (self, "Other", "other", arguments, key));
}

ImpConnection *
fake_log_connect (FakeLog *self)
{
  g_autoptr(GError) error = NULL;
  ImpConnection *connection = imp_connection_new_remote ("Fake", NULL, NULL,
                                                         raw_agent_get_url (self->agent), NULL,
                                                         &error);

  g_assert_no_error (error);
  return connection;
}
