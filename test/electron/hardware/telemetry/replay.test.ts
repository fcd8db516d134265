import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TelemetrySample } from '../../../../shared/contract/hardware.ts';
import { createReplayTelemetry, parseRecording } from '../../../../electron/hardware/telemetry/replay.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { telemetrySample } from '../../../support/telemetry-sample.ts';

const lines = (...times: number[]): string =>
  times
    .map((atMs) => JSON.stringify(telemetrySample({ atMs, sources: { 'cpu.clockMhz': 'cpufreq' } })))
    .join('\n');

describe('a telemetry recording', () => {
  it('is played at its own spacing, again and again, with the time of now', async () => {
    const clock = createFakeClock({ monotonicMs: 50_000 });
    const samples: TelemetrySample[] = [];
    const source = createReplayTelemetry(() => Promise.resolve(lines(0, 400, 1_000)), {
      clock,
      log: createFakeLog(),
    });
    const running = source.start((sample) => samples.push(sample), 500);
    await clock.advance(2_500);
    await running[Symbol.asyncDispose]();
    await clock.advance(5_000);
    // mean gap 500, then 400, 600, and from the start again
    expect(samples.map(({ atMs }) => atMs - 50_000)).toEqual([500, 900, 1_500, 2_000, 2_400]);
    expect(samples[0]?.sources).toEqual({ 'cpu.clockMhz': 'cpufreq (recorded)' });
    expect(samples[0]?.wallMs).toBe(Date.UTC(2026, 0, 1) + 500);
  });

  it('names the line that is no sample', () => {
    expect(() => parseRecording(`${lines(0)}\n{"cpu":1}`)).toThrow(
      'Line 2 of the telemetry recording is no sample.',
    );
    expect(() => parseRecording('\n')).toThrow('The telemetry recording is empty.');
  });

  it('that cannot be read is logged and gives no samples', async () => {
    const clock = createFakeClock();
    const log = createFakeLog();
    const files = createFakeFiles();
    const running = createReplayTelemetry(() => files.readText('/none.jsonl'), { clock, log }).start(() => {
      throw new Error('no sample was expected');
    }, 500);
    await clock.advance(1_000);
    expect(log.lines.map(({ message }) => message)).toEqual(['the telemetry recording cannot be played']);
    await running[Symbol.asyncDispose]();
  });

  it('ships with Dyno for demonstrations: a GPU that goes to work and rests', () => {
    const path = new URL('../../../../resources/telemetry/demo-workstation.jsonl', import.meta.url);
    const samples = parseRecording(readFileSync(path, 'utf8'));
    const loads = samples.map(({ gpus }) => gpus[0]?.utilizationPercent ?? -1);
    expect(samples).toHaveLength(40);
    expect(Math.max(...loads)).toBeGreaterThan(90);
    expect(Math.min(...loads)).toBeGreaterThanOrEqual(0);
  });
});
