import { describe, expect, it } from 'vitest';
import { profileNamed } from '../../../../electron/bench/profiles/list.ts';
import type { StageResult } from '../../../../electron/bench/profiles/profile.ts';
import { percentilesOf } from '../../../../electron/bench/stats/percentiles.ts';
import { createSeededRandom } from '../../../../electron/bench/stats/seeded-random.ts';
import type { LoadSummary, StageLoad } from '../../../../shared/contract/load.ts';
import { drive } from '../../../support/drive-profile.ts';
import { stageResult } from '../../../support/load-samples.ts';
import { shareOf } from '../../../support/simulate.ts';

/** Plays a shape to its end against a made-up server; gives the loads it chose and what it concludes. */
const play = (name: string, parameters: object, answer: (load: StageLoad) => Partial<LoadSummary>) => {
  const profile = profileNamed(name).bind(parameters, 100_000);
  const results: StageResult[] = [];
  for (let stage = profile.plan([]); stage !== null && results.length < 50; stage = profile.plan(results)) {
    results.push(stageResult(stage.load, answer(stage.load)));
  }
  return { loads: results.map((result) => result.load), conclusion: profile.conclude(results) };
};
const usersOf = (loads: readonly StageLoad[]) =>
  loads.flatMap((load) => (load.type === 'users' ? [load.users] : []));
const ratesOf = (loads: readonly StageLoad[]) =>
  loads.flatMap((load) => (load.type === 'rate' ? [Number(load.perSecond.toFixed(3))] : []));

describe('the step sweep', () => {
  it('takes its steps in order, each for its time', async () => {
    expect(usersOf(play('step-sweep', { steps: [1, 3, 2] }, () => ({})).loads)).toEqual([1, 3, 2]);
    const { sends } = await drive('step-sweep', { steps: [2, 1], stepSeconds: 3 }, 1000);
    expect(sends.map((send) => send.fromMs)).toEqual([0, 0, 1000, 1000, 2000, 2000]);
  });

  it('sweeps rates with Poisson arrivals as well', () => {
    expect(ratesOf(play('step-sweep', { by: 'rate', steps: [0.5, 2] }, () => ({})).loads)).toEqual([0.5, 2]);
  });
});

describe('find my limit', () => {
  /** 10 t/s per user up to `most` users; a request takes 10 tokens. */
  const server = (most: number) => (load: StageLoad) => {
    const users = load.type === 'users' ? load.users : 1;
    const systemTps = Math.min(users, most) * 10;
    return { systemTps, requestsPerSecond: systemTps / 10 };
  };

  it('doubles users until the gain is under 5 %, then looks at 50, 70 and 90 % of the rate found', () => {
    const { loads, conclusion } = play('find-limit', {}, server(8));
    expect(usersOf(loads)).toEqual([1, 2, 4, 8, 16]);
    expect(ratesOf(loads)).toEqual([4, 5.6, 7.2]);
    expect(conclusion).toContain(
      'about 8.00 requests per second (80.0 t/s, 8 users): twice the users gained less than 5 %',
    );
  });

  it('goes on for a gain of 6 % and stops at one of 4 %', () => {
    const gains = (share: number) =>
      usersOf(
        play('find-limit', { maxUsers: 4 }, (load) => {
          const users = load.type === 'users' ? load.users : 1;
          const systemTps = 100 * (1 + share) ** Math.log2(users);
          return { systemTps, requestsPerSecond: systemTps / 10 };
        }).loads,
      );
    expect([gains(0.06), gains(0.04)]).toEqual([
      [1, 2, 4],
      [1, 2],
    ]);
  });

  it('draws new arrivals for each of its rates', () => {
    const profile = profileNamed('find-limit').bind({ maxUsers: 1 }, 100_000);
    const found = [stageResult({ type: 'users', users: 1 }, { systemTps: 10, requestsPerSecond: 1 })];
    /** Proportions between the first arrivals, which neither rate nor number of requests changes. */
    const patternOf = (results: readonly StageResult[]) => {
      const [, first = NaN, ...later] =
        profile.plan(results)?.requests.map(({ offsetMs = NaN }) => offsetMs) ?? [];
      return later.slice(0, 3).map((offset) => (offset / first).toFixed(6));
    };
    const half = stageResult({ type: 'rate', perSecond: 0.5 });
    expect(patternOf([...found, half])).not.toEqual(patternOf(found));
  });

  it('stops early where waiting keeps rising', () => {
    const { loads, conclusion } = play('find-limit', {}, (load) => ({
      ...server(64)(load),
      isOverSaturated: load.type === 'users' && load.users === 4,
    }));
    expect(usersOf(loads)).toEqual([1, 2, 4]);
    expect(conclusion).toContain('the waiting time kept rising');
  });

  it('stops where requests fail, and at the most users allowed', () => {
    const failing = play('find-limit', {}, (load) => ({
      ...server(64)(load),
      finished: load.type === 'users' && load.users >= 2 ? 50 : 100,
    }));
    expect(usersOf(failing.loads)).toEqual([1, 2]);
    expect(usersOf(play('find-limit', { maxUsers: 6 }, server(64)).loads)).toEqual([1, 2, 4, 6]);
  });

  it('sends nothing at a share of nothing', () => {
    expect(play('find-limit', {}, () => ({ systemTps: 0, requestsPerSecond: 0 })).loads).toHaveLength(2);
  });
});

