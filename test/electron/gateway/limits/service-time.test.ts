import { expect, it } from 'vitest';
import { createServiceTime } from '../../../../electron/gateway/limits/service-time.ts';

const after = (times: readonly number[]) => {
  const service = createServiceTime();
  for (const ms of times) service.add(ms);
  return [Math.round(service.meanMs()), Math.round(service.slackMs())];
};

it('guesses before the first request, and allows for how little it knows after it', () => {
  expect(after([])).toEqual([1000, 250 + 2000]);
  expect(after([400])).toEqual([400, 100 + 800]);
});

it('comes down to a quarter of the mean where all take the same, and allows for those that differ', () => {
  expect(after(Array<number>(60).fill(400))).toEqual([400, 100]);
  const [mean = 0, slack = 0] = after(Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? 100 : 900)));
  expect(mean).toBeGreaterThan(400);
  expect(mean + slack).toBeGreaterThan(1500);
});
