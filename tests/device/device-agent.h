/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "device-fixture.h"

void agent_start (Agent *agent);
void agent_stop  (Agent *agent);
