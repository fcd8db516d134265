import { describe, expect, it } from 'vitest';
import { createHardware } from '../../../electron/hardware/index.ts';
import type { MachineFacts } from '../../../electron/hardware/facts/machine-facts.ts';
import type { Inspector } from '../../../electron/models/inspector.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { createFakeHost } from '../../support/fake-host.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { createFakeProcesses, type FakeWorker } from '../../support/fake-processes.ts';
import { deviceProbe, machineFacts } from '../../support/machine-facts.ts';
import { telemetrySample } from '../../support/telemetry-sample.ts';

const signal = new AbortController().signal;

/** Plays the worker: answers facts, samples once when asked to sample. */
const playWorker = (facts: MachineFacts) => (worker: FakeWorker) => {
  worker.onSent((message) => {
    const type =
      typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
    if (type === 'facts') worker.emit({ type: 'facts', facts });
    if (type === 'sample') worker.emit({ type: 'sample', sample: telemetrySample() });
  });
  queueMicrotask(() => worker.emit({ type: 'ready' }));
};

const setUp = (
  options: {
    readonly probe?: Inspector['probe'];
    readonly facts?: MachineFacts;
    readonly worker?: (worker: FakeWorker) => void;
    readonly env?: Readonly<Record<string, string>>;
    readonly files?: Readonly<Record<string, string>>;
  } = {},
) => {
  const clock = createFakeClock();
  const processes = createFakeProcesses({
    workers: { telemetry: options.worker ?? playWorker(options.facts ?? machineFacts()) },
  });
  let probes = 0;
  const hardware = createHardware({
    files: createFakeFiles(options.files),
    processes,
    host: createFakeHost({ env: options.env ?? {} }),
    clock,
    log: createFakeLog(),
    inspector: {
      probe: (probeSignal) => {
        probes += 1;
        return options.probe?.(probeSignal) ?? Promise.resolve(deviceProbe());
      },
    },
  });
  return { clock, processes, hardware, countProbes: () => probes };
};

describe('the inventory', () => {
  it('joins the facts of the worker with what llama.cpp sees, and stops the worker', async () => {
    const { hardware, processes } = setUp();
    const { cpu, os, gpus } = machineFacts();
    expect(await hardware.inventory({ signal })).toEqual({
      takenAtMs: Date.UTC(2026, 0, 1),
      os,
      cpu,
      gpus,
      // the host's free memory of now, not the worker's of then
      memory: { ...machineFacts().memory, availableBytes: 24 * 2 ** 30 },
      llama: deviceProbe(),
      llamaProblem: null,
    });
    expect(processes.workers.map(({ hasExited }) => hasExited)).toEqual([true]);
  });

  it('is probed once for all who ask, and again on refresh', async () => {
    const { hardware, processes, countProbes } = setUp();
    await Promise.all([hardware.inventory({ signal }), hardware.inventory({ signal })]);
    await hardware.inventory({ signal });
    expect([processes.workers.length, countProbes()]).toEqual([1, 1]);
    await hardware.inventory({ refresh: true, signal });
    expect([processes.workers.length, countProbes()]).toEqual([2, 2]);
  });

  it('is given without llama.cpp when its probe fails, with the reason', async () => {
    const { hardware } = setUp({
      probe: () =>
        Promise.reject(new AppError('hardware.probe-failed', 'It crashed.', { hint: 'Update the driver.' })),
    });
    expect(await hardware.inventory({ signal })).toMatchObject({
      llama: null,
      llamaProblem: 'It crashed. Update the driver.',
    });
  });

  it('fails clearly when the worker dies, and is tried again for the next who asks', async () => {
    let deaths = 0;
    const { hardware } = setUp({
      worker: (worker) => {
        if (deaths++ === 0) queueMicrotask(() => worker.exit({ signal: 'SIGSEGV' }));
        else playWorker(machineFacts())(worker);
      },
    });
    await expect(hardware.inventory({ signal })).rejects.toMatchObject({
      code: 'hardware.probe-failed',
      message: 'The hardware probe ended (SIGSEGV).',
    });
    expect(await hardware.inventory({ signal })).toMatchObject({ cpu: { physicalCores: 16 } });
  });

  it('gives up on a worker that hangs', async () => {
    const { hardware, clock, processes } = setUp({ worker: () => undefined });
    const asked = hardware.inventory({ signal });
    await expect(clock.runUntil(asked)).rejects.toMatchObject({ code: 'hardware.probe-failed' });
    expect(processes.workers[0]?.hasExited).toBe(true);
  });

  it('lets one who asks leave at once while the probe goes on for the others', async () => {
    const stop = new AbortController();
    const { hardware, processes } = setUp({ worker: () => undefined });
    const leaving = hardware.inventory({ signal: stop.signal });
    const staying = hardware.inventory({ signal });
    stop.abort();
    await expect(leaving).rejects.toMatchObject({ code: 'app.cancelled' });
    for (const worker of processes.workers) {
      worker.emit({ type: 'facts', facts: machineFacts() });
    }
    expect(await staying).toMatchObject({ cpu: { logicalCores: 32 } });
  });

  it('takes the free memory of a GPU from the newest sample while somebody watches', async () => {
    const gpu = {
      id: 'nvidia:GPU-1',
      vendor: 'nvidia',
      name: 'NVIDIA RTX',
      totalMemoryBytes: 24e9,
      freeMemoryBytes: 1,
      driver: '580.1',
      isUnified: false,
      source: 'nvidia-smi',
    } as const;
    const { hardware } = setUp({ facts: machineFacts({ gpus: [gpu] }) });
    expect((await hardware.inventory({ signal })).gpus[0]?.freeMemoryBytes).toBe(1);
    for await (const _sample of hardware.watch(signal)) {
      expect((await hardware.inventory({ signal })).gpus[0]?.freeMemoryBytes).toBe(23e9);
      break;
    }
  });
});

