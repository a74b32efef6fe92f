/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-unixfs.h"

#include "imp-error.h"
#include "imp-unixfs-private.h"
#include "imp-varint.h"

#include <string.h>

#define MAX_LINKS 8192

/* Protocol buffers, wire types 0 and 2: all that dag-pb and UnixFS use. */
typedef enum
{
  WIRE_VARINT = 0,
  WIRE_BYTES = 2,
} WireType;

/* A field of a message. */
typedef struct
{
  guint         number;
  WireType      type;
  guint64       value;  /* of a varint */
  const guint8 *bytes;
  gsize         size;
} Field;

/* A message that is being read. */
typedef struct
{
  const char   *name;  /* for errors */
  const guint8 *cursor;
  const guint8 *end;
} Message;

static gboolean
read_bytes (Message  *message,
            Field    *field)
{
  guint64 size;

  if (!imp_varint_read (&message->cursor, message->end, &size) ||
      size > (guint64) (message->end - message->cursor))
    return FALSE;

  field->bytes = message->cursor;
  field->size = size;
  message->cursor += size;
  return TRUE;
}

static gboolean
read_field (Message  *message,
            Field    *field,
            GError  **error)
{
  guint64 key;

  *field = (Field) { 0 };

  if (!imp_varint_read (&message->cursor, message->end, &key) || key >> 3 > G_MAXUINT)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "%s has a broken field", message->name);

  field->number = key >> 3;
  field->type = key & 7;

  switch (field->type)
    {
    case WIRE_VARINT:
      if (imp_varint_read (&message->cursor, message->end, &field->value))
        return TRUE;
      break;

    case WIRE_BYTES:
      if (read_bytes (message, field))
        return TRUE;
      break;
    }

  return imp_error_set (error, IMP_ERROR_MALFORMED,
                        "field %u of %s is broken or cut short", field->number, message->name);
}

static gboolean
unexpected (const Message  *message,
            const Field    *field,
            GError        **error)
{
  return imp_error_set (error, IMP_ERROR_MALFORMED,
                        "field %u of %s is unknown, repeated, out of order or of another type",
                        field->number, message->name);
}

/* One PBLink: Hash, Name and Tsize, in this order and each at most once. */

static gboolean
parse_link (const Field  *bytes,
            GArray       *links,
            GError      **error)
{
  Message message = { "a link", bytes->bytes, bytes->bytes + bytes->size };
  g_autoptr(ImpCid) cid = NULL;
  ImpUnixfsLink link = { NULL };
  guint last = 0;

  while (message.cursor < message.end)
    {
      Field field;

      if (!read_field (&message, &field, error))
        return FALSE;

      if (field.number <= last || field.number > 3 || field.type != (field.number == 3 ? WIRE_VARINT : WIRE_BYTES))
        return unexpected (&message, &field, error);

      if (field.number == 1 && !(cid = imp_cid_new_from_bytes (field.bytes, field.size, error)))
        return FALSE;
      if (field.number == 2 && field.size > 0)
        return imp_error_set (error, IMP_ERROR_MALFORMED, "a link of a file has a name");

      last = field.number;
    }

  if (cid == NULL)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "a link has no hash");
  if (links->len == MAX_LINKS)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "a node has more than %d links", MAX_LINKS);

  link.cid = g_steal_pointer (&cid);
  g_array_append_val (links, link);
  return TRUE;
}

/* The UnixFS message. */

static gboolean
check_type (guint64   type,
            GError  **error)
{
  switch (type)
    {
    case IMP_UNIXFS_TYPE_RAW:
    case IMP_UNIXFS_TYPE_FILE:
      return TRUE;

    case IMP_UNIXFS_TYPE_DIRECTORY:
    case IMP_UNIXFS_TYPE_HAMT_SHARD:
      return imp_error_set (error, IMP_ERROR_MALFORMED, "this is a directory and not a file");

    case IMP_UNIXFS_TYPE_SYMLINK:
      return imp_error_set (error, IMP_ERROR_MALFORMED, "this is a symbolic link and not a file");

    default:
      return imp_error_set (error, IMP_ERROR_MALFORMED,
                            "a node of type %" G_GUINT64_FORMAT " is not a file", type);
    }
}

/* The n-th blocksize belongs to the n-th link. */
static gboolean
set_block_size (ImpUnixfsNode  *node,
                guint           i,
                guint64         size,
                GError        **error)
{
  if (i >= node->links->len)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "a node has more block sizes than links");

  g_array_index (node->links, ImpUnixfsLink, i).file_size = size;
  return TRUE;
}

static gboolean
check_sizes (const ImpUnixfsNode  *node,
             GError              **error)
{
  guint64 sum = node->data_size;

  for (guint i = 0; i < node->links->len; i++)
    {
      guint64 size = g_array_index (node->links, ImpUnixfsLink, i).file_size;

      if (!g_uint64_checked_add (&sum, sum, size))
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "the block sizes of a node are more than a file can have");
    }

  return sum == node->file_size ||
         imp_error_set (error, IMP_ERROR_MALFORMED,
                        "the sizes in a node do not add up: %" G_GUINT64_FORMAT " bytes of %" G_GUINT64_FORMAT,
                        sum, node->file_size);
}

