import { createHash } from 'node:crypto';
import { z } from 'zod';
import { sha256Schema } from '../../../../shared/contract/common.ts';

/** Rises when the meaning of a description or of its state changes: older files are then removed. */
const format = 1;

/** The description beside a state: all that must be true before native code may read the state. */
const entrySchema = z.object({
  format: z.literal(format),
  /** Of the engine that wrote it; see `contextKey`. */
  context: sha256Schema,
  /** What the sequence held, in order. */
  tokens: z.array(z.number().int().nonnegative()).min(1).readonly(),
  tokensSha256: sha256Schema,
  /** Key of the adapters that computed the state; see `AdapterMix`. */
  adapters: z.string().default(''),
  stateBytes: z.number().int().positive(),
  stateSha256: sha256Schema,
  /** Measured by the engine that wrote it: what each token is worth before this one has measured itself. */
  msPerPrefillToken: z.number().positive(),
});
export type Entry = z.infer<typeof entrySchema>;

/** Everything a sequence's state depends on: equal keys, exchangeable states. */
export interface StateContext {
  /** See `identifyModel`. */
  readonly model: string;
  readonly nodeLlamaCppVersion: string;
  readonly llamaCppRelease: string;
  readonly backend: string;
  readonly arch: string;
  /** Some models scale their positions by it. */
  readonly contextSize: number;
  readonly kvKeyType: string;
  readonly kvValueType: string;
  /** Values are stored transposed without it. */
  readonly flashAttention: boolean;
}

const sha256Of = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

export const contextKey = (context: StateContext): string =>
  sha256Of(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));

const tokensHash = (tokens: readonly number[]): string =>
  sha256Of(new Uint8Array(Uint32Array.from(tokens).buffer));

export const createEntry = (parts: Omit<Entry, 'format' | 'tokensSha256'>): Entry => ({
  format,
  ...parts,
  tokensSha256: tokensHash(parts.tokens),
});

/** The description, or why it is none of this engine's. */
export const readEntry = (
  text: string,
  context: string,
): { readonly entry: Entry } | { readonly problem: string } => {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { problem: 'its description is no JSON' };
  }
  const parsed = entrySchema.safeParse(raw);
  if (!parsed.success) return { problem: 'its description has another form' };
  const entry = parsed.data;
  if (entry.context !== context) return { problem: 'another model or other settings wrote it' };
  if (entry.tokensSha256 !== tokensHash(entry.tokens)) return { problem: 'its tokens were changed' };
  return { entry };
};
