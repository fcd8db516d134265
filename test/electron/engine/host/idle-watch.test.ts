import { describe, expect, it } from 'vitest';
import { createIdleWatch } from '../../../../electron/engine/host/idle-watch.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

describe('the idle watch', () => {
  it('acts once after half a second without work, and not while work comes', async () => {
    const clock = createFakeClock();
    let acts = 0;
    const watch = createIdleWatch(clock, () => {
      acts += 1;
      return Promise.resolve();
    });
    watch.saw({ running: 1, queued: 0 });
    watch.saw({ running: 0, queued: 0 });
    await clock.advance(400);
    watch.saw({ running: 0, queued: 1 });
    await clock.advance(5_000);
    expect(acts).toBe(0);
    watch.saw({ running: 0, queued: 0 });
    await clock.advance(499);
    expect(acts).toBe(0);
    await clock.advance(5_000);
    expect(acts).toBe(1);
  });
});
