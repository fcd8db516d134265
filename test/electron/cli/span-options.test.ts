import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addSpan, spanOf, type SpanOptions } from '../../../electron/cli/commands/span-options.ts';

const read = (...words: readonly string[]) => {
  const command = addSpan(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return spanOf(command.parse(words, { from: 'user' }).opts<SpanOptions>());
};

it('reads a month or a day as its first moment in UTC, and leaves out what was left out', () => {
  expect([read('--from', '2026-11', '--to', '2026-11-25'), read()]).toEqual([
    { fromMs: Date.UTC(2026, 10), toMs: Date.UTC(2026, 10, 25) },
    {},
  ]);
});

it.each(['2026-10', '2026-11'])('refuses a span from 2026-11 to before %s, which is empty', (to) => {
  expect(() => read('--from', '2026-11', '--to', to)).toThrow(
    expect.objectContaining({
      code: 'app.bad-input',
      message: `There is nothing from 2026-11-01 on (--from) and before ${to}-01 (--to).`,
    }),
  );
});

it.each(['2026-02-30', '2026-11-31', '2026-13', '2026', '25.11.2026', ''])(
  'takes no %j for a day, not even for the one after it',
  (text) => {
    expect(() => read('--from', text)).toThrow('It must be a date, as 2026-11 or 2026-11-25.');
  },
);
