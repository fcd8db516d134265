import { expect, it } from 'vitest';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { noLimits } from '../../../shared/contract/limits.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { keyWish } from '../../support/open-access-world.ts';
import { noSensor, openServerControl } from '../../support/open-server-control.ts';
import { thrownBy } from '../../support/thrown-by.ts';

it('serves the bundled model when none is named, and stops without a replica left', async () => {
  await using opened = await openServerControl();
  const started = await opened.clock.runUntil(opened.start());

  expect(started).toMatchObject({ type: 'on', modelId: 'bundled' });
  expect((await opened.control.stop(hostActor)).type).toBe('off');
  expect(opened.engines.openCount()).toBe(0);
  expect(opened.types).toEqual(['starting', 'starting', 'on', 'off']);
});

it('lets the later of two starts win, and the earlier one know', async () => {
  await using opened = await openServerControl();
  const first = thrownBy(() => opened.start('first'));
  await opened.loading();
  const second = opened.start('second');

  expect((await first).code).toBe('app.cancelled');
  expect(await opened.clock.runUntil(second)).toMatchObject({ type: 'on', modelId: 'second' });
  expect(opened.control.status()).toMatchObject({ type: 'on', modelId: 'second' });
  expect(opened.engines.openCount()).toBe(1);
});

it('stops a server that is still starting, and is off when stop says so', async () => {
  await using opened = await openServerControl();
  const start = thrownBy(() => opened.start());
  await opened.loading();

  expect((await opened.control.stop(hostActor)).type).toBe('off');
  expect((await start).code).toBe('app.cancelled');
  expect(opened.control.status().type).toBe('off');
});

it('keeps the server that runs when the next model does not exist', async () => {
  await using opened = await openServerControl();
  await opened.clock.runUntil(opened.start('good'));
  const error = await thrownBy(() => opened.start('nothing'));

  expect(error.code).toBe('models.not-found');
  expect(opened.control.status()).toMatchObject({ type: 'on', modelId: 'good' });
});

it('says why it failed, and can be started again', async () => {
  await using opened = await openServerControl();
  opened.engines.failLoad(
    'bad',
    new AppError('engine.out-of-memory', 'Needs 9 GB', { hint: 'Choose Q4_K_M.' }),
  );
  const error = thrownBy(() => opened.start('bad'));
  await opened.loading();
  await opened.clock.advance(50);

  expect((await error).code).toBe('engine.out-of-memory');
  expect(opened.control.status()).toMatchObject({
    type: 'failed',
    error: { code: 'engine.out-of-memory', hint: 'Choose Q4_K_M.' },
  });
  expect((await opened.clock.runUntil(opened.start('good'))).type).toBe('on');
});

it('turns off when its engine is unloaded from elsewhere', async () => {
  await using opened = await openServerControl();
  const started = await opened.clock.runUntil(opened.start());
  if (started.type === 'on') await opened.engines.unload(started.replicaId);
  await opened.control.stop(hostActor); // after what the unload began

  expect(opened.types.at(-2)).toBe('off');
  expect(opened.types.filter((type) => type === 'on')).toHaveLength(1);
});

it('ends a start under way when the host ends', async () => {
  const opened = await openServerControl();
  const start = thrownBy(() => opened.start());
  await opened.loading();
  await opened[Symbol.asyncDispose]();

  expect((await start).code).toBe('app.cancelled');
  expect(opened.engines.openCount()).toBe(0);
});

