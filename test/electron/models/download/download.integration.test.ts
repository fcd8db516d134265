import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodeClock } from '../../../../electron/platform/node/clock.ts';
import { createNodeHttp } from '../../../../electron/platform/node/http.ts';
import { discardPull, pullModel, type PullProgress } from '../../../../electron/models/download.ts';
import { listPartialDownloads } from '../../../../electron/models/download-part.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createFakeFiles, type FakeFiles } from '../../../support/fake-files.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { ggufBytes } from '../../../support/gguf-bytes.ts';
import { createModelServer, type ModelServer } from '../../../support/model-server.ts';

const model = ggufBytes(300_000);
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const target = '/data/models/tiny.gguf';
const quick = { idleTimeoutMs: 5_000, maxFruitless: 3, backoffMs: 1, maxBackoffMs: 2 };

let server: ModelServer;
let files: FakeFiles;
let reports: PullProgress[];

beforeEach(async () => {
  server = await createModelServer(model);
  files = createFakeFiles();
  reports = [];
});
afterEach(() => server[Symbol.asyncDispose]());

interface PullOptions {
  readonly source?: string;
  readonly sha256?: string;
  readonly fileName?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly policy?: Partial<typeof quick>;
  readonly validate?: (path: string) => Promise<unknown>;
}

const pull = ({ source, sha256, fileName, env, signal, policy, validate }: PullOptions = {}) =>
  pullModel(
    {
      http: createNodeHttp(),
      files,
      clock: createNodeClock(),
      log: createFakeLog(),
      host: createFakeHost({ env: env ?? {} }),
      folders,
      validate: validate ?? (() => Promise.resolve()),
    },
    {
      source: source ?? `${server.origin}/tiny.gguf`,
      ...(sha256 !== undefined && { sha256 }),
      ...(fileName !== undefined && { fileName }),
    },
    {
      signal: signal ?? new AbortController().signal,
      onProgress: (progress) => reports.push(progress),
      policy: { ...quick, ...policy },
    },
  );

const errorOf = async (promise: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof AppError) return error;
  throw new Error('The download should have failed with an AppError.', { cause: error });
};
const ranges = () => server.requests.map((request) => request.header('range') ?? 'whole');
const onDisk = () => Object.keys(files.texts());

test('fetches a file, reports it whole at the end, and leaves nothing beside it', async () => {
  expect(await pull({ sha256: sha256Of(model) })).toEqual({ path: target });
  expect(sha256Of(files.bytes(target))).toBe(sha256Of(model));
  expect(onDisk()).toEqual([target]);
  expect(reports.at(-1)).toMatchObject({ fraction: 1, receivedBytes: 300_000, totalBytes: 300_000 });
});

test('goes on when the connection broke within the first four bytes, which name the format', async () => {
  server.plan({ type: 'break', afterBytes: 1 }, { type: 'break', afterBytes: 2 });

  expect(await pull({ sha256: sha256Of(model) })).toEqual({ path: target });
  expect(ranges()).toEqual(['whole', 'bytes=1-', 'bytes=3-']);
});

test('goes on from the last byte each time the connection breaks', async () => {
  server.plan({ type: 'break', afterBytes: 100_000 }, { type: 'break', afterBytes: 50_000 });
  await pull();
  expect(sha256Of(files.bytes(target))).toBe(sha256Of(model));
  expect(ranges()[0]).toBe('whole');
  expect(
    ranges()
      .slice(1)
      .every((range) => /^bytes=[1-9]\d*-$/.test(range)),
  ).toBe(true);
  expect(server.requests.at(-1)?.header('if-range')).toBe('"v1"');
});

test('gives up after attempts without a byte, keeps the part, and a later pull goes on with it', async () => {
  const broken = { type: 'status', status: 503 } as const;
  server.plan({ type: 'break', afterBytes: 120_000 }, broken, broken, broken);
  const error = await errorOf(pull());
  expect([error.code, error.hint]).toEqual([
    'models.download-failed',
    'What has arrived is kept: pull again to go on from there.',
  ]);
  const [part] = await listPartialDownloads(files, '/data/models');
  expect(part).toMatchObject({ source: `${server.origin}/tiny.gguf`, target, totalBytes: 300_000 });

  await pull();
  expect(ranges().at(-1)).toBe(`bytes=${part?.receivedBytes ?? 'none'}-`);
  expect(sha256Of(files.bytes(target))).toBe(sha256Of(model));
  expect(onDisk()).toEqual([target]);
});

