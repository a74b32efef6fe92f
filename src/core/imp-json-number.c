/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-json-private.h"

#include <math.h>
#include <string.h>

/* ECMAScript’s Number::toString (ECMA-262, 6.1.6.1.20): the fewest digits that read back as the
 * same double, and of those the nearest.
 */

#define MAX_DIGITS 17  /* always enough to tell two doubles apart */

typedef struct
{
  char digits[MAX_DIGITS + 2];
  int  exponent;  /* the number is 0.DIGITS × 10^exponent */
} Decimal;

static double
decimal_to_double (const Decimal *decimal)
{
  char text[64];

  g_snprintf (text, sizeof text, "0.%se%d", decimal->digits, decimal->exponent);

  return g_ascii_strtod (text, NULL);
}

/* The nearest decimal of @n_digits. */
static void
decimal_round (Decimal *decimal,
               double   number,
               int      n_digits)
{
  char format[8], text[64];
  const char *exponent;

  g_snprintf (format, sizeof format, "%%.%de", n_digits - 1);
  g_ascii_formatd (text, sizeof text, format, number);
  exponent = strchr (text, 'e');
  g_assert (exponent != NULL);

  decimal->digits[0] = text[0];
  memcpy (decimal->digits + 1, text + 2, n_digits - 1);
  decimal->digits[n_digits] = '\0';
  decimal->exponent = (int) g_ascii_strtoll (exponent + 1, NULL, 10) + 1;
}

/* The next larger decimal of as many digits. */
static void
decimal_increment (Decimal *decimal)
{
  int i = (int) strlen (decimal->digits) - 1;

  while (i >= 0 && decimal->digits[i] == '9')
    decimal->digits[i--] = '0';

  if (i >= 0)
    {
      decimal->digits[i]++;
      return;
    }

  decimal->digits[0] = '1';
  decimal->exponent++;
}

static void
decimal_shorten (Decimal *decimal,
                 double   number)
{
  int binary_exponent;
  gboolean is_power_of_two = frexp (number, &binary_exponent) == 0.5;

  for (int n_digits = 1; n_digits <= MAX_DIGITS; n_digits++)
    {
      decimal_round (decimal, number, n_digits);
      if (decimal_to_double (decimal) == number)
        return;

      /* The doubles above a power of two lie twice as far apart as those below, so that the nearest
       * decimal can be another double’s while a farther one, on the wide side, is this one’s.
       */
      if (is_power_of_two)
        {
          decimal_increment (decimal);
          if (decimal_to_double (decimal) == number)
            return;
        }
    }

  g_assert_not_reached ();
}

static void
append_zeros (GString *text,
              int      count)
{
  for (int i = 0; i < count; i++)
    g_string_append_c (text, '0');
}

static void
append_decimal (GString       *text,
                const Decimal *decimal)
{
  int n_digits = (int) strlen (decimal->digits);
  int exponent = decimal->exponent;

  if (exponent >= n_digits && exponent <= 21)
    {
      g_string_append (text, decimal->digits);
      append_zeros (text, exponent - n_digits);
    }
  else if (exponent > 0 && exponent < n_digits)
    {
      g_string_append_len (text, decimal->digits, exponent);
      g_string_append_printf (text, ".%s", decimal->digits + exponent);
    }
  else if (exponent > -6 && exponent <= 0)
    {
      g_string_append (text, "0.");
      append_zeros (text, -exponent);
      g_string_append (text, decimal->digits);
    }
  else
    {
      g_string_append_c (text, decimal->digits[0]);
      if (n_digits > 1)
        g_string_append_printf (text, ".%s", decimal->digits + 1);
      g_string_append_printf (text, "e%+d", exponent - 1);
    }
}

/* What JSON.stringify() prints, which for no number at all is null. */
void
imp_json_append_number (GString *text,
                        double   number)
{
  Decimal decimal;

  if (!isfinite (number))
    {
      g_string_append (text, "null");
      return;
    }

  if (number == 0)
    {
      g_string_append_c (text, '0');
      return;
    }

  if (number < 0)
    g_string_append_c (text, '-');

  decimal_shorten (&decimal, fabs (number));
  append_decimal (text, &decimal);
}
