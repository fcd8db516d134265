import type { LoadSummary } from '../contract/load.ts';

type Counted = Pick<LoadSummary, 'tokenCountSource'>;

const marks: Readonly<
  Record<NonNullable<LoadSummary['tokenCountSource']>, { readonly tps: string; readonly tpot: string }>
> = {
  usage: { tps: '', tpot: '' },
  tokenizer: { tps: '', tpot: '' },
  events: { tps: ' (events as tokens)', tpot: ' (per event)' },
  mixed: { tps: ' (some events as tokens)', tpot: ' (some per event)' },
};

/** What stands behind tokens per second and TPOT where the server did not count its tokens; else nothing. */
export const countMarks = ({ tokenCountSource }: Counted): { readonly tps: string; readonly tpot: string } =>
  marks[tokenCountSource ?? 'usage'];

/** The same of figures that stand beside each other, for the heads of their columns. */
export const commonMarks = (
  summaries: readonly (Counted | null)[],
): { readonly tps: string; readonly tpot: string } => {
  const told = summaries.flatMap((summary) => summary?.tokenCountSource ?? []);
  const first = told.find((source) => source === 'events' || source === 'mixed');
  if (first === undefined) return marks.usage;
  return told.every((source) => source === 'events') ? marks.events : marks.mixed;
};

/** The sentence for where figures are read; `null` where tokens were counted. */
export const eventsSentence = (summaries: readonly (Counted | null)[]): string | null =>
  commonMarks(summaries).tps === ''
    ? null
    : 'The server did not count its tokens: where events were counted, one event may hold several tokens, so tokens per second are too low and TPOT is too high by as much.';
