/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-pin-request.h"

#include <string.h>

#include "imp-secret.h"

/**
 * ImpPinRequest:
 *
 * A question for the PIN of a token.
 *
 * A thread that signs asks and waits; the main loop shows the question and answers when a person
 * did. Whoever holds the last reference without having answered refuses, so that no thread waits for
 * nobody.
 */
struct _ImpPinRequest
{
  GObject parent_instance;

  char        *token;  /* (owned) */
  ImpPinFlags  flags;

  GMutex    lock;
  GCond     cond;
  gboolean  answered;
  char     *pin;    /* (owned) (nullable): until the thread takes it */
  GError   *error;  /* (owned) (nullable) */

  GMainContext *context;  /* (owned): of those who show and answer it */
};

G_DEFINE_FINAL_TYPE (ImpPinRequest, imp_pin_request, G_TYPE_OBJECT)

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Whom an asker asks. */
typedef struct
{
  GWeakRef           owner;
  ImpPinRequestFunc  show;
  GCancellable      *cancellable;  /* (owned) (nullable) */
  GMainContext      *context;      /* (owned) */
} Asking;

typedef struct
{
  Asking        *asking;   /* outlives the question: the thread waits */
  ImpPinRequest *request;  /* (owned) */
} Showing;

static void
free_pin (char *pin)
{
  if (pin != NULL)
    imp_secret_wipe (pin, strlen (pin));
  g_free (pin);
}

static void
imp_pin_request_finalize (GObject *object)
{
  ImpPinRequest *self = IMP_PIN_REQUEST (object);

  free_pin (self->pin);
  g_clear_error (&self->error);
  g_free (self->token);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);

  G_OBJECT_CLASS (imp_pin_request_parent_class)->finalize (object);
}

static void
imp_pin_request_class_init (ImpPinRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_pin_request_finalize;

  /**
   * ImpPinRequest::closed:
   *
   * Emitted in the main loop when nobody waits for the PIN any more: it was answered, or what it was
   * for was cancelled.
   */
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
imp_pin_request_init (ImpPinRequest *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
}

static ImpPinRequest *
request_new (const char   *token,
             ImpPinFlags   flags,
             GMainContext *context)
{
  ImpPinRequest *self = g_object_new (IMP_TYPE_PIN_REQUEST, NULL);

  self->token = g_strdup (token);
  self->flags = flags;
  self->context = g_main_context_ref (context);
  return self;
}

static gboolean
emit_closed_cb (gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_CLOSED], 0);
  return G_SOURCE_REMOVE;
}

/* The first answer counts. Takes @pin and @error, one of which there is. */
static void
close_request (ImpPinRequest *self,
               char          *pin,
               GError        *error)
{
  gboolean first;

  g_mutex_lock (&self->lock);
  first = !self->answered;
  if (first)
    {
      self->answered = TRUE;
      self->pin = pin;
      self->error = error;
      g_cond_broadcast (&self->cond);
    }
  g_mutex_unlock (&self->lock);

  if (first)
    g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, emit_closed_cb, g_object_ref (self),
                                g_object_unref);
  else
    {
      free_pin (pin);
      g_clear_error (&error);
    }
}

static void
cancelled_cb (GCancellable  *cancellable,
              ImpPinRequest *self)
{
  close_request (self, NULL, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "no PIN was given"));
}

static void
show (Asking        *asking,
      ImpPinRequest *request)
{
  g_autoptr(GObject) owner = g_weak_ref_get (&asking->owner);

  if (owner == NULL || !asking->show (owner, request))
    close_request (request, NULL,
                   g_error_new (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                "the token “%s” asks for its PIN, and there is nobody to ask", request->token));
}

static gboolean
show_cb (gpointer user_data)
{
  Showing *showing = user_data;

  if (!imp_pin_request_is_answered (showing->request))
    show (showing->asking, showing->request);
  return G_SOURCE_REMOVE;
}

static void
showing_free (Showing *showing)
{
  g_object_unref (showing->request);
  g_free (showing);
}

/* In a command, what signs runs in the main loop’s own thread, so that has to go on from here. */
static void
wait_in_loop (Asking        *asking,
              ImpPinRequest *request)
{
  show (asking, request);
  while (!imp_pin_request_is_answered (request))
    g_main_context_iteration (asking->context, TRUE);
}

