import { expect, it } from 'vitest';
import {
  assertMayRun,
  assertNotElsewhere,
  assertNothingTimed,
  assertQuiet,
  foreignRunOf,
  startRecorded,
} from '../../../electron/app/measuring-jobs.ts';
import type { Job } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/errors/app-error.ts';

/** Jobs of this host, and of another one with process 99. */
const jobsOf = (here: readonly Job['kind'][], elsewhere: Partial<Record<Job['kind'], unknown>> = {}) => ({
  isRunning: (kind: Job['kind']) => here.includes(kind),
  foreign: (kind: Job['kind']) => (kind in elsewhere ? { pid: 99, input: elsewhere[kind] } : undefined),
});

it.each([
  ['bench', { runId: 'r1' }, 'r1', 'running a benchmark'],
  ['sweep', { sweepId: 's1' }, 's1', 'running a sweep'],
  ['load', { loadId: 'l1' }, 'l1', 'running a load test'],
  ['quality', { candidates: ['a'] }, null, 'judging quality'],
  ['quality-pack', { base: 'a' }, null, 'writing a reference pack'],
] as const)(
  'a %s job of another host is measuring, and keeps every timed job away',
  (kind, input, runId, does) => {
    const jobs = jobsOf([], { [kind]: input });
    expect(foreignRunOf(jobs)).toEqual({ pid: 99, kind, runId });
    expect(() => assertQuiet(jobs)).toThrow(
      expect.objectContaining({ code: 'bench.busy', message: `Another Dyno (process 99) is ${does}.` }),
    );
  },
);

it.each(['bench', 'sweep', 'load', 'quality', 'quality-pack'] as const)(
  'so does a %s job of this host',
  (kind) => {
    expect(() => assertQuiet(jobsOf([kind]))).toThrow(expect.objectContaining({ code: 'bench.busy' }));
  },
);

it('a judgement waits for what is timed, here and elsewhere, and not for another judgement', () => {
  expect(() => assertNothingTimed(jobsOf(['load']))).toThrow(expect.objectContaining({ code: 'bench.busy' }));
  expect(() => assertNothingTimed(jobsOf([], { sweep: { sweepId: 's1' } }))).toThrow(
    expect.objectContaining({ code: 'bench.busy' }),
  );
  expect(() => assertNothingTimed(jobsOf(['quality'], { quality: {} }))).not.toThrow();
});

it('the record of a job that another host was faster than goes again', () => {
  const forgotten: string[] = [];
  const start = (kind: Job['kind']): never => {
    throw new AppError('bench.busy', kind);
  };
  expect(() =>
    startRecorded({ start }, { kind: 'load', input: { loadId: 'l1' } }, () => forgotten.push('l1')),
  ).toThrow(expect.objectContaining({ code: 'bench.busy' }));
  expect(forgotten).toEqual(['l1']);
});

it('what is timed may run when nothing is measured, a judgement when nothing is timed, the rest always', () => {
  const may = (kind: Job['kind'], here: readonly Job['kind'][]): boolean => {
    try {
      assertMayRun(kind, jobsOf(here));
      return true;
    } catch {
      return false;
    }
  };
  const kinds = ['bench', 'load', 'quality', 'quality-pack', 'download'] as const;
  expect(kinds.map((kind) => may(kind, ['quality']))).toEqual([false, false, true, true, true]);
  expect(kinds.map((kind) => may(kind, ['sweep']))).toEqual([false, false, false, false, true]);
  expect(kinds.map((kind) => may(kind, ['quality-pack']))).toEqual([false, false, true, true, true]);
});

it('what another host measures cannot be removed, what it does not can', () => {
  const jobs = jobsOf([], { load: { loadId: 'l1' } });
  expect(() => assertNotElsewhere(jobs, 'l1')).toThrow(expect.objectContaining({ code: 'bench.busy' }));
  expect(() => assertNotElsewhere(jobs, 'l2')).not.toThrow();
});

it('other jobs keep nobody away', () => {
  const jobs = jobsOf(['quantize', 'hash'], { download: { source: 'x' }, imatrix: {} });
  expect(foreignRunOf(jobs)).toBeUndefined();
  expect(() => assertQuiet(jobs)).not.toThrow();
});
