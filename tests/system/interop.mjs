// SPDX-FileCopyrightText: 2026 The Imprimatur authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Speaks to our agents as the reference implementation's programs do, with its libraries: canonical
// JSON by json-stringify-deterministic, signatures by Node's crypto, uploads by FormData. Run with
// the paths of imprimaturd and of write-signed-update; the library is looked for in
// $IMP_NODE_MODULES.

import { execFileSync, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const [daemonPath, signerPath] = process.argv.slice(2);
let failures = 0;
let count = 0;

function loadStringify() {
  const folder = process.env.IMP_NODE_MODULES;
  try {
    return createRequire(path.join(folder, 'x.js'))('json-stringify-deterministic');
  } catch {
    console.log('1..0 # SKIP json-stringify-deterministic is not in ' +
                `${folder}: ./dev test fetches it`);
    process.exit(0);
  }
}

const stringify = loadStringify();

async function check(name, func) {
  count += 1;
  try {
    await func();
    console.log(`ok ${count} ${name}`);
  } catch (error) {
    failures += 1;
    console.log(`not ok ${count} ${name}\n# ${String(error.stack).replaceAll('\n', '\n# ')}`);
  }
}

function equal(actual, expected, what) {
  if (actual !== expected)
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

const sha384 = (data) => crypto.createHash('sha384').update(data).digest('hex');

// What the reference does: the hexadecimal digest, under PKCS#1 padding, without a DigestInfo.
const sign = (privateKey, digest) =>
  crypto.privateEncrypt(privateKey, Buffer.from(digest)).toString('base64');

function makeKeys(type) {
  return crypto.generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type, format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
}

function makeUpdate(keys, payloadDigest, size, fields) {
  const manifest = {
    versionID: 'V_1',
    monotonicSequenceNumber: Date.now(),
    vendorID: 'Vendor_1',
    classID: 'Class_1',
    payloadFormat: 'bin',
    payloadProcessing: '',
    storageLocation: './updates',
    payloadIndicator: '',
    size,
    aditionalInstructions: 'ünïcode “quotes” \u2028',
    dependencies: [],
    encryptionWrapper: '',
    ...fields,
    payloadDigest,
  };
  manifest.manifestDigest = sha384(stringify(manifest));
  return {
    manifest,
    authorSign: sign(keys.privateKey, payloadDigest),
    authorManifestSign: sign(keys.privateKey, manifest.manifestDigest),
  };
}

const post = (url, body) => fetch(url, { method: 'POST', body });
const postJson = (url, value) =>
  fetch(url, {
    method: 'POST',
    body: JSON.stringify(value),
    headers: { 'Content-Type': 'application/json' },
  });

function form(parts) {
  const data = new FormData();
  for (const [name, value] of parts)
    if (value instanceof Buffer)
      data.append(name, new Blob([value]), 'firmware.bin');
    else
      data.append(name, value);
  return data;
}

async function registerAuthor(url, keys, message) {
  return postJson(`${url}/register/author`, {
    publicKey: keys.publicKey,
    message,
    signedMessage: sign(keys.privateKey, sha384(message)),
  });
}

async function retrieve(agents, keys, classID, update, payload) {
  const id = { publicKey: keys.publicKey, classID };

  const version = await postJson(`${agents.retrieval}/retrieve/version`, id);
  equal(version.status, 201, 'status of /retrieve/version');
  equal(await version.json(), update.manifest.versionID, 'version');

  const answer = await postJson(`${agents.retrieval}/retrieve/update`, id);
  equal(answer.status, 200, 'status of /retrieve/update');
  const found = await answer.json();
  equal(stringify(found.manifest), stringify(update.manifest), 'manifest');
  equal(found.authorSign, update.authorSign, 'authorSign');
  equal(found.authorManifestSign, update.authorManifestSign, 'authorManifestSign');

  const bytes = await postJson(`${agents.retrieval}/retrieve/payload`, id);
  equal(bytes.status, 200, 'status of /retrieve/payload');
  equal(bytes.headers.get('content-type'), 'application/octet-stream', 'type of the payload');
  equal(Buffer.from(await bytes.arrayBuffer()).equals(payload), true, 'payload');

  const verdict = await post(`${agents.verification}/verify`, form([
    ['update', JSON.stringify(update)], ['payload', payload], ['deviceID', JSON.stringify(id)],
  ]));
  equal(verdict.status, 200, 'status of /verify');

  const spoiled = Buffer.from(payload);
  spoiled[0] ^= 1;
  const refusal = await post(`${agents.verification}/verify`, form([
    ['payload', spoiled], ['deviceID', JSON.stringify(id)], ['update', JSON.stringify(update)],
  ]));
  equal(refusal.status, 403, 'status of /verify for other bytes');
  equal(await refusal.json(), 'ERR_PAYLOAD_NOT_VERIFIABLE', 'reply of /verify for other bytes');
}

async function runAll(agents) {
  const file = crypto.randomBytes(300 * 1024 + 1);
  const text = 'a payload that is a string, with “ünïcode”';

  for (const type of ['spki', 'pkcs1']) {
    const keys = makeKeys(type);

    await check(`${type}: an author is registered`, async () => {
      const reply = await registerAuthor(agents.author, keys, `register ${type}`);
      equal(reply.status, 201, 'status');
    });

    await check(`${type}: the same petition again is refused`, async () => {
      const reply = await registerAuthor(agents.author, keys, `register ${type}`);
      equal(reply.status, 403, 'status');
      equal(await reply.json(), 'ERR_PETITION_REPLAYED', 'reply');
    });

    await check(`${type}: a file, signed by its base64 text as the reference does`, async () => {
      const digest = sha384(file.toString('base64'));
      const update = makeUpdate(keys, digest, file.length, { classID: 'Class_file' });
      const reply = await post(`${agents.author}/register`, form([
        ['publicKey', keys.publicKey], ['update', JSON.stringify(update)], ['payload', file],
      ]));
      equal(reply.status, 201, `status (${await reply.clone().text()})`);
      await retrieve(agents, keys, 'Class_file', update, file);
    });

    const orders = [
      ['payload', 'update', 'publicKey'],
      ['update', 'payload', 'publicKey'],
      ['payload', 'publicKey', 'update'],
    ];
    for (const [i, order] of orders.entries())
      await check(`${type}: a file, parts in the order ${order.join(', ')}`, async () => {
        const update = makeUpdate(keys, sha384(file), file.length,
                                  { classID: 'Class_order', versionID: `V_${9 + i}` });
        const parts = { publicKey: keys.publicKey, update: JSON.stringify(update), payload: file };
        const reply = await post(`${agents.author}/register`, form(order.map((n) => [n, parts[n]])));
        equal(reply.status, 201, `status (${await reply.clone().text()})`);
        await retrieve(agents, keys, 'Class_order', update, file);
      });

    await check(`${type}: a string in JSON`, async () => {
      const update = makeUpdate(keys, sha384(text), Buffer.byteLength(text), { classID: 'Class_text' });
      const reply = await postJson(`${agents.author}/register`, {
        publicKey: keys.publicKey, update: { ...update, payload: text },
      });
      equal(reply.status, 201, `status (${await reply.clone().text()})`);
      await retrieve(agents, keys, 'Class_text', update, Buffer.from(text));
    });

    await check(`${type}: at the register agent, with the token`, async () => {
      const registered = await registerAuthor(agents.register, keys, `token ${type}`);
      equal(registered.status, 201, 'status of /register/author');
      const authorKey = await registered.json();
      equal(authorKey.split('.').length, 3, 'parts of the token');

      const update = makeUpdate(keys, sha384(text), Buffer.byteLength(text), { classID: 'Class_token' });
      const reply = await postJson(`${agents.register}/register`, { authorKey, ...update, payload: text });
      equal(reply.status, 201, `status (${await reply.clone().text()})`);
      await retrieve(agents, keys, 'Class_token', update, Buffer.from(text));

      const next = makeUpdate(keys, sha384(file), file.length, { classID: 'Class_token', versionID: 'V_2' });
      const second = await post(`${agents.register}/register`, form([
        ['payload', file], ['authorManifestSign', next.authorManifestSign], ['authorKey', authorKey],
        ['manifest', JSON.stringify(next.manifest)], ['authorSign', next.authorSign],
      ]));
      equal(second.status, 201, `status of the second (${await second.clone().text()})`);
      await retrieve(agents, keys, 'Class_token', next, file);
    });

    await check(`${type}: an old version is refused`, async () => {
      const update = makeUpdate(keys, sha384(text), Buffer.byteLength(text),
                                { classID: 'Class_order', versionID: 'V_2' });
      const reply = await postJson(`${agents.author}/register`,
                                   { publicKey: keys.publicKey, update: { ...update, payload: text } });
      equal(reply.status, 403, 'status');
      equal(await reply.json(), 'ERR_VERSION_NOT_NEWER', 'reply');
    });
  }

  await check('what our side signed verifies here', async () => {
    const vectors = JSON.parse(execFileSync(signerPath));
    const decrypt = (signature) =>
      crypto.publicDecrypt(vectors.publicKey, Buffer.from(signature, 'base64')).toString();
    const { manifestDigest, ...rest } = vectors.update.manifest;

    equal(sha384(stringify(rest)), manifestDigest, 'manifestDigest');
    equal(decrypt(vectors.update.authorManifestSign), manifestDigest, 'authorManifestSign');
    equal(decrypt(vectors.update.authorSign), vectors.update.manifest.payloadDigest, 'authorSign');
  });

  await check('private keys are not taken', async () => {
    const reply = await postJson(`${agents.author}/sign`, { privateKey: 'x', data: 'y' });
    equal(reply.status, 410, 'status');
  });
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'imprimatur-interop-'));
const daemon = spawn(daemonPath, ['--embedded', '--data-dir', path.join(folder, 'data')],
                     { stdio: ['pipe', 'pipe', 'inherit'] });
const ended = new Promise((resolve) => daemon.once('exit', resolve));
const line = await Promise.race([
  new Promise((resolve) => daemon.stdout.once('data', (data) => resolve(data.toString()))),
  ended.then(() => null),
]);

try {
  if (line === null)
    throw new Error('imprimaturd did not start');
  await runAll(JSON.parse(line));
} finally {
  daemon.stdin.end();
  await ended;
  fs.rmSync(folder, { recursive: true, force: true });
}

console.log(`1..${count}`);
process.exit(failures === 0 ? 0 : 1);
