import { describe, expect, it } from 'vitest';
import type { LoadSpec } from '../../../electron/engine/index.ts';
import { createLoadLedger, type LoadScale, type Reservation } from '../../../electron/engine/load-ledger.ts';
import { engineSettingsSchema } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { thrownBy } from '../../support/thrown-by.ts';

const gib = 2 ** 30;
const { signal } = new AbortController();

const spec = (path: string, contextSize: number | 'auto' = 4096): LoadSpec => ({
  modelId: path,
  path,
  settings: engineSettingsSchema.parse({ contextSize }),
  isExclusive: true,
});

/** A machine with 10 GiB free on which every model takes 6: 4 of weights, 2 of context. */
const open = (weigh: (path: string) => void = () => undefined, tight: readonly string[] = []) => {
  const weighed: string[] = [];
  const weighLoad: LoadScale['weigh'] = ({ path }, promised) => {
    weighed.push(path);
    weigh(path);
    return Promise.resolve({
      ramBytes: 6 * gib,
      vramBytes: 0,
      weightsBytes: 4 * gib,
      fits: 6 * gib + promised.ramBytes <= 10 * gib,
      advice: 'Choose a context of 1,024.',
    });
  };
  const log = createFakeLog();
  const scale = {
    weigh: weighLoad,
    isTight: ({ path }: { path: string }) => Promise.resolve(tight.includes(path)),
  };
  return { ledger: createLoadLedger({ scale, log }), weighed, log };
};

describe('memory of loads that are under way', () => {
  it('is not weighed while a load is alone and small', async () => {
    const { ledger, weighed } = open();
    (await ledger.reserve(spec('a'), signal))[Symbol.dispose]();
    using only = await ledger.reserve(spec('b'), signal);
    only.progressed(0.5);
    expect(weighed).toEqual([]);
  });

  it('is weighed of a large load although nothing else loads', async () => {
    const { ledger, weighed } = open(undefined, ['large']);
    using _large = await ledger.reserve(spec('large'), signal);
    expect(weighed).toEqual(['large']);
  });

  it('refuses a large one that does not fit alone, but lets an automatic context take what there is', async () => {
    const ledger = createLoadLedger({
      scale: {
        weigh: () =>
          Promise.resolve({ ramBytes: 6, vramBytes: 0, weightsBytes: 4, fits: false, advice: 'No.' }),
        isTight: () => Promise.resolve(true),
      },
      log: createFakeLog(),
    });
    expect(await thrownBy(() => ledger.reserve(spec('a'), signal))).toMatchObject({
      code: 'engine.out-of-memory',
      message: 'There is no room for 4 slots of 4,096 tokens.',
      hint: 'No.',
    });
    (await ledger.reserve(spec('a', 'auto'), signal))[Symbol.dispose]();
  });

  it('weighs again where the other load ended meanwhile', async () => {
    let first: Reservation | undefined = undefined;
    const end = (): void => first?.[Symbol.dispose]();
    const ledger = createLoadLedger({
      scale: {
        weigh: ({ path }) => {
          if (path === 'b') end();
          return Promise.resolve({ ramBytes: 6, vramBytes: 0, weightsBytes: 4, fits: false, advice: 'No.' });
        },
        isTight: () => Promise.resolve(false),
      },
      log: createFakeLog(),
    });
    first = await ledger.reserve(spec('a'), signal);
    (await ledger.reserve(spec('b'), signal))[Symbol.dispose]();
  });

  it('refuses the second of two at once that do not fit together, and names the setting that does', async () => {
    const { ledger } = open();
    const [first, second] = await Promise.allSettled([
      ledger.reserve(spec('a'), signal),
      ledger.reserve(spec('b'), signal),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { code: 'engine.out-of-memory', hint: 'Choose a context of 1,024.', details: { path: 'b' } },
    });
  });

  it('counts only what the first has still to take: its progress stands for the weights', async () => {
    const { ledger } = open();
    using first = await ledger.reserve(spec('a'), signal);
    first.progressed(0.25);
    expect(await ledger.promised(signal)).toEqual({ ramBytes: 5 * gib, vramBytes: 0 });
    first.progressed(1);
    expect(await ledger.promised(signal)).toEqual({ ramBytes: 2 * gib, vramBytes: 0 });
    using second = await ledger.reserve(spec('b'), signal);
    second.progressed(0);
    expect(await ledger.promised(signal)).toEqual({ ramBytes: 8 * gib, vramBytes: 0 });
  });

  it('does not promise what the loading process has resident: the context, too, once it is taken', async () => {
    const { ledger } = open();
    using first = await ledger.reserve(spec('a'), signal);
    first.progressed(0, 1 * gib);
    expect(await ledger.promised(signal)).toEqual({ ramBytes: 5 * gib, vramBytes: 0 });
    first.progressed(1, 3 * gib); // the progress says more
    expect(await ledger.promised(signal)).toEqual({ ramBytes: 2 * gib, vramBytes: 0 });
    first.progressed(1, 5.5 * gib);
    expect(await ledger.promised(signal)).toEqual({ ramBytes: 0.5 * gib, vramBytes: 0 });
    first.progressed(1, 7 * gib);
    expect(await ledger.promised(signal)).toEqual({ ramBytes: 0, vramBytes: 0 });
  });

  it('lets an automatic context wait for the first to end, then take what is left', async () => {
    const { ledger } = open();
    const first = await ledger.reserve(spec('a'), signal);
    let isAdmitted = false;
    const second = ledger.reserve(spec('b', 'auto'), signal).then((reservation) => {
      isAdmitted = true;
      return reservation;
    });
    await ledger.promised(signal);
    expect(isAdmitted).toBe(false);
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();
    expect(await ledger.promised(signal)).toEqual({ ramBytes: 0, vramBytes: 0 });
  });

  it('gives a load up that waits when its signal aborts, and goes on with the next', async () => {
    const { ledger } = open();
    const abort = new AbortController();
    const first = await ledger.reserve(spec('a'), signal);
    const waiting = ledger.reserve(spec('b', 'auto'), abort.signal);
    abort.abort(new AppError('app.cancelled'));
    expect(await thrownBy(() => waiting)).toMatchObject({ code: 'app.cancelled' });
    first[Symbol.dispose]();
    (await ledger.reserve(spec('c'), signal))[Symbol.dispose]();
  });

  it('promises nothing to a file that cannot be weighed, says so in the log, and refuses it as a second', async () => {
    const { ledger, log } = open((path) => {
      if (path === 'bad') throw new AppError('models.bad-header');
    });
    using bad = await ledger.reserve(spec('bad'), signal);
    bad.progressed(0);
    using good = await ledger.reserve(spec('good'), signal);
    good.progressed(0);
    expect(log.lines.map(({ message }) => message)).toEqual(['a load could not be weighed']);
    expect(await thrownBy(() => ledger.reserve(spec('bad'), signal))).toMatchObject({
      code: 'models.bad-header',
    });
  });
});
