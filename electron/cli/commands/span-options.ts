import { InvalidArgumentError, type Command } from 'commander';
import { hasMoments } from '../../../shared/contract/span.ts';
import { AppError } from '../../../shared/errors/app-error.ts';

export interface SpanOptions {
  readonly from?: number;
  readonly to?: number;
}

/** `2026-11` or `2026-11-25`, UTC. */
const date = (text: string): number => {
  const ms = /^\d{4}-\d{2}(-\d{2})?$/u.test(text) ? Date.parse(text) : NaN;
  // the 31st of November would be read as the 1st of December
  const isDay = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
  if (!isDay) throw new InvalidArgumentError('It must be a date, as 2026-11 or 2026-11-25.');
  return ms;
};

/** Adds `--from` and `--to`. */
export const addSpan = (command: Command): Command =>
  command
    .option('--from <date>', 'from this day on (UTC)', date)
    .option('--to <date>', 'before this day (UTC)', date);

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/**
 * As the contract takes it; what was left out stays out.
 * @throws AppError `app.bad-input` for a span without a day in it
 */
export const spanOf = ({ from, to }: SpanOptions) => {
  if (from !== undefined && to !== undefined && !hasMoments({ fromMs: from, toMs: to })) {
    throw new AppError(
      'app.bad-input',
      `There is nothing from ${day(from)} on (--from) and before ${day(to)} (--to).`,
      { hint: '--to names the first day, or month, that is left out: it must be after --from.' },
    );
  }
  return { ...(from !== undefined && { fromMs: from }), ...(to !== undefined && { toMs: to }) };
};