describe('the SLO search', () => {
  const keeps = (most: number) => (load: StageLoad) => {
    const level = load.type === 'rate' ? load.perSecond : load.type === 'users' ? load.users : 0;
    const good = level <= most ? 60 : 10;
    return { attempted: 60, goodput: { good, attempted: 60, perSecond: 1 } };
  };

  it('doubles while the level is kept and then halves the bracket to the last user', () => {
    const { loads, conclusion } = play('slo-search', {}, keeps(11));
    expect(usersOf(loads)).toEqual([1, 2, 4, 8, 16, 12, 10, 11]);
    expect(conclusion).toContain('Up to 11 users, 90 % of the requests keep the service level');
  });

  it('bisects a rate until neighbours are within 5 %', () => {
    const { loads } = play('slo-search', { by: 'rate', start: 1, most: 32 }, keeps(5));
    const rates = ratesOf(loads);
    expect(rates.slice(0, 4)).toEqual([1, 2, 4, 8]);
    const passed = Math.max(...rates.filter((rate) => rate <= 5));
    const failed = Math.min(...rates.filter((rate) => rate > 5));
    expect(failed / passed).toBeLessThanOrEqual(1.051);
  });

  it('tries a level again that chance leaves open, counting both tries together', () => {
    const profile = profileNamed('slo-search').bind({ most: 1 }, 4096);
    const users = { type: 'users', users: 1 } as const;
    // 55 of 60 good at a share of 90 %: either way is likely
    const once = stageResult(users, { attempted: 60, goodput: { good: 55, attempted: 60, perSecond: 1 } });
    expect(profile.plan([once])?.load).toEqual(users);
    expect(profile.plan([once, once])).toBeNull();
    const clear = stageResult(users, { attempted: 60, goodput: { good: 60, attempted: 60, perSecond: 1 } });
    expect(profile.conclude([once, clear])).toContain('Up to 1 user, 90 %');
  });

  it.each([1, 2, 5])(
    'lets a load that just misses its share pass in at most 5 of 100 searches of %i tries',
    (tries) => {
      const random = createSeededRandom(tries);
      const profile = profileNamed('slo-search').bind({ most: 1, tries }, 4096);
      const users = { type: 'users', users: 1 } as const;
      const passed = shareOf(2000, () => {
        const results: StageResult[] = [];
        while (profile.plan(results) !== null) {
          const good = Array.from({ length: 60 }, random).filter((value) => value < 0.9).length;
          results.push(stageResult(users, { attempted: 60, goodput: { good, attempted: 60, perSecond: 1 } }));
        }
        return profile.conclude(results)?.startsWith('Up to 1 user') === true;
      });
      expect(passed).toBeLessThanOrEqual(0.05);
      expect(passed).toBeGreaterThan(0.01); // a search that passes nothing would do as well
    },
  );

  it('says so when no load keeps the level', () => {
    const { loads, conclusion } = play('slo-search', { start: 4 }, keeps(0));
    expect(usersOf(loads)).toEqual([4, 2, 1]);
    expect(conclusion).toContain('No load that was tried');
  });

  it('does not halve a rate at which requests hardly meet each other any more', () => {
    const slow = (e2eMs: number) =>
      ratesOf(
        play('slo-search', { by: 'rate', start: 4 }, (load) => ({
          ...keeps(0)(load),
          e2eMs: percentilesOf(Array<number>(60).fill(e2eMs)),
        })).loads,
      );
    // 0.5 per second of 50 ms each: 0.025 open on average, while 1 per second has 0.05
    expect(slow(50)).toEqual([4, 2, 1, 0.5]);
    expect(slow(60_000).at(-1)).toBe(0.063); // 4 / 64
  });

  it('gives every user the requests a verdict needs', () => {
    const stage = profileNamed('slo-search').bind({ start: 8 }, 4096).plan([]);
    expect(stage?.pacing).toMatchObject({ type: 'closed', atLeast: 8 });
  });
});

describe('the long context ladder', () => {
  const depths = (loads: readonly StageLoad[]) =>
    loads.flatMap((load) => (load.type === 'depth' ? [load.tokens] : []));

  it('doubles the depth until decode falls under 20 % of its first speed', () => {
    const { loads, conclusion } = play('context-ladder', {}, (load) => ({
      decodeTps: load.type === 'depth' ? 100 / (1 + load.tokens / 1000) : 0,
    }));
    // 100 → 15.9 % at 5,291; 4,096 gives 19.6 %
    expect(depths(loads)).toEqual([0, 512, 1024, 2048, 4096]);
    expect(conclusion).toContain('At a depth of 4,096 tokens decode runs at 19.6 %');
  });

  it('stops where a prompt no longer fits', () => {
    const { loads, conclusion } = play('context-ladder', { firstDepth: 1000 }, (load) =>
      load.type === 'depth' && load.tokens > 1000 ? { finished: 0, decodeTps: null } : {},
    );
    expect(depths(loads)).toEqual([0, 1000, 2000]);
    expect(conclusion).toBe('A depth of 2,000 tokens no longer fits.');
  });

  it('sends the whole depth as prompt, some times over', async () => {
    const { sends } = await drive('context-ladder', { requests: 2, promptTokens: 100 }, 10);
    expect(sends.map((send) => send.request.promptTokens)).toEqual([100, 100]);
  });
});
