import { InvalidArgumentError, type Command } from 'commander';

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

/** As the contract takes it; what was left out stays out. */
export const spanOf = ({ from, to }: SpanOptions) => ({
  ...(from !== undefined && { fromMs: from }),
  ...(to !== undefined && { toMs: to }),
});