typedef enum
{
  UNIXFS_TYPE = 1,
  UNIXFS_DATA = 2,
  UNIXFS_FILE_SIZE = 3,
  UNIXFS_BLOCK_SIZE = 4,
  UNIXFS_MODE = 7,
  UNIXFS_MTIME = 8,
} UnixfsField;

static gboolean
parse_unixfs (ImpUnixfsNode  *node,
              const guint8   *block,
              const Field    *bytes,
              GError        **error)
{
  Message message = { "the UnixFS message", bytes->bytes, bytes->bytes + bytes->size };
  guint last = 0, n_block_sizes = 0;
  gboolean has_type = FALSE, has_size = FALSE;

  while (message.cursor < message.end)
    {
      Field field;

      if (!read_field (&message, &field, error))
        return FALSE;

      if (field.number < last || (field.number == last && last != UNIXFS_BLOCK_SIZE) ||
          field.type != (field.number == UNIXFS_DATA || field.number == UNIXFS_MTIME ? WIRE_BYTES : WIRE_VARINT))
        return unexpected (&message, &field, error);

      switch (field.number)
        {
        case UNIXFS_TYPE:
          if (!check_type (field.value, error))
            return FALSE;
          has_type = TRUE;
          break;

        case UNIXFS_DATA:
          node->data_offset = field.bytes - block;
          node->data_size = field.size;
          break;

        case UNIXFS_FILE_SIZE:
          node->file_size = field.value;
          has_size = TRUE;
          break;

        case UNIXFS_BLOCK_SIZE:
          if (!set_block_size (node, n_block_sizes++, field.value, error))
            return FALSE;
          break;

        case UNIXFS_MODE:
        case UNIXFS_MTIME:
          break;

        default:
          return unexpected (&message, &field, error);
        }

      last = field.number;
    }

  if (!has_type || !has_size)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the UnixFS message has no %s", has_type ? "file size" : "type");
  if (n_block_sizes != node->links->len)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "a node has %u links and %u block sizes", node->links->len, n_block_sizes);

  return check_sizes (node, error);
}

/* A PBNode: links and data, where blocks that others wrote long ago may have the data first. */
static gboolean
parse_dag_pb (ImpUnixfsNode  *node,
              const guint8   *block,
              gsize           size,
              GError        **error)
{
  Message message = { "the node", block, block + size };
  Field data = { 0 };
  guint last = 0;

  while (message.cursor < message.end)
    {
      Field field;
      gboolean again;

      if (!read_field (&message, &field, error))
        return FALSE;

      again = field.number == 1 ? data.bytes != NULL : last == 1 && node->links->len > 0;
      if (field.number < 1 || field.number > 2 || field.type != WIRE_BYTES || again)
        return unexpected (&message, &field, error);

      if (field.number == 1)
        data = field;
      else if (!parse_link (&field, node->links, error))
        return FALSE;

      last = field.number;
    }

  if (data.bytes == NULL)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the node has no data");

  return parse_unixfs (node, block, &data, error);
}

static void
clear_link (gpointer data)
{
  ImpUnixfsLink *link = data;

  imp_cid_unref (link->cid);
}

static ImpUnixfsNode *
node_new (void)
{
  ImpUnixfsNode *node = g_new0 (ImpUnixfsNode, 1);

  node->links = g_array_new (FALSE, FALSE, sizeof (ImpUnixfsLink));
  g_array_set_clear_func (node->links, clear_link);
  return node;
}

/**
 * imp_unixfs_node_parse:
 * @cid: what the block should be
 * @block: (array length=size): bytes that came under @cid
 * @size: size of @block
 * @error: return location for an [error@Imp.Error]
 *
 * Checks that the block is the one that @cid identifies, and only then reads it as a node of a file:
 * a raw leaf, a dag-pb leaf or an inner node.
 *
 * Returns: (transfer full) (nullable): the node, or `NULL` with @error set: %IMP_ERROR_CORRUPT if the
 *   bytes are others, %IMP_ERROR_MALFORMED if they are no node of a file
 */
ImpUnixfsNode *
imp_unixfs_node_parse (const ImpCid  *cid,
                       const void    *block,
                       gsize          size,
                       GError       **error)
{
  g_autoptr(ImpUnixfsNode) node = NULL;

  g_return_val_if_fail (cid != NULL, NULL);
  g_return_val_if_fail (block != NULL || size == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (size > IMP_BLOCK_MAX_SIZE)
    {
      imp_error_set (error, IMP_ERROR_MALFORMED,
                     "a block of %" G_GSIZE_FORMAT " bytes is too long", size);
      return NULL;
    }

  if (!imp_cid_verify (cid, block, size))
    {
      imp_error_set (error, IMP_ERROR_CORRUPT, "the block is not %s", imp_cid_get_string (cid));
      return NULL;
    }

  node = node_new ();
  if (imp_cid_get_codec (cid) == IMP_CODEC_RAW)
    node->file_size = node->data_size = size;
  else if (!parse_dag_pb (node, block, size, error))
    return NULL;

  return g_steal_pointer (&node);
}

/**
 * imp_unixfs_node_free:
 * @self: (transfer full): a node, not `NULL`
 *
 * Frees a node and its links.
 */
void
imp_unixfs_node_free (ImpUnixfsNode *self)
{
  g_array_unref (self->links);
  g_free (self);
}