test('starts over when the server ignores the range', async () => {
  server.plan({ type: 'break', afterBytes: 100_000 }, { type: 'ignore-range' });
  await pull();
  expect(sha256Of(files.bytes(target))).toBe(sha256Of(model));
});

test('starts over when the file on the server has changed', async () => {
  server.plan({ type: 'break', afterBytes: 100_000 }, { type: 'status', status: 503 });
  await errorOf(pull({ policy: { maxFruitless: 1 } }));
  const other = ggufBytes(250_000, 7);
  server.replaceFile(other);
  await pull();
  expect(sha256Of(files.bytes(target))).toBe(sha256Of(other));
});

test('starts over when a changed file hides behind a weak tag', async () => {
  await using weak = await createModelServer(model, { etag: 'weak' });
  weak.plan({ type: 'break', afterBytes: 100_000 });
  await errorOf(pull({ source: `${weak.origin}/tiny.gguf`, policy: { maxFruitless: 1 } }));
  const other = ggufBytes(300_000, 7);
  weak.replaceFile(other);
  await pull({ source: `${weak.origin}/tiny.gguf` });
  expect(sha256Of(files.bytes(target))).toBe(sha256Of(other));
});

test('never resumes when neither server nor checksum can tell that the file is the same', async () => {
  await using bare = await createModelServer(model, { etag: 'none' });
  bare.plan({ type: 'break', afterBytes: 100_000 });
  await pull({ source: `${bare.origin}/tiny.gguf` });
  expect(bare.requests.map((request) => request.header('range'))).toEqual([undefined, undefined]);
  expect(sha256Of(files.bytes(target))).toBe(sha256Of(model));
});

test('starts over when a range is answered by another one, but not for ever', async () => {
  const wrongTurn = [{ type: 'break', afterBytes: 100_000 }, { type: 'wrong-range' }] as const;
  server.plan(...wrongTurn);
  await pull();
  expect(sha256Of(files.bytes(target))).toBe(sha256Of(model));

  await files.remove(target);
  server.plan(...wrongTurn, ...wrongTurn, ...wrongTurn);
  const error = await errorOf(pull());
  expect(error.message).toBe('Gave up on tiny.gguf: the server sent another range than asked.');
});

test('treats silence as a broken connection', async () => {
  server.plan({ type: 'stall', afterBytes: 100_000 });
  await pull({ policy: { idleTimeoutMs: 40 } });
  expect(sha256Of(files.bytes(target))).toBe(sha256Of(model));
  expect(ranges()).toHaveLength(2);
});

test('does not take a body for whole that is shorter than announced', async () => {
  server.plan({ type: 'announce', totalBytes: 400_000 });
  const error = await errorOf(pull({ policy: { maxFruitless: 1 } }));
  expect(error.code).toBe('models.download-failed');
  expect(files.texts()[target]).toBeUndefined();
});

test('stops a body without a length that is longer than the hub lists', async () => {
  server.route('/api/models/owner/repo/revision/main', repository(lfs('a.gguf', model)));
  server.plan({ type: 'overflow', extraBytes: 10 });
  const error = await errorOf(pull({ source: 'owner/repo', env: { HF_ENDPOINT: server.origin } }));
  expect(error.message).toBe('The server sends more than the 300000 bytes it announced.');
});

test('fetches a body without a length, with progress but without a fraction', async () => {
  server.plan({ type: 'overflow', extraBytes: 0 });
  await pull();
  expect(sha256Of(files.bytes(target))).toBe(sha256Of(model));
  expect(reports.at(-1)).toMatchObject({
    fraction: null,
    etaMs: null,
    receivedBytes: 300_000,
    totalBytes: null,
  });
});

test('asks again after a passing refusal', async () => {
  server.plan(
    { type: 'status', status: 429, headers: { 'retry-after': '0' } },
    { type: 'status', status: 500 },
  );
  await pull();
  expect(server.requests).toHaveLength(3);
});

test.each([
  [401, 'models.download-failed', 'The server wants a login, which Dyno cannot give for this address.'],
  [403, 'models.download-failed', 'The server wants a login, which Dyno cannot give for this address.'],
  [404, 'models.not-found', 'Check the spelling of the address.'],
] as const)('does not repeat what HTTP %i refuses', async (status, code, hint) => {
  server.plan({ type: 'status', status });
  const error = await errorOf(pull());
  expect([error.code, error.hint, server.requests.length]).toEqual([code, hint, 1]);
});

