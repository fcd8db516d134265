import { describe, expect, it } from 'vitest';
import type { TelemetrySample } from '../../../../shared/contract/hardware.ts';
import { createTelemetry } from '../../../../electron/hardware/telemetry/telemetry.ts';
import type { TelemetrySource } from '../../../../electron/hardware/telemetry/telemetry-source.ts';
import { telemetrySample } from '../../../support/telemetry-sample.ts';

const createFakeSource = () => {
  const log: string[] = [];
  let emit: (sample: TelemetrySample) => void = () => undefined;
  const source: TelemetrySource = {
    start: (act, intervalMs) => {
      log.push(`start ${intervalMs}`);
      emit = act;
      return {
        [Symbol.asyncDispose]: () => {
          log.push('stop');
          return Promise.resolve();
        },
      };
    },
  };
  return { source, log, emit: (atMs: number) => emit(telemetrySample({ atMs })) };
};

/** Collects the times of samples until `count` are there. */
const collect = async (samples: AsyncIterable<TelemetrySample>, count: number): Promise<number[]> => {
  const times: number[] = [];
  for await (const { atMs } of samples) if (times.push(atMs) === count) break;
  return times;
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('shared telemetry', () => {
  it('samples once for several watchers and ends with the last', async () => {
    const { source, log, emit } = createFakeSource();
    const telemetry = createTelemetry(source, 500);
    const never = new AbortController().signal;
    const first = collect(telemetry.watch(never), 2);
    const second = collect(telemetry.watch(never), 3);
    await turn();
    emit(1);
    emit(2);
    expect(await first).toEqual([1, 2]);
    expect(log).toEqual(['start 500']);
    expect(telemetry.latest()?.atMs).toBe(2);
    emit(3);
    expect(await second).toEqual([1, 2, 3]);
    expect(log).toEqual(['start 500', 'stop']);
    expect(telemetry.latest()).toBeNull();
  });

  it('starts again for a watcher who comes after the last has gone', async () => {
    const { source, log, emit } = createFakeSource();
    const telemetry = createTelemetry(source, 500);
    for (const _round of [1, 2]) {
      const stop = new AbortController();
      const watched = collect(telemetry.watch(stop.signal), 9);
      await turn();
      emit(1);
      await turn();
      stop.abort();
      expect(await watched).toEqual([1]);
    }
    expect(log).toEqual(['start 500', 'stop', 'start 500', 'stop']);
  });

  it('lets a slow watcher lose the oldest samples and keep the newest', async () => {
    const { source, emit } = createFakeSource();
    const telemetry = createTelemetry(source, 500);
    const watched = telemetry.watch(new AbortController().signal)[Symbol.asyncIterator]();
    const first = watched.next();
    await turn();
    for (let atMs = 0; atMs <= 500; atMs += 1) emit(atMs);
    expect(await first).toMatchObject({ value: { atMs: 500 - 119 } });
    await watched.return?.();
  });

  it('starts the source anew when the interval changes, and only then', async () => {
    const { source, log } = createFakeSource();
    const telemetry = createTelemetry(source, 500);
    await telemetry.setIntervalMs(1_000);
    const stop = new AbortController();
    const watched = collect(telemetry.watch(stop.signal), 9);
    await turn();
    await telemetry.setIntervalMs(1_000);
    await telemetry.setIntervalMs(250);
    stop.abort();
    await watched;
    expect(log).toEqual(['start 1000', 'stop', 'start 250', 'stop']);
  });

  it('ends all watchers when it is closed', async () => {
    const { source, log } = createFakeSource();
    const telemetry = createTelemetry(source, 500);
    const watched = collect(telemetry.watch(new AbortController().signal), 9);
    await turn();
    await telemetry[Symbol.asyncDispose]();
    expect(await watched).toEqual([]);
    expect(log).toEqual(['start 500', 'stop']);
  });
});
