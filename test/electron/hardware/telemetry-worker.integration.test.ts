import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createHardware } from '../../../electron/hardware/index.ts';
import { createNodeClock } from '../../../electron/platform/node/clock.ts';
import { createNodeFiles } from '../../../electron/platform/node/files.ts';
import { createNodeHost } from '../../../electron/platform/node/host.ts';
import { createNodeProcesses } from '../../../electron/platform/node/processes.ts';
import { sourceEntries } from '../../../electron/platform/node/worker-entries.ts';
import type { Processes, WorkerHandle } from '../../../electron/platform/ports.ts';
import { inventorySchema } from '../../../shared/contract/hardware.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { deviceProbe } from '../../support/machine-facts.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const setUp = () => {
  const real = createNodeProcesses(sourceEntries(root));
  const workers: WorkerHandle[] = [];
  const processes: Processes = {
    ...real,
    spawnWorker: (kind, options) => {
      const worker = real.spawnWorker(kind, options);
      workers.push(worker);
      return worker;
    },
  };
  const hardware = createHardware({
    files: createNodeFiles(),
    processes,
    host: createNodeHost(),
    clock: createNodeClock(),
    log: createFakeLog(),
    inspector: { probe: () => Promise.resolve(deviceProbe()) },
    intervalMs: 100,
  });
  return { hardware, workers };
};

describe('the real telemetry worker', () => {
  it('samples this machine, shared by two watchers, and is gone after the last', async () => {
    const { hardware, workers } = setUp();
    const signal = new AbortController().signal;
    const collect = async (count: number) => {
      const samples = [];
      for await (const sample of hardware.watch(signal)) if (samples.push(sample) === count) break;
      return samples;
    };
    const [samples] = await Promise.all([collect(4), collect(2)]);
    expect(workers).toHaveLength(1);
    expect((await workers[0]?.exited)?.signal).toBe('SIGTERM');

    const times = samples.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const last = samples.at(-1);
    expect(last?.cpu.perCorePercent?.length).toBeGreaterThan(0);
    expect(last?.memory.usedBytes).toBeGreaterThan(0);
    // the clock of the worker is the clock of the host
    expect(Math.abs((last?.atMs ?? 0) - createNodeClock().monotonicMs())).toBeLessThan(60_000);
    const nulls = Object.entries({ ...last?.cpu, ...last?.memory }).filter(([, value]) => value === null);
    const reasons = Object.keys(last?.reasons ?? {}).map((path) => path.split('.').at(-1));
    expect(nulls.map(([key]) => key).filter((key) => !reasons.includes(key))).toEqual([]);
  });

  it('is replaced when it is killed, and the gap is seen', async () => {
    const { hardware, workers } = setUp();
    const gaps: string[] = [];
    let hasKilled = false;
    for await (const { reasons } of hardware.watch(new AbortController().signal)) {
      if (reasons.telemetry !== undefined) gaps.push(reasons.telemetry);
      else if (gaps.length > 0) break;
      else if (!hasKilled) {
        hasKilled = true;
        process.kill(workers[0]?.pid ?? 0, 'SIGKILL');
      }
    }
    expect(gaps).toEqual(['the telemetry process ended (SIGKILL); it starts again in 0.5 s']);
    expect(workers).toHaveLength(2);
    await hardware[Symbol.asyncDispose]();
  });

  it('takes the inventory of this machine', async () => {
    const { hardware, workers } = setUp();
    const inventory = await hardware.inventory({ signal: new AbortController().signal });
    expect(inventorySchema.parse(inventory)).toEqual(inventory);
    expect(inventory.cpu.physicalCores).toBeGreaterThan(0);
    expect(inventory.cpu.usableCores).toBeLessThanOrEqual(inventory.cpu.logicalCores);
    expect(inventory.memory.availableBytes).toBeLessThan(inventory.memory.totalBytes);
    expect(inventory.llama).toEqual(deviceProbe());
    await workers[0]?.exited;
  });
});