test('refuses a web page and a file that is no GGUF after the first bytes', async () => {
  server.plan({ type: 'html' });
  expect((await errorOf(pull())).message).toContain('a web page, not a model file');
  server.replaceFile(new TextEncoder().encode('PK\u0003\u0004 some archive'));
  expect((await errorOf(pull())).code).toBe('models.not-gguf');
  expect(files.texts()[target]).toBeUndefined();
});

test('removes a file with another checksum', async () => {
  const error = await errorOf(pull({ sha256: 'a'.repeat(64) }));
  expect(error.code).toBe('models.checksum-mismatch');
  expect(onDisk()).toEqual([]);
});

test('starts over by itself when a resumed file has another checksum', async () => {
  server.plan({ type: 'break', afterBytes: 100_000 }, { type: 'status', status: 503 });
  const sha256 = sha256Of(model);
  await errorOf(pull({ sha256, policy: { maxFruitless: 1 } }));
  const part = files.bytes(`${target}.part`);
  files.put(`${target}.part`, Uint8Array.from(part).fill(0, 50));
  await pull({ sha256 });
  expect(sha256Of(files.bytes(target))).toBe(sha256);
});

test('refuses before the first byte when the disk is too small, naming both numbers', async () => {
  files.setFreeBytes(1_000_000);
  const error = await errorOf(pull());
  expect(error).toMatchObject({ code: 'storage.disk-full', details: { freeBytes: 1_000_000 } });
  expect(error.message).toMatch(/needs 0\.0628 GiB more, 0\.000931 GiB are free/);
  expect(files.texts()[target]).toBeUndefined();
});

test('pauses on abort and keeps the part; the same pull goes on from there', async () => {
  server.plan({ type: 'stall', afterBytes: 100_000 });
  const controller = new AbortController();
  const pulling = errorOf(pull({ signal: controller.signal }));
  await server.sent(100_000);
  await expect.poll(() => files.texts()[`${target}.part`]?.length ?? 0).toBeGreaterThan(0);
  controller.abort();
  expect((await pulling).code).toBe('app.cancelled');
  expect(onDisk()).toEqual([`${target}.part`, `${target}.part.json`]);

  await pull();
  expect(ranges()[1]).toMatch(/^bytes=[1-9]\d*-$/);
  expect(sha256Of(files.bytes(target))).toBe(sha256Of(model));
});

const folders = { data: '/data', models: '/data/models', resources: '/resources' };

test('cancelling after a pause removes the part of that source and no other', async () => {
  server.plan({ type: 'stall', afterBytes: 100_000 });
  const controller = new AbortController();
  const pulling = errorOf(pull({ signal: controller.signal }));
  await expect.poll(() => files.texts()[`${target}.part`]?.length ?? 0).toBeGreaterThan(0);
  controller.abort();
  await pulling;
  await discardPull({ files, folders }, 'owner/other:Q8_0');
  expect(onDisk()).toHaveLength(2);
  await discardPull({ files, folders }, `${server.origin}/tiny.gguf`);
  expect(onDisk()).toEqual([]);
});

test('cancelling a split model removes the parts that were finished, too', async () => {
  const names = [1, 2].map((part) => `big-0000${part}-of-00002.gguf`);
  server.route('/api/models/owner/repo/revision/main', repository(...names.map((name) => lfs(name, model))));
  server.plan({ type: 'serve' }, { type: 'break', afterBytes: 1_000 });
  const env = { HF_ENDPOINT: server.origin };
  await errorOf(pull({ source: 'owner/repo', env, policy: { maxFruitless: 1 } }));
  expect(onDisk()).toHaveLength(3);
  await discardPull({ files, folders }, 'owner/repo');
  expect(onDisk()).toEqual([]);
});

test('takes a file that is already there for done only when its checksum says so', async () => {
  files.put(target, model);
  await pull({ sha256: sha256Of(model) });
  expect(server.requests).toEqual([]);
  expect((await errorOf(pull({ sha256: 'b'.repeat(64) }))).code).toBe('models.exists');
  expect((await errorOf(pull())).code).toBe('models.exists');
});

test('gives the finished file its name only after it passed the header check', async () => {
  const seen: string[] = [];
  const error = await errorOf(
    pull({
      validate: (path) => {
        seen.push(path);
        return Promise.reject(new AppError('models.bad-header'));
      },
    }),
  );
  expect([error.code, seen, onDisk()]).toEqual(['models.bad-header', [`${target}.part`], []]);
});

