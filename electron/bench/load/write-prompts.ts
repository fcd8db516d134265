import type { DriverRequest } from '../driver/messages.ts';
import type { PlannedRequest } from '../profiles/profile.ts';
import type { PromptSource } from '../measure/prompts.ts';
import type { FilePrompt } from './prompt-file.ts';

/** Texts per length and stage; more requests than these use them again behind a head of their own. */
const mostTexts = 256;

export interface WrittenStage {
  readonly requests: readonly DriverRequest[];
  readonly texts: readonly string[];
  /** Tokens each prompt was built with, by index; only where they were counted. */
  readonly builtTokens: ReadonlyMap<number, number>;
}

export type PromptMaterial =
  | { readonly type: 'built'; readonly source: PromptSource; readonly isExact: boolean }
  | { readonly type: 'file'; readonly prompts: readonly FilePrompt[] };

/** Seeds of the kinds of text, apart from each other, so that a shared beginning is no prompt of its own. */
const kinds = { own: 0, prefix: 1, system: 2 } as const;

/** Collects texts, each built once. */
const createTextBook = (source: PromptSource, seed: number, signal: AbortSignal) => {
  const texts: string[] = [];
  const known = new Map<string, Promise<{ readonly position: number; readonly tokens: number }>>();
  return {
    texts,
    at: (kind: keyof typeof kinds, tokens: number, ordinal: number) => {
      const key = `${kind} ${tokens} ${ordinal}`;
      const build = async () => {
        signal.throwIfAborted();
        const { text, tokens: got } = await source.build(tokens, { seed: seed * 3 + kinds[kind], ordinal });
        return { position: texts.push(text) - 1, tokens: got };
      };
      const entry = known.get(key) ?? build();
      known.set(key, entry);
      return entry;
    },
  };
};

const bare = ({ prefix: _prefix, systemTokens: _system, ...request }: PlannedRequest) => request;

const writeBuilt = async (
  planned: readonly PlannedRequest[],
  { source, isExact }: Extract<PromptMaterial, { type: 'built' }>,
  seed: number,
  signal: AbortSignal,
): Promise<WrittenStage> => {
  const book = createTextBook(source, seed, signal);
  const builtTokens = new Map<number, number>();
  const requests: DriverRequest[] = [];
  for (const request of planned) {
    const { prefix, systemTokens = 0, turn } = request;
    const ordinal = request.index % mostTexts;
    const round = Math.floor(request.index / mostTexts);
    const prefixTokens = prefix?.tokens ?? 0;
    const own = await book.at('own', Math.max(1, request.promptTokens - prefixTokens), ordinal);
    const beginning = prefix === undefined ? undefined : await book.at('prefix', prefixTokens, prefix.group);
    const system = turn === 0 && systemTokens > 0 ? await book.at('system', systemTokens, 0) : undefined;
    const isCounted = isExact && prefix === undefined && turn === undefined && round === 0;
    if (isCounted) builtTokens.set(request.index, own.tokens);
    requests.push({
      ...bare(request),
      text: own.position,
      ...(round > 0 && prefix === undefined && { head: `${round} ` }),
      ...(beginning !== undefined && { prefixText: beginning.position }),
      ...(system !== undefined && { systemText: system.position }),
    });
  }
  return { requests, texts: book.texts, builtTokens };
};

/** A file's prompts in their order, again from the first when they are used up; conversations turn by turn. */
const writeFromFile = (
  planned: readonly PlannedRequest[],
  { prompts }: Extract<PromptMaterial, { type: 'file' }>,
): WrittenStage => {
  const texts: string[] = [];
  const positions = new Map<string, number>();
  const put = (text: string): number => {
    const position = positions.get(text) ?? texts.push(text) - 1;
    positions.set(text, position);
    return position;
  };
  const requests = planned.map((request) => {
    const turn = request.turn ?? 0;
    const prompt = prompts[(request.turn === undefined ? request.index : request.stream) % prompts.length];
    const turns = prompt?.turns ?? [];
    return { ...bare(request), text: put(turns[turn % turns.length] ?? '') };
  });
  return { requests, texts, builtTokens: new Map() };
};

/** Gives every planned request its words. The same seed gives the same words. */
export const writePrompts = (
  planned: readonly PlannedRequest[],
  material: PromptMaterial,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<WrittenStage> =>
  material.type === 'file'
    ? Promise.resolve(writeFromFile(planned, material))
    : writeBuilt(planned, material, seed, signal);
