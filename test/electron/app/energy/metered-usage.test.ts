import { expect, it } from 'vitest';
import { z } from 'zod';
import { hostActor } from '../../../../electron/app/access/actor.ts';
import { openLedger } from '../../../../electron/app/access/ledger.ts';
import { createEnergyAccount } from '../../../../electron/app/energy/energy-account.ts';
import { openEnergyMeter } from '../../../../electron/app/energy/energy-meter.ts';
import type { EngineWork } from '../../../../electron/gateway/index.ts';
import { openEnergySource } from '../../../../electron/hardware/energy/energy-source.ts';
import { openStorage } from '../../../../electron/storage/index.ts';
import type { StepTotals } from '../../../../shared/contract/engine-steps.ts';
import { usageCsv } from '../../../../shared/units/usage-csv.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createFakeClock, type FakeClock } from '../../../support/fake-clock.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { createFakeProcesses } from '../../../support/fake-processes.ts';
import { recording } from '../../../support/hardware-fixtures.ts';
import { usageRow } from '../../../support/usage-row.ts';

const raplSchema = z.object({ zones: z.record(z.string(), z.record(z.string(), z.string())) });
const { zones } = raplSchema.parse(JSON.parse(recording('recorded/rapl-intel.json')));
const rangeMicrojoules = Number(zones['intel-rapl:0']?.max_energy_range_uj);
const energyFile = '/sys/class/powercap/intel-rapl:0/energy_uj';

/** A board that nvidia-smi tells of: these watts at 0, 0.5, 1.5, 2.5 s, whatever else is asked of it. */
const nvidia = (clock: FakeClock, watts: readonly string[]) => {
  const line = (args: readonly string[], draw: string): string => {
    const fields = args[0]?.replace('--query-gpu=', '').split(',') ?? [];
    return fields
      .map((field) => (field === 'index' ? '0' : field === 'power.draw' ? draw : '[N/A]'))
      .join(', ');
  };
  return createFakeProcesses({
    run: { 'nvidia-smi': (args) => ({ exitCode: 0, stdout: line(args, '1.00'), stderr: '' }) },
    lines: {
      'nvidia-smi': async function* (args, signal) {
        for (const [index, draw] of watts.entries()) {
          yield line(args, draw);
          await clock.sleep(index === 0 ? 500 : 1000, signal); // between the readings of the meter
        }
      },
    },
  });
};

interface World {
  readonly hasRapl?: boolean;
  readonly usesGpu?: boolean;
  /** Lines of nvidia-smi; it is not installed unless given. */
  readonly watts?: readonly string[];
  readonly steps?: (model: string) => StepTotals;
}

/** Sensors of recorded files, the meter, the ledger and a real database, in virtual time. */
const open = async ({ hasRapl = true, usesGpu = false, watts, steps }: World = {}) => {
  const clock = createFakeClock({ wallMs: Date.UTC(2026, 10, 25, 13, 30), monotonicMs: 0 });
  const log = createFakeLog();
  const files = createFakeFiles();
  for (const [zone, texts] of Object.entries(hasRapl ? zones : {})) {
    for (const [file, text] of Object.entries(texts))
      files.put(`/sys/class/powercap/${zone}/${file}`, `${text}\n`);
  }
  // begins anew 70 J after the start
  let joules = -70;
  const draw = (more: number): void => {
    joules += more;
    files.put(energyFile, `${(rangeMicrojoules + joules * 1e6) % rangeMicrojoules}\n`);
  };
  if (hasRapl) draw(0);
  const processes = watts === undefined ? createFakeProcesses() : nvidia(clock, watts);
  const storage = openStorage(':memory:');
  const ledger = openLedger({ store: storage.usage, sheets: () => [], clock, log });
  let works: readonly EngineWork[] = [];
  let reads = 0;
  const source = await openEnergySource(
    { files, processes, clock, log },
    { platform: 'linux', usesGpu, intervalMs: 1000 },
  );
  const meter = await openEnergyMeter({
    clock,
    log,
    source: {
      ...source,
      read: () => {
        reads += 1;
        return source.read();
      },
    },
    works: () => works,
    stepTotals: () => (model) => steps?.(model) ?? { prefillMs: 0, decodeMs: 0, prefilled: 0 },
    usesGpu: (model) => model === 'on-gpu',
    tell: ledger.addEnergy,
  });
  const end = (requestId: string, work: Omit<EngineWork, 'requestId'> | null): void => {
    const entry = usageRow(requestId, { model: work?.model ?? '', atMs: clock.nowMs() });
    ledger.add(entry, meter.take(entry, work === null ? null : { requestId, ...work }));
  };
  const energies = () =>
    Object.fromEntries(
      ledger
        .rows(hostActor, { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 100 })
        .map(({ requestId, energy }) => [requestId, energy]),
    );
  return {
    clock,
    files,
    processes,
    storage,
    ledger,
    meter,
    draw,
    end,
    energies,
    reads: () => reads,
    run: (now: readonly EngineWork[]) => void (works = now),
    [Symbol.asyncDispose]: async () => {
      await meter[Symbol.asyncDispose]();
      ledger[Symbol.dispose]();
      storage[Symbol.dispose]();
    },
  };
};
const near = (value: number): number => expect.closeTo(value, 6) as number;
const span = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const cpuOnly = { model: 'demo', prefillTokens: 30, outputTokens: 0, firstTokenMs: null } as const;

