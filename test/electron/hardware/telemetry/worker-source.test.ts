import { describe, expect, it } from 'vitest';
import type { TelemetrySample } from '../../../../shared/contract/hardware.ts';
import { createWorkerSource, restartPauseMs } from '../../../../electron/hardware/telemetry/worker-source.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { createFakeProcesses, type FakeWorker } from '../../../support/fake-processes.ts';
import { telemetrySample } from '../../../support/telemetry-sample.ts';

const setUp = () => {
  const clock = createFakeClock();
  const log = createFakeLog();
  const started: FakeWorker[] = [];
  const processes = createFakeProcesses({
    workers: {
      telemetry: (worker) => {
        started.push(worker);
        queueMicrotask(() => worker.emit({ type: 'ready' }));
      },
    },
  });
  const samples: TelemetrySample[] = [];
  const source = createWorkerSource({ processes, clock, host: createFakeHost(), log });
  const running = source.start((sample) => samples.push(sample), 500);
  const at = (index: number): FakeWorker => {
    const worker = started[index];
    if (worker === undefined) throw new Error(`No worker ${index} was started.`);
    return worker;
  };
  return { clock, log, started, at, samples, running };
};

describe('the telemetry worker', () => {
  it('is told the interval once it is ready, and its samples are passed on', async () => {
    const { clock, at, samples, running } = setUp();
    await clock.advance(0);
    expect(at(0).sent).toEqual([{ type: 'sample', intervalMs: 500 }]);
    at(0).emit({ type: 'sample', sample: telemetrySample() });
    expect(samples).toEqual([telemetrySample()]);
    await running[Symbol.asyncDispose]();
    expect(at(0).hasExited).toBe(true);
  });

  it('is replaced when it dies, and the gap is a sample without numbers that says why', async () => {
    const { clock, at, started, samples, running } = setUp();
    await clock.advance(0);
    at(0).exit({ signal: 'SIGSEGV' });
    await clock.advance(0);
    expect(samples).toHaveLength(1);
    expect(samples[0]).toMatchObject({
      cpu: { utilizationPercent: null, packageEnergyJoules: null },
      memory: { usedBytes: 8 * 2 ** 30 },
      gpus: [],
      reasons: { telemetry: 'the telemetry process ended (SIGSEGV); it starts again in 0.5 s' },
    });
    expect(started).toHaveLength(1);
    await clock.advance(500);
    expect(started).toHaveLength(2);
    expect(at(1).sent).toEqual([{ type: 'sample', intervalMs: 500 }]);
    await running[Symbol.asyncDispose]();
  });

  it('waits longer after each death and no longer than 30 s', async () => {
    expect([1, 2, 3, 7, 20].map(restartPauseMs)).toEqual([500, 1_000, 2_000, 30_000, 30_000]);
    const { clock, at, samples, running } = setUp();
    await clock.advance(0);
    at(0).exit({ code: 1 });
    await clock.advance(500);
    at(1).exit({ code: 1 });
    await clock.advance(0);
    expect(samples[1]?.reasons.telemetry).toBe(
      'the telemetry process ended (code 1); it starts again in 1 s',
    );
    await running[Symbol.asyncDispose]();
  });

  it('is replaced when it hangs', async () => {
    const { clock, at, started, samples, running } = setUp();
    await clock.advance(0);
    at(0).emit({ type: 'sample', sample: telemetrySample() });
    await clock.advance(10_000);
    expect(at(0).hasExited).toBe(false);
    await clock.advance(11_000);
    expect(samples.at(-1)?.reasons.telemetry).toMatch(/^the telemetry process was silent for 15 s/);
    expect(started).toHaveLength(2);
    await running[Symbol.asyncDispose]();
  });

  it('is replaced when it sends what is no sample', async () => {
    const { clock, at, samples, running } = setUp();
    await clock.advance(0);
    at(0).emit({ type: 'sample', sample: { cpu: 'hot' } });
    await clock.advance(0);
    expect(samples[0]?.reasons.telemetry).toMatch(/sent something else/);
    await running[Symbol.asyncDispose]();
  });

  it('starts no new worker once it is stopped', async () => {
    const { clock, started, samples, running } = setUp();
    await clock.advance(0);
    await running[Symbol.asyncDispose]();
    await clock.advance(60_000);
    expect(started).toHaveLength(1);
    expect(samples).toEqual([]);
    expect(clock.pendingTimers()).toBe(0);
  });
});
