/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-hostile-private.h"

#include <string.h>

#include "imp-json.h"
#include "imp-problem.h"

#define BLOCK_SIZE (64 * 1024)
#define APPENDED   (1024 * 1024)
#define DRIP_MS    20
#define ELSEWHERE  "http://firmware.attacker.example/"

/* Whoever does not notice that a stream has no end gets one here: this computer’s disk is not what is attacked. */
#define ENDLESS (G_GUINT64_CONSTANT (16) * 1024 * 1024)

/* A payload on its way from the agent to the device, a block at a time, in constant memory: first what comes from
 * the agent, then what the attacker adds.
 */
typedef struct
{
  ImpHostileNetwork *network;
  SoupServerMessage *message;  /* which owns this */
  ImpPayloadTrick    trick;
  GInputStream      *stream;   /* (owned) (nullable): what comes from the agent */
  guint64            genuine;  /* bytes of it that go on */
  guint64            end;      /* bytes that go on in all */
  guint64            done;
  GSource           *drip;     /* (owned) (nullable) */
} Passage;

static void
passage_free (gpointer  data,
              GClosure *closure)
{
  Passage *passage = data;

  if (passage->drip != NULL)
    g_source_destroy (passage->drip);
  g_clear_pointer (&passage->drip, g_source_unref);
  g_clear_object (&passage->stream);
  g_free (passage);
}

/* With brackets around the byte that is another. */
static char *
format_hex (guint64       offset,
            const guint8 *bytes,
            gsize         size,
            gsize         marked)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%08" G_GINT64_MODIFIER "x ", offset);
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, i == marked ? " [%02x]" : " %02x", bytes[i]);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
flip (Passage *passage,
      guint8  *block,
      gsize    n)
{
  guint64 target = passage->genuine / 2;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize place, start, size;

  if (target < passage->done || target >= passage->done + n)
    return;

  place = target - passage->done;
  start = place - MIN (place, 3);
  size = MIN (8, n - start);
  before = format_hex (passage->done + start, block + start, size, place - start);
  block[place] ^= 0x01;
  after = format_hex (passage->done + start, block + start, size, place - start);
  imp_hostile_network_note (passage->network, passage->message, before, after);
}

/* The attacker's own bytes begin. */
static void
note_own (Passage      *passage,
          const guint8 *block,
          gsize         n)
{
  g_autofree char *hex = format_hex (passage->done, block, MIN (n, 8), G_MAXSIZE);
  g_autofree char *after = g_strdup_printf ("%s  “%.32s”…", hex, (const char *) block);

  imp_hostile_network_note (passage->network, passage->message, NULL, after);
}

static gboolean
read_genuine (Passage *passage,
              guint8  *block,
              gsize    n)
{
  gsize n_read = 0;

  return g_input_stream_read_all (passage->stream, block, n, &n_read, passage->network->cancellable, NULL) &&
         n_read == n;
}

static gboolean
make_block (Passage *passage,
            guint8  *block,
            gsize    n)
{
  if (passage->done < passage->genuine && !read_genuine (passage, block, n))
    return FALSE;

  if (passage->done >= passage->genuine)
    {
      imp_attacker_fill (block, passage->done - passage->genuine, n);
      if (passage->done == passage->genuine && n >= 32)
        note_own (passage, block, n);
    }

  if (passage->trick == IMP_PAYLOAD_FLIPPED)
    flip (passage, block, n);

  return TRUE;
}

static void
send_block (Passage *passage)
{
  guint64 border = passage->done < passage->genuine ? MIN (passage->genuine, passage->end) : passage->end;
  gsize n = MIN (border - passage->done, passage->trick == IMP_PAYLOAD_SLOW ? 1 : BLOCK_SIZE);
  guint8 *block = g_malloc (n);

  if (!make_block (passage, block, n))
    {
      g_free (block);
      imp_hostile_network_cut (passage->message);
      return;
    }

  passage->done += n;
  soup_message_body_append_take (soup_server_message_get_response_body (passage->message), block, n);
}

static void
cut (Passage *passage)
{
  g_autofree char *after = g_strdup_printf ("the connection is closed after %" G_GUINT64_FORMAT
                                            " of %" G_GUINT64_FORMAT " bytes", passage->end, passage->genuine);

  imp_hostile_network_note (passage->network, passage->message, NULL, after);
  imp_hostile_network_cut (passage->message);
}

static void
go_on (Passage *passage)
{
  if (passage->done < passage->end)
    send_block (passage);
  else if (passage->trick == IMP_PAYLOAD_CUT)
    cut (passage);
  else
    soup_message_body_complete (soup_server_message_get_response_body (passage->message));

  soup_server_message_unpause (passage->message);
}

