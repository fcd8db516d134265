import { z } from 'zod';
import { formatCount } from '../../../shared/units/format.ts';
import { openParameters } from './open-loop.ts';
import { defineProfile } from './profile.ts';
import type { SharedPiece, TraceEntry } from './trace-entry.ts';

/** Keeps a recorded request within the context: the answer at most a third of it, then the prompt. */
const clipEntry = (entry: TraceEntry, contextSize: number) => {
  const outputTokens = Math.max(1, Math.min(entry.outputTokens, Math.floor(contextSize / 3)));
  return {
    outputTokens,
    promptTokens: Math.max(8, Math.min(entry.promptTokens, contextSize - outputTokens)),
  };
};

/** Fewer tokens of a prompt's own are no words that tell it from another. */
const leastOwnTokens = 8;

/** As much of the shared beginning as a prompt of this length has room for. */
const clipPrefix = (prefix: readonly SharedPiece[], promptTokens: number): readonly SharedPiece[] => {
  const kept: SharedPiece[] = [];
  let left = promptTokens - leastOwnTokens;
  for (const { group, tokens } of prefix) {
    if (left < leastOwnTokens) break;
    kept.push({ group, tokens: Math.min(tokens, left) });
    left -= tokens;
  }
  return kept;
};

/** Arrivals and lengths of real traffic, replayed. Texts are made up: traces hold lengths, not words. */
export const traceReplay = defineProfile({
  name: 'trace-replay',
  title: 'Trace replay',
  description:
    'Sends requests at the times and with the lengths of a recorded trace: BurstGPT CSV, Mooncake JSONL, or JSONL with timestamp, input_length and output_length.',
  schema: z.strictObject({
    trace: z.string().min(1).describe('path of the trace file'),
    timeScale: z.number().positive().default(1).describe('2 replays twice as fast'),
    maxRequests: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(500)
      .describe('requests taken from the start of the trace'),
    contextTokens: z
      .number()
      .int()
      .min(16)
      .default(4096)
      .describe('longest request; longer ones are clipped'),
    ...openParameters,
  }),
  clip: (parameters, contextSize) => ({
    ...parameters,
    contextTokens: Math.min(parameters.contextTokens, contextSize),
  }),
  test: ({ timeScale }) => `trace-replay ${timeScale}x`,
  describe: ({ trace, timeScale, maxRequests, contextTokens }) =>
    `The first ${maxRequests} requests of ${trace.split(/[/\\]/).at(-1) ?? trace}, replayed ${timeScale === 1 ? 'in their own time' : `${timeScale} times as fast`}; longer ones are clipped to ${formatCount(contextTokens)} tokens.`,
  concurrency: ({ maxInFlight }) => maxInFlight,
  tokensPerRequest: ({ contextTokens }) => contextTokens,
  plan: ({ timeScale, maxRequests, maxInFlight, contextTokens }, results, { trace }) => {
    const entries = trace.slice(0, maxRequests);
    if (results.length > 0 || entries.length === 0) return null;
    const spanMs = ((entries.at(-1)?.atMs ?? 0) - (entries[0]?.atMs ?? 0)) / timeScale;
    return {
      name: 'trace',
      load: { type: 'rate', perSecond: spanMs > 0 ? ((entries.length - 1) / spanMs) * 1000 : entries.length },
      pacing: { type: 'open', maxInFlight },
      requests: entries.map((entry, index) => {
        const lengths = clipEntry(entry, contextTokens);
        return {
          index,
          stream: index,
          ...lengths,
          offsetMs: (entry.atMs - (entries[0]?.atMs ?? 0)) / timeScale,
          ...(entry.prefix !== undefined && { prefix: clipPrefix(entry.prefix, lengths.promptTokens) }),
        };
      }),
      reusesPrompts: entries.some((entry) => entry.prefix !== undefined),
    };
  },
});