static void
wait_in_thread (Asking        *asking,
                ImpPinRequest *request)
{
  Showing *showing = g_new0 (Showing, 1);

  showing->asking = asking;
  showing->request = g_object_ref (request);
  g_main_context_invoke_full (asking->context, G_PRIORITY_DEFAULT, show_cb, showing,
                              (GDestroyNotify) showing_free);

  g_mutex_lock (&request->lock);
  while (!request->answered)
    g_cond_wait (&request->cond, &request->lock);
  g_mutex_unlock (&request->lock);
}

static char *
take_answer (ImpPinRequest  *self,
             GError        **error)
{
  char *pin;

  g_mutex_lock (&self->lock);
  pin = g_steal_pointer (&self->pin);
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  g_mutex_unlock (&self->lock);

  return pin;
}

static char *
ask (const char   *token,
     ImpPinFlags   flags,
     gpointer      user_data,
     GError      **error)
{
  Asking *asking = user_data;
  g_autoptr(ImpPinRequest) request = request_new (token, flags, asking->context);
  gulong id = 0;

  if (asking->cancellable != NULL)
    id = g_cancellable_connect (asking->cancellable, G_CALLBACK (cancelled_cb), g_object_ref (request),
                                g_object_unref);

  if (g_main_context_is_owner (asking->context))
    wait_in_loop (asking, request);
  else
    wait_in_thread (asking, request);

  g_cancellable_disconnect (asking->cancellable, id);
  return take_answer (request, error);
}

static void
asking_free (Asking *asking)
{
  g_weak_ref_clear (&asking->owner);
  g_clear_object (&asking->cancellable);
  g_main_context_unref (asking->context);
  g_free (asking);
}

/**
 * imp_pin_request_new_asker:
 * @owner: whose @show it is; where it is gone, nobody is asked
 * @show: shows a request, in the main loop of this thread
 * @cancellable: (nullable): ends the waiting
 *
 * Makes what a token’s key asks for PINs, from any thread.
 *
 * Returns: (transfer full): the asker
 */
ImpPinAsker *
imp_pin_request_new_asker (GObject           *owner,
                           ImpPinRequestFunc  show_func,
                           GCancellable      *cancellable)
{
  Asking *asking = g_new0 (Asking, 1);

  g_weak_ref_init (&asking->owner, owner);
  asking->show = show_func;
  asking->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  asking->context = g_main_context_ref_thread_default ();

  return imp_pin_asker_new (ask, asking, (GDestroyNotify) asking_free);
}

/**
 * imp_pin_request_get_token:
 * @self: a question
 *
 * Returns: what the token is called that wants its PIN
 */
const char *
imp_pin_request_get_token (ImpPinRequest *self)
{
  g_return_val_if_fail (IMP_IS_PIN_REQUEST (self), NULL);

  return self->token;
}

/**
 * imp_pin_request_get_flags:
 * @self: a question
 *
 * Returns: what the token says of the tries that are left, and whether the last was wrong
 */
ImpPinFlags
imp_pin_request_get_flags (ImpPinRequest *self)
{
  g_return_val_if_fail (IMP_IS_PIN_REQUEST (self), 0);

  return self->flags;
}

/**
 * imp_pin_request_is_answered:
 * @self: a question
 *
 * Returns: whether it was answered or refused; any thread may ask
 */
gboolean
imp_pin_request_is_answered (ImpPinRequest *self)
{
  gboolean answered;

  g_return_val_if_fail (IMP_IS_PIN_REQUEST (self), TRUE);

  g_mutex_lock (&self->lock);
  answered = self->answered;
  g_mutex_unlock (&self->lock);

  return answered;
}

/**
 * imp_pin_request_answer:
 * @self: a request
 * @pin: the PIN, copied to memory that is wiped
 *
 * Gives the PIN to the thread that waits for it.
 */
void
imp_pin_request_answer (ImpPinRequest *self,
                        const char    *pin)
{
  g_return_if_fail (IMP_IS_PIN_REQUEST (self));
  g_return_if_fail (pin != NULL);

  close_request (self, g_strdup (pin), NULL);
}

/**
 * imp_pin_request_refuse:
 * @self: a request
 * @reason: (nullable): why, or `NULL` if the person did not want to
 *
 * Ends the waiting without a PIN.
 */
void
imp_pin_request_refuse (ImpPinRequest *self,
                        const GError  *reason)
{
  g_return_if_fail (IMP_IS_PIN_REQUEST (self));

  if (reason != NULL)
    close_request (self, NULL, g_error_copy (reason));
  else
    cancelled_cb (NULL, self);
}
