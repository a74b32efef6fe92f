/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-firmware-format.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>
#include <string.h>

#define ESP_HEADER_SIZE 24
#define ESP_DESCRIPTION_OFFSET 32
#define ESP_DESCRIPTION_MAGIC 0xABCD5432u
#define ESP_VERSION_OFFSET (ESP_DESCRIPTION_OFFSET + 16)
#define ESP_VERSION_SIZE 32
#define ESP_MAX_SEGMENTS 16

#define MCUBOOT_MAGIC 0x96F3B83Du
#define MCUBOOT_HEADER_SIZE 32
#define MCUBOOT_VERSION_OFFSET 20

#define UIMAGE_HEADER_SIZE 64

typedef struct
{
  guint       value;
  const char *name;
} Name;

static const Name elf_machines[] = {
  { 3, "x86" }, { 8, "MIPS" }, { 20, "PowerPC" }, { 21, "PowerPC 64" }, { 40, "ARM" },
  { 62, "x86-64" }, { 83, "AVR" }, { 94, "Xtensa" }, { 105, "MSP430" }, { 183, "AArch64" },
  { 243, "RISC-V" }, { 258, "LoongArch" },
};

static const Name uimage_architectures[] = {
  { 2, "ARM" }, { 3, "x86" }, { 5, "MIPS" }, { 6, "MIPS 64" }, { 7, "PowerPC" },
  { 22, "AArch64" }, { 24, "x86-64" }, { 26, "RISC-V" },
};

static const Name esp_chips[] = {
  { 0, "ESP32" }, { 2, "ESP32-S2" }, { 5, "ESP32-C3" }, { 9, "ESP32-S3" }, { 12, "ESP32-C2" },
  { 13, "ESP32-C6" }, { 16, "ESP32-H2" }, { 18, "ESP32-P4" },
};

static guint
read_le16 (const guint8 *p)
{
  return p[0] | p[1] << 8;
}

static guint32
read_le32 (const guint8 *p)
{
  return read_le16 (p) | (guint32) read_le16 (p + 2) << 16;
}

static guint32
read_be32 (const guint8 *p)
{
  return GUINT32_SWAP_LE_BE (read_le32 (p));
}

static const char *
find_name (const Name *names,
           gsize       n_names,
           guint       value)
{
  for (gsize i = 0; i < n_names; i++)
    {
      if (names[i].value == value)
        return names[i].name;
    }

  return NULL;
}

static gboolean
detect_elf (const guint8  *head,
            gsize          size,
            char         **title)
{
  const char *machine;
  guint value;

  if (size < 20 || memcmp (head, "\177ELF", 4) != 0)
    return FALSE;

  value = head[5] == 2 ? (guint) (head[18] << 8 | head[19]) : read_le16 (head + 18);
  machine = find_name (elf_machines, G_N_ELEMENTS (elf_machines), value);
  if (machine != NULL)
    *title = g_strdup_printf ("ELF, %s", machine);
  else
    *title = g_strdup_printf (_("ELF, machine %u"), value);
  return TRUE;
}

