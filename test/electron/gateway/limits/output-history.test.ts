import { expect, it } from 'vitest';
import { createOutputHistory } from '../../../../electron/gateway/limits/output-history.ts';

it('guesses until it knows 16 answers, then tells what nine of ten did not pass, each model apart', () => {
  const history = createOutputHistory();
  for (let tokens = 1; tokens <= 15; tokens += 1) history.add('demo', tokens * 10);
  expect(history.p90('demo')).toBe(256);
  history.add('demo', 160);
  expect([history.p90('demo'), history.p90('other')]).toEqual([150, 256]);
});

it('forgets what was longer ago than 256 answers', () => {
  const history = createOutputHistory();
  for (let at = 0; at < 256; at += 1) history.add('demo', 1000);
  for (let at = 0; at < 256; at += 1) history.add('demo', 10);
  expect(history.p90('demo')).toBe(10);
});