it('gives each request the joules one gets by hand, from RAPL into row, sums, CSV and the idle of the hour', async () => {
  let steps: StepTotals = { prefillMs: 0, decodeMs: 0, prefilled: 0 };
  await using world = await open({ steps: () => steps });
  // 1st second, 40 J: a from 250 ms on, so 30 J to a and 10 J idle
  const a = { ...cpuOnly, fromMs: 250, firstTokenMs: 500, toMs: null };
  world.run([{ requestId: 'a', ...a, outputTokens: 10 }]);
  world.draw(40);
  await world.clock.advance(1000);

  // 2nd second, 60 J, the counter begins anew in it: a ends at 1500 with 10 tokens more; b comes at 1250, has its first
  // token at 1400 and 5 by the end. A fifth of the steps' time is prefill: 12 J, of b alone; 48 J as 10 to 5.
  await world.clock.advance(500);
  world.end('a', { ...a, toMs: 1500, outputTokens: 20 });
  world.end('refused', null);
  world.end('at-once', { ...cpuOnly, fromMs: 1500, toMs: 1500 });
  const b = { ...cpuOnly, fromMs: 1250, firstTokenMs: 1400, toMs: null };
  world.run([{ requestId: 'b', ...b, outputTokens: 5 }]);
  world.draw(60);
  steps = { prefillMs: 100, decodeMs: 400, prefilled: 30 };
  expect(world.energies()).toMatchObject({
    a: { joules: null, reason: 'not told yet, or lost with a host that was killed' },
  });
  await world.clock.advance(500);
  expect(world.energies()).toEqual({
    a: { joules: near(62), devices: ['CPU package'], reason: null },
    refused: { joules: 0, devices: ['CPU package'], reason: null },
    'at-once': { joules: 0, devices: ['CPU package'], reason: null },
  });

  // 3rd second: root takes the counter away, b ends
  world.files.fail(energyFile, 'read', new AppError('files.not-allowed'));
  world.end('b', { ...b, toMs: 2400, outputTokens: 9 });
  world.run([]);
  await world.clock.advance(1000);
  expect(world.energies().b).toMatchObject({
    joules: null,
    devices: [],
    reason: expect.stringContaining(
      'CPU package: the energy counter of the CPU may be read by root only',
    ) as string,
  });

  // back again: one second is lost, the next is idle
  world.files.fail(energyFile, 'read', undefined);
  world.draw(100);
  await world.clock.advance(1000);
  world.draw(5);
  await world.clock.advance(1000);

  expect(world.ledger.sum(hostActor, { ...span, by: 'key' })).toMatchObject([
    { requests: 4, energy: { joules: near(62), requests: 3 } },
  ]);
  const rows = world.ledger.rows(hostActor, { ...span, limit: 10 });
  const [head = '', first = ''] = usageCsv(rows).split('\r\n');
  expect(head).toMatch(/,energyJoules,energyDevices,energyReason$/u);
  expect(first).toMatch(/,6[12][\d.]*,CPU package,$/u);

  await world.meter[Symbol.asyncDispose](); // tells what the devices drew without waiting for its minute
  expect(world.ledger.hostEnergy(span)).toEqual({
    devices: [{ device: 'CPU package', requestJoules: near(90), idleJoules: near(15), seconds: 3 }],
    missing: expect.stringContaining('root only') as string,
  });
});

