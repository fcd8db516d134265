import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { fromContractError } from '../../../shared/errors/from-contract.ts';
import { transports, type Transport } from '../../support/contract-transports.ts';
import { makeHome, openApp, type OpenedApp } from '../../support/open-app.ts';

const scope = new AsyncDisposableStack();
let host: OpenedApp;
beforeAll(async () => {
  const home = scope.use(await makeHome());
  host = scope.use(await openApp(home.path));
});
afterAll(() => scope.disposeAsync());

/** What a call fails with, as the command line reads it. */
const failureOf = async (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => fromContractError(error).toPayload(),
  );

describe.each(transports)('the contract over %s', (_name, open) => {
  let transport: Transport;
  beforeAll(async () => {
    transport = await open(host.app);
  });
  afterAll(() => transport[Symbol.asyncDispose]());

  it('answers a query', async () => {
    expect(await transport.client.app.info()).toEqual(host.app.info());
  });

  it('tells a failure by code, message, hint and details', async () => {
    expect(await failureOf(transport.client.models.inspect({ model: 'dyno-demo-4m-f61' }))).toEqual({
      code: 'models.not-found',
      message: 'No model is called "dyno-demo-4m-f61".',
      hint: 'Did you mean dyno-demo-4m-f16?',
      details: { near: ['dyno-demo-4m-f16'] },
    });
  });

  it('refuses an input by the name of its field', async () => {
    expect(
      await failureOf(transport.client.app.updateSettings({ serverPort: 70_000, telemetryIntervalMs: 500 })),
    ).toEqual({
      code: 'app.bad-input',
      message: 'serverPort: Too big: expected number to be <=65535',
      hint: undefined,
      details: { issues: [{ field: 'serverPort', message: 'Too big: expected number to be <=65535' }] },
    });
  });

  it('refuses a member it does not know by its name, and changes nothing', async () => {
    const misspelt = { serverPort: 9000, engine: { gpuLayers: 0, contextSise: 512 } };
    const failure = await failureOf(transport.client.app.updateSettings(misspelt));

    expect([failure?.code, failure?.message.split(', ')[0]]).toEqual([
      'app.bad-input',
      'engine.contextSise: Unknown; there are: contextSize',
    ]);
    const inside = createRouterClient(host.app.router, { context: { actor: hostActor } });
    expect((await inside.app.settings()).serverPort).not.toBe(misspelt.serverPort);
  });

  it('resumes events behind a number, first the stored ones, then the live ones', async () => {
    const { client } = transport;
    const { seq } = await client.app.lastSeq();
    await client.server.stop();
    const seqs: number[] = [];
    for await (const event of await client.app.watch({ afterSeq: seq })) {
      seqs.push(event.seq);
      if (seqs.length === 3) break;
      await client.server.stop();
    }

    expect(seqs).toEqual([seq + 1, seq + 2, seq + 3]);
  });

  it('ends what a stream holds when its reader stops reading', async () => {
    for await (const sample of await transport.client.hardware.telemetry({})) {
      expect(sample.memory.usedBytes).toBeGreaterThan(0);
      break;
    }

    expect(await host.started('telemetry').at(-1)?.exited).toBeDefined();
  });

  it('ends what a stream holds when its reader aborts while it waits', async () => {
    const abort = new AbortController();
    const reading = (async () => {
      for await (const _sample of await transport.client.hardware.telemetry({}, { signal: abort.signal }))
        abort.abort();
    })();
    await reading.catch(() => undefined); // some transports end the stream, some reject: both stop it

    expect(await host.started('telemetry').at(-1)?.exited).toBeDefined();
  });

  it('keeps a hundred calls at once apart, failures and answers', async () => {
    const { client } = transport;
    const calls = Array.from({ length: 100 }, (_, index) =>
      index % 2 === 0
        ? client.models.inspect({ model: `nothing-${index}` }).then(
            () => 'found',
            (error: unknown) => fromContractError(error).message,
          )
        : client.models.quantTypes().then((types) => String(types.length > 20)),
    );

    expect(await Promise.all(calls)).toEqual(
      Array.from({ length: 100 }, (_, index) =>
        index % 2 === 0 ? `No model is called "nothing-${index}".` : 'true',
      ),
    );
  });
});

it('goes on with the numbers of the events after a restart, and keeps those of before', async () => {
  await using home = await makeHome();
  const before = await openApp(home.path);
  await using first = await openInMemory(before);
  const { seq } = await first.client.app.lastSeq();
  await first.client.server.stop();
  await first.client.server.stop();
  await before[Symbol.asyncDispose]();

  await using after = await openApp(home.path);
  await using second = await openInMemory(after);
  await second.client.server.stop();
  const seqs: number[] = [];
  for await (const event of await second.client.app.watch({ afterSeq: seq })) {
    seqs.push(event.seq);
    if (seqs.length === 3) break;
  }

  expect(seqs).toEqual([seq + 1, seq + 2, seq + 3]);
});

it('ends every stream when the host ends', async () => {
  await using home = await makeHome();
  const ending = await openApp(home.path);
  await using memory = await openInMemory(ending);
  const events = await memory.client.app.watch({});
  const next = events[Symbol.asyncIterator]().next();
  await ending[Symbol.asyncDispose]();

  expect((await next).done).toBe(true);
});

const openInMemory = async ({ app }: OpenedApp): Promise<Transport> => {
  const [, open] = transports[0] ?? [];
  if (open === undefined) throw new TypeError('There is no transport.');
  return open(app);
};
