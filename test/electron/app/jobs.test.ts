import { beforeEach, describe, expect, it } from 'vitest';
import type { JobContext, JobDefinition } from '../../../electron/app/job-definition.ts';
import { createJobRunner } from '../../../electron/app/jobs.ts';
import { assertMayRun } from '../../../electron/app/measuring-jobs.ts';
import { openStorage, type Storage } from '../../../electron/storage/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { EventBody } from '../../../shared/events/events.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { eventually } from '../../support/eventually.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { thrownBy } from '../../support/thrown-by.ts';

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new AppError('app.cancelled')), { once: true });
  });

let storage: Storage;
let events: EventBody[];
let lost: AppError[];
let hosts = 0;
beforeEach(() => {
  storage = openStorage(':memory:');
  events = [];
  lost = [];
});

const runner = (
  run: (input: unknown, context: JobContext) => Promise<string | null>,
  extra: Partial<JobDefinition> = {},
  pid = 1,
  may: Parameters<typeof createJobRunner>[0]['assertMayRun'] = () => undefined,
) =>
  createJobRunner({
    clock: createFakeClock(),
    random: { bytes: (length) => new Uint8Array(length), id: (prefix) => `${prefix}_${events.length}` },
    log: createFakeLog(),
    jobs: storage.jobs,
    facts: storage.facts,
    publish: (body) => events.push(body),
    onLost: (error) => lost.push(error),
    definitions: [{ kind: 'download', isPausable: true, title: () => 'Download x', run, ...extra }],
    owner: { pid, hostId: `host_${pid}_${(hosts += 1)}` },
    isAlive: (other) => other.pid === 99,
    assertMayRun: may,
    atOnce: storage.atOnce,
  });

const states = () => events.flatMap((event) => (event.type === 'job.changed' ? [event.job.state.type] : []));