const repository = (...siblings: readonly unknown[]) => ({ type: 'json', value: { siblings } }) as const;
const lfs = (name: string, bytes: Uint8Array) => ({
  rfilename: name,
  size: bytes.length,
  lfs: { sha256: sha256Of(bytes), size: bytes.length, pointerSize: 134 },
});

test('pulls a quantization of a repository with size and checksum from the hub', async () => {
  server.route(
    '/api/models/owner/repo/revision/main',
    repository(lfs('tiny-Q4_K_M.gguf', model), lfs('tiny-Q8_0.gguf', model)),
  );
  const { path } = await pull({ source: 'owner/repo:q4_k_m', env: { HF_ENDPOINT: server.origin } });
  expect(path).toBe('/data/models/tiny-Q4_K_M.gguf');
  expect(server.requests.map(({ url }) => url)).toEqual([
    '/api/models/owner/repo/revision/main?blobs=true',
    '/owner/repo/resolve/main/tiny-Q4_K_M.gguf',
  ]);
});

test('notices that the hub lists another size, or another checksum, than the mirror serves', async () => {
  const route = '/api/models/owner/repo/revision/main';
  const env = { HF_ENDPOINT: server.origin };
  server.route(
    route,
    repository({ ...lfs('a.gguf', model), lfs: { sha256: sha256Of(model), size: 5, pointerSize: 1 } }),
  );
  expect((await errorOf(pull({ source: 'owner/repo', env }))).message).toContain('the hub lists 5');
  server.route(route, repository(lfs('a.gguf', ggufBytes(300_000, 9))));
  expect((await errorOf(pull({ source: 'owner/repo', env }))).code).toBe('models.checksum-mismatch');
});

test('pulls all parts of a split model and counts them as one', async () => {
  const names = [1, 2, 3].map((part) => `big-0000${part}-of-00003.gguf`);
  server.route('/api/models/owner/repo/revision/main', repository(...names.map((name) => lfs(name, model))));
  server.plan({ type: 'serve' }, { type: 'break', afterBytes: 1_000 });
  const { path } = await pull({
    source: `hf:owner/repo/${names[1] ?? ''}`,
    env: { HF_ENDPOINT: server.origin },
  });
  expect(path).toBe('/data/models/big-00001-of-00003.gguf');
  expect(onDisk()).toEqual(names.map((name) => `/data/models/${name}`));
  expect(reports.at(-1)).toMatchObject({ fraction: 1, receivedBytes: 900_000, totalBytes: 900_000 });
});

test('sends the token to the hub, and not to the host it redirects to', async () => {
  await using storage = await createModelServer(model);
  server.route('/api/models/owner/repo/revision/main', repository(lfs('a.gguf', model)));
  server.route('/owner/repo/resolve/main/a.gguf', { type: 'redirect', to: `${storage.origin}/blob` });
  storage.plan({ type: 'break', afterBytes: 100_000 });
  await pull({ source: 'owner/repo', env: { HF_ENDPOINT: server.origin, HF_TOKEN: 'hf_secret' } });
  expect(new Set(server.requests.map((request) => request.header('authorization')))).toEqual(
    new Set(['Bearer hf_secret']),
  );
  expect(storage.requests.map((request) => request.header('authorization'))).toEqual([undefined, undefined]);
  expect(storage.requests[1]?.header('range')).toMatch(/^bytes=[1-9]/);
});

test('never sends the token to an address outside the hub', async () => {
  await pull({ env: { HF_TOKEN: 'hf_secret', HF_ENDPOINT: 'https://hub.invalid' } });
  expect(server.requests[0]?.header('authorization')).toBeUndefined();
});

test('says how to get at a repository that wants a token', async () => {
  server.route('/api/models/owner/repo/revision/main', { type: 'status', status: 401 });
  const without = await errorOf(pull({ source: 'owner/repo', env: { HF_ENDPOINT: server.origin } }));
  expect(without.hint).toBe(
    'Accept the terms of owner/repo on its web page, then set HF_TOKEN to an access token of yours.',
  );
  const env = { HF_ENDPOINT: server.origin, HF_TOKEN: 'hf_old' };
  const withToken = await errorOf(pull({ source: 'owner/repo', env }));
  expect(withToken.hint).toBe(
    'Accept the terms of owner/repo on its web page, or use a token that may read it.',
  );
});