it('serves several models at one address, each named once, and gives every engine back', async () => {
  await using opened = await openServerControl();
  const started = await opened.clock.runUntil(opened.start('big', ['small', 'big', 'small']));
  expect(started).toMatchObject({ type: 'on', modelId: 'big' });
  expect(started.type === 'on' && started.models.map(({ modelId }) => modelId)).toEqual(['big', 'small']);
  expect(opened.engines.openCount()).toBe(2);
  const listed = await fetch(`${started.type === 'on' ? started.url : ''}/models`, {
    headers: { authorization: `Bearer ${opened.control.apiKey()}` },
  });
  const { data } = (await listed.json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toEqual(['big', 'small']);
  expect((await opened.control.stop(hostActor)).type).toBe('off');
  expect(opened.engines.openCount()).toBe(0);
});

it('loads nothing when one of the models is not there', async () => {
  await using opened = await openServerControl();
  const failure = await opened.clock.runUntil(thrownBy(() => opened.start('big', ['nothing'])));
  expect(failure.code).toBe('models.not-found');
  expect(opened.engines.openCount()).toBe(0);
});

it('gives a request its share of what the machine drew, and tells the rest as idle', async () => {
  let joules = 0;
  let isClosed = false;
  const read = () => {
    joules += 10;
    const reading = { device: 'CPU package', isGpu: false, watts: null, reason: null };
    return Promise.resolve([{ ...reading, counterJoules: joules }]);
  };
  const close = (): void => {
    isClosed = true;
  };
  await using opened = await openServerControl({ startsLate: false, read, [Symbol.dispose]: close });
  const started = await opened.clock.runUntil(opened.start());
  const asked = fetch(`${started.type === 'on' ? started.url : ''}/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${opened.control.apiKey()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'Once', max_tokens: 100, ignore_eos: true }),
  });
  let status: number | undefined;
  void asked.then((reply) => (status = reply.status));
  while (status === undefined) await opened.clock.advance(50);
  expect(status).toBe(200);
  await opened.clock.advance(2000);
  const span = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
  const [row] = opened.access.ledger.rows(hostActor, { ...span, limit: 10 });
  expect(row?.energy).toMatchObject({ devices: ['CPU package'], reason: null });
  expect(row?.energy?.joules).toBeGreaterThan(10);

  await opened.control.stop(hostActor);
  const { devices } = opened.access.ledger.hostEnergy(span);
  expect(devices[0]?.requestJoules).toBeCloseTo(row?.energy?.joules ?? NaN, 9);
  // all that was read after the first reading, down to the last one, when the server stops
  expect((devices[0]?.requestJoules ?? 0) + (devices[0]?.idleJoules ?? 0)).toBeCloseTo(joules - 10, 9);
  expect(isClosed).toBe(true);
});

it('serves although the sensors cannot be read, and says so in every row', async () => {
  await using opened = await openServerControl({
    ...noSensor,
    read: () => Promise.reject(new AppError('files.not-allowed')),
  });
  const started = await opened.clock.runUntil(opened.start());
  await fetch(`${started.type === 'on' ? started.url : ''}/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${opened.control.apiKey()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 7 }),
  });
  const [row] = opened.access.ledger.rows(hostActor, { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 1 });
  expect(row?.energy).toEqual({ joules: null, devices: [], reason: 'no sensor could be read' });
});

it('refuses the keys of a suspended tenant over the wire with the reason, and no others, until it is resumed', async () => {
  await using opened = await openServerControl();
  const { tenants, standings, keys } = opened.access;
  tenants.create(hostActor, { id: 'research', name: 'Research', limits: noLimits });
  const { secret } = keys.create(hostActor, keyWish({ tenantId: 'research' }));
  const { secret: other } = keys.create(hostActor, keyWish());
  const started = await opened.clock.runUntil(opened.start());
  if (started.type !== 'on') throw new TypeError('it did not start');
  const answerTo = async (key: string) => {
    const reply = await fetch(`${started.url}/models`, { headers: { authorization: `Bearer ${key}` } });
    const body = (await reply.json()) as { error?: { code: string; message: string } };
    return [reply.status, body.error?.code, body.error?.message.includes('unpaid invoice')];
  };
  expect(await answerTo(secret)).toEqual([200, undefined, undefined]);
  standings.suspend(hostActor, 'research', 'unpaid invoice');
  expect(await answerTo(secret)).toEqual([403, 'tenant_suspended', true]);
  expect((await answerTo(other))[0]).toBe(200);
  standings.resume(hostActor, 'research');
  expect((await answerTo(secret))[0]).toBe(200);
  standings.remove(hostActor, 'research');
  expect((await answerTo(secret)).slice(0, 2)).toEqual([401, 'invalid_api_key']);
});
