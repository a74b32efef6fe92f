/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <dlfcn.h>
#include <glib.h>
#include <p11-kit/pkcs11.h>
#include <string.h>

/* SoftHSM, as a PKCS#11 module that behaves as devices do where SoftHSM does not: it counts wrong PINs
 * and locks itself at the third, and it can be pulled out and put back (while the file that
 * IMP_TEST_TOKEN_OUT names is there). All else is SoftHSM’s own.
 */
#define MAX_WRONG_PINS 3

CK_RV C_GetFunctionList (CK_FUNCTION_LIST **list);

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST shim;
static guint n_wrong;

static gboolean
is_out (void)
{
  const char *path = g_getenv ("IMP_TEST_TOKEN_OUT");

  return path != NULL && g_file_test (path, G_FILE_TEST_EXISTS);
}

static CK_RV
get_slot_list (CK_BBOOL   present,
               CK_SLOT_ID *slots,
               CK_ULONG   *n_slots)
{
  if (!is_out ())
    return real->C_GetSlotList (present, slots, n_slots);

  *n_slots = 0;
  return CKR_OK;
}

static CK_RV
get_token_info (CK_SLOT_ID     slot,
                CK_TOKEN_INFO *info)
{
  CK_RV result = real->C_GetTokenInfo (slot, info);

  if (is_out ())
    return CKR_TOKEN_NOT_PRESENT;
  if (result != CKR_OK)
    return result;

  info->flags &= ~(CK_FLAGS) (CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
  if (n_wrong > 0)
    info->flags |= CKF_USER_PIN_COUNT_LOW;
  if (n_wrong == MAX_WRONG_PINS - 1)
    info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (n_wrong >= MAX_WRONG_PINS)
    info->flags |= CKF_USER_PIN_LOCKED;
  return CKR_OK;
}

static CK_RV
login (CK_SESSION_HANDLE  session,
       CK_USER_TYPE       user,
       CK_UTF8CHAR       *pin,
       CK_ULONG           pin_size)
{
  CK_RV result;

  if (n_wrong >= MAX_WRONG_PINS)
    return CKR_PIN_LOCKED;

  result = real->C_Login (session, user, pin, pin_size);
  if (result == CKR_OK)
    n_wrong = 0;
  if (result == CKR_PIN_INCORRECT && ++n_wrong >= MAX_WRONG_PINS)
    return CKR_PIN_LOCKED;

  return result;
}

static CK_RV
sign (CK_SESSION_HANDLE  session,
      CK_BYTE           *data,
      CK_ULONG           data_size,
      CK_BYTE           *signature,
      CK_ULONG          *signature_size)
{
  CK_RV result;

  if (is_out ())
    return CKR_DEVICE_REMOVED;

  result = real->C_Sign (session, data, data_size, signature, signature_size);
  if (result == CKR_OK && signature != NULL && g_getenv ("IMP_TEST_TOKEN_LIES") != NULL)
    signature[*signature_size - 1] ^= 1;
  return result;
}

CK_RV
C_GetFunctionList (CK_FUNCTION_LIST **list)
{
  void *module = dlopen (g_getenv ("IMP_TEST_SOFTHSM"), RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get_real = module != NULL ? (CK_C_GetFunctionList) dlsym (module, "C_GetFunctionList") : NULL;

  if (get_real == NULL || get_real (&real) != CKR_OK)
    return CKR_GENERAL_ERROR;

  memcpy (&shim, real, sizeof shim);
  shim.C_GetFunctionList = C_GetFunctionList;
  shim.C_GetSlotList = get_slot_list;
  shim.C_GetTokenInfo = get_token_info;
  shim.C_Login = login;
  shim.C_Sign = sign;
  *list = &shim;
  return CKR_OK;
}