static void
wrote_chunk_cb (SoupServerMessage *message,
                gpointer           user_data)
{
  Passage *passage = user_data;

  if (passage->drip == NULL)
    go_on (passage);
}

static gboolean
drip_cb (gpointer user_data)
{
  go_on (user_data);

  return G_SOURCE_CONTINUE;
}

static void
start_dripping (Passage *passage)
{
  imp_hostile_network_note (passage->network, passage->message, NULL, "one byte every 20 milliseconds");
  passage->drip = g_timeout_source_new (DRIP_MS);
  g_source_set_callback (passage->drip, drip_cb, passage, NULL);
  g_source_attach (passage->drip, passage->network->context);
}

static void
set_end (Passage *passage)
{
  switch (passage->trick)
    {
    case IMP_PAYLOAD_APPENDED:
      passage->end = passage->genuine + APPENDED;
      break;

    case IMP_PAYLOAD_ENDLESS:
      passage->end = passage->genuine + ENDLESS;
      break;

    case IMP_PAYLOAD_CUT:
      passage->end = passage->genuine / 2;
      break;

    case IMP_PAYLOAD_OTHER:
      passage->end = passage->network->size;
      break;

    case IMP_PAYLOAD_OWN:
      passage->end = passage->network->attacker->own_size;
      break;

    case IMP_PAYLOAD_PASSES:
    case IMP_PAYLOAD_FLIPPED:
    case IMP_PAYLOAD_SLOW:
    case IMP_PAYLOAD_REDIRECTED:
    default:
      passage->end = passage->genuine;
    }
}

static void
set_framing (Passage *passage)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (passage->message);

  if (passage->trick == IMP_PAYLOAD_APPENDED || passage->trick == IMP_PAYLOAD_ENDLESS)
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  else
    soup_message_headers_set_content_length (headers, passage->trick == IMP_PAYLOAD_CUT ? passage->genuine
                                                                                        : passage->end);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (passage->message), FALSE);
}

static void
start (ImpHostileNetwork *self,
       SoupServerMessage *message,
       GInputStream      *stream,
       guint64            genuine)
{
  Passage *passage = g_new0 (Passage, 1);

  passage->network = self;
  passage->message = message;
  passage->trick = self->attack->payload;
  passage->stream = stream;
  passage->genuine = genuine;
  set_end (passage);
  set_framing (passage);

  g_signal_connect_data (message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb), passage, passage_free, 0);
  if (passage->trick == IMP_PAYLOAD_SLOW)
    start_dripping (passage);
  go_on (passage);
}

/* Of the other update that the attacker knows. */
static char *
make_other_path (ImpHostileNetwork *self,
                 SoupServerMessage *message,
                 const char        *path)
{
  const char *text = self->attacker->other != NULL ? self->attacker->other : "";
  g_autoptr(JsonNode) node = imp_json_parse (text, -1, IMP_REPLY_MAX_SIZE, NULL);
  const char *cid = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                      ? imp_json_get_string (json_node_get_object (node), "cid", NULL) : NULL;
  g_autofree char *other = NULL;

  if (cid == NULL)
    return g_strdup (path);

  other = g_strconcat ("/v1/payloads/", cid, NULL);
  imp_hostile_network_note (self, message, path, other);

  return g_steal_pointer (&other);
}

static void
redirect (ImpHostileNetwork *self,
          SoupServerMessage *message)
{
  soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, ELSEWHERE);
  imp_hostile_network_note (self, message, NULL, "302 Found, Location: " ELSEWHERE);
}

/**
 * imp_hostile_payload_pass:
 * @self: a network
 * @message: a device's request for a payload
 * @path: its path
 *
 * Answers it, with what the agent sends or otherwise.
 */
void
imp_hostile_payload_pass (ImpHostileNetwork *self,
                          SoupServerMessage *message,
                          const char        *path)
{
  g_autofree char *actual = NULL;
  GInputStream *stream;
  goffset length;

  if (self->attack->payload == IMP_PAYLOAD_REDIRECTED)
    {
      redirect (self, message);
      return;
    }

  if (self->attack->payload == IMP_PAYLOAD_OWN)
    {
      soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
      start (self, message, NULL, 0);
      return;
    }

  actual = self->attack->payload == IMP_PAYLOAD_OTHER ? make_other_path (self, message, path) : g_strdup (path);
  stream = imp_hostile_network_forward (self, message, actual, &length);
  if (stream != NULL)
    start (self, message, stream, length >= 0 ? (guint64) length : self->size);
}
