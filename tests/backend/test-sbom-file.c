/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "backend-fixture.h"
#include "imp-sbom.h"

typedef struct
{
  const char *name;
  const char *text;
  const char *format;     /* NULL where it is refused */
  const char *complaint;
} Case;

static const Case cases[] = {
  { "spdx", "{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[]}", "SPDX-2.3" },
  { "spdx-3", "{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\"}", "SPDX-3.0.1" },
  { "cyclonedx", "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\"}", "CycloneDX-1.5" },
  { "tag-value", "SPDXVersion: SPDX-2.2\nDataLicense: CC0-1.0\n", "SPDX-2.2" },
  { "tag-value-alone", "SPDXVersion:SPDX-2.2", "SPDX-2.2" },
  { "empty", "", NULL, "is empty" },
  { "binary", "\177ELF\377\376", NULL, "not UTF-8" },
  { "not-json", "<bom/>", NULL, "neither SPDX nor CycloneDX" },
  { "other-json", "{\"name\":\"package.json\"}", NULL, "no “spdxVersion”" },
  { "array", "[1]", NULL, "no “spdxVersion”" },
  { "cyclonedx-without-version", "{\"bomFormat\":\"CycloneDX\"}", NULL, "neither" },
  { "version-number", "{\"spdxVersion\":2.3}", NULL, "neither" },
  { "deep", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", NULL, "neither" },
};

static char *home;

static ImpSbom *
read_sbom (const char  *path,
           GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  TEST_RESULT (result);

  imp_sbom_read_async (file, NULL, test_keep_result, &result);
  return imp_sbom_read_finish (test_wait (&result), error);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *path = g_build_filename (home, test->name, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpSbom) sbom = NULL;

  g_assert_true (g_file_set_contents (path, test->text, -1, NULL));
  sbom = read_sbom (path, &error);
  if (test->format == NULL)
    {
      g_assert_null (sbom);
      g_assert_nonnull (strstr (error->message, test->complaint));
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpstr (sbom->format, ==, test->format);
  g_assert_cmpstr (sbom->name, ==, test->name);
  g_assert_cmpuint (g_bytes_get_size (sbom->bytes), ==, strlen (test->text));
}

static void
test_too_large (void)
{
  g_autofree char *path = g_build_filename (home, "large", NULL);
  g_autofree char *text = g_strnfill (IMP_SBOM_MAX_SIZE + 1, ' ');
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_null (read_sbom (path, &error));
  g_assert_nonnull (strstr (error->message, "larger than"));
}

static void
test_no_file (void)
{
  g_autofree char *missing = g_build_filename (home, "missing", NULL);
  g_autoptr(GError) folder_error = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (read_sbom (home, &folder_error));
  g_assert_error (folder_error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_null (read_sbom (missing, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  home = test_make_home ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/sbom/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/sbom/too-large", test_too_large);
  g_test_add_func ("/sbom/no-file", test_no_file);

  status = g_test_run ();
  test_remove_home (home);
  return status;
}