describe('a job', () => {
  it('ends as done with the id of what it made', async () => {
    const jobs = runner(() => Promise.resolve('file-1'));
    const { id } = jobs.start('download', {});

    expect((await jobs.settled(id)).state).toEqual({ type: 'done', resultId: 'file-1' });
    expect(states()).toEqual(['running', 'done']);
  });

  it('keeps the code, message and hint of what it failed with', async () => {
    const jobs = runner(() =>
      Promise.reject(new AppError('storage.disk-full', 'Full', { hint: 'Free some.' })),
    );
    const { id } = jobs.start('download', {});

    expect((await jobs.settled(id)).state).toEqual({
      type: 'failed',
      error: { code: 'storage.disk-full', message: 'Full', hint: 'Free some.', details: undefined },
    });
  });

  it('whose end cannot be stored, because the disk is full, is told to those who wait for it', async () => {
    const full = new AppError('storage.disk-full');
    const jobs = runner(() => {
      storage.jobs.put = () => {
        throw full;
      };
      return Promise.resolve('file-1');
    });
    const { put } = storage.jobs;
    const { id } = jobs.start('download', {});
    await eventually(() => lost.length > 0);
    storage.jobs.put = put;

    expect(lost).toEqual([full]);
    expect(jobs.get(id).state.type).toBe('interrupted'); // and can be resumed
  });

  it('clears away what it left when it is cancelled, and not when it is paused', async () => {
    const discarded: unknown[] = [];
    const jobs = runner((_input, { signal }) => untilAborted(signal), {
      discard: (input) => {
        discarded.push(input);
        return Promise.resolve();
      },
    });
    const paused = jobs.start('download', 'a');
    const cancelled = jobs.start('download', 'b');

    expect((await jobs.pause(paused.id)).state.type).toBe('paused');
    expect((await jobs.cancel(cancelled.id)).state.type).toBe('cancelled');
    expect(discarded).toEqual(['b']);
  });

  it('goes on with the same input after a pause', async () => {
    const inputs: unknown[] = [];
    const jobs = runner((input, { signal }) => {
      inputs.push(input);
      return inputs.length === 1 ? untilAborted(signal) : Promise.resolve(null);
    });
    const { id } = jobs.start('download', { url: 'x' });
    await jobs.pause(id);
    jobs.resume(id);

    expect((await jobs.settled(id)).state.type).toBe('done');
    expect(inputs).toEqual([{ url: 'x' }, { url: 'x' }]);
  });

  it('is interrupted when the process that ran it is gone, and can be resumed by the next', async () => {
    const first = runner((_input, { signal }) => untilAborted(signal), {}, 2);
    const { id } = first.start('download', { url: 'x' });
    const second = runner(() => Promise.resolve('made'));

    expect(second.get(id).state.type).toBe('interrupted');
    second.resume(id);
    expect((await second.settled(id)).state).toEqual({ type: 'done', resultId: 'made' });
  });

  it.each([
    ['load', 'quality-pack'],
    ['quality', 'bench'],
  ] as const)(
    'of kind %s is not resumed beside a %s of another host, and stays paused',
    async (kind, beside) => {
      const work = (_input: unknown, { signal }: JobContext) => untilAborted(signal);
      const here = runner(work, { kind }, 1, assertMayRun);
      const { id } = here.start(kind, {});
      await here.pause(id);
      runner(work, { kind: beside }, 99, assertMayRun).start(beside, {});

      expect((await thrownBy(() => Promise.try(here.resume, id))).code).toBe('bench.busy');
      expect(here.get(id).state.type).toBe('paused');
      expect(here.isRunning(kind)).toBe(false);
    },
  );

  it('tells of a job of its kind in another live host, and of none once that host is gone', () => {
    const owner = runner((_input, { signal }) => untilAborted(signal), {}, 99);
    owner.start('download', { url: 'x' });
    const dead = runner((_input, { signal }) => untilAborted(signal), {}, 2);
    dead.start('download', { url: 'y' });
    const here = runner(() => Promise.resolve(null));

    expect([here.foreign('download'), here.foreign('bench'), owner.foreign('download')]).toEqual([
      expect.objectContaining({ pid: 99, input: { url: 'x' } }),
      undefined,
      undefined,
    ]);
  });

  it('stays running while another live process owns it', () => {
    const first = runner((_input, { signal }) => untilAborted(signal), {}, 99);
    const { id } = first.start('download', {});

    expect(runner(() => Promise.resolve(null)).get(id).state.type).toBe('running');
  });

  it('cannot be stopped from here while another live process owns it, and says which', async () => {
    const first = runner((_input, { signal }) => untilAborted(signal), {}, 99);
    const { id } = first.start('download', {});
    const error = await thrownBy(() => runner(() => Promise.resolve(null)).cancel(id));

    expect([error.code, error.message]).toEqual([
      'app.bad-input',
      `Job ${id} runs in another Dyno (process 99).`,
    ]);
  });

  it('fails when what it left cannot be cleared away, and the runner lives on', async () => {
    const jobs = runner((_input, { signal }) => untilAborted(signal), {
      discard: () => Promise.reject(new AppError('files.not-allowed', 'Locked')),
    });
    const { id } = jobs.start('download', 'a');

    expect((await jobs.cancel(id)).state).toMatchObject({ type: 'failed', error: { message: 'Locked' } });
  });

  it('is done when it was quicker than the wish to cancel it', async () => {
    const jobs = runner(() => Promise.resolve('made'));
    const { id } = jobs.start('download', {});

    expect((await jobs.cancel(id)).state).toEqual({ type: 'done', resultId: 'made' });
  });

  it('is seen as it is now by a process that started while it ran elsewhere', async () => {
    const owner = runner((_input, { signal }) => untilAborted(signal), {}, 99);
    const { id } = owner.start('download', {});
    const other = runner(() => Promise.resolve(null));
    await owner.pause(id);

    expect(other.get(id).state.type).toBe('paused');
  });

  it('pauses what can pause and cancels the rest when the host ends', async () => {
    const jobs = runner((_input, { signal }) => untilAborted(signal));
    const { id } = jobs.start('download', {});
    await jobs[Symbol.asyncDispose]();

    expect(jobs.get(id).state.type).toBe('paused');
  });
});
