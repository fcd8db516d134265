import { expect, it } from 'vitest';
import { createStreamRing } from '../../../../electron/gateway/streams/stream-ring.ts';

it('numbers events, not comments, and gives those after a number', () => {
  const ring = createStreamRing();
  expect(ring.push('data: a\n\n: waiting\n\nevent: x\ndata: b\n\n')).toBe(
    'id: 1\ndata: a\n\n: waiting\n\nid: 2\nevent: x\ndata: b\n\n',
  );
  ring.push('data: c\n\n');
  expect(ring.after(1).map(({ text }) => text)).toEqual([
    'id: 2\nevent: x\ndata: b\n\n',
    'id: 3\ndata: c\n\n',
  ]);
  expect(ring.after(0)).toHaveLength(3);
  expect(ring.after(3)).toEqual([]);
});

it('forgets the oldest past its bound, and says so instead of leaving a gap', () => {
  const ring = createStreamRing();
  for (let at = 0; at < 20; at += 1) ring.push(`data: ${'x'.repeat(100_000)}\n\n`);
  expect(ring.after(19)).toHaveLength(1);
  expect(ring.after(undefined).map(({ number }) => number)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  expect(() => ring.after(0)).toThrow(/no longer kept/u);
  expect(() => ring.after(21)).toThrow(/20 events so far/u);
});