describe('telemetry', () => {
  it('comes from a worker that lives as long as somebody watches', async () => {
    const { hardware, processes } = setUp();
    for await (const sample of hardware.watch(signal)) {
      expect(sample).toEqual(telemetrySample());
      expect(hardware.latest()).toEqual(sample);
      expect(processes.workers[0]?.hasExited).toBe(false);
      break;
    }
    expect(processes.workers[0]?.hasExited).toBe(true);
    expect(hardware.latest()).toBeNull();
  });

  it('is played from the recording that the environment names', async () => {
    const { hardware, clock, processes } = setUp({
      env: { DYNO_TELEMETRY_REPLAY: '/demo.jsonl' },
      files: { '/demo.jsonl': JSON.stringify(telemetrySample({ sources: { 'cpu.clockMhz': 'cpufreq' } })) },
    });
    const samples = hardware.watch(signal)[Symbol.asyncIterator]();
    const first = await clock.runUntil(samples.next());
    expect(first).toMatchObject({ value: { sources: { 'cpu.clockMhz': 'cpufreq (recorded)' } } });
    await samples.return?.();
    expect(processes.workers).toEqual([]);
  });
});

describe('the doctor', () => {
  it('checks program, machine and GPUs, and puts a word to each', async () => {
    const { hardware, clock } = setUp({ files: { '/proc/stat': 'cpu 0 0 0 0 0 0 0 0\n' } });
    const extra = {
      dataFolder: '/home/user/dyno',
      electronPath: null,
      browserPath: '/usr/bin/chromium',
      ownPids: [],
    };
    const checks = await clock.runUntil(hardware.doctor(signal, extra));
    expect(checks.map(({ id, level }) => `${id} ${level}`)).toEqual([
      'node ok',
      'data-folder ok',
      'disk ok',
      'electron note',
      'browser ok',
      'cpu ok',
      'limits ok',
      'memory ok',
      'swap ok',
      'load note',
      'power ok',
      'energy ok',
      'gpu note',
      'llama ok',
      'backend note',
    ]);
  });
});
