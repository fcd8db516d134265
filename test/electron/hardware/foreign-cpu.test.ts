import { describe, expect, it } from 'vitest';
import { foreignCpuPercent } from '../../../electron/hardware/foreign-cpu.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { createFakeHost } from '../../support/fake-host.ts';

const process = (ticks: number): string => `7 (node) S 1 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 1 1 1`;
const signal = new AbortController().signal;

describe('the load of other programs', () => {
  it('is all load less that of our own processes, per core', async () => {
    const clock = createFakeClock();
    const files = createFakeFiles({ '/proc/stat': 'cpu 100 0 0 100 0 0 0 0\n', '/proc/7/stat': process(50) });
    const asked = foreignCpuPercent({ files, clock, host: createFakeHost() }, [7, 8], signal);
    await clock.advance(0);
    // two cores, one second: 200 ticks, 120 of them busy, 80 ours
    files.put('/proc/stat', 'cpu 220 0 0 180 0 0 0 0\n');
    files.put('/proc/7/stat', process(130));
    expect(await clock.runUntil(asked)).toEqual({ value: 20, source: '/proc/stat without own processes' });
  });

  it('is never below zero, and a process that came meanwhile counts from its coming', async () => {
    const clock = createFakeClock();
    const files = createFakeFiles({ '/proc/stat': 'cpu 100 0 0 100 0 0 0 0\n', '/proc/7/stat': process(0) });
    const asked = foreignCpuPercent({ files, clock, host: createFakeHost() }, [7, 9], signal);
    await clock.advance(0);
    files.put('/proc/stat', 'cpu 110 0 0 290 0 0 0 0\n');
    files.put('/proc/7/stat', process(12));
    files.put('/proc/9/stat', process(1_000));
    expect((await clock.runUntil(asked)).value).toBe(0);
  });

  it('is unknown outside Linux, and where /proc/stat is not there', async () => {
    const clock = createFakeClock();
    const files = createFakeFiles();
    const elsewhere = { files, clock, host: createFakeHost({ platform: 'darwin' }) };
    expect(await foreignCpuPercent(elsewhere, [], signal)).toEqual({
      value: null,
      reason: 'the load of other processes is measured on Linux only',
    });
    const here = foreignCpuPercent({ files, clock, host: createFakeHost() }, [], signal);
    expect(await clock.runUntil(here)).toEqual({ value: null, reason: '/proc/stat cannot be read' });
  });

  it('stops at once when cancelled', async () => {
    const stop = new AbortController();
    const clock = createFakeClock();
    const asked = foreignCpuPercent(
      { files: createFakeFiles(), clock, host: createFakeHost() },
      [],
      stop.signal,
    );
    await clock.advance(0);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: 'app.cancelled' });
  });
});
