/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend-fixture.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-file-info.h"
#include "imp-firmware-format.h"
#include "imp-version-search.h"

static char *home;

static ImpFileInfo *
look (const char             *path,
      GCancellable           *cancellable,
      GFileProgressCallback   progress,
      gpointer                data,
      GError                **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  TEST_RESULT (result);

  imp_file_info_async (file, cancellable, progress, data, test_keep_result, &result);
  return imp_file_info_finish (test_wait (&result), error);
}

static void
progress_cb (goffset  done,
             goffset  total,
             gpointer user_data)
{
  goffset *last = user_data;

  g_assert_cmpint (done, >, *last);
  g_assert_cmpint (done, <=, total);
  *last = done;
}

static void
test_reads (gconstpointer data)
{
  gsize size = GPOINTER_TO_SIZE (data);
  g_autofree char *path = test_write_pattern (home, "firmware.bin", size);
  g_autofree char *bytes = NULL;
  g_autofree char *digest = NULL;
  g_autoptr(ImpFileInfo) info = NULL;
  g_autoptr(GError) error = NULL;
  goffset done = 0;

  info = look (path, NULL, progress_cb, &done, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &bytes, NULL, &error);
  g_assert_no_error (error);
  digest = imp_digest_hex (IMP_DIGEST_SHA384, bytes, size);

  g_assert_cmpuint (info->size, ==, size);
  g_assert_cmpstr (info->sha384, ==, digest);
  g_assert_cmpstr (info->format_id, ==, "bin");
  g_assert_cmpint (done, ==, size);
}