static int
hex_byte (const guint8 *text)
{
  int high = g_ascii_xdigit_value (text[0]);
  int low = g_ascii_xdigit_value (text[1]);

  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static gboolean
sum_bytes (const guint8 *text,
           guint         n,
           guint        *sum)
{
  *sum = 0;
  for (guint i = 0; i < n; i++)
    {
      int byte = hex_byte (text + 2 * i);

      if (byte < 0)
        return FALSE;
      *sum += byte;
    }

  return TRUE;
}

/* A colon alone begins many a text: the first record has to be whole, with its checksum. */
static gboolean
detect_ihex (const guint8  *head,
             gsize          size,
             char         **title)
{
  guint sum;
  int length;

  if (size < 11 || head[0] != ':' || (length = hex_byte (head + 1)) < 0 ||
      size < 11 + 2 * (gsize) length)
    return FALSE;

  if (!sum_bytes (head + 1, length + 5, &sum))
    return FALSE;

  *title = g_strdup ("Intel HEX");
  return (sum & 0xff) == 0;
}

static gboolean
detect_srec (const guint8  *head,
             gsize          size,
             char         **title)
{
  guint sum;
  int length;

  if (size < 10 || head[0] != 'S' || head[1] < '0' || head[1] > '3' ||
      (length = hex_byte (head + 2)) < 3 || size < 4 + 2 * (gsize) length)
    return FALSE;

  if (!sum_bytes (head + 2, length + 1, &sum))
    return FALSE;

  *title = g_strdup ("Motorola S-record");
  return (sum & 0xff) == 0xff;
}

static gboolean
detect_uf2 (const guint8  *head,
            gsize          size,
            char         **title)
{
  if (size < 32 || memcmp (head, "UF2\n", 4) != 0 || read_le32 (head + 4) != 0x9E5D5157u)
    return FALSE;

  *title = g_strdup ("UF2");
  return TRUE;
}

static gboolean
detect_esp32 (const guint8  *head,
              gsize          size,
              char         **title)
{
  const char *chip;

  if (size < ESP_HEADER_SIZE || head[0] != 0xE9 || head[1] == 0 || head[1] > ESP_MAX_SEGMENTS)
    return FALSE;

  chip = find_name (esp_chips, G_N_ELEMENTS (esp_chips), read_le16 (head + 12));
  if (chip == NULL)
    return FALSE;

  *title = g_strdup_printf (_("%s image"), chip);
  return TRUE;
}

static gboolean
detect_uimage (const guint8  *head,
               gsize          size,
               char         **title)
{
  const char *architecture;

  if (size < UIMAGE_HEADER_SIZE || read_be32 (head) != 0x27051956u)
    return FALSE;

  architecture = find_name (uimage_architectures, G_N_ELEMENTS (uimage_architectures), head[29]);
  *title = architecture != NULL ? g_strdup_printf ("U-Boot uImage, %s", architecture)
                                : g_strdup ("U-Boot uImage");
  return TRUE;
}

static gboolean
detect_mcuboot (const guint8  *head,
                gsize          size,
                char         **title)
{
  if (size < MCUBOOT_HEADER_SIZE || read_le32 (head) != MCUBOOT_MAGIC)
    return FALSE;

  *title = g_strdup (_("MCUboot image"));
  return TRUE;
}

/* A flattened image tree and a device tree begin alike; the former says so in its strings. */
static gboolean
detect_fit (const guint8  *head,
            gsize          size,
            char         **title)
{
  if (size < 40 || read_be32 (head) != 0xd00dfeedu)
    return FALSE;

  *title = g_strdup (_("Device tree or flattened image tree (FIT)"));
  return TRUE;
}

static gboolean
detect_uefi (const guint8  *head,
             gsize          size,
             char         **title)
{
  if (size < 44 || memcmp (head + 40, "_FVH", 4) != 0)
    return FALSE;

  *title = g_strdup (_("UEFI firmware volume"));
  return TRUE;
}

typedef gboolean (*DetectFunc) (const guint8 *head, gsize size, char **title);

static const struct
{
  const char *id;
  DetectFunc  detect;
} structured[] = {
  { "elf", detect_elf },
  { "ihex", detect_ihex },
  { "srec", detect_srec },
  { "uf2", detect_uf2 },
  { "esp32", detect_esp32 },
  { "uimage", detect_uimage },
  { "mcuboot", detect_mcuboot },
  { "fit", detect_fit },
  { "uefi", detect_uefi },
};

static const struct
{
  const char *id;
  const char *title;
  const char *magic;
  gsize       magic_size;
} simple[] = {
  { "squashfs", "SquashFS", "hsqs", 4 },
  { "ubi", "UBI", "UBI#", 4 },
  { "sparse", "Android sparse image", "\x3a\xff\x26\xed", 4 },
  { "gzip", "gzip", "\x1f\x8b\x08", 3 },
  { "xz", "xz", "\xfd" "7zXZ", 5 },
  { "zstd", "Zstandard", "\x28\xb5\x2f\xfd", 4 },
  { "lz4", "LZ4", "\x04\x22\x4d\x18", 4 },
  { "zip", "ZIP", "PK\003\004", 4 },
  { "rauc", "RAUC bundle", "rauc", 4 },
  { "pe", "EFI program (PE)", "MZ", 2 },
};

/**
 * imp_firmware_format_detect:
 * @head: the first bytes of a file
 * @size: how many there are; 600 are enough
 * @title: (out): what it is, for people
 *
 * Recognises the formats that firmware comes in.
 *
 * Returns: a proposal for the manifest’s payloadFormat: “elf”, “ihex”, “bin”…
 */
const char *
imp_firmware_format_detect (const guint8  *head,
                            gsize          size,
                            char         **title)
{
  g_autofree char *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (structured); i++)
    {
      g_clear_pointer (&found, g_free);
      if (structured[i].detect (head, size, &found))
        {
          *title = g_steal_pointer (&found);
          return structured[i].id;
        }
    }

  for (guint i = 0; i < G_N_ELEMENTS (simple); i++)
    {
      if (size >= simple[i].magic_size && memcmp (head, simple[i].magic, simple[i].magic_size) == 0)
        {
          *title = g_strdup (simple[i].title);
          return simple[i].id;
        }
    }

  *title = g_strdup (size == 0 ? _("Empty file") : _("Raw binary"));
  return "bin";
}

static gboolean
is_version_char (guint8 c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '-' || c == '_' || c == '+';
}

/**
 * imp_firmware_version_in_head:
 * @head: the first bytes of a file
 * @size: how many there are
 *
 * Reads the version from the formats that have a field for it.
 *
 * Returns: (nullable): a version
 */
char *
imp_firmware_version_in_head (const guint8 *head,
                              gsize         size)
{
  if (size >= ESP_VERSION_OFFSET + ESP_VERSION_SIZE && head[0] == 0xE9 &&
      read_le32 (head + ESP_DESCRIPTION_OFFSET) == ESP_DESCRIPTION_MAGIC)
    {
      const guint8 *version = head + ESP_VERSION_OFFSET;
      gsize length = 0;

      while (length < ESP_VERSION_SIZE && is_version_char (version[length]))
        length++;
      return length > 0 ? g_strndup ((const char *) version, length) : NULL;
    }

  if (size >= MCUBOOT_HEADER_SIZE && read_le32 (head) == MCUBOOT_MAGIC)
    {
      const guint8 *version = head + MCUBOOT_VERSION_OFFSET;

      return g_strdup_printf ("%u.%u.%u", version[0], version[1], read_le16 (version + 2));
    }

  return NULL;
}
