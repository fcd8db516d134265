import { describe, expect, it } from 'vitest';
import type { Job } from '../../../shared/contract/common.ts';
import { createPowerGuard } from '../../../electron/shell/power.ts';

const createBlocker = () => {
  const calls: string[] = [];
  return {
    calls,
    start: (type: string) => calls.push(`start ${type}`),
    stop: (id: number) => calls.push(`stop ${id}`) > 0,
    isStarted: () => true,
  };
};

const changed = (id: string, kind: Job['kind'], state: Job['state']) => ({
  seq: 1,
  atMs: 0,
  body: {
    type: 'job.changed' as const,
    job: { id, kind, title: id, startedAtMs: 0, endedAtMs: null, state },
  },
});
const running: Job['state'] = { type: 'running', fraction: 0.1, etaMs: null, note: '' };
const done: Job['state'] = { type: 'done', resultId: null };

describe('the power guard', () => {
  it('holds one blocker from the first running benchmark to the last', () => {
    const blocker = createBlocker();
    const guard = createPowerGuard(blocker);
    const events = [
      changed('a', 'bench', running),
      changed('a', 'bench', running),
      changed('b', 'bench', running),
      changed('a', 'bench', done),
      changed('b', 'bench', { type: 'cancelled' }),
    ];
    for (const event of events) guard.onEvent(event);
    expect(blocker.calls).toEqual(['start prevent-app-suspension', 'stop 1']);
  });

  it('lets the machine sleep during other work', () => {
    const blocker = createBlocker();
    createPowerGuard(blocker).onEvent(changed('q', 'quantize', running));
    expect(blocker.calls).toEqual([]);
  });

  it('lets go when the app ends', () => {
    const blocker = createBlocker();
    const guard = createPowerGuard(blocker);
    guard.onEvent(changed('a', 'bench', running));
    guard[Symbol.dispose]();
    expect(blocker.calls).toEqual(['start prevent-app-suspension', 'stop 1']);
  });
});