static void
test_finds_version (void)
{
  g_autofree char *data = g_malloc0 (3 * 1024 * 1024);
  g_autofree char *path = NULL;
  g_autoptr(ImpFileInfo) info = NULL;
  g_autoptr(GError) error = NULL;

  /* Across the seam of two blocks, and after a lesser one. */
  strcpy (data + 100, "gcc version 12.2.0");
  strcpy (data + 1024 * 1024 - 5, "U-Boot 2023.01+dfsg-2 (Jan 01 2023)");
  path = test_write_file (home, "u-boot.bin", data, 3 * 1024 * 1024);
  info = look (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (info->version, ==, "2023.01+dfsg-2");
}

static void
test_missing (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (look ("/nonexistent/firmware.bin", NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_dangling_link (void)
{
  g_autofree char *path = g_build_filename (home, "link", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (symlink ("/nonexistent/firmware.bin", path), ==, 0);
  g_assert_null (look (path, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "links to a file"));
}

static void
test_folder (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (look (home, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

static void
test_empty (void)
{
  g_autofree char *path = test_write_pattern (home, "empty.bin", 0);
  g_autoptr(GError) error = NULL;

  g_assert_null (look (path, NULL, NULL, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "“empty.bin” is empty"));
}

static void
test_pipe (void)
{
  g_autofree char *path = g_build_filename (home, "pipe", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (look (path, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
}

static void
test_unreadable (void)
{
  g_autofree char *path = test_write_pattern (home, "unreadable", 10);
  g_autoptr(GError) error = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root reads everything");
      return;
    }

  g_chmod (path, 0);
  g_assert_null (look (path, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

/* Writes to the file as soon as its reading shows; the reader is far from its end then. */
typedef struct
{
  const char *path;
  gboolean    append;
  gboolean    done;
} Meddler;

static void
meddle_cb (goffset  done,
           goffset  total,
           gpointer user_data)
{
  Meddler *meddler = user_data;
  int fd;

  if (meddler->done)
    return;

  fd = g_open (meddler->path, O_WRONLY | (meddler->append ? O_APPEND : 0));
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, "x", 1), ==, 1);
  close (fd);
  meddler->done = TRUE;
}

static void
test_changes (gconstpointer data)
{
  const gsize size = 96 * 1024 * 1024;
  g_autofree char *path = g_build_filename (home, "changing.bin", NULL);
  Meddler meddler = { path, GPOINTER_TO_INT (data), FALSE };
  g_autoptr(GError) error = NULL;
  int fd = g_creat (path, 0600);

  /* Sparse: it costs no disk, and long enough to read. */
  g_assert_cmpint (ftruncate (fd, size), ==, 0);
  close (fd);

  g_assert_null (look (path, NULL, meddle_cb, &meddler, &error));
  g_assert_true (meddler.done);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_unlink (path);
}

static void
cancel_cb (goffset  done,
           goffset  total,
           gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancels (void)
{
  g_autofree char *path = g_build_filename (home, "long.bin", NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  int fd = g_creat (path, 0600);

  g_assert_cmpint (ftruncate (fd, (off_t) 64 * 1024 * 1024 * 1024), ==, 0);
  close (fd);
  g_assert_null (look (path, cancellable, cancel_cb, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_unlink (path);
}

typedef struct
{
  const char *name;
  const char *bytes;
  gsize       size;
  const char *id;
  const char *title;
} Sample;

#define SAMPLE(name, bytes, id, title) { name, bytes, sizeof (bytes) - 1, id, title }
#define ZEROS8 "\0\0\0\0\0\0\0\0"
#define ZEROS32 ZEROS8 ZEROS8 ZEROS8 ZEROS8

static const Sample samples[] = {
  SAMPLE ("elf-riscv", "\177ELF\2\1\1\0" ZEROS8 "\2\0\xf3\0", "elf", "ELF, RISC-V"),
  SAMPLE ("elf-mips-big", "\177ELF\1\2\1\0" ZEROS8 "\0\2\0\x08", "elf", "ELF, MIPS"),
  SAMPLE ("elf-unknown", "\177ELF\1\1\1\0" ZEROS8 "\2\0\xfe\xca", "elf", "ELF, machine 51966"),
  SAMPLE ("elf-cut", "\177ELF\2\1\1", "bin", "Raw binary"),
  SAMPLE ("ihex", ":0400000001020304F2\r\n:00000001FF\r\n", "ihex", "Intel HEX"),
  SAMPLE ("ihex-end", ":00000001FF\n", "ihex", "Intel HEX"),
  SAMPLE ("ihex-checksum", ":0400000001020304F3\r\n", "bin", "Raw binary"),
  SAMPLE ("ihex-cut", ":10000000010203", "bin", "Raw binary"),
  SAMPLE ("ihex-not-hex", ":04000000ZZ020304F2", "bin", "Raw binary"),
  SAMPLE ("srec", "S00600004844521B\r\n", "srec", "Motorola S-record"),
  SAMPLE ("srec-checksum", "S00600004844521C\r\n", "bin", "Raw binary"),
  SAMPLE ("uf2", "UF2\n\x57\x51\x5d\x9e" ZEROS32, "uf2", "UF2"),
  SAMPLE ("uf2-half", "UF2\nabcd" ZEROS32, "bin", "Raw binary"),
  SAMPLE ("esp32-s3", "\xe9\x04\2\x20" ZEROS8 "\x09\0" ZEROS8 "\0\0", "esp32", "ESP32-S3 image"),
  SAMPLE ("esp32-no-segments", "\xe9\0\2\x20" ZEROS8 "\x09\0" ZEROS8 "\0\0", "bin", "Raw binary"),
  SAMPLE ("uimage", "\x27\x05\x19\x56" ZEROS8 ZEROS8 ZEROS8 "\5\2\2\0" ZEROS32, "uimage",
          "U-Boot uImage, ARM"),
  SAMPLE ("mcuboot", "\x3d\xb8\xf3\x96" ZEROS32, "mcuboot", "MCUboot image"),
  SAMPLE ("fit", "\xd0\x0d\xfe\xed" ZEROS32 ZEROS8, "fit",
          "Device tree or flattened image tree (FIT)"),
  SAMPLE ("uefi", ZEROS32 ZEROS8 "_FVH", "uefi", "UEFI firmware volume"),
  SAMPLE ("squashfs", "hsqs1234", "squashfs", "SquashFS"),
  SAMPLE ("gzip", "\x1f\x8b\x08\0", "gzip", "gzip"),
  SAMPLE ("xz", "\xfd" "7zXZ\0", "xz", "xz"),
  SAMPLE ("zip", "PK\3\4", "zip", "ZIP"),
  SAMPLE ("empty", "", "bin", "Empty file"),
  SAMPLE ("text", "hello", "bin", "Raw binary"),
};

static void
test_detects (gconstpointer data)
{
  const Sample *sample = data;
  g_autofree char *title = NULL;
  const char *id;

  /* In memory of exactly its length, so that a reading beyond it would show. */
  g_autofree guint8 *copy = g_memdup2 (sample->bytes, sample->size);

  id = imp_firmware_format_detect (copy, sample->size, &title);
  g_assert_cmpstr (id, ==, sample->id);
  g_assert_cmpstr (title, ==, sample->title);
}

/* No beginning of any sample is read beyond its end. */
static void
test_detects_prefixes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      for (gsize size = 0; size < samples[i].size; size++)
        {
          g_autofree guint8 *copy = g_memdup2 (samples[i].bytes, size);
          g_autofree char *title = NULL;
          g_autofree char *version = imp_firmware_version_in_head (copy, size);

          g_assert_nonnull (imp_firmware_format_detect (copy, size, &title));
        }
    }
}

static void
test_head_version (void)
{
  static const char mcuboot[] = "\x3d\xb8\xf3\x96" ZEROS8 ZEROS8 "\1\2\x2c\1" ZEROS8;
  g_autofree guint8 *esp = g_malloc0 (288);
  g_autofree char *from_mcuboot = NULL;
  g_autofree char *from_esp = NULL;

  from_mcuboot = imp_firmware_version_in_head ((const guint8 *) mcuboot, sizeof mcuboot - 1);
  g_assert_cmpstr (from_mcuboot, ==, "1.2.300");

  memcpy (esp, "\xe9\4", 2);
  memcpy (esp + 32, "\x32\x54\xcd\xab", 4);
  memcpy (esp + 48, "v4.4.1-dirty", 12);
  from_esp = imp_firmware_version_in_head (esp, 288);
  g_assert_cmpstr (from_esp, ==, "v4.4.1-dirty");
}

typedef struct
{
  const char *text;
  const char *version;
} Phrase;

static const Phrase phrases[] = {
  { "OpenSBI v1.2", "1.2" },
  { "SeaBIOS (version 1.16.2-debian-1.16.2-1)", "1.16.2-debian-1.16.2-1" },
  { "Linux version 6.1.0-13-riscv64 (debian…)", "6.1.0-13-riscv64" },
  { "FW_VERSION=2.0.0-rc.1.", "2.0.0-rc.1" },
  { "Version V_1.10", "V_1.10" },
  { "version of this", NULL },
  { "version 2", NULL },
  { "version 2.", NULL },
  { "version", NULL },
  { "version version 1.5", "1.5" },
  { "Linux version 6.1 U-Boot 2023.01", "2023.01" },
};

static void
test_searches (gconstpointer data)
{
  const Phrase *phrase = data;
  gsize length = strlen (phrase->text);

  for (gsize cut = 0; cut <= length; cut++)
    {
      ImpVersionSearch *search = imp_version_search_new ();
      g_autofree char *found = NULL;

      if (cut > 0)
        imp_version_search_feed (search, (const guint8 *) phrase->text, cut);
      if (cut < length)
        imp_version_search_feed (search, (const guint8 *) phrase->text + cut, length - cut);
      found = imp_version_search_end (search);

      /* A phrase that is cut inside its version may be read as a shorter one, never as another. */
      if (phrase->version == NULL)
        g_assert_null (found);
      else
        g_assert_cmpstr (found, ==, phrase->version);
    }
}

int
main (int   argc,
      char *argv[])
{
  int status;

  home = test_make_home ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/file-info/empty", test_empty);
  g_test_add_data_func ("/file-info/reads/1", GSIZE_TO_POINTER (1), test_reads);
  g_test_add_data_func ("/file-info/reads/1M", GSIZE_TO_POINTER (1024 * 1024), test_reads);
  g_test_add_data_func ("/file-info/reads/5M+1", GSIZE_TO_POINTER (5 * 1024 * 1024 + 1), test_reads);
  g_test_add_func ("/file-info/version", test_finds_version);
  g_test_add_func ("/file-info/refuses/missing", test_missing);
  g_test_add_func ("/file-info/refuses/dangling-link", test_dangling_link);
  g_test_add_func ("/file-info/refuses/folder", test_folder);
  g_test_add_func ("/file-info/refuses/pipe", test_pipe);
  g_test_add_func ("/file-info/refuses/unreadable", test_unreadable);
  g_test_add_data_func ("/file-info/changes/appended", GINT_TO_POINTER (TRUE), test_changes);
  g_test_add_data_func ("/file-info/changes/overwritten", GINT_TO_POINTER (FALSE), test_changes);
  g_test_add_func ("/file-info/cancels", test_cancels);
  g_test_add_func ("/file-info/prefixes", test_detects_prefixes);
  g_test_add_func ("/file-info/head-version", test_head_version);
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autofree char *path = g_strconcat ("/file-info/format/", samples[i].name, NULL);

      g_test_add_data_func (path, &samples[i], test_detects);
    }
  for (guint i = 0; i < G_N_ELEMENTS (phrases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/file-info/phrase/%u", i);

      g_test_add_data_func (path, &phrases[i], test_searches);
    }

  status = g_test_run ();
  test_remove_home (home);
  return status;
}