it('gives the energy of a board to the models that lie on it alone, by the trapezoidal rule', async () => {
  await using world = await open({ usesGpu: true, watts: ['100.00', '100.00', '200.00', '200.00'] });
  const all = { prefillTokens: null, firstTokenMs: null, outputTokens: 0, fromMs: 0, toMs: null };
  world.run([
    { requestId: 'c', model: 'on-cpu', ...all },
    { requestId: 'g', model: 'on-gpu', ...all },
  ]);
  await world.clock.advance(500);
  world.draw(30);
  await world.clock.advance(500);
  // nvidia-smi told its first line after the first reading of the meter: this second of the board is not known
  world.draw(30);
  await world.clock.advance(500);
  for (const [requestId, model] of [
    ['c', 'on-cpu'],
    ['g', 'on-gpu'],
  ] as const) {
    world.end(requestId, { model, ...all, toMs: 1500 });
  }
  world.run([{ requestId: 'h', model: 'on-gpu', ...all, fromMs: 1500 }]);
  await world.clock.advance(500);
  world.end('h', { model: 'on-gpu', ...all, fromMs: 1500, toMs: 2000 });
  world.run([]);
  await world.clock.advance(1000);
  const { c, g, h } = world.energies();
  // the package: 30 J in each second, shared by time: 15 + 10, 15 + 10, and 10 of the half second
  expect(c).toEqual({ joules: near(25), devices: ['CPU package'], reason: null });
  expect(g).toMatchObject({ joules: near(25), devices: ['CPU package'] });
  expect(g?.reason).toMatch(/^GPU board nvidia:0: /u);
  // the board: from 100 to 200 W 150 J in the 2nd second, half of them of h
  expect(world.ledger.hostEnergy(span).missing).toMatch(/^GPU board nvidia:0: /u); // of g, the newest but h
  expect(h).toEqual({ joules: near(10 + 75), devices: ['CPU package', 'GPU board nvidia:0'], reason: null });
});

it('reads a last time when the server stops, so that no request stays untold', async () => {
  await using world = await open();
  await world.clock.advance(1500);
  world.end('late', { ...cpuOnly, fromMs: 1200, toMs: 1500 });
  world.draw(8);
  await world.clock.advance(100);
  expect(world.energies().late?.joules).toBeNull();
  await world.meter[Symbol.asyncDispose]();
  // 8 J in the 600 ms since the last reading, half of the time at work
  expect(world.energies().late).toEqual({ joules: near(4), devices: ['CPU package'], reason: null });
});

it('waits with a request that ended after the reading for the stretch that reaches its end', () => {
  const account = createEnergyAccount();
  const work = { requestId: 'r', ...cpuOnly, fromMs: 500, toMs: 1500 };
  account.ended(usageRow('r'), work);
  const settle = (fromMs: number) =>
    account.settle({
      stretch: { fromMs, toMs: fromMs + 1000 },
      devices: [{ device: 'CPU package', isGpu: false, drawn: { joules: 10 } }],
      works: [],
      stepsOf: () => ({ prefillMs: 0, decodeMs: 0, prefilled: 0 }),
      usesGpu: () => false,
    });
  expect(settle(0).records).toEqual([]);
  expect(settle(1000).records.map(({ energy }) => energy.joules)).toEqual([10]); // half of each second
});

it('costs nothing where no sensor is: one reading, no timer, and each row says why', async () => {
  await using world = await open({ hasRapl: false });
  const before = world.clock.pendingTimers();
  world.end('a', { ...cpuOnly, fromMs: 0, toMs: 10 });
  await world.clock.advance(30_000);
  expect([world.reads(), world.clock.pendingTimers()]).toEqual([1, before]);
  expect(before).toBe(1); // the ledger's own
  expect(world.energies()).toEqual({
    a: {
      joules: null,
      devices: [],
      reason: 'CPU package: this CPU, virtual machine or kernel has no RAPL energy counter',
    },
  });
  expect(world.ledger.hostEnergy(span).devices).toEqual([]);
});

it('gives up after ten seconds on a board that never tells its power, and ends nvidia-smi', async () => {
  await using world = await open({
    hasRapl: false,
    usesGpu: true,
    watts: Array.from({ length: 60 }, () => '[N/A]'),
  });
  await world.clock.advance(500);
  world.end('a', { ...cpuOnly, model: 'on-gpu', fromMs: 0, toMs: 400 });
  await world.clock.advance(20_000);
  expect(world.reads()).toBeLessThanOrEqual(11);
  expect(world.clock.pendingTimers()).toBe(1);
  const energy = world.energies().a;
  expect(energy).toMatchObject({ joules: null, devices: [] });
  expect(energy?.reason).toContain('GPU board nvidia:0: nvidia-smi says [N/A]');
});

it('adds energy once to a row, and the database refuses to change it', async () => {
  await using world = await open();
  const entry = usageRow('a', { atMs: world.clock.nowMs() });
  world.ledger.add(entry, { joules: null, devices: [], reason: 'later' });
  const told = (joules: number) => [{ entry, energy: { joules, devices: ['CPU package'], reason: null } }];
  world.ledger.addEnergy(told(5), []);
  world.ledger.addEnergy(told(7), []);
  expect(world.energies().a?.joules).toBe(5);
  expect(world.ledger.sum(hostActor, { ...span, by: 'model' })).toMatchObject([
    { energy: { joules: 5, requests: 1 } },
  ]);
});
